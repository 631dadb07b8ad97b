// A host whose real servers left services while others stayed, as when a health check removes it. It is not a fault if the real server had
// been drained first, if another one took its place, or if the service left with it. After a day it counts as gone for good. Where drift is
// judged, that says whether it should be there.
//
// A service that lost all of its real servers is a finding of another kind, but those that are not back with the first of them did leave. They
// are remembered under their service, as a sign that never opens.

import { nameWithin, serviceOf } from '../../../model/names/name.js';
import { HostSigns } from '../host-signs.js';
import type { Observation, ObservedService } from '../observation.js';
import { type KnownOfKind, reducer, type Sign } from '../reducer.js';

/** The reducer. */
export const serverLeft = reducer({
  kind: 'server-left',
  severity: 'warning',
  signs: (observation, { acceptedAfterS }, known) => {
    const present = new Map(observation.services().map((service) => [service.name, service]));
    const signs = new HostSigns(known);
    const emptied = new Map<string, string[]>();
    for (const archive of missingNow(observation, known, acceptedAfterS)) {
      const service = present.get(serviceOf(archive));
      if (service === undefined || observation.drift?.isSettled(service.name)) continue;
      const server = nameWithin(archive);
      if (service.realServers === 0) emptied.set(service.name, [...(emptied.get(service.name) ?? []), archive]);
      else if (!has(service, server)) signs.add(service.name, server);
    }
    const remembered = [...emptied].map(([service, archives]): readonly [string, Sign] => [
      service,
      { archives, numbers: {}, openCycles: Number.POSITIVE_INFINITY },
    ]);
    return { found: new Map([...signs.found, ...remembered]) };
  },
});

/** The real servers that left and whose place nobody took before that was a finding. */
function missingNow(
  { timeS, before, events }: Observation,
  known: KnownOfKind,
  acceptedAfterS: number,
): ReadonlySet<string> {
  const leftNow = events.flatMap(({ kind, archive, realServer }) => {
    if (kind !== 'real-server-removed' || realServer === undefined) return [];
    const { weight = 0 } = before.director.services.get(archive)?.realServers.get(realServer) ?? {};
    return weight > 0 ? [`${archive}/${realServer}`] : [];
  });
  const lately = [...known.values()].filter(({ sinceS }) => timeS - sinceS < acceptedAfterS);
  const archivesOf = (isPending: boolean): readonly string[] =>
    lately.flatMap(({ archives, openS }) => ((openS === null) === isPending ? archives : []));
  const pending = archivesOf(true);
  const missing = new Set([...leftNow, ...pending, ...archivesOf(false)]);
  const added = new Set(
    events.flatMap(({ kind, archive, realServer }) =>
      kind === 'real-server-added' && realServer !== undefined ? [`${archive}/${realServer}`] : [],
    ),
  );
  // One that is back takes nobody's place, and a new one that of one other, which left last.
  const newcomers = new Map<string, number>();
  for (const archive of added)
    if (!missing.has(archive)) newcomers.set(serviceOf(archive), (newcomers.get(serviceOf(archive)) ?? 0) + 1);
  for (const archive of new Set([...leftNow, ...pending])) {
    const count = newcomers.get(serviceOf(archive)) ?? 0;
    if (count === 0 || added.has(archive)) continue;
    missing.delete(archive);
    newcomers.set(serviceOf(archive), count - 1);
  }
  return missing;
}

function has(service: ObservedService, name: string): boolean {
  for (let server = 0; server < service.realServers; server += 1) if (service.nameAt(server) === name) return true;
  return false;
}
