// Capacity lines: where they lie, what they say, and that they never flatten the graph.

import { describe, expect, test } from 'vitest';
import type { Capacity } from '../../../src/model/policy/capacity.js';
import { standardRetention } from '../../../src/model/retention.js';
import type { RowsQuery } from '../../../src/model/series.js';
import { readCapacities, rowsToRead } from '../../../src/render/capacity/read-capacities.js';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { defineStack } from '../../../src/render/define/define-stack.js';
import { limitLines } from '../../../src/render/define/limit/limit-line.js';
import { configurationOf } from '../../../src/render/draw/configuration.js';
import { archiveOf } from '../sample-archives.js';
import { daySpan, endS, graphRequest, seriesOf, stackMembers, stackRequest } from '../sample-series.js';

const dayS = 86_400;
/** 8,000 bit/s in both directions. */
const average = seriesOf(() => 1000);
const stated = (value: number) => ({ bitsPerS: { value, isStated: true } });

describe('a stated capacity', () => {
  test('is a line with its number, and the axis includes it', () => {
    const { limits, valueAxis } = defineGraph(graphRequest({ average, capacities: stated(15_000) }));
    expect(limits).toEqual([{ value: 15_000, isStated: true, text: 'capacity 15 k', isOff: false }]);
    expect(valueAxis.maximum).toBeGreaterThan(15_000);
  });

  test('far above the traffic is only its number, and the axis is that of the traffic', () => {
    const alone = defineGraph(graphRequest({ average }));
    const { limits, valueAxis } = defineGraph(graphRequest({ average, capacities: stated(17_000) }));
    expect(limits).toMatchObject([{ text: 'capacity 17 k', isOff: true }]);
    expect(valueAxis).toEqual(alone.valueAxis);
  });

  test('below the traffic crosses it', () => {
    const { limits, valueAxis } = defineGraph(graphRequest({ average, capacities: stated(4000) }));
    expect(limits[0]).toMatchObject({ value: 4000, isOff: false });
    expect(valueAxis).toEqual(defineGraph(graphRequest({ average })).valueAxis);
  });

  test('concerns only graphs of its measure', () => {
    for (const type of ['cps', 'pps', 'active', 'concurrent'] as const)
      expect(defineGraph(graphRequest({ type, average, capacities: stated(15_000) })).limits).toEqual([]);
    const capacities = { openConnections: { value: 3000, isStated: true } };
    expect(defineGraph(graphRequest({ type: 'concurrent', average, capacities })).limits).toHaveLength(1);
  });

  test('holds for each direction of a stack, and not for shares or for some of the parts', () => {
    const request = stackRequest(stackMembers(3), { type: 'traffic' });
    const { layers } = defineStack(request);
    const peak = Math.max(...layers.flatMap(({ values }) => [...values].filter((value) => !Number.isNaN(value))));
    const capacities = stated(1.5 * peak);
    const { limits } = defineStack({ ...request, capacities });
    expect(limits.map(({ value, text }) => [Math.sign(value), text !== ''])).toContainEqual([1, true]);
    expect(defineStack({ ...request, capacities, isShare: true }).limits).toEqual([]);
    const hidden = new Set([request.stack.parts[0]?.name ?? '']);
    expect(defineStack({ ...request, capacities, hidden }).limits).toEqual([]);
  });
});

test('a line is drawn on the side of a stack that comes near it', () => {
  const of = (lowest: number, highest: number) =>
    limitLines(stated(100), { type: 'traffic', tile: false, lowest, highest }).map(({ value, text, isOff }) => [
      value,
      text !== '',
      isOff,
    ]);
  expect(of(-80, 10)).toEqual([[-100, true, false]]);
  expect(of(-80, 70)).toEqual([
    [100, true, false],
    [-100, false, false],
  ]);
  expect(of(-30, 10)).toEqual([[100, true, true]]);
});

test('the highest row is marked as such, and stretches the axis by a quarter at most', () => {
  const of = (value: number) => ({ bitsPerS: { value, isStated: false } });
  expect(defineGraph(graphRequest({ average, capacities: of(9900) })).limits).toMatchObject([
    { text: 'highest hour 9.90 k', isOff: false, isStated: false },
  ]);
  expect(defineGraph(graphRequest({ average, capacities: of(10_100) })).limits).toMatchObject([{ isOff: true }]);
});

