import { describe, expect, test } from 'vitest';
import type { StackMember } from '../../../src/render/define/graph-request.js';
import { proposedLook } from '../../../src/render/look/member-looks.js';
import { type Stack, stackOf, stacksOf } from '../../../src/render/series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../../../src/render/series/stack-sums.js';
import { daySpan, seriesOf } from '../sample-series.js';

/** A member with this much of each data source in a row. */
function memberOf(name: string, valueAt: (dataSource: string, row: number) => number): StackMember {
  return { name, hostNames: [], series: seriesOf(valueAt), firstS: 0, goneS: null };
}

function sumsOf(members: readonly StackMember[], span = daySpan): readonly StackSums[] {
  const begun = (['cps', 'active'] as const).map((type) => emptySums(type, { span, rowS: 300, pdpS: 300 }));
  return members.reduce<readonly StackSums[]>((sums, member) => withMember(sums, member, span), begun);
}

function looksOf({ parts }: Stack): ReadonlyMap<string, string> {
  return new Map(parts.map(({ name, look }) => [name, look === null ? 'grey' : `${look.hue} ${look.pattern}`]));
}

const names = Array.from({ length: 200 }, (_, i) => `192.0.2.${i + 1}_80`);
const first = names[0] ?? '';
const rivals = names.filter((name) => proposedLook(name).hue === proposedLook(first).hue).slice(0, 4);

describe('the stacks of a page', () => {
  test('give a member one colour, whatever its rank in each', () => {
    const members = rivals.map((name, i) => memberOf(name, (source) => (source === 'Conns' ? i + 1 : 10 - i)));
    const [cps, active] = stacksOf(sumsOf(members));
    if (cps === undefined || active === undefined) throw new Error('two stacks expected');
    expect(cps.parts.map(({ name }) => name)).toEqual(active.parts.map(({ name }) => name).reverse());
    expect(new Map([...looksOf(cps)].sort())).toEqual(new Map([...looksOf(active)].sort()));
  });

  test('let the largest keep its colour, and show none of four members with a pattern', () => {
    const members = rivals.map((name, i) => memberOf(name, () => i + 1));
    const [cps] = stacksOf(sumsOf(members));
    expect(cps?.parts[0]?.look).toEqual(proposedLook(rivals.at(-1) ?? ''));
    expect(cps?.parts.map(({ look }) => look?.pattern)).toEqual(['plain', 'plain', 'plain', 'plain']);
    expect(new Set(cps?.parts.map(({ look }) => look?.hue)).size).toBe(4);
  });

  test('leave the others without a colour of their own', () => {
    const stack = stackOf(
      sumsOf(names.slice(0, 12).map((name, i) => memberOf(name, () => 2 ** i)))[0] ??
        emptySums('cps', { span: daySpan, rowS: 300, pdpS: 300 }),
    );
    expect(stack.parts.at(-1)).toMatchObject({ archive: null, name: 'others (2)', look: null });
  });
});
