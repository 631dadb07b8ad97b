// Joins the two listings into one table. Clean ones (clean/read-clean.ts) are joined line by line, in columns. Others are joined by identity:
// order means nothing. The listings are two moments, so an entry may be in only one of them: it came or went in between, and is not stored
// but noted. If the other listing has lines without an identity, the entry may be one of those: then it exists, unread. An entry without
// set-up takes it from an earlier reading, a moment before, that has it.

import type { RealServerId, ServiceId } from '../../model/names/identity.js';
import { realServerName, serviceName } from '../../model/names/name.js';
import type { Note } from '../../model/note.js';
import type { RealServerReading, ServiceReading, Snapshot } from '../../model/snapshot.js';
import { changedSnapshot, columnServices } from '../../model/table/column-snapshot.js';
import { readClean } from './clean/read-clean.js';
import type { Entries } from './listing/entries.js';
import type { ServiceLines } from './listing/entries-so-far.js';
import { parseStatsListing, type ServiceStats } from './listing/parse-stats.js';
import { parseTableListing, type ServiceSetup } from './listing/parse-table.js';

/** The two texts of one reading, as ipvsadm wrote them: bytes, or one character per byte. */
export interface RawListings {
  readonly statsText: Buffer | string;
  readonly tableText: Buffer | string;
  /** The kernel's other tables (proc/host-tables.ts); missing for another machine's. */
  readonly hostText?: string;
}

/** The names of the two texts in messages. */
export interface ListingSources {
  readonly stats: string;
  readonly table: string;
}

/** The services in both listings, in the order of the counters' listing, and the facts about the rest. */
export interface JoinedTable extends Pick<Snapshot, 'services' | 'columns' | 'unread' | 'strayLines'> {
  /** Whether every line was read, none twice, and each entry in both listings. */
  readonly isWhole: boolean;
  /** Whether the table changed while it was read: an entry is in only one listing, or listed twice. */
  readonly isTorn: boolean;
  readonly notes: readonly Note[];
}

/** The two listings of one reading, parsed entry by entry. */
interface ParsedListings {
  readonly stats: Entries<ServiceStats>;
  readonly table: Entries<ServiceSetup>;
}

/** The set-up of a reading a moment before, when it is needed. */
export type EarlierSetUp = () => Entries<ServiceSetup>;

/** How listings are parsed: their names in messages, and an earlier reading. */
export interface ListingContext {
  readonly sources?: ListingSources | undefined;
  readonly earlier?: EarlierSetUp | undefined;
}

interface Draft extends ParsedListings {
  readonly earlier: EarlierSetUp | null;
  readonly services: ServiceReading[];
  readonly unread: Set<string>;
  readonly halves: Note[];
}

/** Parses both listings and joins them. Throws a `CollectError`. */
export function parseListings(raw: RawListings, { sources, earlier }: ListingContext = {}): JoinedTable {
  const columns = readClean(asBuffer(raw.statsText), asBuffer(raw.tableText));
  if (columns !== null) return changedSnapshot(columnServices(columns), { isWhole: true, isTorn: false, notes: [] });
  return joinListings(raw, { sources, earlier });
}

/** The part of a joined table that a snapshot has. */
export function tableOf(joined: JoinedTable): Pick<Snapshot, 'services' | 'columns' | 'unread' | 'strayLines'> {
  if (joined.columns !== undefined) return columnServices(joined.columns);
  const { notes: _, isTorn: __, isWhole: ___, ...table } = joined;
  return table;
}

/** The set-up of the table's listing, parsed entry by entry. Throws a `CollectError`. */
export function parseSetUps({ tableText }: RawListings, sources?: ListingSources): Entries<ServiceSetup> {
  return parseTableListing(asText(tableText), sources?.table);
}

function asBuffer(text: Buffer | string): Buffer {
  return typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
}

function asText(text: Buffer | string): string {
  return typeof text === 'string' ? text : text.toString('latin1');
}

/** Joins both listings by identity, which reports everything that is wrong with them. Throws a `CollectError`. */
export function joinListings(raw: RawListings, { sources, earlier }: ListingContext = {}): JoinedTable {
  const stats = parseStatsListing(asText(raw.statsText), sources?.stats);
  const table = parseSetUps(raw, sources);
  const draft: Draft = { stats, table, earlier: earlier ?? null, services: [], unread: new Set(), halves: [] };
  joinServices(draft);
  const { services, unread, halves } = draft;
  const strayLines = Math.min(stats.strayLines, table.strayLines);
  const refused = [...stats.notes, ...table.notes].some(({ kind }) => kind === 'refused');
  const isTorn = stats.isTorn || table.isTorn || halves.some(({ kind }) => kind !== 'refused');
  return {
    services,
    ...(unread.size > 0 && { unread }),
    ...(strayLines > 0 && { strayLines }),
    isWhole: !isTorn && !refused,
    isTorn,
    notes: [...stats.notes, ...table.notes, ...halves],
  };
}

