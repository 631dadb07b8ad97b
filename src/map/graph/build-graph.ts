// Builds the graph from the director's table, the topology, the agents and the data file.

import { parseTarget } from '../../model/links/target.js';
import { reportsAll } from '../../model/map/fleet.js';
import { hostRole } from '../../model/map/fleet-map.js';
import { parseEndpoint } from '../../model/names/name.js';
import { UserError } from '../../model/user-error.js';
import type { AddedEdge, MapInput } from '../map-input.js';
import { finish, type Steps } from '../steps.js';
import { addConnections, type GraphGround, type PlacedAgent } from './add-connections.js';
import type { FleetGraph } from './fleet-graph.js';
import { GraphBuilder } from './graph-builder.js';
import { Places } from './place-addresses.js';
import { serviceNodeIds } from './service-index.js';
import { ServiceNodes } from './service-nodes.js';

/** Builds it. Throws a `UserError` that names a wrong entry of the data file. */
export function buildGraph(input: MapInput): FleetGraph {
  return finish(buildInSteps(input));
}

/** Builds it in steps of some tens of microseconds each; the longest is a few milliseconds at 50,000 edges. Throws as `buildGraph`. */
export function* buildInSteps(input: MapInput): Steps<FleetGraph> {
  const builder = new GraphBuilder();
  const services = new ServiceNodes(builder, input.services);
  yield;
  const places = new Places(builder, input);
  yield;
  const agents: PlacedAgent[] = [];
  for (const agent of input.agents) {
    agents.push({ agent, node: places.agent(agent) });
    yield;
  }
  for (const node of input.added.nodes) {
    places.add(node);
    yield;
  }
  places.addNames();
  yield* services.addServers(places, agents);
  const ground = { builder, places, services };
  yield* addConnections(agents, ground);
  for (const agent of agents) {
    addLinks(agent, ground);
    yield;
  }
  for (const edge of input.added.edges) {
    addEdge(edge, ground);
    yield;
  }
  return yield* builder.finish(input.topology.hosts.flatMap(({ role }) => (role === null ? [] : [hostRole(role)])));
}

function addLinks({ agent, node }: PlacedAgent, { builder, places, services }: GraphGround): void {
  const isWhole = reportsAll(agent);
  for (const { to, isLost, isStale } of agent.links) {
    const { address, port } = parseTarget(to) ?? { address: to, port: null };
    const own = port === null ? null : services.index.at(address, port);
    const possible = own === null ? services.index.ofVip(address) : [own];
    const end = possible.length === 0 ? places.of(address) : services.oneOf(possible);
    // An agent that reports all of its connections, and none to here, has none; but agents see TCP only.
    const isSeen = isWhole && !services.index.hasOtherThanTcp(address, possible);
    builder.edge(node, end, { connections: isSeen ? 0 : null, link: { isLost, isStale } });
  }
}

function addEdge({ from, to, connections, at }: AddedEdge, ground: GraphGround): void {
  const [start, end] = [from, to].map((name) => {
    const found = namedNode(name, ground);
    if (found !== null) return found;
    throw new UserError(
      'bad-config',
      `${at}: there is no "${name}": write a host, an agent, a service such as 192.0.2.1:80, clients of the policy, or a node of this file`,
    );
  });
  if (start === end) throw new UserError('bad-config', `${at}: "${from}" and "${to}" are the same node`);
  ground.builder.edge(start ?? 0, end ?? 0, { connections });
}

function namedNode(name: string, { builder, places, services }: GraphGround): number | null {
  const endpoint = parseEndpoint(name);
  const service = endpoint === null ? null : services.index.at(endpoint.address, endpoint.port);
  if (service !== null) return services.node(service);
  const found = [`host:${name}`, name, `clients:${name}`, ...serviceNodeIds(name).filter((id) => services.has(id))]
    .map((id) => builder.find(id))
    .find((node) => node !== null);
  if (found !== undefined) return found;
  const address = parseTarget(name);
  return address === null || address.port !== null ? places.listed(name) : places.of(address.address);
}
