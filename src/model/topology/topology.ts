// Topology: which addresses belong to which host, and in which rack and data centre it stands. Its networks may be nested; an address belongs
// to the host with the longest prefix.

import { addressKey, type Network, parseNetwork } from './network.js';

/** A host; null where the topology does not say. */
export interface TopologyHost {
  readonly host: string;
  readonly rack: string | null;
  readonly dc: string | null;
  readonly role: string | null;
}

/** A host as it is listed: with its addresses and networks as written. */
export interface TopologyEntry extends TopologyHost {
  readonly addresses: readonly string[];
}

/** The networks of one family and one prefix length. */
interface PrefixTable {
  readonly isIpv6: boolean;
  readonly length: number;
  /** The number of the host, by the first address of the network. */
  readonly hosts: ReadonlyMap<bigint, number>;
}

/** A topology. */
export interface Topology {
  readonly hosts: readonly TopologyHost[];
  /** The longest prefix first. */
  readonly tables: readonly PrefixTable[];
}

/** The topology where none is stated. */
export const noTopology: Topology = { hosts: [], tables: [] };

/** Why a list is no topology, and the number of the wrong entry. */
export interface TopologyProblem {
  readonly problem: string;
  readonly entry: number;
}

/** The topology of a list; the first problem where there is one. */
export function topologyOf(entries: readonly TopologyEntry[]): Topology | TopologyProblem {
  const tables = new Map<string, { network: Network; hosts: Map<bigint, number> }>();
  const names = new Map<string, number>();
  for (const [entry, { host, addresses }] of entries.entries()) {
    if (names.has(host))
      return { problem: `the host "${host}" is listed twice: list all its addresses together`, entry };
    names.set(host, entry);
    for (const text of addresses) {
      const network = parseNetwork(text);
      if ('problem' in network)
        return { problem: `"${text}" of the host "${host}" is wrong: ${network.problem}`, entry };
      const key = `${network.isIpv6} ${network.length}`;
      const table = tables.get(key) ?? { network, hosts: new Map<bigint, number>() };
      tables.set(key, table);
      const other = entries[table.hosts.get(network.first) ?? entry]?.host ?? host;
      if (other !== host) {
        return { problem: `the hosts "${other}" and "${host}" both claim ${text}: remove it from one of them`, entry };
      }
      table.hosts.set(network.first, entry);
    }
  }
  return {
    hosts: entries.map(({ addresses: _, ...host }) => host),
    tables: [...tables.values()]
      .map(({ network: { isIpv6, length }, hosts }) => ({ isIpv6, length, hosts }))
      .toSorted((a, b) => b.length - a.length),
  };
}

/** The host of an address; null if none claims it. */
export function hostOfAddress({ hosts, tables }: Topology, address: string): TopologyHost | null {
  if (tables.length === 0) return null;
  const key = addressKey(address);
  if (key === null) return null;
  for (const { isIpv6, length, hosts: known } of tables) {
    if (isIpv6 !== key.isIpv6) continue;
    const spare = BigInt((isIpv6 ? 128 : 32) - length);
    const found = hosts[known.get((key.value >> spare) << spare) ?? -1];
    if (found !== undefined) return found;
  }
  return null;
}

/** Hosts by name, of topologies that were asked for one. */
const named = new WeakMap<Topology, ReadonlyMap<string, TopologyHost>>();

/** The host of a name; null if none has it. */
export function hostNamed(topology: Topology, name: string): TopologyHost | null {
  const hosts = named.get(topology) ?? new Map(topology.hosts.map((own) => [own.host, own]));
  named.set(topology, hosts);
  return hosts.get(name) ?? null;
}

/** The identity of a host's rack, since racks of two data centres may have the same name: `tx/r01`, or `r01`; null if it has none. */
export function rackOf({ rack, dc }: Pick<TopologyHost, 'rack' | 'dc'>): string | null {
  return rack === null || dc === null ? rack : `${dc}/${rack}`;
}
