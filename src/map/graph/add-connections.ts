// Adds the connections of agents to the graph.
//
// A connection between hosts with agents is reported at both ends: going out from one, coming in to the other, where the agent shows the network
// of the peer only. The end that it goes out from is counted. Of those that come in from a network, only what exceeds the ones that go out from
// its hosts is from clients without an agent. A connection through a service is counted on the way to the service where it begins, and on the way
// to the real server where it ends.

import { type FleetAgent, reportsAll } from '../../model/map/fleet.js';
import { unpackConnections } from '../../model/map/packed-connections.js';
import type { Steps } from '../steps.js';
import type { GraphBuilder } from './graph-builder.js';
import { foldedKey, type Places } from './place-addresses.js';
import type { ServiceNodes } from './service-nodes.js';

/** An agent with its node. */
export interface PlacedAgent {
  readonly agent: FleetAgent;
  readonly node: number;
}

/** The graph and the means of finding nodes in it. */
export interface GraphGround {
  readonly builder: GraphBuilder;
  readonly places: Places;
  readonly services: ServiceNodes;
}

/** Connections that come in to one node, by peer. */
interface Incoming {
  readonly node: number;
  /** The keys under which those that go out are counted. */
  readonly keys: readonly string[];
  /** Not all of them are seen. */
  readonly isPartial: boolean;
  readonly byPeer: Map<string, Sum>;
}

interface Counted {
  readonly local: string;
  readonly peer: string;
  readonly port: number;
  readonly n: number;
}

/** A number of connections; unknown where an agent is silent, or has more than it reports. */
interface Sum {
  readonly n: number;
  readonly isUnknown: boolean;
}

/** Connections that are added in a step. */
const perStep = 100;

/** Adds the connections of agents. */
export function* addConnections(agents: readonly PlacedAgent[], ground: GraphGround): Steps<void> {
  const adding = new Adding(ground);
  for (const placed of agents) adding.noteSource(placed);
  for (const dir of ['out', 'in'] as const) {
    for (const placed of agents) {
      for (const [i, one] of unpackConnections(placed.agent.connections).entries()) {
        if (one.dir === dir) adding[dir](placed, one);
        if (i % perStep === 0) yield;
      }
    }
  }
  yield* adding.finish();
}

/** Those of a silent agent were there once: now they are unknown. */
function countNow({ agent }: PlacedAgent, n: number): number {
  return agent.isSilent ? Number.NaN : n;
}

class Adding {
  readonly #ground: GraphGround;
  /** Connections that go out, by where they lead and by their own address or its network. */
  readonly #outgoing = new Map<string, Sum>();
  /** Addresses and networks of agents that send more than they report. */
  readonly #partialSources = new Set<string>();
  readonly #incoming = new Map<string, Incoming>();
  readonly #folded = new Map<string, string>();

  constructor(ground: GraphGround) {
    this.#ground = ground;
  }

  /** Remembers the addresses of an agent that sends more than it reports. */
  noteSource({ agent }: PlacedAgent): void {
    if (agent.connections === '' || agent.isSilent || reportsAll(agent)) return;
    for (const address of agent.addresses) {
      this.#partialSources.add(address);
      this.#partialSources.add(this.#foldedOf(address));
    }
  }

  out(placed: PlacedAgent, { local, peer, port, n }: Counted): void {
    const { builder, places, services } = this.#ground;
    const service = services.index.at(peer, port);
    const to = service === null ? (services.unserved(peer, port) ?? places.of(peer)) : services.node(service);
    builder.edge(placed.node, to, { connections: countNow(placed, n) });
    const where = service === null ? endpointKey(peer, port) : serviceKey(service);
    for (const source of [local, this.#foldedOf(local)]) {
      const key = `${where} ${source}`;
      const sum = this.#outgoing.get(key) ?? none;
      this.#outgoing.set(key, { n: sum.n + n, isUnknown: sum.isUnknown || placed.agent.isSilent });
    }
  }

  in(placed: PlacedAgent, { local, peer, port, n }: Counted): void {
    const { builder, services } = this.#ground;
    const { node } = placed;
    const arriving = { n, isUnknown: placed.agent.isSilent };
    const service = services.index.at(local, port);
    const behind = service === null ? services.index.behind(local, port) : [service];
    if (behind.length === 0) {
      const unserved = services.unserved(local, port);
      if (unserved !== null) builder.edge(unserved, node, { connections: numberOf(arriving) });
      this.#arrived({ node: unserved ?? node, keys: [endpointKey(local, port)], isPartial: false }, peer, arriving);
      return;
    }
    // A connection that an agent reports straight to the real server did not come through the service.
    const rest = service === null ? less(arriving, this.#sentFrom(peer, [endpointKey(local, port)])) : arriving;
    if (rest.n <= 0) return;
    const via = services.oneOf(behind);
    builder.edge(via, node, { connections: numberOf(rest) });
    const isPartial = behind.some((own) => services.isPartlySeen(own));
    this.#arrived({ node: via, keys: behind.map(serviceKey), isPartial }, peer, rest);
  }

  #arrived(at: Omit<Incoming, 'byPeer'>, peer: string, { n, isUnknown }: Sum): void {
    const key = `${at.node} ${at.keys.join()}`;
    const incoming = this.#incoming.get(key) ?? { ...at, byPeer: new Map() };
    this.#incoming.set(key, incoming);
    const sum = incoming.byPeer.get(peer) ?? { n: 0, isUnknown: false };
    incoming.byPeer.set(peer, { n: sum.n + n, isUnknown: sum.isUnknown || isUnknown });
  }

  /** Those that agents at an address, or in a network, send to some places. */
  #sentFrom(peer: string, keys: readonly string[]): Sum {
    const source = peer.includes('/') ? this.#foldedOf(peer) : peer;
    const all = keys.map((key) => this.#outgoing.get(`${key} ${source}`) ?? none);
    return {
      n: all.reduce((sum, { n }) => sum + n, 0),
      isUnknown: this.#partialSources.has(source) || all.some(({ isUnknown }) => isUnknown),
    };
  }

  /** Adds those that come in and that no agent sends. */
  *finish(): Steps<void> {
    const { builder, places } = this.#ground;
    for (const { node, keys, isPartial, byPeer } of this.#incoming.values()) {
      for (const [peer, arrived] of byPeer) {
        const rest = less(arrived, this.#sentFrom(peer, keys));
        if (rest.n > 0) {
          builder.edge(places.of(peer), node, { connections: isPartial ? Number.NaN : numberOf(rest) });
        }
        yield;
      }
    }
  }

  #foldedOf(text: string): string {
    const known = this.#folded.get(text);
    if (known !== undefined) return known;
    const key = foldedKey(text) ?? text;
    this.#folded.set(text, key);
    return key;
  }
}

const none: Sum = { n: 0, isUnknown: false };

/** The connections that arrive beyond those that agents send. */
function less(arrived: Sum, sent: Sum): Sum {
  return { n: arrived.n - sent.n, isUnknown: arrived.isUnknown || sent.isUnknown };
}

function numberOf({ n, isUnknown }: Sum): number {
  return isUnknown ? Number.NaN : n;
}

function serviceKey(service: number): string {
  return `service ${service}`;
}

function endpointKey(address: string, port: number): string {
  return `${address} ${port}`;
}
