// The findings that concern nodes of the map: of services, of the hosts of real servers, and of hosts that agents watch.

import type { FleetGraph } from '../../map/graph/fleet-graph.js';
import { serviceNodeId } from '../../map/graph/service-index.js';
import { type Finding, hostOfSubject, worstFirst } from '../../model/finding/finding.js';
import { nameWithin, parseRealServerName, parseServiceName, serviceOf } from '../../model/names/name.js';

/** By node of the graph, the findings that concern it, worst first. */
export type Troubles = ReadonlyMap<number, readonly Finding[]>;

/** The nodes of findings. */
export function troublesOf(graph: FleetGraph, findings: readonly Finding[]): Troubles {
  const troubles = new Map<number, Finding[]>();
  if (findings.length === 0) return troubles;
  const index = indexOf(graph);
  for (const finding of worstFirst(findings)) {
    for (const node of new Set(namesOf(finding).flatMap((name) => index.get(name) ?? []))) {
      const own = troubles.get(node);
      if (own === undefined) troubles.set(node, [finding]);
      else own.push(finding);
    }
  }
  return troubles;
}

/** Names under which the nodes of a finding are found: ids, and the addresses of hosts. Services that it hurts are not marked, only their real servers. */
function namesOf({ subject, archives }: Finding): readonly string[] {
  const host = hostOfSubject(subject);
  const [, agent] = /^(?:agent|link)\/([^/]+)/.exec(subject) ?? [];
  return [
    ...(host === null ? [] : [`host:${host}`, host]),
    ...(agent === undefined ? [] : [`host:${agent}`]),
    ...serviceNames(serviceOf(subject)),
    ...[subject, ...archives].flatMap((name) => (name.includes('/') ? serverNames(name) : serviceNames(name))),
  ];
}

function serviceNames(name: string): readonly string[] {
  const service = parseServiceName(name);
  return service === null ? [] : [serviceNodeId(service)];
}

function serverNames(name: string): readonly string[] {
  const server = parseServiceName(serviceOf(name)) === null ? null : parseRealServerName(nameWithin(name));
  return server === null ? [] : [server.address];
}

const indexes = new WeakMap<FleetGraph, ReadonlyMap<string, readonly number[]>>();

function indexOf(graph: FleetGraph): ReadonlyMap<string, readonly number[]> {
  const known = indexes.get(graph);
  if (known !== undefined) return known;
  const index = new Map<string, number[]>();
  const add = (name: string, node: number): void => {
    const own = index.get(name);
    if (own === undefined) index.set(name, [node]);
    else own.push(node);
  };
  for (const [i, { id, kind, members }] of graph.nodes.entries()) {
    add(id, i);
    if (kind === 'host') for (const address of members) add(address, i);
  }
  indexes.set(graph, index);
  return index;
}
