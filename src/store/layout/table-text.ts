// The known table as JSON: all of it up to layout 6, and since then all but the services that are in columns (table-bytes.ts).
// Counters are decimal strings, since they may exceed a double (docs/format.md, "Table"). The gone names are a separate text: they seldom
// change and may be many.

import {
  type Account,
  type KnownArchive,
  type KnownEntry,
  type KnownKernel,
  type KnownOther,
  type KnownPart,
  type KnownRealServer,
  type KnownService,
  type KnownState,
  unknownKernel,
} from '../../model/cycle.js';
import type { DirectorPart } from '../../model/names/name.js';
import type { Retention } from '../../model/retention.js';
import { type StoredTable, storedTable, tableFrom } from './stored-table.js';

type RealServerRow = [
  name: string,
  counters: string,
  forwarding: string,
  weight: number,
  lastS: number,
  absentS: number | null,
  hasWrapped?: 1,
];
/** A service. */
export type ServiceRow = [
  name: string,
  counters: string,
  scheduler: string,
  flags: string,
  lastS: number,
  absentS: number | null,
  realServers: RealServerRow[],
  isAbsenceSure?: 1,
];
type PartRow = [part: DirectorPart, counters: string, lastS: number, absentS: number | null];
type KernelRow = Omit<KnownKernel, 'parts'> & { parts: PartRow[] };
type EntryRow = [
  name: string,
  counters: string,
  mode: KnownEntry['mode'],
  status: string,
  weight: number | null,
  lastS: number,
  absentS: number | null,
];
type HaproxyRow = Omit<StoredTable['haproxy'], 'entries'> & { entries: EntryRow[] };
type ArchiveRow = [name: string, counters: string, about: KnownArchive['about'], lastS: number, absentS: number | null];
type OtherRow = Omit<KnownOther, 'archives'> & { archives: ArchiveRow[] };
/** A table. Those from before the kernel, HAProxy or another source was read do not have these fields. */
export type TableRow = Omit<
  StoredTable,
  'retention' | 'services' | 'gone' | 'kernel' | 'books' | 'haproxy' | 'others'
> & {
  services: ServiceRow[];
  kernel?: KernelRow;
  books?: [string, Account][];
  haproxy?: HaproxyRow;
  others?: Record<string, OtherRow>;
};

/** A table for JSON, without the gone names, and of its services only `services`. */
export function tableRow(known: KnownState, services: KnownState['director']['services']): TableRow {
  const { gone: _, retention: __, others, ...table } = storedTable(known);
  return {
    ...table,
    ...(others !== undefined && { others: Object.fromEntries([...others].map(otherRow)) }),
    services: [...services].map(serviceRow),
    kernel: kernelRow(table.kernel),
    books: [...table.books],
    haproxy: haproxyRow(table.haproxy),
  };
}

/** A service for JSON. */
export function serviceRow([name, known]: readonly [string, KnownService]): ServiceRow {
  const { counters, scheduler, flags, lastS, absentS } = known;
  const realServers = [...known.realServers].map(realServerRow);
  const text = counters.join(' ');
  return known.isAbsenceSure
    ? [name, text, scheduler, flags, lastS, absentS, realServers, 1]
    : [name, text, scheduler, flags, lastS, absentS, realServers];
}

function realServerRow([name, known]: [string, KnownRealServer]): RealServerRow {
  const { counters, forwarding, weight, lastS, absentS, hasWrapped } = known;
  const text = counters.join(' ');
  return hasWrapped
    ? [name, text, forwarding, weight, lastS, absentS, 1]
    : [name, text, forwarding, weight, lastS, absentS];
}

function kernelRow({ parts, ...rest }: KnownKernel): KernelRow {
  const rows = [...parts].map(([part, { counters, lastS, absentS }]): PartRow => {
    return [part, counters.join(' '), lastS, absentS];
  });
  return { ...rest, parts: rows };
}

