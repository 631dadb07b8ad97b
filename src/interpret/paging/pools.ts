// The pools of the services that the newest reading found, for the pager.

import type { KnownState } from '../../model/cycle.js';
import { KnownTable } from '../../model/table/known-table.js';
import { realServerNameAt, rowsOf, serviceCount, serviceNameAt } from '../../model/table/table-columns.js';
import type { Pools } from './evidence.js';

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
