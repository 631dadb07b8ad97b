// The table as it is known, as JSON text: counters as decimal strings, since they may exceed what a double holds.
// Arrays in fixed order keep it small: it is written at every cycle. The names that are gone are a text of their own,
// since they seldom change and may be many.

import type { KnownRealServer, KnownService, Table } from '../model/cycle.js';

type RealServerRow = [
  name: string,
  counters: string,
  forwarding: string,
  weight: number,
  lastS: number,
  absentS: number | null,
  hasWrapped?: 1,
];
type ServiceRow = [
  name: string,
  counters: string,
  scheduler: string,
  flags: string,
  lastS: number,
  absentS: number | null,
  realServers: RealServerRow[],
];
type TableRow = Omit<Table, 'services' | 'gone'> & { services: ServiceRow[] };

/** Writes a table as text, without the names that are gone. */
export function formatTable({ gone: _, ...table }: Table): string {
  const services = [...table.services].map(([name, known]): ServiceRow => {
    const { counters, scheduler, flags, lastS, absentS } = known;
    const realServers = [...known.realServers].map(realServerRow);
    return [name, counters.join(' '), scheduler, flags, lastS, absentS, realServers];
  });
  const row: TableRow = { ...table, services };
  return JSON.stringify(row);
}

function realServerRow([name, known]: [string, KnownRealServer]): RealServerRow {
  const { counters, forwarding, weight, lastS, absentS, hasWrapped } = known;
  const text = counters.join(' ');
  return hasWrapped
    ? [name, text, forwarding, weight, lastS, absentS, 1]
    : [name, text, forwarding, weight, lastS, absentS];
}

/** Writes the names that are gone as text. */
export function formatGone(gone: Table['gone']): string {
  return JSON.stringify([...gone]);
}

/** Reads the texts back; they were written by `formatTable` and `formatGone` and are trusted. */
export function parseTable(text: string, gone: string): Table {
  const row = JSON.parse(text) as TableRow;
  const names = JSON.parse(gone) as [string, number][];
  return { ...row, services: new Map(row.services.map(parseService)), gone: new Map(names) };
}

function parseService([name, counters, scheduler, flags, lastS, absentS, servers]: ServiceRow): [string, KnownService] {
  const realServers = new Map(servers.map(parseRealServer));
  return [name, { counters: parseCounters(counters), scheduler, flags, lastS, absentS, realServers }];
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
