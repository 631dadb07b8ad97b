// Who carried the traffic of an archive: a director that stands by has the same virtual servers, but its counters rest. The kernel adds the
// packets of a connection on the director that forwards them only; connections that ipvs synchronises are not counted there (ip_vs_sync.c).
// A health check or a scan may send some packets to a director that stands by, so that a director carries an archive from some rate on.

import { registry } from '../model/kinds/registry.js';
import type { Series } from '../model/series.js';

/** Whether an archive carried traffic in a row. */
export type Carried = 'yes' | 'no' | 'unknown';

/** The data source that shows who carries: incoming packets per second. */
export const witness = 'InPkts';

/** The part of its usual rate from which a director carries an archive. */
const leastPart = 0.01;

/** The rate from which an archive is carried, given its usual one; packets per second. */
export function leastRate(usual: number): number {
  return Number.isNaN(usual) ? 0 : leastPart * usual;
}

/** Whether the archive was carried in row `i`: more packets came in than `least`. */
export function carried({ dataSources, columns }: Series, i: number, least = 0): Carried {
  const value = columns[dataSources.indexOf(witness)]?.[i] ?? Number.NaN;
  if (Number.isNaN(value)) return 'unknown';
  return value > least ? 'yes' : 'no';
}

/** Whether the means of a row, by data source, show traffic above a rate; null if nothing is known. */
export function carriedNow(means: ReadonlyMap<string, number>, least = 0): boolean | null {
  const value = means.get(witness) ?? Number.NaN;
  return Number.isNaN(value) ? null : value > least;
}

/** Is a data source a rate, of which directors can be summed? */
export function isRate(dataSource: string): boolean {
  return registry.measures.get(dataSource)?.type === 'DERIVE';
}

/** Changes of the carrier in a day from which directors share an archive: a pair does not fail over every other hour. */
const mostHandovers = 6;

/**
 * Do several directors carry the traffic of one archive at the same time, as behind ECMP? They do if several carried it in at least half of the
 * rows that any of them carried and that are known of two or more (a failover lasts for one row), or if they alternate all the time, as with
 * few connections. Null if no row shows it.
 */
export function isShared(members: readonly Series[], least = 0): boolean | null {
  const rows = Math.min(...members.map(({ columns }) => columns[0]?.length ?? 0));
  let [any, several, handovers, before] = [0, 0, 0, -1];
  for (let i = 0; i < rows; i += 1) {
    const all = members.map((series) => carried(series, i, least));
    const carrying = all.filter((one) => one === 'yes').length;
    if (carrying === 0 || all.filter((one) => one !== 'unknown').length < 2) continue;
    any += 1;
    if (carrying > 1) several += 1;
    else {
      const alone = all.indexOf('yes');
      if (before >= 0 && alone !== before) handovers += 1;
      before = alone;
    }
  }
  return any === 0 ? null : 2 * several >= any || handovers >= mostHandovers;
}
