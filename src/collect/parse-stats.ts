// Parses `ipvsadm -L -n --stats --exact`: the five counters of every virtual server and of its real servers.
//
//   TCP  10.9.1.1:80                        24      128       94     8064    32145
//     -> 10.1.0.11:80                       12       62       46     3890    13458
//   FWM  6 IPv6                              4       20       20     1724     1892
//
// The counters are the last five words of a line: Conns InPkts OutPkts InBytes OutBytes, plain up to 2^64 - 1.

import type { RealServerId, ServiceId } from '../model/identity.js';
import type { Counters } from '../model/snapshot.js';
import { isRealServer, parseRealServerHead, parseServiceHead, realServerHeadLength } from './entry-head.js';
import { forEachEntry, LineProblem, statsLayout } from './listing.js';
import { parseCounter } from './whole-number.js';

/** A real server's line. */
interface RealServerStats {
  readonly id: RealServerId;
  readonly counters: Counters;
}

/** A virtual server's line and those of its real servers, by key. */
export interface ServiceStats {
  readonly id: ServiceId;
  readonly counters: Counters;
  readonly realServers: Map<string, RealServerStats>;
}

/**
 * The counters of a listing, by the virtual server's key. `source` is what messages call the text.
 * Throws a `CollectError`; a table without virtual servers is an empty map.
 */
export function parseStats(text: string, source = `"${statsLayout.command}"`): ReadonlyMap<string, ServiceStats> {
  const services = new Map<string, ServiceStats>();
  let service: ServiceStats | null = null;
  forEachEntry({ text, layout: statsLayout, source }, (words) => {
    if (isRealServer(words)) addRealServer(service, words);
    else service = addService(services, words);
  });
  return services;
}

function addService(services: Map<string, ServiceStats>, words: readonly string[]): ServiceStats {
  const { id, key, length } = parseServiceHead(words);
  if (services.has(key)) throw new LineProblem('this virtual server is listed twice', 'duplicate');
  const service = { id, counters: parseCounters(words, length), realServers: new Map() };
  services.set(key, service);
  return service;
}

function addRealServer(service: ServiceStats | null, words: readonly string[]): void {
  if (service === null) throw new LineProblem('a real server before any virtual server');
  const { id, key } = parseRealServerHead(words);
  if (service.realServers.has(key)) {
    throw new LineProblem('this real server is listed twice in one virtual server', 'duplicate');
  }
  service.realServers.set(key, { id, counters: parseCounters(words, realServerHeadLength) });
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
