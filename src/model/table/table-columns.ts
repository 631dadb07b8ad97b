// The kernel's table in columns: a row for each service, followed by one for each of its real servers, in the order of the listing.
// A large table has a million entries, and as objects they cost more than all the work on them. Objects of single entries are made on
// request, for what has changed and for people.

import { realServerName, serviceName } from '../names/name.js';
import type { RealServerReading, ServiceReading } from '../snapshot.js';
import { countersAt, counterWords, putCounters } from './counter-words.js';
import { identityWords, putRealServerId, putServiceId, realServerIdAt, serviceIdAt } from './identity-words.js';

/** A table in columns. */
export interface TableColumns {
  /** The row of each service, and the number of rows. */
  readonly starts: Uint32Array;
  /** By row: see identity-words.ts. */
  readonly identities: Uint32Array;
  /** By row: see counter-words.ts. */
  readonly counters: Uint32Array;
  /** By row, the index of a text: a service's scheduler and flags, joined with a blank, or a real server's forwarding method. */
  readonly setUps: Uint32Array;
  readonly texts: readonly string[];
  /** By row; 0 for services. */
  readonly weights: Uint32Array;
  /** By row, two words: active and inactive connections; 0 for services. */
  readonly connections: Uint32Array;
  /** By service, if real servers of it are missing (`ServiceReading`). */
  readonly lacks: ReadonlyMap<number, 'named' | 'unnamed'>;
}

/** The number of services. */
export function serviceCount({ starts }: Pick<TableColumns, 'starts'>): number {
  return starts.length - 1;
}

/** The number of rows. */
export function rowCount({ starts }: Pick<TableColumns, 'starts'>): number {
  return starts[starts.length - 1] ?? 0;
}

/** The first row of a service, and of the next one. */
export function rowsOf({ starts }: Pick<TableColumns, 'starts'>, service: number): readonly [number, number] {
  return [starts[service] ?? 0, starts[service + 1] ?? 0];
}

/** The name of a service. */
export function serviceNameAt({ identities, starts }: TableColumns, service: number): string {
  return serviceName(serviceIdAt(identities, starts[service] ?? 0));
}

/** The name of a real server within its service. */
export function realServerNameAt({ identities }: TableColumns, row: number): string {
  return realServerName(realServerIdAt(identities, row));
}

/** The scheduler and the flags of a service. */
export function setUpAt({ setUps, texts }: TableColumns, row: number): { scheduler: string; flags: string } {
  const text = texts[setUps[row] ?? 0] ?? '';
  const end = text.indexOf(' ');
  return end < 0 ? { scheduler: text, flags: '' } : { scheduler: text.slice(0, end), flags: text.slice(end + 1) };
}

/** The forwarding method and the weight of a real server. */
export function forwardingAt(
  { setUps, texts, weights }: TableColumns,
  row: number,
): { forwarding: string; weight: number } {
  return { forwarding: texts[setUps[row] ?? 0] ?? '', weight: weights[row] ?? 0 };
}

/** A service as an object. */
export function serviceAt(columns: TableColumns, service: number): ServiceReading {
  const { identities, counters, connections, lacks } = columns;
  const [start, end] = rowsOf(columns, service);
  const realServers: RealServerReading[] = [];
  for (let row = start + 1; row < end; row += 1) {
    const [activeConn, inActConn] = [connections[2 * row] ?? 0, connections[2 * row + 1] ?? 0];
    const own = { id: realServerIdAt(identities, row), counters: countersAt(counters, row) };
    realServers.push({ ...own, ...forwardingAt(columns, row), activeConn, inActConn });
  }
  const lack = lacks.get(service);
  return {
    id: serviceIdAt(identities, start),
    counters: countersAt(counters, start),
    ...setUpAt(columns, start),
    realServers,
    ...(lack !== undefined && { lacks: lack }),
  };
}

/** All services as objects. */
export function servicesFrom(columns: TableColumns): readonly ServiceReading[] {
  return Array.from({ length: serviceCount(columns) }, (_, service) => serviceAt(columns, service));
}

/** Arrays for a number of services and rows. */
export function newColumns(services: number, rows: number): Omit<TableColumns, 'lacks' | 'texts'> {
  return {
    starts: new Uint32Array(services + 1),
    identities: new Uint32Array(rows * identityWords),
    counters: new Uint32Array(rows * counterWords),
    setUps: new Uint32Array(rows),
    weights: new Uint32Array(rows),
    connections: new Uint32Array(2 * rows),
  };
}

/** Texts that are kept once, each with its index. */
export class TextIndex {
  readonly texts: string[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.texts.length);
    this.texts.push(text);
    return this.texts.length - 1;
  }
}

/** Columns of objects. */
export function columnsFrom(services: readonly ServiceReading[]): TableColumns {
  const rows = services.reduce((sum, { realServers }) => sum + 1 + realServers.length, 0);
  const columns = newColumns(services.length, rows);
  const index = new TextIndex();
  const lacks = new Map<number, 'named' | 'unnamed'>();
  let row = 0;
  for (const [i, service] of services.entries()) {
    columns.starts[i] = row;
    if (service.lacks !== undefined) lacks.set(i, service.lacks);
    putServiceId(columns.identities, row, service.id);
    putCounters(columns.counters, row, service.counters);
    columns.setUps[row] = index.indexOf(`${service.scheduler} ${service.flags}`.trimEnd());
    row += 1;
    for (const { id, counters, forwarding, weight, activeConn, inActConn } of service.realServers) {
      putRealServerId(columns.identities, row, id);
      putCounters(columns.counters, row, counters);
      columns.setUps[row] = index.indexOf(forwarding);
      columns.weights[row] = weight;
      columns.connections.set([activeConn, inActConn], 2 * row);
      row += 1;
    }
  }
  columns.starts[services.length] = row;
  return { ...columns, texts: index.texts, lacks };
}

/** A table without an entry. */
export const emptyColumns: TableColumns = columnsFrom([]);
