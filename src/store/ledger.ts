// The event ledger in the database: one key an event, under its archive, in order of time; capped for each archive.

import type { EventQuery, LedgerEvent } from '../model/ledger-event.js';
import type { Database, Operation } from './database.js';
import { eventKey, type KeyRange, prefixRange } from './keys.js';

/** Events kept for one archive; beyond that the oldest make room. */
export const eventsPerArchive = 1000;

/** Events by the archive in whose ledger they stand, in their order. */
export function eventsByArchive(events: readonly LedgerEvent[]): Map<string, LedgerEvent[]> {
  const byArchive = new Map<string, LedgerEvent[]>();
  for (const event of events) {
    const own = byArchive.get(event.archive);
    if (own === undefined) byArchive.set(event.archive, [event]);
    else own.push(event);
  }
  return byArchive;
}

/** The writes that add events to the ledger of one archive, numbered within their time from `first` on. */
export function eventOperations(events: readonly LedgerEvent[], first = 0): Operation[] {
  return events.map((event, n) => {
    const { archive, timeS, ...rest } = event;
    return { type: 'put', key: eventKey(archive, timeS, first + n), value: Buffer.from(JSON.stringify(rest)) };
  });
}

/** The number of the next event of an archive in a second: a failed cycle may have left some in it already. */
export function nextNumber(database: Database, archive: string, timeS: number): number {
  let n = 0;
  while (database.get(eventKey(archive, timeS, n)) !== undefined) n += 1;
  return n;
}

/** The deletions that keep an archive's ledger, which has `count` events, within its cap. */
export async function trimOperations(database: Database, archive: string, count: number): Promise<Operation[]> {
  const tooMany = count - eventsPerArchive;
  if (tooMany <= 0) return [];
  const oldest = await database.keys(ledgerRange(archive), tooMany);
  return oldest.map((key) => ({ type: 'del', key }));
}

/** Reads events, in order of time. */
export async function readEvents(database: Database, query: EventQuery): Promise<LedgerEvent[]> {
  const range = query.archive === undefined ? prefixRange('e') : ledgerRange(query.archive);
  const events: LedgerEvent[] = [];
  for (const [key, value] of await database.entries(range)) {
    const event = parseEvent(key, value);
    if (event.timeS >= (query.sinceS ?? 0) && event.timeS <= (query.untilS ?? Number.POSITIVE_INFINITY))
      events.push(event);
  }
  return events.sort((a, b) => a.timeS - b.timeS);
}

/** All keys of an archive's ledger. */
export function ledgerRange(archive: string): KeyRange {
  return prefixRange(`e${archive}\0`);
}

/** The archive and the time of an event, by its key. */
export function eventOfKey(key: Buffer): Pick<LedgerEvent, 'archive' | 'timeS'> {
  const end = key.indexOf(0);
  return { timeS: key.readUInt32BE(end + 1), archive: key.toString('utf8', 1, end) };
}

/** An event's own fields are in the value. */
function parseEvent(key: Buffer, value: Buffer): LedgerEvent {
  const fields = JSON.parse(value.toString()) as Omit<LedgerEvent, 'archive' | 'timeS'>;
  return { ...eventOfKey(key), ...fields };
}
