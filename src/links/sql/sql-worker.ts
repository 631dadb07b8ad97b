// The thread of one query: fills a fresh database with the live table, forbids writing, runs the query and posts its result. It ends with the
// query, so nothing of a query outlives it.

import { parentPort, workerData } from 'node:worker_threads';
import { type SqlCell, SqlError, type SqlResult } from '../../model/links/sql-result.js';
import { createTable, type PackedRows, storedColumns } from './live-columns.js';
import { Sqlite } from './sqlite.js';
import { SqliteError, type SqliteValue, type Statement } from './statement.js';

/** The limits of a result. */
export interface ResultLimits {
  readonly rows: number;
  /** Of all values together; a number counts as eight. */
  readonly bytes: number;
}

/** The task of a thread. */
export interface SqlTask {
  readonly module: WebAssembly.Module;
  readonly table: PackedRows;
  readonly sql: string;
  readonly limits: ResultLimits;
}

/** The answer of a thread. */
export type SqlAnswer =
  | { readonly result: SqlResult }
  | { readonly failure: { readonly code: SqlError['code']; readonly message: string } };

/** A message of a thread: the table is filled, so that the query begins; then its answer. */
export type SqlMessage = 'filled' | SqlAnswer;

/** Result codes (sqlite3.h). */
const [readOnlyResult, noMemory, tooBig] = [8, 7, 18];

/** Temporary tables stay in the memory that is limited: the files of sql.js would be outside of it. */
const settings: readonly string[] = ['PRAGMA temp_store = MEMORY', 'PRAGMA trusted_schema = OFF'];

async function answer({ module, table, sql, limits }: SqlTask): Promise<SqlAnswer> {
  try {
    const database = await Sqlite.open(module);
    for (const setting of settings) database.run(setting);
    fill(database, table);
    database.run('PRAGMA query_only = ON');
    post('filled');
    return { result: query(database, sql, limits) };
  } catch (error) {
    const { code, message } = failureOf(error);
    return { failure: { code, message } };
  }
}

function fill(database: Sqlite, { count, columns }: PackedRows): void {
  database.run(createTable);
  const names = storedColumns.map(({ name }) => name);
  const { first: insert } = database.prepare(
    `INSERT INTO data (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  database.run('BEGIN');
  for (let i = 0; i < count; i += 1) {
    // An infinite number would be a value that nobody measured.
    const known = (value: string | number | null | undefined) =>
      typeof value === 'number' && !Number.isFinite(value) ? null : (value ?? null);
    insert?.runWith(columns.map((column) => known(column[i])));
  }
  insert?.end();
  database.run('COMMIT');
}

function query(database: Sqlite, sql: string, limits: ResultLimits): SqlResult {
  const { first, hasMore } = database.prepare(sql);
  if (first === null) throw new SqlError('bad-sql', 'there is no statement: write one, such as SELECT * FROM data');
  if (hasMore)
    throw new SqlError('sql-refused', 'there is more than one statement: write one, without a semicolon inside');
  const columns = first.columns();
  if (columns.length === 0) throw new SqlError('sql-refused', 'the statement has no result: the table is read-only');
  const rows: SqlCell[][] = [];
  let bytes = 0;
  while (first.step()) {
    const rowBytes = bytesOfRow(first, columns.length);
    if (rowBytes > limits.bytes) {
      throw new SqlError(
        'sql-too-large',
        `a row has ${rowBytes} bytes; a result has at most ${limits.bytes}: select less`,
      );
    }
    bytes += rowBytes;
    if (rows.length === limits.rows || bytes > limits.bytes) return { columns, rows, isCut: true };
    rows.push(columns.map((_, i) => cellOf(first.valueOf(i))));
  }
  return { columns, rows, isCut: false };
}

function bytesOfRow(statement: Statement, columns: number): number {
  let bytes = 0;
  for (let i = 0; i < columns; i += 1) bytes += Math.max(8, statement.bytesOf(i));
  return bytes;
}

function cellOf(value: SqliteValue): SqlCell {
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  if (value === Number.POSITIVE_INFINITY) return 'Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return value;
}

function failureOf(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  if (error instanceof SqliteError) {
    if (error.result === noMemory) return outOfMemory;
    if (error.result === tooBig) return new SqlError('sql-too-large', `${error.message}: select less`);
    // Extended codes keep theirs in the low byte.
    if ((error.result & 0xff) === readOnlyResult) {
      return new SqlError('sql-refused', 'the statement would write, and the table is read-only');
    }
    return new SqlError('bad-sql', error.message);
  }
  // The module was stopped by a trap: it left its memory, or its stack.
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return outOfMemory;
  throw error;
}

const outOfMemory = new SqlError('sql-too-large', 'the query needs too much memory: select, sort or join less');

function post(message: SqlMessage): void {
  parentPort?.postMessage(message);
}

post(await answer(workerData as SqlTask));
