// An earlier span behind a graph: where its rows stand, what the legend says, and that nothing is made up.

import { describe, expect, test } from 'vitest';
import { type Ago, agos, type Comparison, comparisons } from '../../../src/render/define/comparison.js';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { graphTypes } from '../../../src/render/define/graph-request.js';
import { graphKinds } from '../../../src/render/series/quantity.js';
import { daySpan, endS, graphRequest, seriesOf } from '../sample-series.js';

const nan = Number.NaN;

/** Rows of the span that ended that long ago. */
function earlier(ago: Ago, valueAt: (dataSource: string, row: number) => number): Comparison {
  return { ago, outbounds: [], max: null, average: seriesOf(valueAt, { endS: endS - comparisons[ago].shiftS }) };
}

function defined(comparison: Comparison, over: Parameters<typeof graphRequest>[0] = {}) {
  return defineGraph(graphRequest({ average: seriesOf(() => 100), comparison, ...over }));
}

/** The value of a layer's rows, and the seconds from the start of the span to their ends. */
function rowsOf({ timesS, values }: { timesS: Float64Array; values: Float64Array }): [number, number][] {
  return Array.from(timesS, (timeS, i) => [Math.round(timeS - daySpan.startS), values[i] ?? nan]);
}

describe('an earlier span', () => {
  test.each(agos)('of %s lies where the present one does, in the same unit', (ago) => {
    const { layers } = defined(earlier(ago, (name, row) => (name === 'InBytes' ? row : nan)));
    const own = layers.find(({ label }) => label.endsWith(comparisons[ago].name));
    expect(own?.label).toBe(`in ${comparisons[ago].name}`);
    const rows = rowsOf(own ?? { timesS: new Float64Array(), values: new Float64Array() });
    expect(rows[0]).toEqual([0, 0]);
    expect(rows.at(-1)).toEqual([86_400, 8 * 287]);
  });

  test('is drawn thin and grey, over areas and below lines', () => {
    const { layers, colours } = defined(earlier('1w', () => 50));
    expect(layers.map(({ label }) => label)).toEqual(['in', 'in a week ago', 'out a week ago', 'out']);
    expect(layers[1]?.style).toMatchObject({ form: 'thin', edge: colours.muted });
    expect(
      defined(
        earlier('1w', () => 50),
        { type: 'active' },
      ).layers.map(({ label }) => label),
    ).toEqual(['active', 'a week ago']);
  });

  test('is named in the legend, with its own figures', () => {
    const { legend } = defined(earlier('1d', () => 50));
    expect(legend.rows.map(({ name }) => name)).toEqual(['in', 'out', 'in a day ago', 'out a day ago']);
    expect(legend.rows[2]?.cells).toEqual(['400', '400', '400', '400', '4.32 MB']);
    expect(legend.rows[0]?.cells[0]).toBe('800');
  });

  test('sets the axis if it was higher', () => {
    expect(defined(earlier('1w', () => 1000)).valueAxis.maximum).toBeGreaterThanOrEqual(8000);
    expect(defined(earlier('1w', () => 1)).valueAxis.maximum).toBeLessThan(2000);
  });

  test('has gaps where it is unknown, and hatches nothing', () => {
    const { layers, gaps } = defined(earlier('1w', (_, row) => (row >= 100 && row < 112 ? nan : 5)));
    const own = layers.find(({ label }) => label === 'in a week ago');
    const values = rowsOf(own ?? { timesS: new Float64Array(), values: new Float64Array() });
    expect(
      values.filter(([at]) => at > 100 * 300 + 150 && at < 112 * 300 - 150).every(([, y]) => Number.isNaN(y)),
    ).toBe(true);
    expect(values.some(([, y]) => Number.isNaN(y))).toBe(true);
    expect(gaps).toEqual([]);
  });

  test('of which nothing is known changes nothing', () => {
    const without = defineGraph(graphRequest({ average: seriesOf(() => 100) }));
    expect(defined(earlier('4w', () => nan))).toEqual(without);
    // Rows of another time are not those of then.
    expect(defined({ ...earlier('1w', () => 5), ago: '4w' })).toEqual(without);
  });

  test.each(graphTypes)('stands behind %s unless that is a stack', (type) => {
    const { layers, legend } = defined(
      earlier('1w', () => 50),
      { type },
    );
    const { stacked, quantities } = graphKinds[type];
    expect(layers.filter(({ style }) => style.form === 'thin')).toHaveLength(stacked ? 0 : quantities.length);
    expect(legend.rows.filter(({ style }) => style.form === 'thin')).toHaveLength(stacked ? 0 : quantities.length);
  });

  test.each([
    ['in', ['out a week ago', 'out']],
    ['in a week ago', ['in', 'out a week ago', 'out']],
  ])('without the hidden %s shows %j', (name, left) => {
    const { layers, legend } = defined(
      earlier('1w', () => 50),
      { hidden: new Set([name]) },
    );
    expect(layers.map(({ label }) => label)).toEqual(left);
    expect(legend.rows).toHaveLength(4);
  });

  test('with longer rows than the present ones stands on its own', () => {
    const hours = { stepS: 7200, startS: endS - 700_000 - (endS % 7200), endS: endS - 600_000 - (endS % 7200) };
    const average = seriesOf((_, row) => row + 1, hours);
    const { layers } = defined({ ago: '1w', average, max: null, outbounds: [] }, { type: 'active' });
    const own = layers.find(({ style }) => style.form === 'thin');
    expect(own?.values.some((value) => value > 0)).toBe(true);
  });

  test('has the maxima of its rows, not the greatest mean', () => {
    const long = { stepS: 3600, endS: endS - (endS % 3600), startS: endS - (endS % 3600) - 86_400 };
    const then = { ...long, endS: long.endS - 7 * 86_400, startS: long.startS - 7 * 86_400 };
    const comparison: Comparison = {
      ...earlier('1w', () => 0),
      average: seriesOf(() => 50, then),
      max: seriesOf(() => 70, { ...then, cf: 'MAX' }),
    };
    const span = { startS: long.startS, endS: long.endS, label: '24 h' };
    const { legend } = defined(comparison, {
      average: seriesOf(() => 100, long),
      max: seriesOf(() => 200, long),
      span,
    });
    expect(legend.rows.map(({ cells }) => cells[2])).toEqual(['1600', '1600', '560', '560']);
  });

  test('in a tile is named beside the quantity, since the legend has one line', () => {
    const { heading, legend } = defined(
      earlier('1w', () => 50),
      { tile: true, sizePx: { width: 380, height: 190 } },
    );
    expect(heading.shows).toBe('Traffic, bit/s · 24 h, grey: a week ago');
    expect(legend.rows.map(({ name }) => name)).toEqual(['in', 'out']);
  });
});
