// The evidence of causes: which real servers are dead by which findings, which still work, and where they stand. A director sees real servers
// and services only; that a host or a rack is dead follows from them, or is reported by somebody who knows (`OwnEvidence`).

import { type Finding, type FindingKind, findingId } from '../../model/finding/finding.js';
import { isOfDirector, nameWithin, serviceOf } from '../../model/names/name.js';
import type { PagingState } from '../../model/paging/page.js';
import type { Pools } from '../../model/table/pools.js';
import { type Place, placeOfServer } from '../../model/topology/place.js';
import type { Topology } from '../../model/topology/topology.js';
import { type OwnEvidence, ownByPlace } from './own-evidence.js';
import { type PlacedServer, placerOf } from './place.js';

/** The facts from which causes follow. */
export interface PagingFacts {
  /** Open findings that are not silenced. */
  readonly findings: readonly Finding[];
  readonly own: readonly OwnEvidence[];
  readonly pools: Pools;
  readonly topology: Topology;
}

/** A real server that is dead, by the findings that say so. */
export interface DeadServer extends PlacedServer {
  readonly findings: readonly Finding[];
  /** When it died: the beginning of the first of them. */
  readonly sinceS: number;
}

/** All evidence. */
export interface Evidence {
  readonly dead: readonly DeadServer[];
  /** Where usable real servers stand, and the services that have some. */
  readonly usable: { readonly places: ReadonlySet<Place>; readonly services: ReadonlySet<string> };
  /** Findings that a service as a whole does not work, by service. */
  readonly services: ReadonlyMap<string, readonly Finding[]>;
  readonly own: readonly OwnEvidence[];
  /** Findings that are no evidence of a cause, but may follow from one. */
  readonly others: readonly Finding[];
  /** As in `PagingState`. */
  readonly members: PagingState['members'];
}

/** Findings about single real servers, which they name. */
const serverKinds: ReadonlySet<FindingKind> = new Set([
  'server-left',
  'server-drained',
  'real-server-missing',
  'weight-zero',
]);

/** Findings about all real servers of a service. */
const serviceKinds: ReadonlySet<FindingKind> = new Set([
  'service-without-server',
  'pool-empty',
  'pool-weight-zero',
  'quorum-lost',
  'sorry-server-active',
  'service-missing',
  'service-left',
]);

/** Collects the evidence; `before` are the members of services as known before. */
export function evidenceOf(facts: PagingFacts, before: PagingState['members']): Evidence {
  const { pools, own } = facts;
  const findings = facts.findings.filter(({ severity }) => severity !== 'notice');
  const services = findingsByService(findings);
  const troubled = new Set([...services.keys(), ...serversNamedBy(findings).map(serviceOf)]);
  const members = membersAfter(before, pools, troubled);
  const placed = placerOf(facts.topology);
  const dying = new Map<string, Finding[]>();
  const add = (archive: string, finding: Finding): void => {
    const all = dying.get(archive);
    if (all === undefined) dying.set(archive, [finding]);
    else all.push(finding);
  };
  const isUsable = (archive: string): boolean => (pools.get(serviceOf(archive))?.get(nameWithin(archive)) ?? 0) > 0;
  for (const finding of findings) {
    if (serverKinds.has(finding.kind))
      for (const archive of serversOf(finding)) if (!isUsable(archive)) add(archive, finding);
  }
  for (const [service, all] of services) {
    for (const name of namesOf(members[service])) {
      const archive = `${service}/${name}`;
      if (!isUsable(archive)) for (const finding of all) add(archive, finding);
    }
  }
  const usable = usableOf(facts, (archive, proof) => {
    for (const finding of proof) add(archive, finding);
  });
  const dead = [...dying].map(([archive, all]): DeadServer => {
    const unique = [...new Set(all)];
    return { ...placed(archive), findings: unique, sinceS: Math.min(...unique.map(({ sinceS }) => sinceS)) };
  });
  const proofs = new Set(own.map(({ finding }) => findingId(finding)));
  const isOther = (one: Finding): boolean =>
    !serverKinds.has(one.kind) && !serviceKinds.has(one.kind) && !proofs.has(findingId(one));
  return { dead, usable, services, own, members, others: findings.filter(isOther) };
}

/** The usable real servers; those whose place is reported as dead are not, whatever the table says. */
function usableOf(
  { pools, own, topology }: PagingFacts,
  onProof: (archive: string, proof: readonly Finding[]) => void,
): Evidence['usable'] {
  const usable = { places: new Set<Place>(), services: new Set<string>() };
  const ownOf = ownByPlace(own);
  for (const [service, pool] of pools) {
    for (const [name, weight] of pool) {
      const { place } = placeOfServer(topology, name);
      const proof = ownOf(place);
      if (proof.length > 0) onProof(`${service}/${name}`, proof);
      else if (weight > 0) {
        usable.places.add(place);
        usable.services.add(service);
      }
    }
  }
  return usable;
}

/** The real servers that a finding names. */
function serversOf({ archives }: Finding): readonly string[] {
  return archives.filter((archive) => archive.includes('/') && !isOfDirector(archive));
}

function serversNamedBy(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap((one) => (serverKinds.has(one.kind) ? serversOf(one) : []));
}

/** The services that as a whole do not work, by the findings that say so. */
export function troubledServices(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  return findingsByService(findings.filter(({ severity }) => severity !== 'notice'));
}

function findingsByService(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (!serviceKinds.has(finding.kind)) continue;
    for (const service of new Set(finding.archives.map(serviceOf))) {
      if (!isOfDirector(service)) found.set(service, [...(found.get(service) ?? []), finding]);
    }
  }
  return found;
}

/** The members of services none of which is in trouble. */
export function calmMembers(pools: Pools): PagingState['members'] {
  return membersAfter({}, pools, new Set());
}

/** A service that is in trouble keeps the real servers that it had before. */
function membersAfter(
  before: PagingState['members'],
  pools: Pools,
  troubled: ReadonlySet<string>,
): PagingState['members'] {
  const members: Record<string, string> = {};
  for (const [service, pool] of pools) {
    const kept = troubled.has(service) ? namesOf(before[service]) : [];
    members[service] = [...new Set([...kept, ...pool.keys()])].join(' ');
  }
  for (const service of troubled) {
    const kept = before[service];
    if (!pools.has(service) && kept !== undefined) members[service] = kept;
  }
  return members;
}

function namesOf(members: string | undefined): readonly string[] {
  return members === undefined || members === '' ? [] : members.split(' ');
}
