// Addresses on other pages that lead to the map.

import { serviceNodeId } from '../../map/graph/service-index.js';
import type { ArchiveInfo } from '../../model/archive.js';
import { nameOfNode } from '../../model/map/fleet-map.js';
import { parseServiceName } from '../../model/names/name.js';
import type { Site } from '../site.js';
import { mapQueryText, plainMap } from './map-query.js';

/** The map of those who use a virtual service; null if there is no map, or if the archive is not of a service that is there. */
export function usersHref(
  { basePath, map = null }: Pick<Site, 'basePath' | 'map'>,
  { name, goneS }: Pick<ArchiveInfo, 'name' | 'goneS'>,
): string | null {
  const service = parseServiceName(name);
  if (map === null || service === null || service.kind === 'mark' || goneS !== null) return null;
  const uses = nameOfNode({ id: serviceNodeId({ ...service, protocol: 'tcp' }) });
  return `${basePath}/map${mapQueryText(plainMap, { uses })}`;
}
