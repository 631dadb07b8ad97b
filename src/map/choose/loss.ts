// The loss of a host, a rack or a data centre as a question about the map: what goes with it, without its load, which `survive` judges.

import { nameOfNode } from '../../model/map/fleet-map.js';
import { parseServiceName } from '../../model/names/name.js';
import { survivalOf } from '../../model/redundancy/survival.js';
import { type LostPlace, lossesWithout, placeNamed, type ServiceLoss } from '../../model/redundancy/without.js';
import { hostOfAddress, rackOf, type Topology, type TopologyHost } from '../../model/topology/topology.js';
import type { GraphNode } from '../graph/fleet-graph.js';
import { serviceNodeId } from '../graph/service-index.js';
import type { PlacedPool } from '../placed-pools.js';
import type { MapQuestion } from './choice.js';
import { type Dependants, type DependenceGraph, dependantsOf } from './dependants.js';
import { type Directors, type LostDirector, lostDirector } from './lost-director.js';

/** The losses with a place. */
export interface PlaceLoss {
  readonly place: LostPlace;
  /** Services that lose usable real servers. */
  readonly losses: readonly ServiceLoss[];
  /** Whether any real server stands there, also one of weight 0. */
  readonly hasServers: boolean;
  /** Those that are connected to the hosts there. */
  readonly dependants: Dependants;
  /** The director that the host is; null if it is none. */
  readonly director: LostDirector | null;
  /** All services of the table. */
  readonly services: number;
}

/** A loss, and the question that shows it on the map. */
export interface AskedLoss {
  readonly question: MapQuestion;
  readonly report: PlaceLoss;
}

/** The facts by which a loss is judged. Places of hosts come from the topology, and from the graph for those that it lacks; `pools` are placed by both. */
export interface LossGround {
  readonly pools: readonly PlacedPool[];
  readonly graph: DependenceGraph;
  readonly topology: Topology;
  readonly directors: Directors;
}

/** The loss of a place, by its name. Throws a `UserError` if nothing has that name. */
export function lossOf({ pools, graph, topology, directors }: LossGround, name: string): AskedLoss {
  const servers = pools.flatMap(({ service, servers: own }) =>
    own.map((server) => ({ ...server, archive: `${service}/${server.name}` })),
  );
  const known = { hosts: [...topology.hosts, ...hostsBeside(graph, topology)], tables: topology.tables };
  const place = placeNamed(hostOfAddress(topology, name)?.host ?? hostNameOf(graph, name), known, servers);
  const isThere = (one: (typeof servers)[number]): boolean => one.place[place.level] === place.name;
  // No peaks: how much the others would have to bear is a question for `survive`.
  const ground = { allowed: Number.POSITIVE_INFINITY, partners: [] };
  const services = pools.map(({ service, servers: own }) => {
    const usable = own.filter(({ weight }) => weight > 0);
    const standings = usable.map((server) => ({ ...server, archive: `${service}/${server.name}` }));
    return survivalOf({ service, standings, peak: null, required: null }, ground);
  });
  const losses = lossesWithout(place, services, ground);
  const lost = known.hosts.filter((host) => {
    return { host: host.host, rack: rackOf(host), dc: host.dc }[place.level] === place.name;
  });
  const gone = servers.filter(isThere);
  const hosts = new Set([
    ...(place.level === 'host' ? [place.name] : []),
    ...lost.map(({ host }) => host),
    ...gone.map(({ address }) => address),
  ]);
  const ids = losses.flatMap(({ service }) => {
    const id = parseServiceName(service);
    return id === null ? [] : [serviceNodeId(id)];
  });
  return {
    question: { kind: 'without', hosts, services: new Set(ids) },
    report: {
      ...{ place, losses, hasServers: gone.length > 0, services: pools.length },
      dependants: dependantsOf(graph, hosts, pools),
      director: place.level === 'host' ? lostDirector(directors, place.name) : null,
    },
  };
}

/** The hosts of a graph that a topology lacks. */
function hostsBeside({ nodes }: Pick<DependenceGraph, 'nodes'>, topology: Topology): readonly TopologyHost[] {
  const listed = new Set(topology.hosts.map(({ host }) => host));
  return nodes.flatMap((node): readonly TopologyHost[] => {
    const host = nameOfNode(node);
    return node.kind !== 'host' || listed.has(host) ? [] : [{ host, ...placeOfNode(node) }];
  });
}

/** A rack of a node is its identity, with the data centre. */
function placeOfNode({ rack, dc, role }: GraphNode): Omit<TopologyHost, 'host'> {
  const isWhole = rack !== null && dc !== null && rack.startsWith(`${dc}/`);
  return { rack: isWhole ? rack.slice(dc.length + 1) : rack, dc, role };
}

/** The name of the only host on the graph that has an address; otherwise the text itself. */
function hostNameOf({ nodes }: Pick<DependenceGraph, 'nodes'>, text: string): string {
  const owners = nodes.filter(({ kind, members }) => kind === 'host' && members.includes(text));
  const [owner] = owners;
  return owner === undefined || owners.length > 1 ? text : nameOfNode(owner);
}
