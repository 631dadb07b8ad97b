// A calm service: since the last reading nothing has changed but its connections, and counters that grew. Most services are calm in most
// cycles, so they are judged in the columns of the two tables, without an object. Every other service is for interpret-service.ts.

import { type GrowthColumns, hasCounted, putGrowth } from '../../../model/table/counter-words.js';
import { hasSameServers } from '../../../model/table/find-service.js';
import type { KnownRows } from '../../../model/table/known-table.js';
import { type RowReadings, valuesPerRow } from '../../../model/table/row-readings.js';
import { rowsOf, type TableColumns } from '../../../model/table/table-columns.js';
import type { Comparison } from '../books.js';
import { gauges } from '../director-sum.js';

/** Two tables, compared row by row; growth goes into the readings of the newer one. */
export interface RowComparison {
  readonly before: KnownRows;
  readonly readings: RowReadings;
  /** For each text of the newer table, its index in the older one; -1 if that has none like it. */
  readonly oldTexts: Int32Array;
  readonly growth: GrowthColumns;
}

/** Prepares the comparison of two tables. */
export function compareRows(before: KnownRows, readings: RowReadings): RowComparison {
  const old = new Map(before.columns.texts.map((text, i) => [text, i]));
  const { columns, values } = readings;
  const counters = { before: before.columns.counters, now: columns.counters };
  return {
    before,
    readings,
    oldTexts: Int32Array.from(columns.texts, (text) => old.get(text) ?? -1),
    growth: { ...counters, values, perRow: valuesPerRow, first: gauges },
  };
}

/** Reads a service that is calm, `was` being its place in the older table; false if it is not calm. */
export function readCalm(comparison: RowComparison, service: number, was: number): boolean {
  const { before, readings } = comparison;
  const { columns: now, values, sinceS } = readings;
  if (before.odd.has(was) || now.lacks.has(service) || !hasSameServers(before.columns, was, now, service)) return false;
  const [start, end] = rowsOf(now, service);
  const offset = rowsOf(before.columns, was)[0] - start;
  for (let row = start; row < end; row += 1) {
    if (!hasSameSetUp(comparison, row, row + offset)) return false;
    if (!putGrowth(comparison.growth, row, row + offset)) return false;
  }
  sinceS.fill(before.timeS, start, end);
  readConnections(now, values, service);
  return true;
}

function hasSameSetUp(
  { before: { columns: old }, readings, oldTexts }: RowComparison,
  row: number,
  was: number,
): boolean {
  const { columns: now } = readings;
  return oldTexts[now.setUps[row] ?? 0] === old.setUps[was] && now.weights[row] === old.weights[was];
}

/** Reads the connections of real servers, and their sum as the service's. */
function readConnections(columns: TableColumns, values: Float64Array, service: number): void {
  const [start, end] = rowsOf(columns, service);
  let active = 0;
  let inactive = 0;
  for (let row = start + 1; row < end; row += 1) {
    const own = columns.connections[2 * row] ?? 0;
    const idle = columns.connections[2 * row + 1] ?? 0;
    values[row * valuesPerRow] = own;
    values[row * valuesPerRow + 1] = idle;
    active += own;
    inactive += idle;
  }
  values[start * valuesPerRow] = active;
  values[start * valuesPerRow + 1] = inactive;
}

/** Compares a calm service with its real servers (books.ts); null if it has none. `archive` names it. */
export function calmComparison(readings: RowReadings, service: number, archive: () => string): Comparison | null {
  const { columns, timeS, sinceS, values } = readings;
  const [start, end] = rowsOf(columns, service);
  if (end === start + 1) return null;
  const growthOf = (row: number): readonly number[] => [
    ...values.subarray(row * valuesPerRow + gauges, (row + 1) * valuesPerRow),
  ];
  const parts = [0, 0, 0, 0, 0];
  for (let row = start + 1; row < end; row += 1) {
    const from = row * valuesPerRow + gauges;
    for (let i = 0; i < parts.length; i += 1) parts[i] = (parts[i] ?? 0) + (values[from + i] ?? Number.NaN);
  }
  const lengthS = timeS - (sinceS[start] ?? timeS);
  return { archive: archive(), whole: growthOf(start), parts, lengthS, ratesPerS: [] };
}

/** Had a service counted anything by the last reading? */
export function hadCounted({ columns }: KnownRows, was: number): boolean {
  return hasCounted(columns.counters, rowsOf(columns, was)[0]);
}
