// Archives for the tests of standing pictures, and a source whose archives all have the same flat rows.

import { type ArchiveInfo, ipvsDataSources } from '../../src/model/archive.js';
import { standardRetention } from '../../src/model/retention.js';
import type { Series, SeriesQuery, SeriesSource } from '../../src/model/series.js';
import type { RefreshRequest } from '../../src/render/files/refresh-tally.js';

/** The time of the newest reading. */
export const lastS = 1_763_700_302;

/** An archive first read five days ago; `all` is the director's. */
export function archiveOf(name: string, rest: Partial<ArchiveInfo> = {}): ArchiveInfo {
  const about =
    name === 'all' ? ({ kind: 'director' } as const) : { kind: 'service' as const, scheduler: 'rr', flags: '' };
  return {
    name,
    about,
    dataSources: ipvsDataSources,
    retention: standardRetention,
    firstS: lastS - 5 * 86_400,
    lastS,
    goneS: null,
    events: 0,
    ...rest,
  };
}

/** A refresh of the day's pictures of a source, all of them, without a limit. */
export function refreshOf(folder: string, source: SeriesSource): Omit<RefreshRequest, 'draw'> {
  return {
    lend: (use) => use(source),
    folder,
    looks: { timeZone: 'UTC', theme: 'light', pixelRatio: 1, hosts: new Map(), note: null },
    drawnSinceMs: 0,
    wholeSinceMs: 0,
    busyness: new Map(),
    hasBudget: () => true,
    periods: ['day'],
  };
}

/** A source of such archives with one value for every data source and row. */
export function sourceOf(archives: readonly ArchiveInfo[], value = 5): SeriesSource {
  const rowsOf = ({ name, cf, startS, endS, stepS }: SeriesQuery): Series => {
    const from = startS - (startS % stepS);
    const to = endS + (stepS - (endS % stepS));
    const columns = ipvsDataSources.map(() => new Float64Array((to - from) / stepS).fill(value));
    const dataSources = ipvsDataSources.map((source) => source.name);
    return { name, cf, stepS, pdpS: 300, startS: from, endS: to, lastS, dataSources, columns };
  };
  return {
    list: async () => archives,
    events: async () => [],
    fetch: async (query) => rowsOf(query),
    fetchMany: async ({ names, ...query }) => names.map((name) => rowsOf({ ...query, name })),
    fetchBoth: async (query) => ({
      AVERAGE: rowsOf({ ...query, cf: 'AVERAGE' }),
      MAX: rowsOf({ ...query, cf: 'MAX' }),
    }),
  };
}
