// The kinds of the archives that a cycle read, counted without the name of each.

import type { Cycle } from '../cycle.js';
import type { Kind } from '../kinds/kind.js';
import { kindOfName } from '../kinds/registry.js';
import { rowCount, serviceCount, serviceNameAt } from './table-columns.js';

/** How many archives of each kind a cycle read. */
export function countArchives(cycle: Cycle): ReadonlyMap<Kind, number> {
  const counts = new Map<Kind, number>();
  const add = (name: string, count: number): void => {
    const kind = kindOfName(name);
    if (kind !== undefined && count > 0) counts.set(kind, (counts.get(kind) ?? 0) + count);
  };
  for (const { archive } of cycle.columns?.others ?? cycle.readings) add(archive, 1);
  if (cycle.columns === undefined) return counts;
  const { columns } = cycle.columns.rows;
  const services = serviceCount(columns);
  if (services === 0) return counts;
  // All services are of one kind, and so are all their real servers, whatever they are called.
  const name = serviceNameAt(columns, 0);
  add(name, services);
  add(`${name}/0.0.0.0_0`, rowCount(columns) - services);
  return counts;
}
