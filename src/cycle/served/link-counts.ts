// What a server's live table has counted, as a reading for cycles.

import { say } from '../../cli/settings.js';
import { liveCounts } from '../../links/table/live-counts.js';
import type { LiveTable } from '../../links/table/live-table.js';
import type { KnownState } from '../../model/cycle.js';
import { type LinkChange, type LinksReading, linksSource } from '../../model/links/counts.js';
import { addressPart } from '../../model/names/name.js';
import { otherIn } from '../../model/table/other-sources.js';
import { poolsOf } from '../../model/table/pools.js';
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
    const servers = serverAddresses(known);
    const { agents, links, leftOut } = liveCounts(table, Math.floor(nowS()), {
      known: otherIn(known, linksSource).archives,
      gone: known.gone,
      isRealServer: (address) => servers.has(addressPart(address)),
    });
    if (leftOut > 0 && !wasFull) say(fullText(leftOut), { level: 'warning' });
    wasFull = leftOut > 0;
    return { processMs, agents, links, changes: changes() };
  };
}

function fullText(leftOut: number): string {
  return `there are too many archives of agents and links: ${countOf(leftOut, 'agent or link has', 'agents and links have')} none, though they are watched`;
}

/** The addresses of real servers, as in names. */
function serverAddresses(known: KnownState): ReadonlySet<string> {
  const all = new Set<string>();
  for (const pool of poolsOf(known).values()) {
    for (const name of pool.keys()) all.add(name.slice(0, name.lastIndexOf('_')));
  }
  return all;
}
