// Who carried the traffic of an archive: a director that stands by has the same virtual servers, but its counters rest. The kernel adds the
// packets of a connection on the director that forwards them only; connections that ipvs synchronises are not counted there (ip_vs_sync.c).

import { registry } from '../model/kinds/registry.js';
import type { Series } from '../model/series.js';

/** Whether an archive carried traffic in a row. */
export type Carried = 'yes' | 'no' | 'unknown';

/** Whether the archive carried traffic in row `i`: one of its rates was not zero. Unknown if all of them are. */
export function carried({ dataSources, columns }: Series, i: number): Carried {
  let isKnown = false;
  for (const [column, name] of dataSources.entries()) {
    if (!isRate(name)) continue;
    const value = columns[column]?.[i] ?? Number.NaN;
    if (value > 0) return 'yes';
    if (!Number.isNaN(value)) isKnown = true;
  }
  return isKnown ? 'no' : 'unknown';
}

/** Whether the means of a row, by data source, show traffic; null if nothing is known. */
export function carriedNow(means: ReadonlyMap<string, number>): boolean | null {
  const known = [...means].filter(([name, value]) => isRate(name) && !Number.isNaN(value));
  return known.length === 0 ? null : known.some(([, value]) => value > 0);
}

/** Is a data source a rate, of which directors can be summed? */
export function isRate(dataSource: string): boolean {
  return registry.measures.get(dataSource)?.type === 'DERIVE';
}

/**
 * Do several directors carry the traffic of one archive at the same time, as behind ECMP? So they do if they did in at least half of the rows
 * that any of them carried and that are known of two or more. A failover lasts for one row.
 */
export function isShared(members: readonly Series[]): boolean {
  const rows = Math.min(...members.map(({ columns }) => columns[0]?.length ?? 0));
  let [any, several] = [0, 0];
  for (let i = 0; i < rows; i += 1) {
    const all = members.map((series) => carried(series, i));
    const carrying = all.filter((one) => one === 'yes').length;
    if (carrying === 0 || all.filter((one) => one !== 'unknown').length < 2) continue;
    any += 1;
    if (carrying > 1) several += 1;
  }
  return any > 0 && 2 * several >= any;
}
