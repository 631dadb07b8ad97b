// The judgement step by step: votes, services of a tag, small pools, Serf that goes away.

import { describe, expect, test } from 'vitest';
import { type Member, parseServices } from '../../src/peers/member.js';
import { initialState, type PeersEffect, type PeersInput, type PeersPolicy } from '../../src/peers/state.js';
import { nextTickMs, step } from '../../src/peers/step.js';
import { type Outcome, weigh } from '../../src/peers/votes.js';

const policy: PeersPolicy = { self: 'a', asked: 3, askTimeoutMs: 4000, pollTimeoutMs: 2000, holdMs: 30_000 };
const redis = parseServices('redis/6379').services;
const target = { member: 'b', service: 'redis/6379' };

const membersOf = (names: string, by: Partial<Member> = {}): readonly Member[] =>
  names.split('').map((name) => ({
    ...{ name, address: name, status: 'alive', isAgent: true },
    ...(name === 'b' ? { services: redis, ...by } : { services: [] }),
  }));

/** An agent `a`, to which things happen. */
function agentIn(members: readonly Member[]) {
  let state = initialState;
  let nowMs = 0;
  const give = (input: PeersInput extends infer T ? (T extends unknown ? Omit<T, 'nowMs'> : never) : never, ms = 0) => {
    nowMs += ms;
    const after = step(state, { ...input, nowMs } as PeersInput, policy);
    state = after.state;
    return after.effects;
  };
  /** The numbers of questions and polls in effects. */
  const idOf = (effects: readonly PeersEffect[]): number =>
    effects.flatMap((one) => (one.type === 'ask' ? [one.ask] : one.type === 'poll' ? [one.poll] : []))[0] ?? -1;
  const poll = (effects: readonly PeersEffect[], from: string) => {
    const id = idOf(effects);
    return [
      ...from.split('').flatMap((name) => give({ type: 'acknowledged', poll: id, from: name })),
      ...give({ type: 'over', id }, 2000),
    ];
  };
  const typesOf = (effects: readonly PeersEffect[]): readonly string[] => effects.map(({ type }) => type);
  poll(give({ type: 'members', members }), members.map(({ name }) => name).join(''));
  const look = (outcome: Outcome, ms = 5000) => {
    // Some round in which `a` observes `b`.
    for (let round = 1; ; round += 1) {
      const effects = give({ type: 'tick', round: (state.round ?? 0) + round }, round === 1 ? ms : 0);
      if (effects.some((one) => one.type === 'probe')) return give({ type: 'probed', target, outcome });
    }
  };
  return { give, idOf, poll, typesOf, look, due: () => nextTickMs(state, policy), state: () => state };
}

describe('votes', () => {
  test.each([
    ['one agrees, the others do not answer', 3, ['closed'], true, 'confirmed'],
    ['one agrees, and two may still disagree', 3, ['closed'], false, null],
    ['two agree', 3, ['silent', 'closed'], false, 'confirmed'],
    ['one agrees, one disagrees, and one does not answer', 3, ['silent', 'alive'], true, 'confirmed'],
    ['two disagree', 3, ['alive', 'alive'], false, 'outvoted'],
    ['one agrees and two disagree', 3, ['wrong', 'alive', 'alive'], false, 'outvoted'],
    ['nobody answers', 3, [], true, 'unconfirmed'],
    ['nobody could probe', 3, ['unknown', 'unknown', 'unknown'], false, 'unconfirmed'],
    ['one disagrees, and the others do not answer', 3, ['alive'], true, 'unconfirmed'],
    ['one of one agrees', 1, ['silent'], false, 'confirmed'],
    ['one of two agrees and one disagrees', 2, ['silent', 'alive'], false, 'confirmed'],
  ] as const)('%s', (_title, asked, answers, isOver, decision) => {
    expect(weigh(asked, answers, isOver)).toBe(decision);
  });
});

