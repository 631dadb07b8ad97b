// Packs the readings of one archive over a long time into the records that sealing and expiring would have made. Threads can exchange the
// packed form:
//
//   history = (kind:u8 time:u32 length:u32 value)...     the archive's number is added with its key, later

import { type DataSource, ipvsDataSources } from '../../model/archive.js';
import type { Rows } from '../../model/rows/consolidate.js';
import type { TimedKind } from '../layout/keys.js';
import type { ReadingColumns } from '../layout/readings.js';
import { encodeChunk } from '../packing/chunk.js';
import { encodeSheet, sheetOf } from '../packing/sheet.js';
import { firstKeptMonth } from '../upkeep/keep-months.js';
import { rowsOfDay } from './coarse.js';
import { MonthGatherer } from './month-gatherer.js';
import { derivePdps } from './pdp.js';
import { type CoarseRra, dayS, slotOf, standardGrid, windowOf } from './slot.js';

/** Readings, packed up to the end of a window. */
export interface PackedHistory {
  /** Time of the first reading; null when there is none. */
  readonly firstS: number | null;
  readonly bytes: Uint8Array;
}

/** One record of a packed history. */
export interface PackedRecord {
  readonly kind: TimedKind;
  readonly time: number;
  readonly value: Uint8Array;
}

const grid = standardGrid;
const { stepS, slotsPerDay, windowS } = grid;
const headBytes = 9;
/** Rows are derived this many days at a time: the data points of a year would not fit into a processor's cache. */
const daysAtOnce = 16;

/** The first day whose readings are kept; earlier days have only rows. */
export function firstKeptDay(endS: number): number {
  return Math.floor(endS / dayS) - grid.readingsKeptS / dayS;
}

/** The first day without a day row: the last day's row waits for the reading that closes it. */
export function lastRowDay(endS: number): number {
  return Math.floor(endS / dayS) - 1;
}

/** Packs the readings of one archive, oldest first, at most one per slot, into memory that threads can share. */
export function packHistory(
  columns: Omit<ReadingColumns, 'unknownS'>,
  endS: number,
  dataSources = ipvsDataSources,
): PackedHistory {
  const readings = { ...columns, unknownS: new Map() };
  const writer = new RecordWriter();
  addRows(writer, readings, { dataSources, endS });
  addChunks(writer, readings, firstKeptDay(endS));
  return { firstS: readings.timesS[0] ?? null, bytes: writer.finish() };
}

/** The records of a packed history. */
export function* recordsOf({ bytes }: PackedHistory): Generator<PackedRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const from = at + headBytes;
    const value = bytes.subarray(from, from + view.getUint32(at + 5));
    yield { kind: String.fromCharCode(view.getUint8(at)) as TimedKind, time: view.getUint32(at + 1), value };
    at = from + value.length;
  }
}

/** Reused for every history; grows to the size of the largest. */
let shared = Buffer.alloc(2 ** 16);

class RecordWriter {
  #length = 0;

