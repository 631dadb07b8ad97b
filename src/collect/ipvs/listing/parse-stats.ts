// Parses `ipvsadm -L -n --stats --exact`: the five counters of every service and of its real servers.
//
//   TCP  10.9.1.1:80                        24      128       94     8064    32145
//     -> 10.1.0.11:80                       12       62       46     3890    13458
//   FWM  6 IPv6                              4       20       20     1724     1892
//
// The counters are the last five words of a line: Conns InPkts OutPkts InBytes OutBytes, plain up to 2^64 - 1.

import type { RealServerId, ServiceId } from '../../../model/names/identity.js';
import type { Counters } from '../../../model/snapshot.js';
import { type Entries, parseEntries } from './entries.js';
import type { Grammar, ServiceLines } from './entries-so-far.js';
import { realServerHeadLength } from './entry-head.js';
import { LineProblem, statsLayout } from './listing.js';
import { parseCounter } from './whole-number.js';

/** A real server's line. */
interface RealServerStats {
  readonly id: RealServerId;
  readonly counters: Counters;
}

/** A service's line and those of its real servers. */
export interface ServiceStats extends ServiceLines<RealServerStats> {
  readonly counters: Counters;
}

/** The counters of a listing; messages call the text `source`. Throws a `CollectError`. */
export function parseStatsListing(text: string, source = `"${statsLayout.command}"`): Entries<ServiceStats> {
  return parseEntries(text, source, grammar);
}

const grammar: Grammar<RealServerStats, ServiceStats> = {
  layout: statsLayout,
  service: (id: ServiceId, words, from) => {
    const counters = parseCounters(words, from);
    return { id, counters, realServers: new Map(), refused: new Map(), hasStray: false };
  },
  realServer: (id, words) => ({ id, counters: parseCounters(words, realServerHeadLength) }),
  isSameService: (first, second) => hasOnlyGrown(first.counters, second.counters),
  isSameRealServer: (first, second) => hasOnlyGrown(first.counters, second.counters),
};

/** Between two lines of one listing counters can only grow. */
function hasOnlyGrown(first: Counters, second: Counters): boolean {
  return (
    first.conns <= second.conns &&
    first.inPkts <= second.inPkts &&
    first.outPkts <= second.outPkts &&
    first.inBytes <= second.inBytes &&
    first.outBytes <= second.outBytes
  );
}

function parseCounters(words: readonly string[], start: number): Counters {
  const found = words.length - start;
  if (found !== 5) throw new LineProblem(`expected 5 counters, found ${found}; is this ipvsadm older than 1.24?`);
  return {
    conns: parseCounter(words[start] ?? ''),
    inPkts: parseCounter(words[start + 1] ?? ''),
    outPkts: parseCounter(words[start + 2] ?? ''),
    inBytes: parseCounter(words[start + 3] ?? ''),
    outBytes: parseCounter(words[start + 4] ?? ''),
  };
}
