// The fleet for programs: `api/fleet`.

import { directorName } from '../../model/names/name.js';
import type { FleetFacts, GroupFacts, PartFacts } from './fleet-rows.js';

/** A fleet as JSON: bits and connections per second, shares and changes as fractions, times in epoch seconds; null is unknown. */
export function fleetRecord(facts: FleetFacts, shareOf: (facts: PartFacts) => number) {
  const grouped = new Set(facts.groups.flatMap(({ part }) => part.group.directors));
  return {
    directors: facts.directors.map((one) => ({
      ...partRecord(one, grouped.has(one.part.name) ? Number.NaN : shareOf(one)),
      group: facts.groups.find(({ part }) => part.group.directors.includes(one.part.name))?.part.name ?? null,
      carries: one.isCarrying,
    })),
    groups: facts.groups.map((one) => ({ ...partRecord(one, shareOf(one)), ...groupRecord(one) })),
  };
}

function partRecord(
  { part, status, grade, counts, services, traffic, conns, change }: PartFacts,
  share: number,
): Readonly<Record<string, unknown>> {
  return {
    name: part.name,
    path: part.parts.site.basePath,
    archive: directorName,
    last: status.lastS,
    state: status.state,
    status: grade,
    findings: counts,
    services,
    bits: known(8 * traffic),
    conns: known(conns),
    share: known(share),
    change: known(change),
  };
}

function groupRecord({ part: { group }, failover }: GroupFacts): Readonly<Record<string, unknown>> {
  return {
    directors: group.directors,
    source: group.isNamed ? 'policy' : 'equal virtual servers',
    failover: failover === null ? null : { time: failover.timeS, from: failover.from, to: failover.to },
  };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
