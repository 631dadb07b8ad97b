// Keeps the baselines of the services and of the director: of each eight hours of the week, from the newest of them and the same ones of
// three weeks before. A cycle looks after some services, which it finds in its own table: reading the records of all archives would cost
// more than the rest.

import {
  baselineOf,
  baselineRates,
  baselineWeeks,
  byRate,
  hourOf,
  hourS,
  isTooNew,
  leastWeeks,
  weekS,
} from '../../model/baseline/baseline.js';
import { type BaselineColumns, emptyBaselines } from '../../model/baseline/baseline-columns.js';
import type { KnownState } from '../../model/cycle.js';
import type { AnyAbout } from '../../model/kinds/kind.js';
import { kindOf } from '../../model/kinds/registry.js';
import { directorName } from '../../model/names/name.js';
import { chooseRra, type RowSpan } from '../../model/rows/choose-rra.js';
import { KnownTable } from '../../model/table/known-table.js';
import { rowsOf, serviceCount, serviceNameAt } from '../../model/table/table-columns.js';
import { type FoundArchive, foundArchive, rowsIn } from '../fetch.js';
import { type ArchiveRecord, firstKnownS, formatState, type State } from '../layout/directory.js';
import { metaKey } from '../layout/keys.js';
import { archivesPerBlock } from '../layout/recent.js';
import type { Database, Get, Operation } from '../leveldb/database.js';
import type { RecordCache } from '../record-cache.js';
import {
  baselineKey,
  baselineRange,
  copyHour,
  firstOpenShift,
  headOf,
  hoursPerShift,
  packBaselines,
  type ShiftBaselines,
  shiftS,
  shiftsPerWeek,
} from '../rows/baseline-record.js';

/** Seconds of cycles over which a shift is distributed: usually, and while several are due. */
const [spreadS, catchUpS] = [6 * hourS, 2 * hourS];

/** The store whose baselines are kept, and its newest table. */
export interface BaselineUpkeep {
  readonly database: Database;
  readonly records: Pick<RecordCache, 'get'>;
  readonly table: KnownState;
}

/** Does an archive have baselines? Services do, and the director: whatever stands at the top and has all the rates. */
export function hasBaselines(about: AnyAbout): boolean {
  const { level, measures } = kindOf(about);
  const isTop = level === 'director' || level === 'top';
  return isTop && baselineRates.every((rate) => measures.some(({ name }) => name === rate));
}

/** An archive that has baselines. */
interface NumberedArchive {
  readonly id: number;
  /** A function, because writing a thousand names takes as long as a share. */
  readonly nameOf: () => string;
}

/** Does this cycle's share of the baselines that are due. It never hurries: a shift's baselines are needed a week later. */
export async function keepBaselines(store: BaselineUpkeep, state: State): Promise<void> {
  const { at, block } = state.baselines;
  const open = firstOpenShift(state.grid, state.seal.at);
  if (at >= open) return;
  const all = archivesOf(store);
  const due = all.filter(({ id }) => blockOf(id) >= block);
  const share = Math.ceil((all.length * state.grid.stepS) / (open - at > 1 ? catchUpS : spreadS));
  const last = blockOf(due[Math.min(due.length, share) - 1]?.id ?? 0);
  const now = due.filter(({ id }) => blockOf(id) <= last);
  const operations = now.flatMap(({ nameOf }) => {
    const name = nameOf();
    const record = store.records.get(name);
    return record === undefined ? [] : baselineOperations(store.database.get, { state, name, record, shift: at });
  });
  // The same hours are due again a week later, so older ones need not be done first.
  const next = { at: Math.max(at + 1, open - shiftsPerWeek), block: 0 };
  const baselines = now.length === due.length ? next : { at, block: last + 1 };
  const value = formatState({ ...state, baselines });
  await store.database.write([...operations, { type: 'put', key: metaKey('state'), value }]);
}

/** The writes of a shift's baselines of one archive; what says nothing any more is removed. */
export function baselineOperations(get: Get, { state, name, record, shift }: DueShift): readonly Operation[] {
  const archive = foundArchive({ get, state }, name, record);
  const baselines = archive === null ? null : deriveBaselines(archive, name, shift);
  const key = baselineKey(shift, record.id);
  if (baselines !== null) return [{ type: 'put', key, value: packBaselines(baselines) }];
  return get(key) === undefined ? [] : [{ type: 'del', key }];
}

interface DueShift {
  readonly state: State;
  readonly name: string;
  readonly record: ArchiveRecord;
  readonly shift: number;
}

/** Weeks after which stored baselines say nothing any more: those of a service that went and came back. */
const staleWeeks = baselineWeeks + 1;

