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
  const networks = excluded.filter((text) => !names.has(text)).map((text) => networkOf(text, by));
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

/** A host with addresses elsewhere, too, stays: what it talks to is seen there. */
function isInside({ kind, members }: GraphNode, networks: readonly Network[]): boolean {
  if (networks.length === 0 || members.length === 0 || kind === 'one-of') return false;
  return members.every((own) => networks.some((network) => contains(network, own)));
}

function contains({ isIpv6, length, first }: Network, text: string): boolean {
  const [address = '', ownLength] = text.split('/');
  const key = addressKey(address);
  if (key === null || key.isIpv6 !== isIpv6 || Number(ownLength ?? 128) < length) return false;
  const spare = BigInt((isIpv6 ? 128 : 32) - length);
  return key.value >> spare === first >> spare;
}