function haproxyRow({ entries, ...rest }: StoredTable['haproxy']): HaproxyRow {
  const rows = [...entries].map(([name, own]): EntryRow => {
    const { counters, mode, status, weight, lastS, absentS } = own;
    return [name, reportedText(counters), mode, status, weight, lastS, absentS];
  });
  return { ...rest, entries: rows };
}

function otherRow([source, { archives, ...rest }]: readonly [string, KnownOther]): [string, OtherRow] {
  const rows = [...archives].map(([name, { counters, about, lastS, absentS }]): ArchiveRow => {
    return [name, reportedText(counters), about, lastS, absentS];
  });
  return [source, { ...rest, archives: rows }];
}

/** A `-` stands for a counter that the source does not report. */
function reportedText(counters: readonly (bigint | null)[]): string {
  return counters.map((value) => value ?? '-').join(' ');
}

/** Formats the gone names as text. */
export function formatGone(gone: KnownState['gone']): string {
  return JSON.stringify([...gone]);
}

/** Everything beside the row of a table. */
interface TableParts {
  /** The services; null if they are in the row. */
  readonly services: KnownState['director']['services'] | null;
  /** As `formatGone` wrote them. */
  readonly gone: string;
  readonly retention: Retention;
}

/** The table of a row, which is trusted. */
export function tableOfRow({ others, ...row }: TableRow, { services, gone, retention }: TableParts): KnownState {
  const names = JSON.parse(gone) as [string, number][];
  return tableFrom({
    ...row,
    ...(others !== undefined && { others: new Map(Object.entries(others).map(parseOther)) }),
    retention,
    services: services ?? servicesOfRows(row.services),
    gone: new Map(names),
    kernel: row.kernel === undefined ? unknownKernel : parseKernel(row.kernel),
    books: new Map(row.books),
    haproxy: parseHaproxy(row.haproxy ?? { entries: [], lastS: null, process: null, failure: null }),
  });
}

function parseKernel({ parts, ...rest }: KernelRow): KnownKernel {
  const known = parts.map(([part, counters, lastS, absentS]): [DirectorPart, KnownPart] => {
    return [part, { counters: parseCounters(counters), lastS, absentS }];
  });
  return { ...rest, parts: new Map(known) };
}

function parseHaproxy({ entries, ...rest }: HaproxyRow): StoredTable['haproxy'] {
  const known = entries.map(([name, text, mode, status, weight, lastS, absentS]): [string, KnownEntry] => {
    return [name, { counters: parseReported(text), mode, status, weight, lastS, absentS }];
  });
  return { ...rest, entries: new Map(known) };
}

function parseOther([source, { archives, ...rest }]: [string, OtherRow]): [string, KnownOther] {
  const known = archives.map(([name, text, about, lastS, absentS]): [string, KnownArchive] => {
    return [name, { counters: parseReported(text), about, lastS, absentS }];
  });
  return [source, { ...rest, archives: new Map(known) }];
}

function parseReported(text: string): readonly (bigint | null)[] {
  return text === '' ? [] : text.split(' ').map((word) => (word === '-' ? null : BigInt(word)));
}

/** The services of their rows, by name. */
export function servicesOfRows(rows: readonly ServiceRow[]): Map<string, KnownService> {
  return new Map(rows.map(parseService));
}

function parseService([name, text, scheduler, flags, lastS, absentS, servers, sure]: ServiceRow): [
  string,
  KnownService,
] {
  const realServers = new Map(servers.map(parseRealServer));
  const known = { counters: parseCounters(text), scheduler, flags, lastS, absentS, realServers };
  return [name, sure === undefined ? known : { ...known, isAbsenceSure: true }];
}

function parseRealServer([name, counters, forwarding, weight, lastS, absentS, wrapped]: RealServerRow): [
  string,
  KnownRealServer,
] {
  const known = { counters: parseCounters(counters), forwarding, weight, lastS, absentS };
  return [name, wrapped === undefined ? known : { ...known, hasWrapped: true }];
}

function parseCounters(text: string): readonly bigint[] {
  return text === '' ? [] : text.split(' ').map(BigInt);
}
