// A simulated pool of thousands: the state machine of each agent, and around it as little as possible. Serf is its formulas: gossip goes to three others
// every 200 ms, and a dead host is lost after a probe of 1.5 s and a suspicion of 4 · log10(members) s (memberlist, SuspicionMult). All agents know
// each other and have polled at the beginning. test/peers/network.ts has losses, partitions and doubts, for pools of a dozen.

import { type Member, type PeerTarget, targetKey } from '../../src/peers/member.js';
import {
  initialState,
  type PeersEffect,
  type PeersInput,
  type PeersPolicy,
  type PeersState,
} from '../../src/peers/state.js';
import { nextTickMs, step } from '../../src/peers/step.js';
import type { Outcome } from '../../src/peers/votes.js';
import { openTimeline } from '../../test/peers/timeline.js';

/** Messages so far, over the whole pool. */
export interface Messages {
  probes: number;
  /** Questions to three members, and polls of all. */
  questions: number;
  polls: number;
}

/** A verdict of an agent. */
export interface SimulatedVerdict {
  readonly agent: string;
  readonly subject: string;
  readonly atMs: number;
}

export type SimulatedPool = ReturnType<typeof openSimulatedPool>;

type Untimed = PeersInput extends infer T ? (T extends PeersInput ? Omit<T, 'nowMs'> : never) : never;

interface Agent {
  readonly name: string;
  readonly policy: PeersPolicy;
  /** Rounds begin so much later than by the clock, ms. */
  readonly phaseMs: number;
  state: PeersState;
  /** When it ticks next beside the beginnings of rounds, ms. */
  dueMs: number;
}

const [roundMs, probeTimeoutMs, gossipMs, leastTickMs] = [5000, 2000, 200, 50];
const service = { text: 'redis/6379', kind: 'redis', port: 6379, isTls: false } as const;

const policyOf = (self: string): PeersPolicy => ({
  ...{ self, asked: 3, askTimeoutMs: 2 * probeTimeoutMs, pollTimeoutMs: 2000, holdMs: 30_000 },
});

