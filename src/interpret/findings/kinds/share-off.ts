// A real server whose share of the connections differs from the one that its scheduler promises, by more than chance and by more than the
// thresholds allow. Of each service the worst one counts: where one has too much, the others have too little.

import { ipvsDataSources } from '../../../model/archive.js';
import { serviceOf } from '../../../model/names/name.js';
import { chanceOf, type DealtQuantity, dealtBy, minExpected, promisedPart } from '../../../model/service/promise.js';
import type { ObservedService } from '../observation.js';
import { type KnownOfKind, leastThreshold, reducer, type Sign, thresholdFor } from '../reducer.js';

/** The places of the dealt quantities in a reading. */
const sources: Readonly<Record<DealtQuantity, number>> = { Conns: placeOf('Conns'), ActiveConn: placeOf('ActiveConn') };

function placeOf(quantity: DealtQuantity): number {
  return ipvsDataSources.findIndex(({ name }) => name === quantity);
}

/** Half an hour of standard steps: open connections outlive a change of weights. */
const cycles = 6;

/** The reducer. */
export const shareOff = reducer({
  kind: 'share-off',
  severity: 'warning',
  openCycles: cycles,
  closeCycles: cycles,
  signs: ({ services }, { shareOff: allowed }, known) => {
    const found = new Map<string, Sign>();
    const unknown = new Set<string>();
    for (const service of services()) {
      const { setUp } = service;
      const dealt = dealtBy(setUp);
      if (dealt === null || service.realServers < 2) continue;
      const shares = sharesOf(service, setUp, dealt);
      if (shares === null) unknown.add(service.name);
      else {
        const sign = signOf(service, { ...shares, allowed, known });
        if (sign !== null) found.set(`${service.name}/${sign.server}`, sign);
      }
    }
    return { found, isUnknown: (subject) => unknown.has(serviceOf(subject)) };
  },
});

/** The shares that a service dealt, and those it promised. Lists of its real servers would take longer to make than to compare. */
interface Shares {
  readonly dealt: DealtQuantity;
  readonly partOf: (server: number) => number;
  readonly dealtTo: (server: number) => number;
  readonly total: number;
  readonly partSum: number;
}

/** The connections of each real server and what is promised to it; null if some are unknown or the counts are not conclusive. */
function sharesOf(service: ObservedService, setUp: ObservedService['setUp'], dealt: DealtQuantity): Shares | null {
  const source = sources[dealt];
  const partOf = (server: number): number => promisedPart(setUp, service.weightAt(server));
  const dealtTo = (server: number): number => (partOf(server) === 0 ? 0 : service.valueAt(server, source));
  let [total, partSum] = [0, 0];
  for (let server = 0; server < service.realServers; server += 1) {
    total += dealtTo(server);
    partSum += partOf(server);
  }
  if (!(total > 0 && partSum > 0) || service.isPartial) return null;
  return { dealt, partOf, dealtTo, total, partSum };
}

interface Judging extends Shares {
  /** The fraction of a fair share by which it may be off. */
  readonly allowed: number;
  readonly known: KnownOfKind;
}

function signOf(
  service: ObservedService,
  { dealt, partOf, dealtTo, total, partSum, allowed, known }: Judging,
): (Sign & { readonly server: string }) | null {
  let [worst, most] = [-1, 1];
  for (let server = 0; server < service.realServers; server += 1) {
    const fair = partOf(server) / partSum;
    if (fair === 0 || fair === 1 || total * fair < minExpected) continue;
    const off = Math.abs(dealtTo(server) / total - fair);
    // Most are within the least threshold: only the others need their name.
    const limit = Math.max(chanceOf(fair, total), allowed * fair);
    if (off <= leastThreshold(limit)) continue;
    const excess = off / thresholdFor(known, `${service.name}/${service.nameAt(server)}`, limit);
    if (excess > most) [worst, most] = [server, excess];
  }
  if (worst < 0) return null;
  const server = service.nameAt(worst);
  const numbers = { share: dealtTo(worst) / total, fairShare: partOf(worst) / partSum, dealt };
  return { server, archives: [`${service.name}/${server}`, service.name], numbers };
}
