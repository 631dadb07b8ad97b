// The counts of a server's live table, as a reading for cycles.

import { say } from '../../cli/settings.js';
import { archivedGround, liveCounts } from '../../links/table/live-counts.js';
import type { LiveTable } from '../../links/table/live-table.js';
import type { KnownState } from '../../model/cycle.js';
import type { LinkChange, LinksReading } from '../../model/links/counts.js';
import { countOf } from '../../model/text/count-of.js';

/** The ground of readings. */
export interface CountsGround {
  readonly table: LiveTable;
  readonly changes: () => readonly LinkChange[];
  readonly nowS: () => number;
}

/** Reads counts, given the table as of the newest cycle. */
export type ReadCounts = (known: KnownState) => LinksReading;

/** The readings of this process. */
export function countsOf({ table, changes, nowS }: CountsGround): ReadCounts {
  const processMs = Date.now();
  let wasFull = false;
  return (known) => {
    const { agents, links, leftOut } = liveCounts(table, Math.floor(nowS()), archivedGround(known));
    if (leftOut > 0 && !wasFull) say(fullText(leftOut), { level: 'warning' });
    wasFull = leftOut > 0;
    return { processMs, agents, links, changes: changes() };
  };
}

function fullText(leftOut: number): string {
  return `there are too many archives of agents and links: ${countOf(leftOut, 'agent or link has', 'agents and links have')} none, though they are watched`;
}
