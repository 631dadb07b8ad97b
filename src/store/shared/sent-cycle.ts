// A cycle on the socket: its table and its readings in their columns, which structured clone copies as blocks of bytes.

import type { Cycle } from '../../model/cycle.js';
import { counterWords } from '../../model/table/counter-words.js';
import { identityWords } from '../../model/table/identity-words.js';
import { cycleOf, type RowReadings, valuesPerRow } from '../../model/table/row-readings.js';
import { type SentTable, sentTable, tableFrom } from '../layout/stored-table.js';

/** The form on the socket. `rows` follow the first of `readings`. */
export interface SentCycle extends Omit<Cycle, 'table' | 'columns'> {
  readonly table: SentTable;
  readonly rows?: RowReadings;
}

/** The form of a cycle on the socket. */
export function sentCycle(cycle: Cycle): SentCycle {
  const { timeS, previousS, hasJumped, archives, events, columns } = cycle;
  const own = { timeS, previousS, hasJumped, archives, events, table: sentTable(cycle.table) };
  return columns === undefined
    ? { ...own, readings: cycle.readings }
    : { ...own, readings: columns.others, rows: columns.rows };
}

/** A received cycle, whose parts were checked. */
export function receivedCycle({ readings, rows, table, ...fields }: SentCycle): Cycle {
  const { timeS, previousS, hasJumped, archives, events } = fields;
  const own = { timeS, previousS, hasJumped, archives, events, table: tableFrom(table) };
  return cycleOf(own, [{ readings, ...(rows !== undefined && { rows }) }]);
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function hasLength(words: unknown, length: number): boolean {
  return words instanceof Uint32Array && words.length === length;
}

/** The number of rows of columns; null if a value has no such columns, or they do not fit together. */
function rowsIn(value: unknown): number | null {
  const { starts, identities, counters, setUps, texts, weights, connections, lacks } = fieldsOf(value);
  if (!(starts instanceof Uint32Array) || !areStarts(starts)) return null;
  const rows = starts.at(-1) ?? 0;
  const isWhole =
    hasLength(identities, rows * identityWords) &&
    hasLength(counters, rows * counterWords) &&
    hasLength(setUps, rows) &&
    hasLength(weights, rows) &&
    hasLength(connections, 2 * rows) &&
    Array.isArray(texts) &&
    texts.every((text) => typeof text === 'string') &&
    lacks instanceof Map;
  return isWhole ? rows : null;
}

/** Each service has a row at least, the first one the first. */
function areStarts(starts: Uint32Array): boolean {
  if (starts.length === 0 || starts[0] !== 0) return false;
  for (let i = 1; i < starts.length; i += 1) if ((starts[i] ?? 0) <= (starts[i - 1] ?? 0)) return false;
  return true;
}

/** Are these the parts of a known table? */
export function isKnownRows(value: unknown): boolean {
  const { columns, timeS, wrapped, archives, odd, missing } = fieldsOf(value);
  const rows = rowsIn(columns);
  const isOfRows =
    rows !== null && wrapped instanceof Uint8Array && wrapped.length === rows && hasLength(archives, rows);
  return isOfRows && typeof timeS === 'number' && odd instanceof Map && missing instanceof Map;
}

/** Are these readings of a table? */
export function isRowReadings(value: unknown): boolean {
  const { columns, timeS, sinceS, values } = fieldsOf(value);
  const rows = rowsIn(columns);
  if (rows === null || !(sinceS instanceof Float64Array) || !(values instanceof Float64Array)) return false;
  const isOfRows = sinceS.length === rows && values.length === rows * valuesPerRow;
  return isOfRows && Number.isSafeInteger(timeS) && sinceS.every((second) => second >= 0 && second <= 0xffff_ffff);
}
