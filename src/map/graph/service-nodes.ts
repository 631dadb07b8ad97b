// The nodes of virtual services, and the ways from them to their real servers.

import { reportsAll } from '../../model/map/fleet.js';
import { servicesRole, unknownRole } from '../../model/map/fleet-map.js';
import type { MapServer, MapService } from '../map-input.js';
import type { Steps } from '../steps.js';
import type { PlacedAgent } from './add-connections.js';
import type { GraphBuilder } from './graph-builder.js';
import type { Places } from './place-addresses.js';
import { ServiceIndex, serviceNodeId } from './service-index.js';

/** The nodes of services. */
export class ServiceNodes {
  readonly index: ServiceIndex;
  readonly #builder: GraphBuilder;
  readonly #services: readonly MapService[];
  readonly #nodes: readonly number[];
  readonly #ids: ReadonlySet<string>;
  /** Services with a real server whose agent does not report all of its connections now. */
  readonly #partlySeen = new Set<number>();

  constructor(builder: GraphBuilder, services: readonly MapService[]) {
    this.#builder = builder;
    this.#services = services;
    this.index = new ServiceIndex(services);
    this.#ids = new Set(services.map(({ id }) => serviceNodeId(id)));
    const common = { kind: 'virtual-service', role: servicesRole, dc: null, rack: null, isKnown: true } as const;
    this.#nodes = services.map(({ id }) => builder.node({ id: serviceNodeId(id), ...common }));
  }

  /** Adds the ways to real servers, given the agents that are there. */
  *addServers(places: Places, agents: readonly PlacedAgent[]): Steps<void> {
    const seen = new Set(agents.flatMap(({ agent, node }) => (reportsAll(agent) ? [node] : [])));
    for (const [i, service] of this.#services.entries()) {
      for (const server of service.servers) {
        const node = places.of(server.address);
        this.#builder.server(server.address, node);
        if (!seen.has(node)) this.#partlySeen.add(i);
        // Where connections would be seen, none is zero.
        const connections = seen.has(node) && this.#isSeenAt(service, server) ? 0 : null;
        this.#builder.edge(this.node(i), node, { connections });
        yield;
      }
    }
  }

  /** Agents see TCP; a service by mark has no address of its own; a real server of several services is one of them. */
  #isSeenAt({ id }: MapService, { address, port, forwarding }: MapServer): boolean {
    if (id.kind === 'mark' || id.protocol !== 'tcp') return false;
    return forwarding !== 'Masq' || this.index.behind(address, port).length === 1;
  }

  /** Whether the table has a service of a node's id. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The node of a service. */
  node(service: number): number {
    return this.#nodes[service] ?? 0;
  }

  /**
   * The node of a virtual address and a port that no service has, which is in no configuration; null if the address is not virtual, or has a service
   * there.
   */
  unserved(address: string, port: number): number | null {
    if (this.index.ofVip(address).length === 0 || this.index.at(address, port) !== null) return null;
    const id = serviceNodeId({ kind: 'address', protocol: 'tcp', address, port });
    const place = { role: unknownRole, dc: null, rack: null };
    return this.#builder.node({ id, kind: 'virtual-service', ...place, isKnown: false });
  }

  /** Whether connections to a service may end where nobody reports them. */
  isPartlySeen(service: number): boolean {
    return this.#partlySeen.has(service);
  }

  /** The node of one service of several, without a guess which; that of the service if there is only one. */
  oneOf(services: readonly number[]): number {
    const [only = 0] = services;
    if (services.length === 1) return this.node(only);
    const ids = services.flatMap((i) => this.#services.slice(i, i + 1).map(({ id }) => serviceNodeId(id))).sort();
    const id = `one-of:${ids.map((own) => own.slice(own.indexOf(':') + 1)).join(' | ')}`;
    const node = this.#builder.node({ id, kind: 'one-of', role: servicesRole, dc: null, rack: null, isKnown: true });
    for (const own of ids) this.#builder.member(node, own);
    return node;
  }
}
