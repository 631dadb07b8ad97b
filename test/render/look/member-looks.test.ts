import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignLooks, hueCount, type MemberLooks, proposedLook } from '../../../src/render/look/member-looks.js';

const names = Array.from({ length: 400 }, (_, index) => `192.0.${index >> 8}.${index & 255}_${80 + (index % 5)}`);

/** Two names that propose the same hue, and others with hues of their own. */
const first = names[0] ?? '';
const rival = names.find((name) => name !== first && proposedLook(name).hue === proposedLook(first).hue) ?? '';
const apart = names.filter((name) => proposedLook(name).hue !== proposedLook(first).hue);

function textOf(looks: MemberLooks, name: string): string {
  const look = looks.get(name);
  return `${look?.hue} ${look?.pattern}`;
}

describe('the proposed colour of a member', () => {
  test.each([
    ['192.0.2.1_80', 0],
    ['192.0.2.1_443', 2],
    ['fwm_100', 6],
  ])('%s is number %d in every version', (name, hue) => {
    expect(proposedLook(name)).toEqual({ hue, pattern: 'plain' });
  });

  test('is each colour about equally often', () => {
    const uses = new Map<number, number>();
    for (const name of names) uses.set(proposedLook(name).hue, (uses.get(proposedLook(name).hue) ?? 0) + 1);
    expect(uses.size).toBe(hueCount);
    expect(Math.max(...uses.values())).toBeLessThan(3 * (names.length / uses.size));
  });
});

describe('the colours of a page', () => {
  test('are the proposed ones as far as no two members propose the same', () => {
    const order = [...new Map(names.map((name) => [proposedLook(name).hue, name])).values()];
    const looks = assignLooks({ stacks: [order], order });
    for (const name of order) expect(looks.get(name)).toEqual(proposedLook(name));
  });

  test('go to the one that comes first if two propose the same, without a pattern for the other', () => {
    for (const order of [
      [first, rival],
      [rival, first],
    ]) {
      const [winner = '', loser = ''] = order;
      const looks = assignLooks({ stacks: [[first, rival]], order });
      expect(looks.get(winner)).toEqual(proposedLook(winner));
      expect(looks.get(loser)?.hue).not.toBe(looks.get(winner)?.hue);
      expect(looks.get(loser)?.pattern).toBe('plain');
    }
  });

  test('never take a colour from a member that proposes it, for one that lost its own', () => {
    const order = [first, rival, ...apart.slice(0, 3)];
    const looks = assignLooks({ stacks: [order], order });
    const hues = apart.slice(0, 3).map((name) => proposedLook(name).hue);
    for (const hue of new Set(hues)) expect(looks.get(apart[hues.indexOf(hue)] ?? '')?.hue).toBe(hue);
  });

  test('are one per member, patterned only beyond the hues, and never of one hue side by side', () => {
    const page = fc.array(fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 10 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(page, (indices) => {
        const stacks = indices.map((one) => one.map((index) => names[index] ?? ''));
        const order = [...new Set(stacks.flat())];
        const looks = assignLooks({ stacks, order });
        expect(new Set(order.map((name) => textOf(looks, name))).size).toBe(order.length);
        const patterned = order.filter((name) => looks.get(name)?.pattern !== 'plain');
        if (order.length <= hueCount) expect(patterned).toEqual([]);
        for (const stack of stacks) {
          stack.slice(1).forEach((name, below) => {
            expect(looks.get(name)?.hue).not.toBe(looks.get(stack[below] ?? '')?.hue);
          });
        }
      }),
    );
  });

  test('do not look alike side by side: not even hues that follow each other do', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 399 }), { minLength: 2, maxLength: 5 }), (indices) => {
        const stack = indices.map((index) => names[index] ?? '');
        const looks = assignLooks({ stacks: [stack], order: [...stack].sort() });
        const hues = stack.map((name) => looks.get(name)?.hue ?? Number.NaN);
        hues.slice(1).forEach((hue, below) => {
          const apart = Math.abs(hue - (hues[below] ?? Number.NaN));
          expect(Math.min(apart, hueCount - apart)).toBeGreaterThanOrEqual(2);
        });
      }),
    );
  });

  test('that were chosen for a whole page stay, even where two that follow each other are neighbours', () => {
    const chosen = new Map([first, rival].map((name, i) => [name, { hue: 5 + i, pattern: 'plain' as const }]));
    const proposed = (name: string) => chosen.get(name) ?? proposedLook(name);
    expect(assignLooks({ stacks: [[first, rival]], order: [rival, first], proposed })).toEqual(chosen);
  });

  test('stay while a page shows another span, and new members take free ones', () => {
    const before = assignLooks({ stacks: [[first]], order: [first] });
    const after = assignLooks({ stacks: [[rival, first]], order: [rival, first], kept: before });
    expect(after.get(first)).toEqual(before.get(first));
    expect(after.get(rival)?.hue).not.toBe(before.get(first)?.hue);
  });
});
