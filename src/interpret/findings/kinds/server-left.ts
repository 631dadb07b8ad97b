// A host whose real servers left services while others stayed, as when a health check removes it. It is not a fault if the real server had
// been drained first, if another one took its place, or if the service left with it. After a day it counts as gone for good. Where drift is
// judged, that says whether it should be there.

import { nameWithin, serviceOf } from '../../../model/names/name.js';
import { HostSigns } from '../host-signs.js';
import type { ObservedService } from '../observation.js';
import { reducer } from '../reducer.js';

/** The reducer. */
export const serverLeft = reducer({
  kind: 'server-left',
  severity: 'warning',
  signs: ({ timeS, before, events, services, drift }, { acceptedAfterS }, known) => {
    const present = new Map(services().map((service) => [service.name, service]));
    const replaced = new Set(events.flatMap(({ kind, archive }) => (kind === 'real-server-added' ? [archive] : [])));
    const signs = new HostSigns(known);
    const missing = new Set<string>();
    for (const { archives, sinceS } of known.values())
      if (timeS - sinceS < acceptedAfterS) for (const archive of archives) missing.add(archive);
    for (const { kind, archive, realServer } of events) {
      if (kind !== 'real-server-removed' || realServer === undefined) continue;
      if ((before.director.services.get(archive)?.realServers.get(realServer)?.weight ?? 0) > 0)
        missing.add(`${archive}/${realServer}`);
    }
    for (const archive of missing) {
      const service = present.get(serviceOf(archive));
      const server = nameWithin(archive);
      if (service === undefined || service.realServers === 0 || replaced.has(service.name)) continue;
      if (drift?.isSettled(service.name)) continue;
      if (!has(service, server)) signs.add(service.name, server);
    }
    return { found: signs.found };
  },
});

function has(service: ObservedService, name: string): boolean {
  for (let server = 0; server < service.realServers; server += 1) if (service.nameAt(server) === name) return true;
  return false;
}
