// Whether agents reach some addresses, such as the real servers of a service. A link counts if it leads to the address itself; where an agent has
// none, if it leads to another address of the same host.

import { hostOfAddress, type Topology } from '../topology/topology.js';
import { addressOfTarget } from './target.js';
import type { ObservedLink } from './view.js';

/** An agent that has lost an address. */
export interface LosingAgent {
  readonly agent: string;
  /** The target of its lost link, as text. */
  readonly to: string;
  /** When the link was cut, epoch seconds. */
  readonly sinceS: number;
  readonly isSilent: boolean;
}

/** The reports of agents about an address. */
export interface Reach {
  readonly address: string;
  /** The name of its host; null if the topology has none. */
  readonly host: string | null;
  /** By agent. */
  readonly lost: readonly LosingAgent[];
  /** Agents that reach it now. Silent ones do not count: nobody knows whether they still reach it. */
  readonly reaching: number;
}

/** Returns the links whose targets fulfil a condition. */
export type LinksToward = (isWanted: (to: string) => boolean) => readonly ObservedLink[];

/** The reports of agents about addresses, each once, in the given order. */
export function reachOf(
  addresses: readonly string[],
  { linksToward, topology }: { readonly linksToward: LinksToward; readonly topology: Topology },
): readonly Reach[] {
  const hosts = new Map(addresses.map((address) => [address, hostOfAddress(topology, address)?.host ?? null]));
  const named = new Set([...hosts.values()].filter((host) => host !== null));
  const ends = new Map<string, { readonly address: string; readonly host: string | null }>();
  const endOf = (to: string) => {
    const known = ends.get(to);
    if (known !== undefined) return known;
    const address = addressOfTarget(to);
    const end = { address, host: named.size === 0 ? null : (hostOfAddress(topology, address)?.host ?? null) };
    ends.set(to, end);
    return end;
  };
  const links = linksToward((to) => {
    const { address, host } = endOf(to);
    return hosts.has(address) || (host !== null && named.has(host));
  });
  return [...hosts].map(([address, host]) => {
    const own = links.filter(({ to }) => endOf(to).address === address);
    const direct = new Set(own.map(({ agent }) => agent));
    const others = links.filter(({ agent, to }) => host !== null && endOf(to).host === host && !direct.has(agent));
    return { address, host, ...summary([...own, ...others]) };
  });
}

function summary(links: readonly ObservedLink[]): Pick<Reach, 'lost' | 'reaching'> {
  const lost = new Map<string, LosingAgent>();
  for (const { agent, to, lostS, isStale } of links) {
    if (lostS === null) continue;
    const before = lost.get(agent);
    if (before === undefined || lostS < before.sinceS) lost.set(agent, { agent, to, sinceS: lostS, isSilent: isStale });
  }
  const reaching = new Set(links.filter((one) => !one.isStale && !lost.has(one.agent)).map(({ agent }) => agent));
  const byAgent = [...lost.values()].toSorted((a, b) => byNumbers.compare(a.agent, b.agent));
  return { lost: byAgent, reaching: reaching.size };
}

/** Natural order: web2 before web10. */
const byNumbers = new Intl.Collator('en', { numeric: true });
