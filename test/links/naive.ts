// The live table, counted and cut from the rows of all links: slow, and plain enough to compare the quick ways with.

import type { GroupCounts, LinkAxis, LinkGroups } from '../../src/model/links/groups.js';
import { linkTotals } from '../../src/model/links/links-summary.js';
import type { LinkRow, LinksPart, LinksView } from '../../src/model/links/view.js';

/** The links of rows by the groups of their ends. */
export function groupsOfRows(links: readonly LinkRow[], axis: LinkAxis): LinkGroups {
  const pairs = new Map<string, Map<string, GroupCounts>>();
  let unplaced = 0;
  for (const link of links) {
    const [from, to] = axis === 'dc' ? [link.fromDc, link.toDc] : [link.fromRole, link.toRole];
    if (from === null || to === null) {
      unplaced += 1;
      continue;
    }
    const row = pairs.get(from) ?? new Map<string, GroupCounts>();
    const { lost, bad, stale, all } = row.get(to) ?? { lost: 0, bad: 0, stale: 0, all: 0 };
    const isLost = link.lostS !== null;
    const isStale = !isLost && link.verdict === 'stale';
    const isBad = !isLost && !isStale && link.verdict !== 'well';
    row.set(to, {
      lost: lost + Number(isLost),
      bad: bad + Number(isBad),
      stale: stale + Number(isStale),
      all: all + 1,
    });
    pairs.set(from, row);
  }
  return { pairs, unplaced };
}

/** A part of a whole view. */
export function partOf(view: LinksView, { mostAgents, mostLinks }: LinksPart): LinksView {
  const { agents, links } = view;
  return { ...view, totals: linkTotals(view), agents: agents.slice(0, mostAgents), links: links.slice(0, mostLinks) };
}
