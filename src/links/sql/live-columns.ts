// The columns of the table `data`, and its rows packed for a worker thread: a column of numbers is a `Float64Array`, in which NaN is unknown,
// and a column of texts an array.

import type { LiveRow } from '../../model/links/live-row.js';

/** A column that is stored, or another spelling of one, which SQLite generates. */
export interface LiveColumn {
  readonly name: string;
  readonly type: 'TEXT' | 'REAL' | 'INTEGER';
  /** The field of a row. */
  readonly field: keyof LiveRow;
  readonly isAlias: boolean;
}

function stored(field: keyof LiveRow, type: LiveColumn['type']): LiveColumn {
  return { name: field, type, field, isAlias: false };
}

/** The columns in order. */
const liveColumns: readonly LiveColumn[] = [
  stored('name', 'TEXT'),
  stored('disconnect', 'INTEGER'),
  stored('dataCenter', 'TEXT'),
  { name: 'DC', type: 'TEXT', field: 'dataCenter', isAlias: true },
  stored('role', 'TEXT'),
  stored('load', 'REAL'),
  stored('nginxErrRate', 'REAL'),
  { name: 'nginxErrorRate', type: 'REAL', field: 'nginxErrRate', isAlias: true },
  stored('connectivity', 'REAL'),
  stored('nginxAccessRate', 'REAL'),
  stored('nginx4xx', 'REAL'),
  stored('nginx5xx', 'REAL'),
  stored('nginx504', 'REAL'),
  stored('links', 'INTEGER'),
  stored('lossy', 'INTEGER'),
  stored('slow', 'INTEGER'),
  stored('stale', 'INTEGER'),
  stored('lastSeen', 'INTEGER'),
];

/** Those that are stored. */
export const storedColumns: readonly LiveColumn[] = liveColumns.filter(({ isAlias }) => !isAlias);

/** The statement that creates the table. */
export const createTable = `CREATE TABLE data (${liveColumns
  .map(({ name, type, field, isAlias }) => `${name} ${type}${isAlias ? ` GENERATED ALWAYS AS (${field}) VIRTUAL` : ''}`)
  .join(', ')})`;

/** Rows in columns, in the order of `storedColumns`. */
export interface PackedRows {
  readonly count: number;
  readonly columns: readonly (Float64Array | readonly (string | null)[])[];
}

/** Packs rows. */
export function packRows(rows: readonly LiveRow[]): PackedRows {
  const columns = storedColumns.map(({ field, type }) =>
    type === 'TEXT'
      ? rows.map((row) => (row[field] === null ? null : String(row[field])))
      : Float64Array.from(rows, (row) => (row[field] === null ? Number.NaN : Number(row[field]))),
  );
  return { count: rows.length, columns };
}
