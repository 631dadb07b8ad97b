// A host at weight 0 in services whose other real servers have weights: it is being drained, or was forgotten. All services of a host make
// one finding, and a service that has no usable real server left is a finding of its own. Where drift is judged, that says which weight is
// wanted.

import { HostSigns } from '../host-signs.js';
import type { ObservedService } from '../observation.js';
import { reducer } from '../reducer.js';
import { hasUsable } from './service-without-server.js';

/** The reducer. */
export const serverDrained = reducer({
  kind: 'server-drained',
  severity: 'warning',
  signs: ({ services, events, drift }, _thresholds, known) => {
    const signs = new HostSigns(known);
    for (const service of services()) {
      if (!hasUsable(service) || drift?.isSettled(service.name)) continue;
      for (const server of drainedOf(service)) signs.add(service.name, server);
    }
    // The weight from which it was drained is in the event of this cycle, and in the finding later.
    for (const { kind, archive, realServer, from, to } of events) {
      if (kind === 'weight-changed' && to === '0' && realServer !== undefined && from !== undefined)
        signs.note(`${archive}/${realServer}`, { weight: from });
    }
    return { found: signs.found };
  },
});

function drainedOf(service: ObservedService): readonly string[] {
  const names: string[] = [];
  for (let server = 0; server < service.realServers; server += 1) {
    if (service.weightAt(server) === 0) names.push(service.nameAt(server));
  }
  return names;
}
