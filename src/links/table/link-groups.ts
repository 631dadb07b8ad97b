// Counts the links of a live table by the groups of their ends, without making rows of them.

import { verdictOnLink } from '../../interpret/links/link-history.js';
import type { GroupCounts, LinkAxis, LinkGroups } from '../../model/links/groups.js';
import type { LinkHistory } from '../../model/links/link.js';
import type { LinkThresholds } from '../../model/policy/links.js';
import type { LiveTable } from './live-table.js';

/** The links of a table at a time, epoch seconds, by the data centres or the roles of their ends. */
export function linkGroups(table: LiveTable, nowS: number, axis: LinkAxis): LinkGroups {
  const pairs = new Map<string, Map<string, GroupCounts>>();
  const thresholds = table.thresholds();
  const endOf = table.places.ends();
  let unplaced = 0;
  for (const agent of table.agents().values()) {
    const from = table.places.of(agent)[axis];
    for (const { to, history } of agent.links.values()) {
      if (history === null) continue;
      const toGroup = from === null ? null : endOf(to)[axis];
      if (from === null || toGroup === null) unplaced += 1;
      else count(countsIn(pairs, from, toGroup), history, { nowS, thresholds });
    }
  }
  return { pairs, unplaced };
}

function countsIn(pairs: Map<string, Map<string, GroupCounts>>, from: string, to: string): GroupCounts {
  const row = pairs.get(from) ?? new Map<string, GroupCounts>();
  const counts = row.get(to) ?? { lost: 0, bad: 0, stale: 0, all: 0 };
  pairs.set(from, row.set(to, counts));
  return counts;
}

function count(
  counts: GroupCounts,
  history: LinkHistory,
  { nowS, thresholds }: { readonly nowS: number; readonly thresholds: LinkThresholds },
): void {
  counts.all += 1;
  if (history.lostS !== null) {
    counts.lost += 1;
    return;
  }
  const verdict = verdictOnLink(history, nowS, thresholds);
  if (verdict === 'stale') counts.stale += 1;
  else if (verdict !== 'well') counts.bad += 1;
}
