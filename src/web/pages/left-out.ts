// The entries that the newest cycle left out: as a number in the bar of every page, by name on the page of the director, and as
// JSON.

import { type RouteRequest, route } from '../routes/route.js';
import type { CollectorState, Site } from '../site.js';

/** A left-out entry in the list. */
export interface LeftOutRow {
  readonly entry: string;
  readonly text: string;
}

/** A list of them, and how many more there are. */
export interface LeftOutList {
  readonly rows: readonly LeftOutRow[];
  readonly more: number;
}

/** The number of entries left out. */
export function leftOutCount({ leftOut }: Pick<CollectorState, 'leftOut'>): number {
  return leftOut?.count ?? 0;
}

/** The entries for a page. */
export function leftOutList(site: Pick<Site, 'collecting'>): LeftOutList {
  const { leftOut } = site.collecting();
  const rows = (leftOut?.entries ?? []).map(({ entry, text }) => ({ entry, text }));
  return { rows, more: (leftOut?.count ?? 0) - rows.length };
}

/** `left-out`: the entries, and their number. */
export const leftOutRoute = route({
  path: '/left-out',
  parse: ({ sources }: RouteRequest<{ readonly site: Pick<Site, 'collecting'> }>) => sources.site.collecting(),
  key: () => ['left-out'],
  rows: (collecting) => collecting,
  json: (collecting) => ({
    small: { time: collecting.lastS, count: leftOutCount(collecting), entries: collecting.leftOut?.entries ?? [] },
  }),
});
