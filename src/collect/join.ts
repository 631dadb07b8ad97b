// Joins the two listings into one snapshot: by identity, since order means nothing. The listings are two moments, so an
// entry may stand in one of them only: it came or went in between, and half of it is not stored but reported.

import { realServerName, serviceName } from '../model/name.js';
import type { RealServerReading, ServiceReading } from '../model/snapshot.js';
import { parseStats, type ServiceStats } from './parse-stats.js';
import { parseTable, type ServiceSetup } from './parse-table.js';

/** The two texts of one reading, as ipvsadm wrote them. */
export interface RawListings {
  readonly statsText: string;
  readonly tableText: string;
}

/** What messages call the two texts. */
export interface ListingSources {
  readonly stats: string;
  readonly table: string;
}

/** The services both listings have, in the order of the counters' listing, and what only one of them has. */
export interface JoinedTable {
  readonly services: readonly ServiceReading[];
  /** One sentence part an entry, such as `192.0.2.1_80/10.0.0.5_8080 (without counters)`. */
  readonly incomplete: readonly string[];
}

/** Parses both listings and joins them; throws a `CollectError`. */
export function parseListings(raw: RawListings, sources?: ListingSources): JoinedTable {
  return join(parseStats(raw.statsText, sources?.stats), parseTable(raw.tableText, sources?.table));
}

function join(stats: ReadonlyMap<string, ServiceStats>, table: ReadonlyMap<string, ServiceSetup>): JoinedTable {
  const services: ServiceReading[] = [];
  const incomplete: string[] = [];
  for (const [key, counted] of stats) {
    const setup = table.get(key);
    if (setup === undefined) incomplete.push(`${serviceName(counted.id)} (counters only)`);
    else services.push(joinService(counted, setup, incomplete));
  }
  for (const [key, { id }] of table) {
    if (!stats.has(key)) incomplete.push(`${serviceName(id)} (without counters)`);
  }
  return { services, incomplete };
}

function joinService(counted: ServiceStats, setup: ServiceSetup, incomplete: string[]): ServiceReading {
  const { id, counters } = counted;
  const realServers: RealServerReading[] = [];
  for (const [key, { id: realServer, counters }] of counted.realServers) {
    const rest = setup.realServers.get(key);
    if (rest === undefined) incomplete.push(`${serviceName(id)}/${realServerName(realServer)} (counters only)`);
    else {
      const { forwarding, weight, activeConn, inActConn } = rest;
      realServers.push({ id: realServer, counters, forwarding, weight, activeConn, inActConn });
    }
  }
  if (realServers.length < setup.realServers.size) {
    for (const [key, { id: realServer }] of setup.realServers) {
      if (counted.realServers.has(key)) continue;
      incomplete.push(`${serviceName(id)}/${realServerName(realServer)} (without counters)`);
    }
  }
  return { id, counters, scheduler: setup.scheduler, flags: setup.flags, realServers };
}
