// The loss of a host, a rack or a data centre as a question about the map: what goes with it, without its load, which `survive` judges.

import { parseServiceName } from '../../model/names/name.js';
import type { Policy } from '../../model/policy/policy.js';
import { standingsOf, survivalOf } from '../../model/redundancy/survival.js';
import { type LostPlace, lossesWithout, placeNamed, type ServiceLoss } from '../../model/redundancy/without.js';
import type { Pools } from '../../model/table/pools.js';
import { rackOf } from '../../model/topology/topology.js';
import { serviceNodeId } from '../graph/service-index.js';
import type { MapQuestion } from './choice.js';

/** The losses with a place. */
export interface PlaceLoss {
  readonly place: LostPlace;
  readonly losses: readonly ServiceLoss[];
}

/** A loss, and the question that shows it on the map. */
export interface AskedLoss {
  readonly question: MapQuestion;
  readonly report: PlaceLoss;
}

/** The loss of a place, by its name. Throws a `UserError` if nothing has that name. */
export function lossOf(
  { pools, policy }: { readonly pools: Pools; readonly policy: Pick<Policy, 'topology' | 'thresholds'> },
  name: string,
): AskedLoss {
  const { topology, thresholds } = policy;
  const ground = { allowed: thresholds.spare, partners: [] };
  const services = [...pools].map(([service, pool]) => {
    const standings = standingsOf(topology, service, pool);
    return survivalOf({ service, standings, peak: null, required: null }, ground);
  });
  const standings = services.flatMap((one) => one.standings);
  const place = placeNamed(name, topology, standings);
  const losses = lossesWithout(place, services, ground);
  const lost = topology.hosts.filter((host) => {
    return { host: host.host, rack: rackOf(host), dc: host.dc }[place.level] === place.name;
  });
  const servers = standings.filter((one) => one.place[place.level] === place.name).map(({ address }) => address);
  const hosts = new Set([...(place.level === 'host' ? [place.name] : []), ...lost.map(({ host }) => host), ...servers]);
  const ids = losses.flatMap(({ service }) => {
    const id = parseServiceName(service);
    return id === null ? [] : [serviceNodeId(id)];
  });
  return { question: { kind: 'without', hosts, services: new Set(ids) }, report: { place, losses } };
}
