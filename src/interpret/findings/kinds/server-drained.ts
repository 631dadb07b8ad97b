// A host at weight 0 in services whose other real servers have weights: it is being drained, or was forgotten. All services of a host make
// one finding, and so do hosts that were drained in the same reading, since they have one cause. A service that has no usable real server left is a
// finding of its own. Where drift is judged, that says which weight is
// wanted.

import type { FindingNumbers } from '../../../model/finding/finding.js';
import { serviceOf } from '../../../model/names/name.js';
import { HostSigns } from '../host-signs.js';
import type { ObservedService } from '../observation.js';
import { type KnownOfKind, reducer, type Sign } from '../reducer.js';
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
    const drainedNow = new Set<string>();
    for (const { kind, archive, realServer, from, to } of events) {
      if (kind !== 'weight-changed' || to !== '0' || realServer === undefined || from === undefined) continue;
      signs.note(`${archive}/${realServer}`, { weight: from });
      drainedNow.add(`${archive}/${realServer}`);
    }
    return { found: joined(signs.found, known, drainedNow) };
  },
});

/** The signs of hosts that were drained in one reading as one sign, under the first of them as long as any is at weight 0. */
function joined(
  found: ReadonlyMap<string, Sign>,
  known: KnownOfKind,
  drainedNow: ReadonlySet<string>,
): ReadonlyMap<string, Sign> {
  const joinedBefore = new Map([...known].flatMap(([subject, { archives }]) => archives.map((own) => [own, subject])));
  const groups = new Map<string, Sign[]>();
  let first: string | null = null;
  for (const [subject, sign] of found) {
    const before = sign.archives.map((own) => joinedBefore.get(own)).find((own) => own !== undefined);
    const isNew = sign.archives.some((own) => drainedNow.has(own));
    if (before === undefined && isNew) first ??= subject;
    const under = before ?? (isNew ? first : null) ?? subject;
    groups.set(under, [...(groups.get(under) ?? []), sign]);
  }
  return new Map([...groups].map(([subject, signs]) => [subject, signOfAll(signs, known.get(subject)?.numbers)]));
}

/** One sign of several; the weight from which all were drained stays known while there is the finding. */
function signOfAll(signs: readonly Sign[], before: FindingNumbers | undefined): Sign {
  const archives = signs.flatMap((sign) => sign.archives);
  const weights = new Set(signs.map(({ numbers }) => numbers['weight']));
  const [weight] = before === undefined ? (weights.size === 1 ? weights : []) : [before['weight']];
  const services = new Set(archives.map(serviceOf)).size;
  return { archives, numbers: { ...(weight !== undefined && { weight }), services } };
}

function drainedOf(service: ObservedService): readonly string[] {
  const names: string[] = [];
  for (let server = 0; server < service.realServers; server += 1) {
    if (service.weightAt(server) === 0) names.push(service.nameAt(server));
  }
  return names;
}
