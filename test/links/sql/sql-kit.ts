// The built runner of queries, whose thread is a file of the build, and a table of 5,000 seeded rows for it.

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LiveRow } from '../../../src/model/links/live-row.js';
import { randomFrom } from '../../random.js';

const built = pathToFileURL(join(resolve(import.meta.dirname, '../../..'), 'dist/links/sql/query-sql.js')).href;

const module = (await import(built)) as typeof import('../../../src/links/sql/query-sql.js');

/** The limits, with time enough for any machine: what ends earlier ends for another reason. */
export const patientLimits = { ...module.sqlLimits, timeMs: 15 * 60_000 };

/** Runs a query on rows, on the seeded ones by default. */
export function query(sql: string, rows: readonly LiveRow[] = table, limits = patientLimits) {
  return module.querySql(rows, sql, limits);
}

/** The code and the message of a query that fails. */
export async function failureOf(
  sql: string,
  limits = patientLimits,
  rows = table,
): Promise<{ code: string; message: string }> {
  const error: unknown = await query(sql, rows, limits).then(
    (result) => new Error(`${result.rows.length} rows came`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Error && 'code' in error) return { code: String(error.code), message: error.message };
  throw error;
}

function rowsOf(count: number): readonly LiveRow[] {
  const next = randomFrom(89);
  const maybe = <T>(value: T): T | null => (next() < 0.1 ? null : value);
  return Array.from({ length: count }, (_, i) => ({
    name: `agent-${i}`,
    disconnect: Math.floor(next() * 1000),
    dataCenter: maybe(`dc${Math.floor(next() * 4)}`),
    role: maybe(['be', 'fe', 'db'][Math.floor(next() * 3)] ?? 'be'),
    load: maybe(Math.floor(next() * 4096) / 256),
    // Sums of multiples of 1/256 are exact in any order.
    nginxErrRate: maybe(Math.floor(next() * 65_536) / 256),
    connectivity: maybe(Math.floor(next() * 101)),
    nginxAccessRate: maybe(Math.floor(next() * 1_000_000) / 256),
    nginx4xx: maybe(Math.floor(next() * 1000)),
    nginx5xx: maybe(Math.floor(next() * 100)),
    nginx504: maybe(Math.floor(next() * 50)),
    links: 20,
    lossy: Math.floor(next() * 20),
    slow: Math.floor(next() * 20),
    stale: next() < 0.05 ? 1 : 0,
    lastSeen: 1_795_000_000 + i,
  }));
}

/** The rows. */
export const table = rowsOf(5000);

/** A few of them, for queries whose outcome does not depend on their number: to fill the table takes longer than such a query. */
export const fewRows = table.slice(0, 20);
