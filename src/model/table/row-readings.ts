// The readings of a table's entries in columns, one for each row of the table, and the cycle that has them.

import { ipvsDataSources } from '../archive.js';
import type { Cycle, Reading } from '../cycle.js';
import { realServerNameAt, rowCount, rowsOf, serviceCount, serviceNameAt, type TableColumns } from './table-columns.js';

/** Values per row: those of the archives of the kernel's table. */
export const valuesPerRow = ipvsDataSources.length;

/** Readings of (`sinceS`, `timeS`], by row. */
export interface RowReadings {
  readonly columns: TableColumns;
  readonly timeS: number;
  readonly sinceS: Float64Array;
  /** `valuesPerRow` of each, as in `Reading`. */
  readonly values: Float64Array;
}

/** The readings of a source: those of a table follow the first of the others. */
export interface SourceReadingList {
  readonly readings: readonly Reading[];
  readonly rows?: RowReadings;
}

/** The readings of a cycle, without an object for each. */
export interface CycleColumns {
  readonly rows: RowReadings;
  readonly others: readonly Reading[];
}

/** Arrays for the readings of a table. */
export function newRowReadings(columns: TableColumns, timeS: number): RowReadings {
  const rows = rowCount(columns);
  return { columns, timeS, sinceS: new Float64Array(rows), values: new Float64Array(rows * valuesPerRow) };
}

/** The readings as objects. */
export function listRows({ columns, timeS, sinceS, values }: RowReadings): readonly Reading[] {
  const list: Reading[] = [];
  for (let service = 0; service < serviceCount(columns); service += 1) {
    const name = serviceNameAt(columns, service);
    const [start, end] = rowsOf(columns, service);
    for (let row = start; row < end; row += 1) {
      const archive = row === start ? name : `${name}/${realServerNameAt(columns, row)}`;
      const own = values.subarray(row * valuesPerRow, (row + 1) * valuesPerRow);
      list.push({ archive, sinceS: sinceS[row] ?? Number.NaN, timeS, values: own });
    }
  }
  return list;
}

/**
 * A cycle of the sources' readings, which become objects when somebody asks for them. A copy by spreading has the objects alone: it may
 * change them.
 */
export function cycleOf(fields: Omit<Cycle, 'readings' | 'columns'>, sources: readonly SourceReadingList[]): Cycle {
  let made: readonly Reading[] | null = null;
  const cycle: Cycle = {
    ...fields,
    get readings() {
      made ??= sources.flatMap(listOf);
      return made;
    },
  };
  const rows = sources.find((source) => source.rows !== undefined)?.rows;
  if (rows === undefined) return cycle;
  const columns: CycleColumns = { rows, others: sources.flatMap(({ readings }) => readings) };
  return Object.defineProperty(cycle, 'columns', { value: columns });
}

function listOf({ readings, rows }: SourceReadingList): readonly Reading[] {
  return rows === undefined ? readings : [...readings.slice(0, 1), ...listRows(rows), ...readings.slice(1)];
}

/** The same readings with other events and another table. */
export function withOutcome(cycle: Cycle, outcome: Pick<Cycle, 'events' | 'table'>): Cycle {
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(cycle),
    ...Object.getOwnPropertyDescriptors(outcome),
  });
}

/** Has a cycle any reading? */
export function hasReadings(cycle: Cycle): boolean {
  return cycle.columns !== undefined || cycle.readings.length > 0;
}
