// Where agents and targets stand: the topology's word, or else what the agent of the host says itself.

import { hostNamed, type Topology, type TopologyHost } from '../../model/topology/topology.js';
import type { AgentState } from './agent-state.js';
import { hostOfTarget } from './target-host.js';

/** The far end of a link: its host, or its address where the topology lacks it, its data centre and its role; null if unknown. */
export interface FarEnd {
  readonly host: string;
  readonly dc: string | null;
  readonly role: string | null;
}

/** The places of the hosts of a live table. */
export class Places {
  readonly #agents: ReadonlyMap<string, AgentState>;
  readonly #topology: () => Topology;
  /** Agents by the addresses of their hosts. */
  readonly #byAddress = new Map<string, string>();

  constructor(agents: ReadonlyMap<string, AgentState>, topology: () => Topology) {
    this.#agents = agents;
    this.#topology = topology;
  }

  /** Gives an agent its addresses instead of those that it had. */
  move(agent: AgentState, addresses: ReadonlySet<string>): void {
    for (const address of agent.addresses) if (!addresses.has(address)) this.#byAddress.delete(address);
    for (const address of addresses) this.#byAddress.set(address, agent.name);
    agent.addresses = addresses;
  }

  /** Drops an agent. */
  forget({ name, addresses }: AgentState): void {
    for (const address of addresses) if (this.#byAddress.get(address) === name) this.#byAddress.delete(address);
  }

  /** The far ends of links now. Each target is looked up once, though many links lead to it: do not keep the function. */
  ends(): (to: string) => FarEnd {
    const topology = this.#topology();
    const known = new Map<string, FarEnd>();
    return (to) => {
      const own = known.get(to) ?? this.#farEnd(to, topology);
      known.set(to, own);
      return own;
    };
  }

  #farEnd(to: string, topology: Topology): FarEnd {
    const { address, host } = hostOfTarget(topology, to);
    const agent = this.#agents.get(this.#byAddress.get(address) ?? '');
    const { dc, role } = agent?.about ?? {};
    return { host: host?.host ?? address, dc: host?.dc ?? dc ?? null, role: host?.role ?? role ?? null };
  }

  /** The data centre and the role of an agent; null if unknown. */
  of({ name, about, addresses }: AgentState): Pick<FarEnd, 'dc' | 'role'> {
    const host = this.#hostOf(name, addresses);
    return { dc: host?.dc ?? about.dc ?? null, role: host?.role ?? about.role ?? null };
  }

  #hostOf(name: string, addresses: ReadonlySet<string>): TopologyHost | null {
    const topology = this.#topology();
    const own = hostNamed(topology, name);
    if (own !== null) return own;
    for (const address of addresses) {
      const { host } = hostOfTarget(topology, address);
      if (host !== null) return host;
    }
    return null;
  }
}
