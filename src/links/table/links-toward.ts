// The links of all agents toward some targets: a small part of the table, without making rows of the rest.

import { isStale } from '../../interpret/links/link-history.js';
import type { ObservedLink } from '../../model/links/view.js';
import type { LiveTable } from './live-table.js';

/** The links whose targets fulfil a condition, and that were reported at least once. */
export function linksToward(
  table: LiveTable,
  isWanted: (to: string) => boolean,
  nowS: number,
): readonly ObservedLink[] {
  const found: ObservedLink[] = [];
  for (const { name, links } of table.agents().values()) {
    for (const { to, history } of links.values()) {
      if (history === null || !isWanted(to)) continue;
      found.push({ agent: name, to, lostS: history.lostS, isStale: isStale(history.lastS, nowS) });
    }
  }
  return found;
}
