// The ring: two observers for each target, the same on all agents, and few changes when members come or go.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Member } from '../../src/peers/member.js';
import { byHash, observedBy, ringOf } from '../../src/peers/ring.js';

const member = (name: string, by: Partial<Member> = {}): Member => ({
  ...{ name, address: name, status: 'alive', isAgent: true, services: [], ...by },
});

const pool = fc
  .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { minLength: 4, maxLength: 30 })
  .map((names) => names.map((name) => member(name)));

/** The observers of each member. */
function observersIn(members: readonly Member[], round: number): Map<string, readonly string[]> {
  const ring = ringOf(members, round);
  const pairs = members
    .filter(({ isAgent, status }) => isAgent && status === 'alive')
    .flatMap(({ name }) => observedBy(ring, name).map((target) => ({ by: name, target: target.name })));
  return new Map(
    members.map(({ name }) => [
      name,
      pairs
        .filter(({ target }) => target === name)
        .map(({ by }) => by)
        .sort(),
    ]),
  );
}

describe('the ring', () => {
  // Agents of different versions are in one pool: the order must never change.
  test.each([
    ['7', ['größe', 'n2', 'web.example', 'db-α', '雪', 'n1', 'x😀']],
    ['ä/1', ['x😀', '雪', 'n1', 'größe', 'db-α', 'web.example', 'n2']],
  ])('has the order that follows from the seed %s', (seed, order) => {
    const members = ['n1', 'n2', 'db-α', 'größe', 'web.example', '雪', 'x😀'].map((name) => member(name));
    expect(byHash(members, seed).map(({ name }) => name)).toEqual(order);
  });

  test('gives each member two observers, and each agent two members', () => {
    fc.assert(
      fc.property(pool, fc.nat(), (members, round) => {
        for (const [name, observers] of observersIn(members, round)) {
          expect(observers).toHaveLength(2);
          expect(observers).not.toContain(name);
        }
        const ring = ringOf(members, round);
        for (const { name } of members) expect(observedBy(ring, name)).toHaveLength(2);
      }),
    );
  });

  test('gives two observers to failed members and to those without an agent, too, who observe nobody', () => {
    const kinds = fc.constantFrom<Partial<Member>>({}, {}, { status: 'failed' }, { isAgent: false });
    const mixed = pool.chain((members) =>
      fc
        .array(kinds, { minLength: members.length, maxLength: members.length })
        .map((of) => members.map(({ name }, i) => member(name, of[i]))),
    );
    fc.assert(
      fc.property(mixed, fc.nat(), (members, round) => {
        const agents = members.filter(({ isAgent, status }) => isAgent && status === 'alive').map(({ name }) => name);
        for (const [name, observers] of observersIn(members, round)) {
          expect(observers).toHaveLength(Math.min(2, agents.filter((agent) => agent !== name).length));
          for (const one of observers) expect(agents).toContain(one);
        }
      }),
    );
  });

  test('is the same for any order of the members', () => {
    fc.assert(
      fc.property(pool, fc.nat(), (members, round) => {
        expect(ringOf([...members].reverse(), round)).toEqual(ringOf(members, round));
      }),
    );
  });

  test('changes the observers of at most two members when one goes', () => {
    fc.assert(
      fc.property(pool, fc.nat(), fc.nat(), (members, round, at) => {
        const gone = members[at % members.length];
        const before = observersIn(members, round);
        const after = observersIn(
          members.filter((one) => one !== gone),
          round,
        );
        const changed = [...after].filter(([name, observers]) => String(observers) !== String(before.get(name)));
        expect(changed.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  test('leaves out those that went on purpose, and is empty for an agent that is not in it', () => {
    const members = [member('a'), member('b', { status: 'left' }), member('c', { status: 'leaving' }), member('d')];
    expect(
      ringOf(members, 1)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['a', 'd']);
    expect(observedBy(ringOf(members, 1), 'b')).toEqual([]);
  });

  test('pairs each two of 20 members within 500 rounds, evenly', () => {
    const members = Array.from({ length: 20 }, (_, i) => member(`web${i + 1}`));
    const counts = new Map<string, number>();
    for (let round = 0; round < 500; round += 1) {
      const ring = ringOf(members, round);
      for (const { name } of members) {
        for (const target of observedBy(ring, name)) {
          const pair = `${name} ${target.name}`;
          counts.set(pair, (counts.get(pair) ?? 0) + 1);
        }
      }
    }
    // 500 rounds × 40 observations over 380 pairs: 53 each, with a standard deviation of 7.
    expect(counts.size).toBe(380);
    for (const count of counts.values()) {
      expect(count).toBeGreaterThan(20);
      expect(count).toBeLessThan(90);
    }
  });
});