/** A pool of `n1` to `nCOUNT`. */
export function openSimulatedPool(count: number, random: () => number) {
  const time = openTimeline();
  const names = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const memberOf = (name: string): Member => ({
    ...{ name, address: name, status: 'alive', isAgent: true, services: [service] },
  });
  let members: readonly Member[] = names.map(memberOf);
  const first = new Map(members.map((member) => [member.name, member]));
  const agents = new Map<string, Agent>(
    names.map((name) => {
      const state = { ...initialState, members: first, hasQuorum: true };
      // Names spread rounds over a second; NTP keeps clocks within 50 ms.
      const phaseMs = 1000 * random() + 100 * (random() - 0.5);
      return [name, { name, policy: policyOf(name), phaseMs, state, dueMs: Number.POSITIVE_INFINITY }];
    }),
  );
  const broken = new Map<string, 'killed' | 'hung'>();
  const dead = new Set<string>();
  const verdicts: SimulatedVerdict[] = [];
  const messages: Messages = { probes: 0, questions: 0, polls: 0 };
  const asked = new Map<number, { readonly asker: Agent; readonly ask: number }>();
  let lastQuestion = 0;

  const delayMs = (): number => 1 + 29 * random();
  /** A rumour reaches four times as many members in each interval; this is when it reaches one of them. */
  const gossipDelayMs = (): number =>
    gossipMs * (Math.ceil(Math.log(1 + random() * count) / Math.log(4)) + random()) + delayMs();

  function give(agent: Agent, input: Untimed): void {
    if (dead.has(agent.name)) return;
    const after = step(agent.state, { ...input, nowMs: time.nowMs() } as PeersInput, agent.policy);
    agent.state = after.state;
    for (const effect of after.effects) carryOut(agent, effect);
    arm(agent);
  }

  const roundOf = ({ phaseMs }: Agent): number => Math.floor((time.nowMs() - phaseMs) / roundMs);
  const tick = (agent: Agent): void => give(agent, { type: 'tick', round: roundOf(agent) });

  function arm(agent: Agent): void {
    const { watches, poll } = agent.state;
    if (watches.size === 0 && poll === null) return;
    const wantedMs = nextTickMs(agent.state, agent.policy);
    if (wantedMs === null) return;
    const dueMs = Math.max(time.nowMs() + leastTickMs, wantedMs);
    if (dueMs >= agent.dueMs) return;
    agent.dueMs = dueMs;
    time.after(dueMs - time.nowMs(), () => {
      if (agent.dueMs !== dueMs) return;
      agent.dueMs = Number.POSITIVE_INFINITY;
      tick(agent);
    });
  }

  function carryOut(agent: Agent, effect: PeersEffect): void {
    if (effect.type === 'probe') probe(agent, effect.target);
    else if (effect.type === 'ask') ask(agent, effect);
    else if (effect.type === 'respond') respond(agent, effect);
    else if (effect.type === 'poll') poll(agent, effect.poll);
    else if (effect.type === 'named')
      verdicts.push({ agent: agent.name, subject: targetKey(effect.verdict.target), atMs: time.nowMs() });
  }

  function probe(agent: Agent, target: PeerTarget): void {
    messages.probes += 1;
    const { outcome, ms } = outcomeOf(target);
    time.after(ms, () => give(agent, { type: 'probed', target, outcome }));
  }

  function outcomeOf({ member, service: of }: PeerTarget): { readonly outcome: Outcome; readonly ms: number } {
    const state = broken.get(`${member} ${of}`);
    if (dead.has(member) || state === 'hung') return { outcome: 'silent', ms: probeTimeoutMs };
    return { outcome: state === 'killed' ? 'closed' : 'alive', ms: 2 * delayMs() };
  }

  function ask(agent: Agent, { ask: id, names: whom, target }: PeersEffect & { type: 'ask' }): void {
    messages.questions += 1;
    for (const name of whom) {
      const other = agents.get(name);
      if (other === undefined) continue;
      lastQuestion += 1;
      const question = lastQuestion;
      asked.set(question, { asker: agent, ask: id });
      time.after(gossipDelayMs(), () => give(other, { type: 'question', question, target }));
    }
    time.after(agent.policy.askTimeoutMs, () => give(agent, { type: 'over', id }));
  }

  function respond({ name: from }: Agent, { question, outcome }: PeersEffect & { type: 'respond' }): void {
    const one = asked.get(question);
    if (one !== undefined)
      time.after(delayMs(), () => give(one.asker, { type: 'answer', ask: one.ask, from, outcome }));
  }

  function poll(agent: Agent, id: number): void {
    messages.polls += 1;
    for (const { name } of agents.values())
      if (name !== agent.name && !dead.has(name))
        time.after(gossipDelayMs() + delayMs(), () => give(agent, { type: 'acknowledged', poll: id, from: name }));
    time.after(agent.policy.pollTimeoutMs, () => give(agent, { type: 'over', id }));
  }

  const beginRounds = (agent: Agent): void => {
    const untilMs = (roundOf(agent) + 1) * roundMs + agent.phaseMs - time.nowMs();
    time.after(untilMs, () => {
      tick(agent);
      if (!dead.has(agent.name)) beginRounds(agent);
    });
  };
  for (const agent of agents.values()) beginRounds(agent);

  return {
    time,
    messages,
    verdicts: verdicts as readonly SimulatedVerdict[],
    breakService(name: string, how: 'killed' | 'hung'): void {
      broken.set(`${name} ${service.text}`, how);
    },
    kill(name: string): void {
      dead.add(name);
      const lostMs = 1500 + 4000 * Math.log10(count);
      time.after(lostMs, () => {
        members = members.map((member) => (member.name === name ? { ...member, status: 'failed' } : member));
        const known = members;
        for (const agent of agents.values())
          time.after(gossipDelayMs(), () => give(agent, { type: 'members', members: known }));
      });
    },
  };
}
