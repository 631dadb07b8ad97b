import { describe, expect, test } from 'vitest';
import { type LiveData, withPageLooks } from '../../public/graph/live-data.js';
import { proposedLook } from '../../src/render/look/member-looks.js';
import { daySpan, stackMembers, stackOfMembers } from '../render/sample-series.js';

/** The data of a stack whose members are the first and the last of those that are named. */
function dataOf(members: ReturnType<typeof stackMembers>): LiveData {
  const stack = stackOfMembers({ type: 'cps', span: daySpan, members });
  const { startS, stepS, length } = stack.rows;
  const live = {
    type: 'cps' as const,
    subject: { name: 'all', hostNames: [] },
    reasons: [],
    marks: [],
    capacities: {},
    span: daySpan,
  };
  const rows = { startS, stepS, endS: startS + length * stepS };
  return {
    kind: 'stack',
    query: '',
    isOld: false,
    span: daySpan,
    rows,
    stack,
    live: { ...live, stack: { ...stack, peak: null, rows: { ...stack.rows, present: [], known: [] }, parts: [] } },
  };
}

describe('the colours of an open page', () => {
  const all = stackMembers(200);
  const [first] = all;
  const rivals = all.filter(({ name }) => proposedLook(name).hue === proposedLook(first?.name ?? '').hue);
  const looksIn = (data: LiveData) =>
    new Map(data.kind === 'stack' ? data.stack.parts.map(({ archive, look }) => [archive, look]) : []);

  test('stay when another span brings a larger member of the same hue', () => {
    const [larger, smaller] = rivals;
    if (larger === undefined || smaller === undefined) throw new Error('two members of one hue expected');
    const before = withPageLooks(dataOf([smaller]), new Map());
    const after = withPageLooks(dataOf([larger, smaller]), before.looks);
    expect(looksIn(after.data).get(smaller.name)).toEqual(looksIn(before.data).get(smaller.name));
    expect(looksIn(after.data).get(larger.name)?.hue).not.toBe(looksIn(after.data).get(smaller.name)?.hue);
    // The server, which does not know what the page showed before, would have had it otherwise.
    expect(looksIn(dataOf([larger, smaller])).get(larger.name)).toEqual(proposedLook(larger.name));
  });
});