describe('the tag svc', () => {
  test('names services, each once, and says what it does not understand', () => {
    const { services, refused } = parseServices('redis/6379, http/8443/tls redis/6379,what,mysql/0,amqp/70000,X/1');
    expect(services).toEqual([
      { text: 'redis/6379', kind: 'redis', port: 6379, isTls: false },
      { text: 'http/8443/tls', kind: 'http', port: 8443, isTls: true },
    ]);
    expect(refused).toEqual(['what', 'mysql/0', 'amqp/70000', 'X/1']);
    expect(parseServices('').services).toEqual([]);
  });

  test('names all services that fit into the tags of Serf', () => {
    const words = Array.from({ length: 56 }, (_, i) => `tcp/${1000 + i}`);
    expect(words.join().length).toBeLessThanOrEqual(512);
    expect(words.join().length).toBeGreaterThan(500);
    expect(parseServices(words.join()).services.map(({ text }) => text)).toEqual(words);
  });
});

describe('an agent', () => {
  test('judges nothing before a majority has acknowledged', () => {
    const agent = agentIn(membersOf('abcde').map((one) => ({ ...one, status: one.name > 'c' ? 'failed' : 'alive' })));
    expect(agent.state().hasQuorum).toBe(true);
    const few = agentIn(membersOf('abcde').map((one) => ({ ...one, status: one.name > 'b' ? 'failed' : 'alive' })));
    expect(few.state().hasQuorum).toBe(false);
    expect(few.typesOf(few.look('closed'))).toEqual([]);
  });

  test('asks three others, never itself or the target, and takes answers from nobody else', () => {
    const agent = agentIn(membersOf('abcdef'));
    const [ask] = agent.look('closed');
    if (ask?.type !== 'ask') throw new Error('nobody is asked');
    expect(ask.names).toHaveLength(3);
    expect(ask.names).not.toContain('a');
    expect(ask.names).not.toContain('b');
    const other = 'cdef'.split('').find((name) => !ask.names.includes(name)) ?? '';
    const answer = (from: string, outcome: Outcome) => agent.give({ type: 'answer', ask: ask.ask, from, outcome });
    expect(answer(other, 'closed')).toEqual([]);
    expect(answer(ask.names[0] ?? '', 'closed')).toEqual([]);
    expect(answer(ask.names[0] ?? '', 'closed')).toEqual([]);
    const named = answer(ask.names[1] ?? '', 'silent');
    expect(named).toMatchObject([
      { type: 'named', verdict: { target, outcome: 'closed', witnesses: ['a', ask.names[0], ask.names[1]] } },
    ]);
  });

  test('names a refused connection in a pool of two by itself, and leaves silence to nobody', () => {
    const pair = agentIn(membersOf('ab'));
    expect(pair.look('closed')).toMatchObject([{ type: 'named', verdict: { witnesses: ['a'] } }]);
    const silent = agentIn(membersOf('ab'));
    expect(silent.typesOf(silent.look('silent'))).toEqual(['held']);
    expect(silent.typesOf(silent.give({ type: 'members', members: membersOf('ab', { status: 'failed' }) }))).toEqual([
      'quorum',
    ]);
    expect(silent.typesOf(silent.look('silent', 60_000))).toEqual([]);
  });

  test('asks again sooner or later when nobody answers, and tells when it is due', () => {
    const agent = agentIn(membersOf('abcde'));
    const waits: number[] = [];
    let effects = agent.look('silent');
    for (let i = 0; i < 7; i += 1) {
      agent.give({ type: 'over', id: agent.idOf(effects) }, 4000);
      const before = agent.due() ?? Number.NaN;
      let waitMs = 0;
      for (effects = []; effects.length === 0; waitMs += 500)
        effects = agent.give({ type: 'tick', round: agent.state().round ?? 0 }, 500);
      expect(before).not.toBeNaN();
      waits.push(waitMs);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  test('clears all of it when its Serf goes away, and knows nobody', () => {
    const agent = agentIn(membersOf('ab'));
    agent.look('closed');
    expect(agent.give({ type: 'disconnected' })).toMatchObject([
      { type: 'cleared', target, why: 'blind' },
      { type: 'quorum', isHeld: false },
    ]);
    expect(agent.state().members.size).toBe(0);
    expect(agent.give({ type: 'question', question: 7, target })).toEqual([
      { type: 'respond', question: 7, outcome: 'unknown' },
    ]);
  });

  test('clears what left, and services that are no longer offered', () => {
    for (const by of [{ status: 'left' }, { services: [] }] as const) {
      const agent = agentIn(membersOf('abc'));
      const [ask] = agent.look('closed');
      if (ask?.type !== 'ask') throw new Error('nobody is asked');
      agent.give({ type: 'answer', ask: ask.ask, from: 'c', outcome: 'closed' });
      const effects = agent.give({ type: 'members', members: membersOf('abc', by) });
      expect(effects).toEqual([{ type: 'cleared', target, why: 'gone' }]);
    }
  });

  test('probes once for several questions, and answers each', () => {
    const agent = agentIn(membersOf('abcde'));
    expect(agent.give({ type: 'question', question: 1, target })).toEqual([{ type: 'probe', target }]);
    expect(agent.give({ type: 'question', question: 2, target })).toEqual([]);
    const answers = agent.give({ type: 'probed', target, outcome: 'closed' });
    expect(answers).toEqual([
      { type: 'respond', question: 1, outcome: 'closed' },
      { type: 'respond', question: 2, outcome: 'closed' },
    ]);
    expect(agent.state().watches.size).toBe(0);
  });

  test('does not change the state that it is given', () => {
    const members = membersOf('abcde');
    const before = step(initialState, { type: 'members', nowMs: 0, members }, policy).state;
    const copy = structuredClone(before);
    step(before, { type: 'tick', nowMs: 1, round: 1 }, policy);
    step(before, { type: 'disconnected', nowMs: 1 }, policy);
    expect(before).toEqual(copy);
  });
});

describe('polls that reach no majority', () => {
  /** The times of the polls of an agent that nobody acknowledges, ms. */
  const pollsOf = (self: string): readonly number[] => {
    const times: number[] = [];
    let state = initialState;
    for (let nowMs = 0; nowMs < 600_000; nowMs += 100) {
      const input =
        nowMs === 0 ? { type: 'members' as const, members: membersOf('abc') } : { type: 'tick' as const, round: 1 };
      const after = step(state, { ...input, nowMs }, { ...policy, self });
      state = after.state;
      if (after.effects.some(({ type }) => type === 'poll')) times.push(nowMs);
    }
    return times;
  };

  test('are repeated later and later, and never given up', () => {
    const times = pollsOf('a');
    const rests = times.slice(1).map((time, i) => time - (times[i] ?? 0) - policy.pollTimeoutMs);
    for (const [i, rest] of rests.entries()) {
      const wholeMs = Math.min(60_000, 3000 * 2 ** i);
      expect(rest).toBeGreaterThanOrEqual(0.5 * wholeMs);
      expect(rest).toBeLessThanOrEqual(1.5 * wholeMs + 100);
    }
    expect(times.length).toBeGreaterThan(8);
  });

  test('are made at other times by each agent', () => {
    const seconds = ['a', 'b', 'c'].map((self) => pollsOf(self)[1]);
    expect(new Set(seconds).size).toBe(3);
  });

  test('begin anew once a majority was reached', () => {
    const { give, poll, state } = agentIn(membersOf('abc'));
    expect(state().failedPolls).toBe(0);
    give({
      type: 'members',
      members: membersOf('abc', { status: 'failed' }).map((one) => ({ ...one, status: 'failed' })),
    });
    poll(give({ type: 'members', members: membersOf('abc') }), '');
    expect(state().failedPolls).toBe(1);
    poll(give({ type: 'tick', round: 9 }, 4500), 'b');
    expect([state().failedPolls, state().hasQuorum]).toEqual([0, true]);
  });
});
