import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../src/render/define/define-graph.js';
import { defineStack } from '../../src/render/define/define-stack.js';
import { drawPng } from '../../src/render/png/draw-png.js';
import { stackWithin } from '../../src/render/series/stack-within.js';
import {
  daySpan,
  endS,
  graphRequest,
  type StackIngredients,
  seriesOf,
  stackMembers,
  stackOfMembers,
  stackRequest,
} from './sample-series.js';

const average = seriesOf((name) => (name === 'OutBytes' ? 7 : 2));
const bare = { bare: true, sizePx: { width: 700, height: 200 } } as const;

describe('a bare graph', () => {
  test('has the same plot whatever its legend contains', () => {
    const { plot } = defineGraph(graphRequest(bare));
    expect(plot).toEqual({ left: 54, top: 8, right: 692, bottom: 172 });
    expect(defineStack(stackRequest(stackMembers(15), bare)).plot).toEqual(plot);
  });

  test('also lists the minimum, for which a standalone picture has no room', () => {
    expect(defineGraph(graphRequest({ ...bare, average })).legend.columns).toEqual([
      'last',
      'min',
      'avg',
      'max',
      'p95',
      'total',
    ]);
    expect(defineGraph(graphRequest({ average })).legend.columns).not.toContain('min');
  });

  test('has no heading, legend or footer', () => {
    const png = (hostNames: string[]) =>
      drawPng(defineGraph(graphRequest({ ...bare, subject: { name: '192.0.2.1_80', hostNames } })));
    expect(png(['a.example.com']).equals(png(['b.example.com']))).toBe(true);
  });

  test('has its note above the plot', () => {
    const png = (note: string | null) => drawPng(defineGraph(graphRequest({ ...bare, note })));
    expect(png('demonstration').equals(png(null))).toBe(false);
    expect(defineGraph(graphRequest({ ...bare, note: 'demonstration' })).plot.top).toBe(16);
  });
});

describe('a hidden part', () => {
  test('is not drawn or scaled for, but stays in the legend', () => {
    const { layers, valueAxis, legend } = defineGraph(graphRequest({ average, hidden: new Set(['out']) }));
    expect(layers.map(({ label }) => label)).toEqual(['in']);
    expect(valueAxis.maximum).toBeLessThan(20);
    expect(legend.rows.map(({ name, cells }) => [name, cells[0]])).toEqual([
      ['in', '16'],
      ['out', '56'],
    ]);
  });

  test('of a stacked graph is not in the sum', () => {
    const request = graphRequest({ type: 'concurrent', average: seriesOf(() => 4), hidden: new Set(['active']) });
    const { layers, legend } = defineGraph(request);
    expect(layers.map(({ values }) => values[0])).toEqual([4]);
    expect(legend.rows.at(-1)?.cells[0]).toBe('4');
  });

  test('of a stack is in neither the total nor the shares', () => {
    const { layers, legend } = defineStack(stackRequest(stackMembers(3), { hidden: new Set(['192.0.2.1:80']) }));
    expect(layers.map(({ values }) => values[0])).toEqual([3, 2]);
    expect(legend.rows.map(({ cells }) => cells.at(-1))).toEqual(['–', '67 %', '33 %', '100 %']);
    expect(legend.rows.at(-1)?.name).toBe('total (2)');
  });

  test('may be every part', () => {
    const { sentence, layers, valueAxis } = defineGraph(graphRequest({ average, hidden: new Set(['in', 'out']) }));
    expect([sentence, layers, valueAxis.maximum]).toEqual([null, [], 1]);
  });
});

describe('a stack cut to a span', () => {
  const ingredients: StackIngredients = { type: 'cps', span: daySpan, members: stackMembers(12) };
  const stack = stackOfMembers(ingredients);

  test('equals the stack of that span', () => {
    const span = { startS: endS - 7200, endS: endS - 3600 };
    expect(stackWithin(stack, span)).toEqual(stackOfMembers({ ...ingredients, span: { ...span, label: '' } }));
  });

  test('is unknown beyond its own rows', () => {
    const { rows } = stackWithin(stack, { startS: endS - 600, endS: endS + 600 });
    expect([rows.length, ...rows.known]).toEqual([4, 12, 12, 0, 0]);
    expect([...rows.present]).toEqual([12, 12, 1, 1]);
  });
});
