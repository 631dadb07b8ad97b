// The verdicts on peers of each agent's newest round, all parts of it together.

import { mostPeers, type PeerReport } from '../../model/links/report.js';

/** The most verdicts of all agents; one agent has as many as a report at most. */
const mostInAll = 100_000;

/** Verdicts by agent. */
export class KeptPeers {
  readonly #byAgent = new Map<string, readonly PeerReport[]>();
  readonly #mostInAll: number;
  #count = 0;

  constructor(most = mostInAll) {
    this.#mostInAll = most;
  }

  /** Takes those of a report. The first part of a round replaces the round before; the others add to it. The newest on a target counts. */
  take(agent: string, reported: readonly PeerReport[], isFirstPart: boolean): void {
    const earlier = isFirstPart ? [] : this.of(agent);
    const own = new Map([...earlier, ...reported].map((one) => [`${one.member} ${one.svc}`, one]));
    this.forget(agent);
    const kept = [...own.values()].slice(0, Math.min(mostPeers, this.#mostInAll - this.#count));
    if (kept.length > 0) this.#byAgent.set(agent, kept);
    this.#count += kept.length;
  }

  /** Those of an agent. */
  of(agent: string): readonly PeerReport[] {
    return this.#byAgent.get(agent) ?? [];
  }

  /** The agents that have some, with these. */
  all(): ReadonlyMap<string, readonly PeerReport[]> {
    return this.#byAgent;
  }

  /** Drops an agent. */
  forget(agent: string): void {
    this.#count -= this.of(agent).length;
    this.#byAgent.delete(agent);
  }
}
