// The event ledger in the database: one key per event, under its archive, in time order. Each archive's ledger is capped.

import { type EventQuery, eventsPerArchive, type LedgerEvent } from '../model/ledger-event.js';
import { readRecord, readRecords } from './layout/directory.js';
import { eventKey, type KeyRange, prefixRange } from './layout/keys.js';
import type { Database, Operation } from './leveldb/database.js';

/** Events grouped by the archive of their ledger, in order. */
export function eventsByArchive(events: readonly LedgerEvent[]): Map<string, LedgerEvent[]> {
  const byArchive = new Map<string, LedgerEvent[]>();
  for (const event of events) {
    const own = byArchive.get(event.archive);
    if (own === undefined) byArchive.set(event.archive, [event]);
    else own.push(event);
  }
  return byArchive;
}

/** The writes that add events to one archive's ledger, numbered within their second from `first` on. */
export function eventOperations(events: readonly LedgerEvent[], first = 0): Operation[] {
  return events.map((event, n) => {
    const { archive, timeS, ...rest } = event;
    return { type: 'put', key: eventKey(archive, timeS, first + n), value: Buffer.from(JSON.stringify(rest)) };
  });
}

/** The number of an archive's next event in a second: a failed cycle may have left some there already. */
export function nextNumber(database: Database, archive: string, timeS: number): number {
  let n = 0;
  while (database.get(eventKey(archive, timeS, n)) !== undefined) n += 1;
  return n;
}

/** The deletions that keep an archive's ledger of `count` events within its cap. */
export async function trimOperations(database: Database, archive: string, count: number): Promise<Operation[]> {
  const tooMany = count - eventsPerArchive;
  if (tooMany <= 0) return [];
  const oldest = await database.keys(ledgerRange(archive), tooMany);
  return oldest.map((key) => ({ type: 'del', key }));
}

/** Reads events in time order. When older ones were dropped, an event that says so precedes the oldest. */
export async function readEvents(database: Database, query: EventQuery): Promise<LedgerEvent[]> {
  const { archive, sinceS = 0, untilS = latestS, newest } = query;
  const span = { sinceS, untilS };
  const events: LedgerEvent[] = [];
  for (const name of await archivesWithDropped(database, archive)) {
    events.push(...(await droppedBefore(database, name, span)));
  }
  if (archive === undefined || newest !== undefined) {
    const range = archive === undefined ? prefixRange('e') : timedLedgerRange(archive, span);
    events.push(...(await readByKeys(database, range, { ...span, newest })));
  } else {
    const entries = await database.entries(timedLedgerRange(archive, span));
    events.push(...entries.map(([key, value]) => parseEvent(key, value)));
  }
  events.sort((a, b) => a.timeS - b.timeS);
  return newest === undefined ? events : events.slice(-newest);
}

/** For all archives, or for the newest events, only values whose keys match are parsed. */
async function readByKeys(
  database: Database,
  range: KeyRange,
  { sinceS, untilS, newest }: Span & { readonly newest: number | undefined },
): Promise<LedgerEvent[]> {
  const keys = (await database.keys(range)).map((key) => ({ key, timeS: timeOfEventKey(key) }));
  const within = keys.filter(({ timeS }) => timeS >= sinceS && timeS <= untilS).sort((a, b) => a.timeS - b.timeS);
  return within.slice(newest === undefined ? 0 : -newest).flatMap(({ key }) => {
    const value = database.get(key);
    return value === undefined ? [] : [parseEvent(key, value)];
  });
}

function timeOfEventKey(key: Buffer): number {
  return key.readUInt32BE(key.length - 6);
}

interface Span {
  readonly sinceS: number;
  readonly untilS: number;
}

/** The latest second that fits in a key. */
const latestS = 2 ** 32 - 1;

function timedLedgerRange(archive: string, { sinceS, untilS }: Span): KeyRange {
  const whole = ledgerRange(archive);
  const firstS = Math.min(latestS, Math.max(0, Math.ceil(sinceS)));
  const endS = Math.max(firstS, Math.floor(untilS) + 1);
  return { gte: eventKey(archive, firstS, 0), lt: endS > latestS ? whole.lt : eventKey(archive, endS, 0) };
}

async function archivesWithDropped(database: Database, archive: string | undefined): Promise<readonly string[]> {
  const records =
    archive === undefined ? await readRecords(database) : [[archive, readRecord(database.get, archive)] as const];
  return [...records].flatMap(([name, record]) => (record?.droppedEvents === undefined ? [] : [name]));
}

/** The event with the number of missing ones, when a query starts before the oldest that is left. */
async function droppedBefore(database: Database, archive: string, { sinceS, untilS }: Span): Promise<LedgerEvent[]> {
  const dropped = readRecord(database.get, archive)?.droppedEvents ?? 0;
  const [oldest] = await database.keys(ledgerRange(archive), 1);
  const oldestS = oldest === undefined ? latestS : eventOfKey(oldest).timeS;
  if (sinceS > oldestS) return [];
  const detail = `${dropped} older ones had to go: ${eventsPerArchive} are kept of each`;
  return [{ timeS: Math.min(oldestS, untilS), archive, kind: 'older-dropped', detail }];
}

/** All keys of an archive's ledger. */
export function ledgerRange(archive: string): KeyRange {
  return prefixRange(`e${archive}\0`);
}

/** The archive and time of an event, from its key. */
export function eventOfKey(key: Buffer): Pick<LedgerEvent, 'archive' | 'timeS'> {
  const end = key.indexOf(0);
  return { timeS: key.readUInt32BE(end + 1), archive: key.toString('utf8', 1, end) };
}

/** The value holds the event's other fields. */
function parseEvent(key: Buffer, value: Buffer): LedgerEvent {
  const fields = JSON.parse(value.toString()) as Omit<LedgerEvent, 'archive' | 'timeS'>;
  return { ...eventOfKey(key), ...fields };
}