test('the line is dashed, and its number is drawn', () => {
  const calls: string[] = [];
  const pen = new Proxy(
    { measureText: () => ({ width: 10 }) },
    {
      get: (own, name) =>
        name in own
          ? own[name as keyof typeof own]
          : (...of: unknown[]) => calls.push(`${String(name)} ${JSON.stringify(of)}`),
      set: () => true,
    },
  );
  const configuration = configurationOf(defineGraph(graphRequest({ average, capacities: stated(15_000) })));
  const [plugin] = configuration.plugins ?? [];
  const chart = { ctx: pen, data: configuration.data, options: { font: { family: 'x' } } };
  plugin?.afterDraw?.(chart as never, {} as never, {} as never);
  expect(calls.some((call) => call.startsWith('setLineDash [[6,4]]'))).toBe(true);
  expect(calls.some((call) => call.startsWith('fillText ["capacity 15 k"'))).toBe(true);
  expect(calls.filter((call) => call.startsWith('setLineDash')).at(-1)).toBe('setLineDash [[]]');
});

describe('the capacities of an archive', () => {
  const archive = archiveOf('192.0.2.1_443', { firstS: endS - 700 * dayS, lastS: endS });
  const sourceOf = (valueAt: (rowS: number) => number) => {
    const queries: RowsQuery[] = [];
    return {
      queries,
      fetchBoth: async (query: RowsQuery) => {
        queries.push(query);
        const { startS, stepS } = query;
        const series = seriesOf(() => valueAt(stepS), { startS, endS: query.endS + 1, stepS });
        return { AVERAGE: series, MAX: series };
      },
    };
  };
  const capacity: Capacity = [{ of: '*:443', measure: 'bitsPerS', limit: 5000 }];

  test('are the stated limits, without reading any rows', async () => {
    const source = sourceOf(() => 1);
    expect(await readCapacities(source, { archive, hosts: [], capacity, types: ['traffic', 'pps'] })).toEqual({
      bitsPerS: { value: 5000, isStated: true },
    });
    expect(source.queries).toEqual([]);
  });

  test('are the highest row of all that are kept where nothing is stated, read once', async () => {
    const source = sourceOf((rowS) => (rowS === 7200 ? 40 : 30));
    const of = { archive, hosts: [], capacity, types: ['cps'] as const };
    expect(await readCapacities(source, of)).toEqual({
      newConnectionsPerS: { value: 40, isStated: false, rowS: 7200 },
    });
    expect(source.queries.map(({ stepS }) => stepS)).toEqual([7200, dayS]);
    await readCapacities(source, { ...of, types: ['traffic', 'concurrent'], capacity: undefined });
    expect(source.queries).toHaveLength(2);
  });

  test('say how long the highest row is', async () => {
    const source = sourceOf((rowS) => (rowS === 7200 ? 50 : 30));
    const capacities = await readCapacities(source, { archive, hosts: [], capacity: [], types: ['cps'] });
    const shown = { type: 'cps', average: seriesOf(() => 45), capacities } as const;
    expect(defineGraph(graphRequest(shown)).limits[0]?.text).toBe('highest 2 hours 50');
    expect(defineGraph(graphRequest({ ...shown, tile: true })).limits[0]?.text).toBe('highest 2 h 50');
  });

  test('do not exist for real servers and processors', async () => {
    const about = { kind: 'real-server', forwarding: 'Masq', weight: 1 } as const;
    for (const archive of [archiveOf('192.0.2.1_443/10.0.0.1_443', { about }), archiveOf('all/cpu_0')])
      expect(
        await readCapacities(
          sourceOf(() => 1),
          { archive, hosts: [], capacity, types: ['traffic'] },
        ),
      ).toEqual({});
  });
});

test('the rows to read do not overlap, and are of an hour or more', () => {
  const spans = rowsToRead(standardRetention, endS);
  expect(spans.map(({ rowS }) => rowS)).toEqual([7200, dayS]);
  for (const [i, { startS, endS: toS, rowS }] of spans.entries()) {
    expect(toS - startS).toBeGreaterThan(0);
    expect([startS % rowS, toS % rowS]).toEqual([0, 0]);
    expect(toS).toBeLessThanOrEqual(spans[i - 1]?.startS ?? daySpan.endS);
  }
});
