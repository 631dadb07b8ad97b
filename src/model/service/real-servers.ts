// Maps services to their real servers, and backends to their servers.

import type { ArchiveInfo } from '../archive.js';
import { kindOf } from '../kinds/registry.js';
import { serviceOf } from '../names/name.js';

/** The present and former members of each archive, by its name, in order. */
export function realServersByService(archives: Iterable<ArchiveInfo>): ReadonlyMap<string, readonly ArchiveInfo[]> {
  const byService = new Map<string, ArchiveInfo[]>();
  for (const archive of archives) {
    if (kindOf(archive.about).level !== 'member') continue;
    const service = serviceOf(archive.name);
    const own = byService.get(service);
    if (own === undefined) byService.set(service, [archive]);
    else own.push(archive);
  }
  return byService;
}
