// The nodes that are not shown: those of a group, and those whose addresses all lie in a network.

import type { MapAxis } from '../../model/map/fleet-map.js';
import { addressKey, type Network, parseNetwork } from '../../model/topology/network.js';
import { UserError } from '../../model/user-error.js';
import type { FleetGraph, GraphNode } from '../graph/fleet-graph.js';
import { axisWords, type Grouping } from './group.js';

/** By node: 1 if it is excluded. Throws a `UserError` for a text that is neither a group nor an address nor a network. */
export function excludedNodes(
  { nodes }: FleetGraph,
  { groups, groupOf, by }: Grouping,
  excluded: readonly string[],
): Uint8Array {
  const named = new Set(excluded);
  const isGroup = groups.map(({ name }) => named.has(name));
  const names = new Set(groups.map(({ name }) => name));
  const networks = prefixesOf(excluded.filter((text) => !names.has(text)).map((text) => networkOf(text, by)));
  return Uint8Array.from(nodes, (node, i) => (isGroup[groupOf[i] ?? 0] === true || isInside(node, networks) ? 1 : 0));
}

function networkOf(text: string, by: MapAxis): Network {
  const network = parseNetwork(text);
  if (!('problem' in network)) return network;
  throw new UserError(
    'bad-name',
    `cannot exclude "${text}": it is no ${axisWords[by][0]} on the map, and as a network: ${network.problem}`,
  );
}

/** The networks of one family and one length, by their first bits. */
interface Prefixes {
  readonly isIpv6: boolean;
  readonly length: number;
  readonly firsts: ReadonlySet<bigint>;
}

function prefixesOf(networks: readonly Network[]): readonly Prefixes[] {
  const all = new Map<string, Omit<Prefixes, 'firsts'> & { readonly firsts: Set<bigint> }>();
  for (const { isIpv6, length, first } of networks) {
    const key = `${isIpv6} ${length}`;
    const own = all.get(key) ?? { isIpv6, length, firsts: new Set<bigint>() };
    all.set(key, own);
    own.firsts.add(first >> spareBits(own));
  }
  return [...all.values()];
}

function spareBits({ isIpv6, length }: Pick<Network, 'isIpv6' | 'length'>): bigint {
  return BigInt((isIpv6 ? 128 : 32) - length);
}

/** A host with addresses elsewhere, too, stays: its connections there are part of the map. */
function isInside({ kind, members }: GraphNode, networks: readonly Prefixes[]): boolean {
  if (networks.length === 0 || members.length === 0 || kind === 'one-of') return false;
  return members.every((own) => {
    const [address = '', ownLength] = own.split('/');
    const key = addressKey(address);
    if (key === null) return false;
    return networks.some(
      (one) =>
        one.isIpv6 === key.isIpv6 &&
        Number(ownLength ?? 128) >= one.length &&
        one.firsts.has(key.value >> spareBits(one)),
    );
  });
}