/** The baselines around a time, of all archives that have any. Throws a `RangeError` when a record is cut off. */
export function readBaselines(database: Database, timeS: number): Promise<BaselineColumns> {
  const hour = Math.max(1, hourOf(timeS));
  const shifts = [...new Set([shiftOf(hour - 1), shiftOf(hour + 1)])];
  const places = shifts.map((shift) => shift % shiftsPerWeek);
  return database.baselines.find({ hour, places }, () => readHours(database, hour, shifts));
}

/** The baselines of an hour and of the hours around it, which are of some shifts. */
async function readHours(database: Database, hour: number, shifts: readonly number[]): Promise<BaselineColumns> {
  const stored = new Map<number, ReadonlyMap<string, Buffer>>();
  for (const shift of shifts) stored.set(shift, await readShift(database, shift));
  const columns = emptyBaselines([...new Set([...stored.values()].flatMap((shift) => [...shift.keys()]))]);
  for (const [archive, name] of columns.names.entries()) {
    for (const [i, one] of [hour - 1, hour, hour + 1].entries()) {
      const record = stored.get(shiftOf(one))?.get(name);
      if (record !== undefined) copyHour(record, one % hoursPerShift, columns, { archive, hour: i });
    }
  }
  return columns;
}

/** The stored baselines for a shift, by archive. */
async function readShift(database: Database, shift: number): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const [, stored] of await database.entries(baselineRange(shift))) {
    const { name, shift: newest } = headOf(stored);
    if (shift - newest <= staleWeeks * shiftsPerWeek) found.set(name, stored);
  }
  return found;
}

function shiftOf(hour: number): number {
  return Math.floor(hour / hoursPerShift);
}

/** The director and the services of the table, in the order of their numbers. */
function archivesOf({ records, table }: BaselineUpkeep): readonly NumberedArchive[] {
  const found: NumberedArchive[] = [];
  const lookUp = (name: string): void => {
    const id = records.get(name)?.id;
    if (id !== undefined) found.push({ id, nameOf: () => name });
  };
  lookUp(directorName);
  const { rows } = KnownTable.of(table.director.services);
  for (let service = 0; service < serviceCount(rows.columns); service += 1) {
    const number = rows.archives[rowsOf(rows.columns, service)[0]] ?? 0;
    const nameOf = (): string => serviceNameAt(rows.columns, service);
    if (number === 0) lookUp(nameOf());
    else found.push({ id: number - 1, nameOf });
  }
  for (const name of rows.missing.keys()) lookUp(name);
  return found.sort((a, b) => a.id - b.id);
}

function blockOf(id: number): number {
  return Math.floor(id / archivesPerBlock);
}

/** The baselines of an archive for the hours of a shift, from that shift and those of the weeks before; null if that says nothing. */
function deriveBaselines(archive: FoundArchive, name: string, shift: number): ShiftBaselines | null {
  const starts = Array.from({ length: baselineWeeks }, (_, i) => shift * shiftS - i * weekS);
  const spans = starts.flatMap((startS) => spanOfShift(archive, startS) ?? []);
  // Those of a single week say nothing, and are derived again a week later.
  if (spans.length < leastWeeks) return null;
  const weeks = spans.map((span) => rowsOfShift(archive, span));
  const hours = Array.from({ length: hoursPerShift }, (_, hour) =>
    byRate((_rate, number) => baselineOf(weeks.map((week) => week(hour, number)))),
  );
  const isTelling = hours.some((hour) => baselineRates.some((rate) => !isTooNew(hour[rate])));
  return isTelling ? { name, shift, hours } : null;
}

/** The rows of an archive that cover a shift. */
interface ShiftSpan {
  readonly startS: number;
  readonly span: RowSpan;
}

/** The finest rows that reach back to a shift; null if there are none, or only rows of more than an hour, which say nothing of one. */
function spanOfShift({ kept, record }: FoundArchive, startS: number): ShiftSpan | null {
  const span = chooseRra({ startS, endS: startS + shiftS - 1, stepS: kept.retention.stepS }, kept);
  const isUnknown = span.expiredS >= span.endS || (firstKnownS(record) ?? 0) > span.endS;
  return span.rowS > hourS || isUnknown ? null : { startS, span };
}

/** The rows of an hour of a shift, by the number of the rate. */
type RowsOfHour = (hour: number, rate: number) => Float64Array;

function rowsOfShift(archive: FoundArchive, { startS, span }: ShiftSpan): RowsOfHour {
  const columns = archive.sources.flatMap((source, column) => (isRate(source.name) ? [column] : []));
  const { AVERAGE } = rowsIn(archive, span, { cfs: ['AVERAGE'], columns });
  const rowAfter = (hour: number): number => Math.floor((startS + hour * hourS - span.startS) / span.rowS);
  return (hour, rate) => AVERAGE[rate]?.subarray(rowAfter(hour), rowAfter(hour + 1)) ?? new Float64Array(0);
}

function isRate(dataSource: string): boolean {
  return baselineRates.some((rate) => rate === dataSource);
}