function joinServices(draft: Draft): void {
  const { stats, table, services, unread } = draft;
  for (const [key, counted] of stats.services) {
    const setup = table.services.get(key);
    const before = table.refused.has(key) ? undefined : draft.earlier?.().services.get(key);
    if (setup !== undefined) services.push(joinService(draft, key, { counted, setup }));
    else if (before !== undefined) {
      services.push(joinService(draft, key, { counted, setup: before }));
      draft.halves.push(completed(serviceName(counted.id)));
    } else if (table.refused.has(key)) unread.add(serviceName(counted.id));
    else addHalf(draft, serviceName(counted.id), { has: 'counters only', mayBeStray: mayHave(table, counted.id) });
  }
  for (const [key, { id }] of table.services) {
    if (stats.services.has(key)) continue;
    if (stats.refused.has(key)) unread.add(serviceName(id));
    else addHalf(draft, serviceName(id), { has: 'without counters', mayBeStray: mayHave(stats, id) });
  }
  for (const { refused, suspects } of [stats, table]) {
    for (const id of refused.values()) unread.add(serviceName(id));
    for (const name of suspects.keys()) unread.add(name);
  }
  if (stats.suspects.size + table.suspects.size > 0) for (const { id } of services) unread.delete(serviceName(id));
}

/** A service that is in both listings. */
interface Halves {
  readonly counted: ServiceStats;
  readonly setup: ServiceSetup;
}

function completed(entry: string): Note {
  const text = `${entry} is missing from the table, whose entries came and went while it was read: its set-up is that of a moment before`;
  return { kind: 'remark', entry, text };
}

/** May a service be on a line that does not name it? */
function mayHave({ strayLines, suspects }: Entries<unknown>, id: ServiceId): boolean {
  return strayLines > 0 || suspects.has(serviceName(id));
}

function joinService(draft: Draft, serviceKey: string, { counted, setup }: Halves): ServiceReading {
  const { id, counters } = counted;
  const realServers: RealServerReading[] = [];
  for (const [key, { id: realServer, counters }] of counted.realServers) {
    let rest = setup.realServers.get(key);
    if (rest === undefined && !setup.refused.has(key)) {
      rest = draft.earlier?.().services.get(serviceKey)?.realServers.get(key);
      if (rest !== undefined) draft.halves.push(completed(`${serviceName(id)}/${realServerName(realServer)}`));
    }
    if (rest === undefined) addRealHalf(draft, { id, realServer, key, has: 'counters only', other: setup });
    else {
      const { forwarding, weight, activeConn, inActConn } = rest;
      realServers.push({ id: realServer, counters, forwarding, weight, activeConn, inActConn });
    }
  }
  if (realServers.length < setup.realServers.size) {
    for (const [key, { id: realServer }] of setup.realServers) {
      if (counted.realServers.has(key)) continue;
      addRealHalf(draft, { id, realServer, key, has: 'without counters', other: counted });
    }
  }
  for (const { refused } of [counted, setup]) {
    for (const realServer of refused.values()) draft.unread.add(`${serviceName(id)}/${realServerName(realServer)}`);
  }
  const lacks = lacksOf(realServers.length, { counted, setup });
  const { scheduler, flags } = setup;
  return { id, counters, scheduler, flags, realServers, ...(lacks !== null && { lacks }) };
}

/** Whether real servers in either listing are missing, and whether all of these are known by name. */
function lacksOf(joined: number, { counted, setup }: Halves): 'named' | 'unnamed' | null {
  if (counted.hasStray && setup.hasStray) return 'unnamed';
  const isMissing = [...counted.refused.keys(), ...setup.refused.keys(), ...setup.realServers.keys()].some(
    (key) => counted.refused.has(key) || setup.refused.has(key) || !counted.realServers.has(key),
  );
  return isMissing || joined < counted.realServers.size ? 'named' : null;
}

interface RealHalf {
  readonly id: ServiceId;
  readonly realServer: RealServerId;
  readonly key: string;
  readonly has: string;
  readonly other: Pick<ServiceLines<unknown>, 'refused' | 'hasStray'>;
}

function addRealHalf(draft: Draft, { id, realServer, key, has, other }: RealHalf): void {
  if (other.refused.has(key)) return;
  addHalf(draft, `${serviceName(id)}/${realServerName(realServer)}`, { has, mayBeStray: other.hasStray });
}

/** Omits an entry that is in only one listing; it existed a moment ago, or does now, so it is unread rather than absent. */
function addHalf(
  { unread, halves }: Draft,
  entry: string,
  { has, mayBeStray }: { readonly has: string; readonly mayBeStray: boolean },
): void {
  unread.add(entry);
  if (mayBeStray) {
    const text = `${entry} (${has}) is left out: its line in the other listing may be one of those that name no entry`;
    halves.push({ kind: 'refused', entry, text });
  } else {
    const text = `${entry} (${has}) came or went while the table was read: it is left out of this cycle`;
    halves.push({ kind: 'torn', entry, text });
  }
}
