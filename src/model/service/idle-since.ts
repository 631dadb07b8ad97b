// Since when a real server that has weight 0 has had it, by the ledger of its service.

import type { ArchiveInfo } from '../archive.js';
import { isOfRealServer, type LedgerEvent } from '../ledger-event.js';

/** Time of the first reading that found the weight 0. */
export interface IdleSince {
  readonly sinceS: number;
  /** The weight was seen to change: in the reading before, the real server took connections. */
  readonly isSeen: boolean;
  /** It was 0 before that already: the event had to go for newer ones. */
  readonly isEarlier: boolean;
}

/** Finds it in the events of the real server's service, oldest first. */
export function idleSince(
  events: readonly LedgerEvent[],
  { name, firstS }: Pick<ArchiveInfo, 'name' | 'firstS'>,
): IdleSince {
  const newest = events.findLast((event) =>
    event.realServer === undefined
      ? ofService.has(event.kind)
      : ofRealServer.has(event.kind) && isOfRealServer(event, name),
  );
  if (newest === undefined) return { sinceS: firstS, isSeen: false, isEarlier: false };
  const { timeS, kind } = newest;
  return { sinceS: timeS, isSeen: kind === 'weight-changed', isEarlier: kind === 'older-dropped' };
}

const ofRealServer: ReadonlySet<LedgerEvent['kind']> = new Set(['weight-changed', 'real-server-added']);

/** With these a service begins, or what is known of it does; real servers that come with it are not mentioned. */
const ofService: ReadonlySet<LedgerEvent['kind']> = new Set(['appeared', 'back', 'older-dropped']);
