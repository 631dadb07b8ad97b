// Which links have archives: those to real servers, those that the policy pins, and those that were ever lost. A link that has one keeps it.

import { mostAgentArchives, mostLinkArchives } from '../../model/links/counts.js';
import { agentArchive, agentPrefix, linkPrefix } from '../../model/names/link-name.js';

/** A link that is watched. */
export interface WatchedLink {
  /** The name of its archive, whether it has one or not. */
  readonly archive: string;
  /** The address of its target. */
  readonly address: string;
  readonly isLost: boolean;
  readonly isPinned: boolean;
}

/** The ground of the choice. */
export interface ArchivedGround {
  /** The archives of the newest cycle, and those that are gone, by name. */
  readonly known: { has(archive: string): boolean };
  readonly gone: ReadonlyMap<string, number>;
  readonly isRealServer: (address: string) => boolean;
}

/** Those with archives; `leftOut` of those that should have one have none, since there are too many. */
export interface Archived<T> {
  readonly chosen: readonly T[];
  readonly leftOut: number;
}

/** Chooses links: those that have an archive, then pinned ones, lost ones, and those to real servers. */
export function archivedLinks<L extends WatchedLink>(
  watched: Iterable<L>,
  { known, gone, isRealServer }: ArchivedGround,
): Archived<L> {
  const ranks: L[][] = [[], [], [], []];
  for (const link of watched) {
    const { archive, address, isLost, isPinned } = link;
    const rank = known.has(archive) ? 0 : isPinned ? 1 : isLost ? 2 : isRealServer(address) ? 3 : null;
    if (rank !== null) ranks[rank]?.push(link);
  }
  const [kept = [], ...added] = ranks;
  return chosen(kept, added.flat(), { most: mostLinkArchives, gone: goneOf(gone, linkPrefix) });
}

/** Chooses agents: all, as long as there is room. */
export function archivedAgents<A extends { readonly agent: string }>(
  agents: readonly A[],
  { known, gone }: Pick<ArchivedGround, 'known' | 'gone'>,
): Archived<A> {
  const isKnown = ({ agent }: A): boolean => known.has(agentArchive(agent));
  const added = agents.filter((one) => !isKnown(one));
  return chosen(agents.filter(isKnown), added, { most: mostAgentArchives, gone: goneOf(gone, agentPrefix) });
}

/** Adds to those that are kept; at most so many are read, and twice as many exist with those that are gone. */
function chosen<T>(
  kept: readonly T[],
  wanted: readonly T[],
  { most, gone }: { readonly most: number; readonly gone: number },
): Archived<T> {
  const room = Math.max(0, Math.min(most, 2 * most - gone) - kept.length);
  const added = wanted.slice(0, room);
  return { chosen: [...kept, ...added], leftOut: wanted.length - added.length };
}

function goneOf(gone: ReadonlyMap<string, number>, prefix: string): number {
  let count = 0;
  for (const name of gone.keys()) if (name.startsWith(prefix)) count += 1;
  return count;
}
