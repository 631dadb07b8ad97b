// A simulated pool: hosts with services, ways between them that lose packets or are cut in one direction, a failure detector that behaves like Serf's
// (indirect probes, suspicion that takes seconds, slow reconnection), and on each host the state machine with its clock. Seeded; nothing is real but
// the state machine.

import type { Member, MemberStatus, PeerTarget } from '../../src/peers/member.js';
import { parseServices, targetKey } from '../../src/peers/member.js';
import {
  initialState,
  type PeersEffect,
  type PeersInput,
  type PeersPolicy,
  type PeersState,
} from '../../src/peers/state.js';
import { nextTickMs, step } from '../../src/peers/step.js';
import type { Outcome } from '../../src/peers/votes.js';
import { randomFrom } from '../random.js';
import { openTimeline } from './timeline.js';

/** The behaviour of a service. */
export type ServiceState = 'up' | 'killed' | 'hung' | 'wrong';

/** A simulated host. */
export interface SimHost {
  readonly name: string;
  readonly services: Map<string, ServiceState>;
  isUp: boolean;
  hasLeft: boolean;
  /** Error of its clock, ms. */
  skewMs: number;
  /** Longest delay that it adds to all that it does, ms. */
  slowMs: number;
  state: PeersState;
  /** Raised by a restart: what was under way is lost. */
  life: number;
  readonly view: Map<string, MemberStatus>;
}

/** An effect that a test looks at. */
export interface Noted {
  readonly atMs: number;
  readonly agent: string;
  readonly life: number;
  readonly effect: PeersEffect;
  /** For a verdict: the service or its host was down, or out of the agent's reach, at most a minute before it. */
  readonly isRight: boolean;
}

/** Faults of the network. */
export interface Faults {
  /** Part of the packets that are lost. */
  loss: number;
  /** `a>b` for each way that is cut. */
  readonly cuts: Set<string>;
}

const roundMs = 5000;
const probeTimeoutMs = 2000;

const policyOf = (self: string): PeersPolicy => ({
  self,
  asked: 3,
  askTimeoutMs: 4000,
  pollTimeoutMs: 2000,
  holdMs: 30_000,
});

export type Network = ReturnType<typeof openNetwork>;

