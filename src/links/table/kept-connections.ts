// The connections of each agent's newest round, all parts of it together. They are for the map only, so a restart may forget them: each agent
// reports them again within a round.

import type { PeerConnections } from '../../model/links/report.js';
import { packConnections, unpackConnections } from '../../model/map/packed-connections.js';

/** The connections of an agent. */
export interface AgentConnections {
  /** Packed (packed-connections.ts). */
  readonly packed: string;
  /** Lines of the packed text, and reported ones that exceeded a limit. */
  readonly count: number;
  readonly leftOut: number;
}

/** The limits, in packed lines: one agent reports 5,000 kinds of connections at most, and 20,000 agents have 25 on average. */
export interface ConnectionLimits {
  readonly ofAgent: number;
  readonly inAll: number;
}

const standardLimits: ConnectionLimits = { ofAgent: 5000, inAll: 500_000 };

const none: AgentConnections = { packed: '', count: 0, leftOut: 0 };

/** Connections by agent. */
export class KeptConnections {
  readonly #limits: ConnectionLimits;
  readonly #byAgent = new Map<string, AgentConnections>();
  #count = 0;

  constructor(limits = standardLimits) {
    this.#limits = limits;
  }

  /** Takes those of a report. The first part of a round replaces the round before; the others add to it. */
  take(name: string, reported: readonly PeerConnections[], isFirstPart: boolean): void {
    const before = this.of(name);
    const earlier = isFirstPart ? none : before;
    this.#count -= before.count;
    const packed = packConnections([...unpackConnections(earlier.packed), ...reported]);
    const lines = packed === '' ? [] : packed.split('\n');
    const room = Math.min(this.#limits.ofAgent, this.#limits.inAll - this.#count);
    const count = Math.min(lines.length, room);
    const kept = count === lines.length ? packed : lines.slice(0, count).join('\n');
    this.#byAgent.set(name, { packed: kept, count, leftOut: earlier.leftOut + lines.length - count });
    this.#count += count;
  }

  /** Those of an agent; none if it never reported any. */
  of(name: string): AgentConnections {
    return this.#byAgent.get(name) ?? none;
  }

  /** Drops an agent. */
  forget(name: string): void {
    this.#count -= this.of(name).count;
    this.#byAgent.delete(name);
  }
}
