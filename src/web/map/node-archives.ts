// The archives of a node of the map: of a virtual service, or of the real servers on a host.

import type { GraphNode } from '../../map/graph/fleet-graph.js';
import { serviceNodeId } from '../../map/graph/service-index.js';
import { nameWithin, parseRealServerName, parseServiceName } from '../../model/names/name.js';
import type { Catalogue } from '../data/catalogue.js';

/** An archive by its name, and the words for it. */
export interface NodeArchive {
  readonly name: string;
  readonly text: string;
}

/** The archive of the service that a node is. */
export function serviceOfNode(
  { kind, id }: Pick<GraphNode, 'kind' | 'id'>,
  catalogue: Catalogue,
): readonly NodeArchive[] {
  if (kind !== 'virtual-service') return [];
  return catalogue.services.flatMap(({ info: { name }, endpoint }) => {
    const service = parseServiceName(name);
    return service !== null && serviceNodeId(service) === id ? [{ name, text: endpoint }] : [];
  });
}

/** The archives of the real servers that have an address of a host. */
export function serverArchives(
  { kind, members }: Pick<GraphNode, 'kind' | 'members'>,
  catalogue: Catalogue,
): readonly NodeArchive[] {
  if (kind !== 'host') return [];
  const addresses = new Set(members);
  return catalogue.services.flatMap(({ info, endpoint, realServers }) => {
    if (parseServiceName(info.name) === null) return [];
    return realServers.flatMap(({ info: { name }, endpoint: own }) => {
      const server = parseRealServerName(nameWithin(name));
      return server !== null && addresses.has(server.address) ? [{ name, text: `${own} of ${endpoint}` }] : [];
    });
  });
}
