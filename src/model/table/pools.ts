// The pools of the services that the newest reading found: their real servers with their weights.

import type { KnownService, KnownState } from '../cycle.js';
import { KnownTable } from './known-table.js';
import { realServerNameAt, rowsOf, serviceCount, serviceNameAt } from './table-columns.js';

/** Weights by the names of services, and of real servers within them. */
export type Pools = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The weights of all real servers, by service. */
export function poolsOf({ director }: Pick<KnownState, 'director'>): Pools {
  const { columns, missing } = KnownTable.of(director.services).rows;
  const pools = new Map<string, ReadonlyMap<string, number>>();
  for (let service = 0; service < serviceCount(columns); service += 1) {
    const [own, end] = rowsOf(columns, service);
    const pool = new Map<string, number>();
    for (let row = own + 1; row < end; row += 1) pool.set(realServerNameAt(columns, row), columns.weights[row] ?? 0);
    pools.set(serviceNameAt(columns, service), pool);
  }
  // After an archive was forgotten, services are objects until the next reading.
  for (const [name, service] of missing) {
    if (service.absentS === null && service.lastS === director.timeS) pools.set(name, weightsOf(service));
  }
  return pools;
}

function weightsOf({ realServers, lastS }: KnownService): ReadonlyMap<string, number> {
  const found = [...realServers].filter(([, server]) => server.absentS === null && server.lastS === lastS);
  return new Map(found.map(([name, { weight }]) => [name, weight]));
}
