// A service that survives less than the policy requires: all of its usable real servers stand on one host, in one rack or data centre, or the
// others could not carry its peak. Where they stand is judged in every cycle, what they could carry when the service has its turn. Most
// services at once have one cause, and make one finding of the director.

import { archiveText } from '../../../model/finding/finding-text.js';
import { directorName } from '../../../model/names/name.js';
import { type RequiredLevel, requirementOf } from '../../../model/policy/redundancy.js';
import { judgedLoss, type Survival, standingsOf, survivalOf } from '../../../model/redundancy/survival.js';
import { unitText } from '../../../model/redundancy/survival-text.js';
import { placeOfServer } from '../../../model/topology/place.js';
import type { Topology } from '../../../model/topology/topology.js';
import type { Observation, ObservedService } from '../observation.js';
import { reducer, type Sign, thresholdFor } from '../reducer.js';

/** The most services that are a few, and the fraction of all services that are most. */
const few = 3;
const mostPart = 0.5;

/** The reducer. */
export const redundancyLacking = reducer({
  kind: 'redundancy-lacking',
  severity: 'warning',
  signs: (observation, { spare: allowed }, known) => {
    const { services, peaks, redundancy } = observation;
    if (redundancy.rules.length === 0) return { found: new Map() };
    const requiredOf = requirementOf(redundancy.rules);
    const found = new Map<string, Sign>();
    const unknown = new Set<string>();
    for (const service of services()) {
      const { name } = service;
      const required = requiredOf(name);
      if (required === null) continue;
      if (!known.has(name) && !peaks.has(name) && isSpread(service, required, redundancy.topology)) continue;
      const most = thresholdFor(known, name, allowed);
      const loss = service.isPartial ? null : lossOf(service, { observation, required, allowed: most });
      const isLoadKnown = (peaks.get(name) ?? null) !== null;
      const wasOverloaded = known.get(name)?.numbers['state'] === 'overloaded' && !isLoadKnown;
      if (loss === null || loss.outcome === 'unknown' || (loss.outcome === 'survives' && wasOverloaded))
        unknown.add(name);
      else if (loss.outcome !== 'survives') found.set(name, signOf(name, loss));
    }
    return { found: together(found, services().length), isUnknown: (subject) => unknown.has(subject) };
  },
});

/** Whether usable real servers stand on two hosts, in two racks or data centres: most services do, and need no closer look in most cycles. */
function isSpread(service: ObservedService, level: RequiredLevel, topology: Topology): boolean {
  let first: string | null = null;
  for (let at = 0; at < service.realServers; at += 1) {
    if (service.weightAt(at) <= 0) continue;
    const unit = placeOfServer(topology, service.nameAt(at)).place[level];
    if (unit !== null && first !== null && unit !== first) return true;
    first ??= unit;
  }
  return false;
}

interface RequiredLoss extends Survival {
  /** Usable real servers. */
  readonly usable: number;
}

interface LossGround {
  readonly observation: Observation;
  readonly required: RequiredLevel;
  readonly allowed: number;
}

/** The loss by which a service is judged; null without a usable real server, which is a finding of its own. */
function lossOf(service: ObservedService, { observation, required, allowed }: LossGround): RequiredLoss | null {
  const pool = new Map<string, number>();
  for (let at = 0; at < service.realServers; at += 1) pool.set(service.nameAt(at), service.weightAt(at));
  const standings = standingsOf(observation.redundancy.topology, service.name, pool);
  const peak = observation.peaks.get(service.name) ?? null;
  if (standings.length === 0) return null;
  const judged = survivalOf({ service: service.name, standings, peak, required }, { allowed, partners: [] });
  return { ...judgedLoss(judged), usable: standings.length };
}

function signOf(name: string, loss: RequiredLoss): Sign {
  const { outcome, part, heaviest, left, usable } = loss;
  const numbers = { services: 1, state: outcome, unit: unitText(loss), servers: usable, left };
  if (outcome !== 'overloaded' || heaviest === null) return { archives: [name], numbers };
  return { archives: [name, heaviest], numbers: { ...numbers, part } };
}

/** The loads of overloaded ones are judged one by one, so they stay findings of their own. */
function together(found: ReadonlyMap<string, Sign>, all: number): ReadonlyMap<string, Sign> {
  const [overloaded, lost] = [true, false].map((is) =>
    [...found].filter(([, { numbers }]) => (numbers['state'] === 'overloaded') === is),
  );
  const [first] = lost ?? [];
  if (first === undefined || lost === undefined || lost.length <= few || lost.length < mostPart * all) return found;
  const [name, { numbers }] = first;
  const whole = { ...numbers, services: lost.length, first: archiveText(name) };
  return new Map([[directorName, { archives: lost.map(([own]) => own), numbers: whole }], ...(overloaded ?? [])]);
}
