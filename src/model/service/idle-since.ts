// How long a real server has had weight 0, by the ledger of its service.

import type { ArchiveInfo } from '../archive.js';
import { isOfRealServer, type LedgerEvent } from '../ledger-event.js';

/** Time of the first reading that found the weight 0. */
export interface IdleSince {
  readonly sinceS: number;
  /** The weight was seen to change: in the previous reading, the real server took connections. */
  readonly isSeen: boolean;
  /** The weight was 0 earlier already, but the event was dropped for newer ones. */
  readonly isEarlier: boolean;
}

/** Searches the events of the real server's service, oldest first. */
export function idleSince(
  events: readonly LedgerEvent[],
  { name, firstS }: Pick<ArchiveInfo, 'name' | 'firstS'>,
): IdleSince {
  const newest = events.findLast((event) =>
    event.realServer === undefined
      ? serviceKinds.has(event.kind)
      : realServerKinds.has(event.kind) && isOfRealServer(event, name),
  );
  if (newest === undefined) return { sinceS: firstS, isSeen: false, isEarlier: false };
  const { timeS, kind } = newest;
  return { sinceS: timeS, isSeen: kind === 'weight-changed', isEarlier: kind === 'older-dropped' };
}

const realServerKinds: ReadonlySet<LedgerEvent['kind']> = new Set(['weight-changed', 'real-server-added']);

/** These begin a service, or what is known of it; they do not mention the real servers that come with it. */
const serviceKinds: ReadonlySet<LedgerEvent['kind']> = new Set(['appeared', 'back', 'older-dropped']);
