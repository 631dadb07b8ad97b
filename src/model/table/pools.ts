// The pools of the services that the newest reading found: their real servers with their weights.

import type { KnownState } from '../cycle.js';
import { KnownTable } from './known-table.js';
import { realServerNameAt, rowsOf, serviceCount, serviceNameAt } from './table-columns.js';

/** Weights by the names of services, and of real servers within them. */
export type Pools = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The weights of all real servers, by service. */
export function poolsOf({ director }: Pick<KnownState, 'director'>): Pools {
  const { columns } = KnownTable.of(director.services).rows;
  return new Map(
    Array.from({ length: serviceCount(columns) }, (_, service): [string, ReadonlyMap<string, number>] => {
      const [own, end] = rowsOf(columns, service);
      const pool = new Map<string, number>();
      for (let row = own + 1; row < end; row += 1) pool.set(realServerNameAt(columns, row), columns.weights[row] ?? 0);
      return [serviceNameAt(columns, service), pool];
    }),
  );
}
