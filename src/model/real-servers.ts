// Which archives are real servers of which service.

import type { ArchiveInfo } from './archive.js';
import { serviceOf } from './name.js';

/** The real servers that each service has or had, by its name, in their order. */
export function realServersByService(archives: Iterable<ArchiveInfo>): ReadonlyMap<string, readonly ArchiveInfo[]> {
  return serversOf(archives, 'real-server');
}

/** Likewise the servers of HAProxy's backends. */
export function serversByBackend(archives: Iterable<ArchiveInfo>): ReadonlyMap<string, readonly ArchiveInfo[]> {
  return serversOf(archives, 'haproxy-server');
}

function serversOf(
  archives: Iterable<ArchiveInfo>,
  kind: 'real-server' | 'haproxy-server',
): ReadonlyMap<string, readonly ArchiveInfo[]> {
  const byService = new Map<string, ArchiveInfo[]>();
  for (const archive of archives) {
    if (archive.about.kind !== kind) continue;
    const service = serviceOf(archive.name);
    const own = byService.get(service);
    if (own === undefined) byService.set(service, [archive]);
    else own.push(archive);
  }
  return byService;
}
