import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StackMember } from '../../../src/render/define/graph-request.js';
import { inStackOrder } from '../../../src/render/series/stack-order.js';
import { stackOf } from '../../../src/render/series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../../../src/render/series/stack-sums.js';
import { daySpan, seriesOf } from '../sample-series.js';

describe('the order of members', () => {
  test.each<readonly [string, readonly (readonly [name: string, size: number])[]]>([
    [
      'the largest first',
      [
        ['10.0.0.9_80', 9],
        ['10.0.0.1_80', 5],
        ['10.0.0.5_80', 1],
      ],
    ],
    [
      'equal ones by the numbers of their addresses',
      [
        ['10.0.0.9_80', 5],
        ['10.0.0.10_80', 5],
        ['10.0.0.100_80', 5],
      ],
    ],
    [
      'nearly equal ones by address too',
      [
        ['10.0.0.9_80', 95],
        ['10.0.0.10_80', 100],
        ['10.0.0.11_80', 97],
      ],
    ],
    [
      'silent ones by address',
      [
        ['10.0.0.2_80', 1],
        ['10.0.0.1_80', 0],
        ['10.0.0.3_80', 0],
      ],
    ],
  ])('is %s', (_title, expected) => {
    const members = expected.map(([name, size]) => ({ name, size }));
    fc.assert(
      fc.property(fc.shuffledSubarray(members, { minLength: members.length }), (shuffled) => {
        expect(inStackOrder(shuffled)).toEqual(members);
      }),
    );
  });
});

describe('members with the same load', () => {
  /** Real servers that differ by a few per cent, another way in each hour. */
  const members = Array.from({ length: 16 }, (_, i): StackMember => {
    const series = seriesOf((_source, row) => 100 + ((7 * i + 5 * Math.floor(row / 12)) % 5));
    return { name: `192.0.2.1_80/10.0.0.${i + 1}_80`, hostNames: [], series, firstS: 0, goneS: null };
  });

  function namesIn(startS: number, endS: number): readonly string[] {
    const span = { startS, endS, label: '' };
    const begun: readonly StackSums[] = [emptySums('cps', { span, rowS: 300, pdpS: 300 })];
    const [sums] = members.reduce((all, member) => withMember(all, member, span), begun);
    return sums === undefined ? [] : stackOf(sums, 'real servers').parts.map(({ name }) => name);
  }

  test('keep their places, and the same of them are named, at every zoom', () => {
    const expected = [...Array.from({ length: 10 }, (_, i) => `10.0.0.${i + 1}:80`), 'others (6)'];
    for (let hour = 0; hour < 24; hour += 1) {
      const startS = daySpan.startS + hour * 3600;
      expect(namesIn(startS, startS + 3600)).toEqual(expected);
      expect(namesIn(startS, daySpan.endS)).toEqual(expected);
    }
  });

  test('add up to the same total as if all were named', () => {
    const span = daySpan;
    const begun: readonly StackSums[] = [emptySums('cps', { span, rowS: 300, pdpS: 300 })];
    const [sums] = members.reduce((all, member) => withMember(all, member, span), begun);
    if (sums === undefined) throw new Error('a stack expected');
    const total = () => stackOf(sums).parts.reduce((sum, { size }) => sum + size, 0);
    const expected = members.flatMap(({ series }) => [...(series.columns[0] ?? [])]).reduce((a, b) => a + b, 0);
    expect(total()).toBeCloseTo(expected, 6);
    // Nothing is added to the sums themselves, which may be resumed.
    expect(total()).toBeCloseTo(expected, 6);
  });
});
