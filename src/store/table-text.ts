// The table as it is known, as JSON text: counters as decimal strings, since they may exceed what a double holds.
// Arrays in fixed order keep it small: it is written at every cycle.

import type { KnownRealServer, KnownService, Table } from '../model/cycle.js';

type RealServerRow = [
  name: string,
  counters: string,
  forwarding: string,
  weight: number,
  lastS: number,
  absentS: number | null,
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
type TableRow = Omit<Table, 'services' | 'gone'> & { services: ServiceRow[]; gone: [string, number][] };

/** Writes a table as text. */
export function formatTable(table: Table): string {
  const services = [...table.services].map(([name, known]): ServiceRow => {
    const { counters, scheduler, flags, lastS, absentS } = known;
    const realServers = [...known.realServers].map(
      ([server, { counters: own, forwarding, weight, lastS: ownLastS, absentS: ownAbsentS }]): RealServerRow => [
        server,
        own.join(' '),
        forwarding,
        weight,
        ownLastS,
        ownAbsentS,
      ],
    );
    return [name, counters.join(' '), scheduler, flags, lastS, absentS, realServers];
  });
  const row: TableRow = { ...table, services, gone: [...table.gone] };
  return JSON.stringify(row);
}

/** Reads the text back; it was written by `formatTable` and is trusted. */
export function parseTable(text: string): Table {
  const row = JSON.parse(text) as TableRow;
  return { ...row, services: new Map(row.services.map(parseService)), gone: new Map(row.gone) };
}

function parseService([name, counters, scheduler, flags, lastS, absentS, servers]: ServiceRow): [string, KnownService] {
  const realServers = new Map(servers.map(parseRealServer));
  return [name, { counters: parseCounters(counters), scheduler, flags, lastS, absentS, realServers }];
}

function parseRealServer([name, counters, forwarding, weight, lastS, absentS]: RealServerRow): [
  string,
  KnownRealServer,
] {
  return [name, { counters: parseCounters(counters), forwarding, weight, lastS, absentS }];
}

function parseCounters(text: string): readonly bigint[] {
  return text.split(' ').map(BigInt);
}