  add(kind: TimedKind, time: number, value: Uint8Array): void {
    const from = this.#length + headBytes;
    const end = from + value.length;
    if (end > shared.length) shared = Buffer.concat([shared], 2 * end);
    shared[this.#length] = kind.charCodeAt(0);
    shared.writeUInt32BE(time, this.#length + 1);
    shared.writeUInt32BE(value.length, this.#length + 5);
    shared.set(value, from);
    this.#length = end;
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#length));
    bytes.set(shared.subarray(0, this.#length));
    return bytes;
  }
}

/** Scratch space for data points, one column per data source. */
const pdps: Float64Array[] = [];

function pdpsOf(columns: number): Float64Array[] {
  while (pdps.length < columns) pdps.push(new Float64Array(daysAtOnce * slotsPerDay));
  return pdps.slice(0, columns);
}

function addChunks(records: RecordWriter, readings: ReadingColumns, fromDay: number): void {
  const { timesS } = readings;
  let from = timesS.findIndex((timeS) => timeS > fromDay * dayS);
  while (from >= 0 && from < timesS.length) {
    const window = windowOf(grid, slotOf(grid, timesS[from] ?? 0));
    const endS = (window + 1) * windowS;
    let to = from;
    while (to < timesS.length && (timesS[to] ?? 0) <= endS) to += 1;
    records.add('c', window, encodeChunk(sliceOf(readings, from, to), { window, windowS }));
    from = to;
  }
}

function addRows(
  records: RecordWriter,
  readings: ReadingColumns,
  { dataSources, endS }: { readonly dataSources: readonly DataSource[]; readonly endS: number },
): void {
  const today = Math.floor(endS / dayS);
  const lastS = readings.timesS.at(-1) ?? 0;
  const isWanted = (day: number, { keptS }: CoarseRra): boolean =>
    (day < firstKeptDay(endS) || lastS >= (day + 1) * dayS) && day >= today - keptS / dayS;
  const into = pdpsOf(dataSources.length);
  const months = new MonthGatherer(dataSources);
  const sheets = grid.coarse.map((rra) => new SheetGatherer(rra));
  let day = Math.floor((readings.sinceS[0] ?? 0) / dayS);
  for (let begin = 0; day < lastRowDay(endS); day += daysAtOnce) {
    const run = readingsAround(readings, begin, { fromS: day * dayS, toS: (day + daysAtOnce) * dayS });
    begin = run.begin;
    const slots = { stepS, firstSlot: day * slotsPerDay + 1, count: daysAtOnce * slotsPerDay, into };
    const { columns } = derivePdps([run.readings], dataSources, slots);
    for (let i = 0; i < daysAtOnce && day + i < lastRowDay(endS); i += 1) {
      const from = i * slotsPerDay;
      const whole = months.add(day + i, columns, from);
      if (whole !== null && whole.month >= firstKeptMonth(grid, endS)) records.add('p', whole.month, whole.value);
      if (columns.every((column) => isUnknown(column, from))) continue;
      const pdps = columns.map((column) => column.subarray(from, from + slotsPerDay));
      for (const gatherer of sheets) {
        if (isWanted(day + i, gatherer.rra)) gatherer.add(day + i, pdps, records);
      }
    }
  }
  for (const gatherer of sheets) gatherer.finish(records);
}

/** Gathers the rows of days, oldest first, into sheets. */
class SheetGatherer {
  readonly rra: CoarseRra;
  #sheet = 0;
  #days: { readonly day: number; readonly rows: Rows }[] = [];

  constructor(rra: CoarseRra) {
    this.rra = rra;
  }

  add(day: number, pdps: readonly Float64Array[], records: RecordWriter): void {
    const sheet = Math.floor(day / this.rra.daysPerSheet);
    if (sheet !== this.#sheet) this.finish(records);
    this.#sheet = sheet;
    this.#days.push({ day, rows: rowsOfDay(pdps, this.rra) });
  }

  /** Writes the sheet that is open, if any. */
  finish(records: RecordWriter): void {
    if (this.#days.length === 0) return;
    const value = encodeSheet(sheetOf(this.#days), { sheet: this.#sheet, rra: this.rra });
    records.add(this.rra.kind, this.#sheet, value);
    this.#days = [];
  }
}

/** The readings that the data points of a stretch depend on, including the one before them; the search starts at `begin`. */
function readingsAround(
  readings: ReadingColumns,
  begin: number,
  { fromS, toS }: { readonly fromS: number; readonly toS: number },
): { readonly begin: number; readonly readings: ReadingColumns } {
  const { timesS } = readings;
  let first = begin;
  while (first < timesS.length && (timesS[first] ?? 0) <= fromS) first += 1;
  let end = first;
  while (end < timesS.length && (timesS[end] ?? 0) < toS) end += 1;
  const from = Math.max(0, first - 1);
  return { begin: from, readings: sliceOf(readings, from, end + 1) };
}

function sliceOf({ timesS, sinceS, values, unknownS }: ReadingColumns, from: number, to: number): ReadingColumns {
  const rows = (column: Float64Array): Float64Array => column.subarray(from, to);
  return { timesS: rows(timesS), sinceS: rows(sinceS), values: values.map(rows), unknownS };
}

/** Is the day that starts there entirely unknown? */
function isUnknown(column: Float64Array, from: number): boolean {
  for (let i = from; i < from + slotsPerDay; i += 1) if (!Number.isNaN(column[i])) return false;
  return true;
}