/** A pool of hosts with these services each, all up and known to each other. */
export function openNetwork(seed: number, names: readonly string[], services = 'redis/6379') {
  const random = randomFrom(seed);
  const time = openTimeline();
  const faults: Faults = { loss: 0, cuts: new Set() };
  const hosts = new Map<string, SimHost>();
  const noted: Noted[] = [];
  /** When each fault of a service, a host or a way ended; infinite while it lasts. */
  const faultEnds = new Map<string, number>();
  const setFault = (key: string, isThere: boolean): void => {
    if (isThere) faultEnds.set(key, Number.POSITIVE_INFINITY);
    else if (faultEnds.get(key) === Number.POSITIVE_INFINITY) faultEnds.set(key, time.nowMs());
  };
  const isRight = (agent: string, effect: PeersEffect): boolean => {
    if (effect.type !== 'named') return true;
    const { target } = effect.verdict;
    const { member } = target;
    const faulty = [targetKey(target), member, `${agent}>${member}`, `${member}>${agent}`];
    return faulty.some((key) => (faultEnds.get(key) ?? Number.NEGATIVE_INFINITY) >= time.nowMs() - 60_000);
  };
  const questions = new Map<number, { asker: SimHost; life: number; ask: number }>();
  let [lastQuestion, version] = [0, 0];

  const between = (a: number, b: number): number => a + (b - a) * random();
  const delayMs = (host: SimHost): number => between(1, 30) + random() * host.slowMs;
  const passes = (a: SimHost, b: SimHost): boolean => a.isUp && b.isUp && !faults.cuts.has(`${a.name}>${b.name}`);
  const isLost = (tries: number): boolean => random() < faults.loss ** tries;

  /** Packets that members pass on reach all that some chain of ways leads to. */
  const gossips = (from: SimHost): ReadonlySet<SimHost> => {
    const reached = new Set(from.isUp ? [from] : []);
    for (const one of reached) for (const other of hosts.values()) if (passes(one, other)) reached.add(other);
    return reached;
  };

  const membersOf = (host: SimHost): readonly Member[] =>
    [...host.view].flatMap(([name, status]) => {
      const of = hosts.get(name);
      if (of === undefined) return [];
      const parsed = parseServices([...of.services.keys()].join(',')).services;
      return [{ name, address: name, status, isAgent: true, services: parsed }];
    });

  const give = (
    host: SimHost,
    input: PeersInput extends infer T ? (T extends unknown ? Omit<T, 'nowMs'> : never) : never,
  ): void => {
    if (!host.isUp) return;
    // Each agent's steady clock began at another moment.
    const nowMs = time.nowMs() + 1000 * host.name.length;
    const after = step(host.state, { ...input, nowMs } as PeersInput, policyOf(host.name));
    host.state = after.state;
    for (const effect of after.effects) carryOut(host, effect);
  };

  const giveLater = (host: SimHost, ms: number, input: Parameters<typeof give>[1]): void => {
    const { life } = host;
    time.after(ms, () => {
      if (host.life === life) give(host, input);
    });
  };

  const roundOf = (host: SimHost): number => Math.floor((time.nowMs() + host.skewMs) / roundMs);

  const tickOn = (host: SimHost): void => {
    const { life } = host;
    const untilRoundMs = (roundOf(host) + 1) * roundMs - (time.nowMs() + host.skewMs);
    const dueMs = nextTickMs(host.state, policyOf(host.name));
    const waitMs = Math.min(untilRoundMs, dueMs === null ? roundMs : dueMs - time.nowMs() - 1000 * host.name.length);
    time.after(Math.max(200, waitMs), () => {
      if (host.life !== life) return;
      give(host, { type: 'tick', round: roundOf(host) });
      tickOn(host);
    });
  };

  const probed = (host: SimHost, { member, service }: PeerTarget): { outcome: Outcome; ms: number } => {
    const target = hosts.get(member);
    const silent = { outcome: 'silent' as const, ms: probeTimeoutMs };
    if (target === undefined || !passes(host, target) || !passes(target, host)) return silent;
    // The first packet is sent again after a second, each with its answer.
    if (isLost(2) || isLost(2)) return silent;
    const ms = delayMs(host) + delayMs(target);
    const does = target.services.get(service ?? '');
    if (ms > probeTimeoutMs || does === 'hung') return silent;
    if (does === 'killed' || does === undefined) return { outcome: 'closed', ms };
    return { outcome: does === 'wrong' ? 'wrong' : 'alive', ms };
  };

  function carryOut(host: SimHost, effect: PeersEffect): void {
    noted.push({ atMs: time.nowMs(), agent: host.name, life: host.life, effect, isRight: isRight(host.name, effect) });
    if (effect.type === 'probe') {
      const { outcome, ms } = probed(host, effect.target);
      giveLater(host, ms, { type: 'probed', target: effect.target, outcome });
    }
    if (effect.type === 'ask') ask(host, effect);
    if (effect.type === 'poll') poll(host, effect.poll);
    if (effect.type === 'respond') respond(host, effect);
  }

  function ask(host: SimHost, { ask: id, names: asked, target }: PeersEffect & { type: 'ask' }): void {
    for (const other of gossips(host)) {
      if (!asked.includes(other.name) || isLost(2)) continue;
      lastQuestion += 1;
      questions.set(lastQuestion, { asker: host, life: host.life, ask: id });
      giveLater(other, delayMs(host) + between(0, 400), { type: 'question', question: lastQuestion, target });
    }
    giveLater(host, policyOf(host.name).askTimeoutMs, { type: 'over', id });
  }

  /** An answer goes straight back, and through two others. */
  function respond(host: SimHost, { question, outcome }: PeersEffect & { type: 'respond' }): void {
    const asked = questions.get(question);
    if (asked === undefined || asked.life !== asked.asker.life) return;
    if (!gossips(host).has(asked.asker) || isLost(2)) return;
    giveLater(asked.asker, delayMs(host), { type: 'answer', ask: asked.ask, from: host.name, outcome });
  }

  function poll(host: SimHost, id: number): void {
    for (const other of gossips(host)) {
      if (other === host || !gossips(other).has(host) || isLost(2)) continue;
      giveLater(host, between(10, 600) + delayMs(other), { type: 'acknowledged', poll: id, from: other.name });
    }
    giveLater(host, policyOf(host.name).pollTimeoutMs, { type: 'over', id });
  }

  const see = (host: SimHost, name: string, status: MemberStatus): void => {
    if (host.view.get(name) === status) return;
    host.view.set(name, status);
    give(host, { type: 'members', members: membersOf(host) });
  };

  /** Serf, after the network has changed: each member comes to its own belief about each other, after a while. */
  const changed = (): void => {
    version += 1;
    const own = version;
    for (const host of hosts.values()) {
      const reached = gossips(host);
      for (const other of hosts.values()) {
        if (other === host || other.hasLeft) continue;
        const isReached = reached.has(other) && gossips(other).has(host);
        const status = host.view.get(other.name);
        if (status === (isReached ? 'alive' : 'failed') || status === undefined) continue;
        const { life } = host;
        time.after(isReached ? between(500, 30_000) : between(3000, 15_000), () => {
          if (own === version && host.life === life && !other.hasLeft)
            see(host, other.name, isReached ? 'alive' : 'failed');
        });
      }
    }
  };

  const start = (host: SimHost): void => {
    host.life += 1;
    host.isUp = true;
    host.state = initialState;
    const { life } = host;
    // It asks its first peer for all others.
    time.after(between(100, 3000), () => {
      if (host.life !== life) return;
      for (const other of gossips(host)) {
        host.view.set(other.name, 'alive');
        see(other, host.name, 'alive');
      }
      for (const other of hosts.values())
        if (!host.view.has(other.name) && !other.hasLeft) host.view.set(other.name, 'failed');
      give(host, { type: 'members', members: membersOf(host) });
      tickOn(host);
      changed();
    });
  };

  const add = (name: string): SimHost => {
    const states = new Map(
      services
        .split(',')
        .filter(Boolean)
        .map((text) => [text, 'up' as ServiceState]),
    );
    const host: SimHost = {
      ...{ name, services: states, isUp: true, hasLeft: false, skewMs: 0, slowMs: 0, state: initialState, life: 0 },
      view: new Map([[name, 'alive']]),
    };
    hosts.set(name, host);
    return host;
  };

  for (const name of names) add(name);
  for (const host of hosts.values()) start(host);

  const hostOf = (name: string): SimHost => {
    const host = hosts.get(name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return host;
  };

  return {
    time,
    hosts,
    noted,
    random,
    setLoss(loss: number): void {
      faults.loss = loss;
    },
    /** Cuts ways `[from, to]`. */
    cut(ways: readonly (readonly [string, string])[]): void {
      for (const [from, to] of ways) {
        faults.cuts.add(`${from}>${to}`);
        setFault(`${from}>${to}`, true);
      }
      changed();
    },
    heal(): void {
      for (const way of faults.cuts) setFault(way, false);
      faults.cuts.clear();
      changed();
    },
    setService(name: string, service: string, state: ServiceState): void {
      hostOf(name).services.set(service, state);
      setFault(`${name} ${service}`, state !== 'up');
    },
    kill(name: string): void {
      const host = hostOf(name);
      host.isUp = false;
      host.life += 1;
      setFault(name, true);
      changed();
    },
    boot(name: string): void {
      const host = hostOf(name);
      host.view.clear();
      host.view.set(name, 'alive');
      host.hasLeft = false;
      setFault(name, false);
      start(host);
    },
    /** Only the agent starts anew. */
    restartAgent(name: string): void {
      const host = hostOf(name);
      host.life += 1;
      host.state = initialState;
      give(host, { type: 'members', members: membersOf(host) });
      tickOn(host);
      changed();
    },
    join(name: string): void {
      start(add(name));
    },
    leave(name: string): void {
      const host = hostOf(name);
      for (const other of gossips(host)) if (other !== host) see(other, name, 'left');
      setFault(name, true);
      host.isUp = false;
      host.hasLeft = true;
      host.life += 1;
      changed();
    },
    /** Serf loses a member by mistake, which refutes it. */
    doubt(by: string, about: string): void {
      see(hostOf(by), about, 'failed');
      time.after(between(500, 3000), () => {
        if (hostOf(about).isUp) see(hostOf(by), about, 'alive');
      });
    },
    /** Verdicts in force, `AGENT TARGET`. */
    verdicts(): readonly string[] {
      const open = new Set<string>();
      for (const { agent, life, effect } of noted) {
        if (hosts.get(agent)?.life !== life) continue;
        if (effect.type === 'named') open.add(`${agent}: ${targetKey(effect.verdict.target)}`);
        if (effect.type === 'cleared') open.delete(`${agent}: ${targetKey(effect.target)}`);
      }
      return [...open];
    },
    /** Verdicts since a time. */
    namedSince(ms: number) {
      return noted.flatMap(({ atMs, agent, effect }) =>
        effect.type === 'named' && atMs >= ms
          ? [{ atMs, agent, key: targetKey(effect.verdict.target), verdict: effect.verdict }]
          : [],
      );
    },
  };
}
