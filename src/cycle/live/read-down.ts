// Whatever is down, and where it stands, for metrics: the evidence of pages (interpret/paging). A pager remembers which real servers a service had
// before it failed; here that comes from the archives, which know when each of them left.

import { type Evidence, evidenceOf, troubledServices } from '../../interpret/paging/evidence.js';
import type { DownFacts, DownServer, ExportedHost, TroubledService } from '../../metrics/down-metrics.js';
import type { ArchiveInfo } from '../../model/archive.js';
import type { KnownState } from '../../model/cycle.js';
import { type Finding, findingId, worstFirst } from '../../model/finding/finding.js';
import { isOfDirector, nameWithin, serviceOf } from '../../model/names/name.js';
import { type Pools, poolsOf } from '../../model/table/pools.js';
import { type Place, placeOfServer } from '../../model/topology/place.js';
import type { Topology } from '../../model/topology/topology.js';

/** The state of a director. */
export interface DownGround {
  readonly known: Pick<KnownState, 'director' | 'retention'>;
  /** Open findings that are not silenced. */
  readonly findings: readonly Finding[];
  readonly topology: Topology;
}

/** Reads what is down; the archives are listed only if a service as a whole does not work. */
export async function readDown(
  archives: { list(): Promise<readonly ArchiveInfo[]> },
  { known, findings, topology }: DownGround,
): Promise<DownFacts> {
  const pools = poolsOf(known);
  const troubled = troubledServices(findings);
  const listed = troubled.size === 0 ? [] : await archives.list();
  const members = membersAtFailure(listed, troubled, 2 * known.retention.stepS);
  const evidence = evidenceOf({ findings, own: [], pools, topology }, members);
  return {
    servers: evidence.dead.map(downServer),
    services: servicesOf(evidence, pools),
    hosts: hostsOf(evidence, pools, topology),
    explained: explainedOf(evidence, findings),
  };
}

/** The real servers that services had when they failed, or shortly before: those that are there or left since. */
function membersAtFailure(
  listed: readonly ArchiveInfo[],
  troubled: ReadonlyMap<string, readonly Finding[]>,
  shortlyS: number,
): Readonly<Record<string, string>> {
  const members = new Map<string, string[]>();
  for (const { name, goneS } of listed) {
    const findings = name.includes('/') ? troubled.get(serviceOf(name)) : undefined;
    if (findings === undefined) continue;
    const failedS = Math.min(...findings.map(({ sinceS }) => sinceS));
    if (goneS !== null && goneS < failedS - shortlyS) continue;
    members.set(serviceOf(name), [...(members.get(serviceOf(name)) ?? []), nameWithin(name)]);
  }
  return Object.fromEntries([...members].map(([service, names]) => [service, names.join(' ')]));
}

function downServer({ service, endpoint, host, rack, dc, findings, sinceS }: Evidence['dead'][number]): DownServer {
  return { service, endpoint, host, rack, dc, sinceS, severity: worstFirst(findings)[0]?.severity ?? 'warning' };
}

function servicesOf({ dead, services }: Evidence, pools: Pools): readonly TroubledService[] {
  const names = new Set([...services.keys(), ...dead.map(({ service }) => service)]);
  return [...names].map((service) => {
    const findings = services.get(service) ?? [];
    const down = worstFirst(findings)[0];
    const sinceS = Math.min(...findings.map((one) => one.sinceS));
    const weights = [...(pools.get(service)?.values() ?? [])];
    return {
      service,
      usable: weights.filter((weight) => weight > 0).length,
      down: down === undefined ? null : { severity: down.severity, sinceS },
    };
  });
}

/** Hosts with real servers: those that get connections, and those that are down. */
function hostsOf({ dead }: Evidence, pools: Pools, topology: Topology): readonly ExportedHost[] {
  const hosts = new Map<string, { readonly place: Place; usable: number }>();
  const add = (place: Place, count: number): void => {
    const own = hosts.get(place.host) ?? { place, usable: 0 };
    own.usable += count;
    hosts.set(place.host, own);
  };
  for (const pool of pools.values())
    for (const [name, weight] of pool) if (weight > 0) add(placeOfServer(topology, name).place, 1);
  for (const { host, rack, dc } of dead) add({ host, rack, dc }, 0);
  return [...hosts.values()].map(({ place, usable }) => ({ ...place, usable }));
}

/** Findings that are evidence, and those most of whose services lost real servers. */
function explainedOf({ dead, services, others }: Evidence, findings: readonly Finding[]): ReadonlySet<string> {
  const broken = new Set([...services.keys(), ...dead.map(({ service }) => service)]);
  const alone = others.filter(({ archives }) => {
    const own = [...new Set(archives.map(serviceOf))].filter((service) => !isOfDirector(service));
    return own.length === 0 || 2 * own.filter((service) => broken.has(service)).length < own.length;
  });
  const left = new Set(alone.map(findingId));
  return new Set(findings.map(findingId).filter((id) => !left.has(id)));
}
