import { describe, expect, test } from 'vitest';
import { defineStack } from '../../../src/render/define/define-stack.js';
import { configurationOf } from '../../../src/render/draw/configuration.js';
import { daySpan, endS, seriesOf, stackMembers, stackRequest } from '../sample-series.js';

const nan = Number.NaN;

describe('a stack', () => {
  test('names the ten largest services, and sums up the rest', () => {
    const { legend, layers } = defineStack(stackRequest(stackMembers(15)));
    expect(legend.rows.map(({ name }) => name)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `192.0.2.${index + 1}:80`),
      'others (5)',
      'total (15)',
    ]);
    expect(layers).toHaveLength(11);
    expect(legend.rows[10]?.cells).toEqual(['15', '15', '13 %']);
    expect(legend.rows[11]?.cells).toEqual(['120', '120', '100 %']);
  });

  test('adds up to the total, painted from the top down as areas without lines', () => {
    const { datasets } = configurationOf(defineStack(stackRequest(stackMembers(3)))).data;
    expect(datasets.map(({ data }) => data[0]?.y)).toEqual([3, 5, 6]);
    expect(datasets.every(({ fill, borderWidth }) => fill === 'origin' && borderWidth === 0)).toBe(true);
  });

  test('of traffic draws inbound above zero and outbound below, on one scale', () => {
    const picture = defineStack(stackRequest(stackMembers(2), { type: 'traffic' }));
    expect(picture.valueAxis.minimum).toBeLessThanOrEqual(-24);
    expect(picture.valueAxis.maximum).toBeGreaterThanOrEqual(24);
    expect(picture.legend.columns).toEqual(['in avg', 'out avg', 'share']);
    expect(picture.heading.shows).toBe('Traffic in above, out below, bit/s · 24 h');
  });

  test('of shares fills up to 100 % in every row, and keeps figures in its legend', () => {
    const picture = defineStack(stackRequest(stackMembers(3), { isShare: true }));
    expect(picture.layers.map(({ values }) => Math.round(10 * (values[0] ?? 0)))).toEqual([1000, 833, 500]);
    expect(picture.valueAxis).toMatchObject({ minimum: 0, maximum: 100 });
    expect(picture.heading.shows).toBe('New connections, % of all · 24 h');
    expect(picture.legend.rows.map(({ cells }) => cells)).toEqual(
      defineStack(stackRequest(stackMembers(3))).legend.rows.map(({ cells }) => cells),
    );
    const both = defineStack(stackRequest(stackMembers(2), { type: 'traffic', isShare: true }));
    expect([both.valueAxis.minimum, both.valueAxis.maximum]).toEqual([-100, 100]);
    expect(both.layers.map(({ values }) => Math.round(values[0] ?? 0))).toEqual([100, 67, -100, -67]);
  });

  test('keeps the colour of a service whatever its rank', () => {
    const all = stackMembers(4);
    const coloursOf = (members: typeof all) =>
      new Map(defineStack(stackRequest(members)).legend.rows.map(({ name, style }) => [name, style.fill]));
    const [first, ...others] = all;
    const last = first === undefined ? [] : [{ ...first, series: seriesOf(() => 0.1) }];
    const before = coloursOf(all);
    const after = coloursOf([...others, ...last]);
    expect([...after.keys()]).not.toEqual([...before.keys()]);
    for (const [name, colour] of before) expect(after.get(name)).toBe(colour);
  });
});

describe('a service that appears or goes', () => {
  const comesS = daySpan.startS + 144 * 300;

  test('contributes nothing while it is absent, and leaves no gap', () => {
    const [first, second] = stackMembers(2);
    if (first === undefined || second === undefined) throw new Error('two members expected');
    const series = seriesOf((_name, row) => (row < 144 ? nan : 1));
    const gone = seriesOf((_name, row) => (row < 144 ? 2 : nan));
    const members = [
      { ...first, series: gone, goneS: comesS },
      { ...second, series, firstS: comesS },
    ];
    const { gaps, layers } = defineStack(stackRequest(members));
    expect(gaps).toEqual([]);
    expect([layers[0]?.values[1], layers[0]?.values.at(-1)]).toEqual([2, 1]);
  });

  test('has no last figure once it is gone, and is not in the last total', () => {
    const gone = seriesOf((_name, row) => (row < 144 ? 2 : nan));
    const members = stackMembers(2).map((one, index) => (index === 0 ? { ...one, series: gone, goneS: comesS } : one));
    const { legend } = defineStack(stackRequest(members));
    expect(legend.rows.map(({ name, cells }) => [name, cells[0]])).toEqual([
      ['192.0.2.1:80', '–'],
      ['192.0.2.2:80', '1'],
      ['total (2)', '1'],
    ]);
  });

  test('leaves a gap while it is present and unknown, with the number of known services', () => {
    const members = stackMembers(3).map((member, index) =>
      index === 0 ? { ...member, series: seriesOf((_name, row) => (row >= 10 && row < 20 ? nan : 3)) } : member,
    );
    const { gaps, footer, layers } = defineStack(stackRequest(members));
    expect(gaps).toEqual([{ startS: daySpan.startS + 3000, endS: daySpan.startS + 6000, text: '2 of 3 services' }]);
    expect(footer).toContain('at worst 2 of 3 services known');
    expect(layers[0]?.values[15]).toBe(3);
  });

  test('leaves no gap while it was temporarily gone', () => {
    const series = seriesOf((_name, row) => (row >= 10 && row < 20 ? nan : 3));
    const absences = [{ startS: daySpan.startS + 2400, endS: daySpan.startS + 6300 }];
    const members = stackMembers(3).map((member, index) => (index === 0 ? { ...member, series, absences } : member));
    const { gaps, layers } = defineStack(stackRequest(members));
    expect(gaps).toEqual([]);
    expect(new Set(layers[0]?.values)).toEqual(new Set([6, 3]));
  });
});

test('rows without any known service are a gap, never zero', () => {
  const series = seriesOf((_name, row) => (row >= 10 && row < 20 ? nan : 3));
  const members = stackMembers(2).map((one) => ({ ...one, series }));
  const { gaps, layers } = defineStack(stackRequest(members));
  expect(gaps.map(({ text }) => text)).toEqual(['unknown']);
  for (const { values } of layers) {
    expect(values.some((value) => Number.isNaN(value))).toBe(true);
    expect(values.includes(0)).toBe(false);
  }
});

describe('replies', () => {
  const direct = seriesOf((name) => (name.startsWith('Out') ? 0 : 5));
  const outOf = (...series: (typeof direct)[]) => {
    const members = stackMembers(series.length).map((one, index) => ({ ...one, series: series[index] ?? direct }));
    return defineStack(stackRequest(members, { type: 'traffic' })).legend.rows.map(({ cells }) => cells[1]);
  };

  test('that this director never saw have no figure, nor has the total if there were none', () => {
    expect(outOf(direct, direct)).toEqual(['–', '–', '–']);
    expect(
      outOf(
        seriesOf(() => 10),
        direct,
      ),
    ).toEqual(['80', '–', '80']);
  });

  test('are zero if nothing came in either', () => {
    expect(outOf(seriesOf(() => 0))).toEqual(['0', '0']);
  });
});

describe('a stack of real servers', () => {
  const fairStack = (counts: readonly number[], shares: readonly number[], sentence = '') => {
    const all = counts.map((count, i) => ({
      name: `192.0.2.1_80/10.0.0.${i + 1}_80`,
      hostNames: ['Masq, weight 1'],
      series: seriesOf(() => count),
      firstS: 0,
      goneS: null,
    }));
    const { stack, ...request } = stackRequest(all);
    const fair = { inForce: { isByWeight: true, shares }, stretches: [{ ...daySpan, shares }], sentence };
    return { ...request, stack: { ...stack, of: 'real servers' as const, fair } };
  };

  test('names its parts and the share that the scheduler promises each', () => {
    const { heading, legend } = defineStack(fairStack([30, 10], [0.75, 0.25]));
    expect(heading.shows).toBe('New connections, by real server, conn/s · 24 h');
    expect(legend.columns).toEqual(['last', 'avg', 'share', 'by weight']);
    expect(legend.rows.map(({ name, cells }) => [name, cells.at(-2), cells.at(-1)])).toEqual([
      ['10.0.0.1:80', '75 %', '75 %'],
      ['10.0.0.2:80', '25 %', '25 %'],
      ['total (2)', '100 %', '100 %'],
    ]);
  });

  test('has a band where each border should be, as wide as chance allows', () => {
    const { layers } = defineStack(fairStack([30, 10], [0.5, 0.5]));
    const bands = layers.filter(({ label }) => label.startsWith('fair'));
    expect(bands.map(({ label, above }) => [label, above])).toEqual([
      ['fair 0', null],
      ['fair 0 to', 'fair 0'],
    ]);
    // 40 a second are 12,000 in a row: three standard deviations of half of them are 164, or 0.55 a second.
    const [lower, upper] = bands.map(({ values }) => values[0] ?? nan);
    expect(lower).toBeCloseTo(20 - 0.548, 2);
    expect(upper).toBeCloseTo(20 + 0.548, 2);
  });

  test('has no band if a part is hidden, nor before the promise', () => {
    const request = fairStack([30, 10], [0.5, 0.5]);
    const bandsOf = (one: typeof request) => defineStack(one).layers.filter(({ label }) => label === 'fair 0 to');
    expect(bandsOf({ ...request, hidden: new Set(['10.0.0.1:80']) })).toEqual([]);
    const [stretch] = request.stack.fair.stretches;
    const late = {
      ...request.stack.fair,
      stretches: stretch === undefined ? [] : [{ ...stretch, startS: endS - 3600 }],
    };
    expect(
      Math.abs((bandsOf({ ...request, stack: { ...request.stack, fair: late } })[0]?.timesS[0] ?? nan) - (endS - 3600)),
    ).toBeLessThan(86_400 / 694);
  });

  test('names below the real server whose share differs from its promise', () => {
    const sentence = '10.0.0.1:80 takes 75 % of new connections, weight share 50 %, since 14:05';
    expect(defineStack(fairStack([30, 10], [0.5, 0.5], sentence)).footer).toContain(sentence);
    expect(defineStack({ ...fairStack([30, 10], [0.5, 0.5], sentence), tile: true }).footer).not.toContain('takes');
  });
});

describe('time before the first reading', () => {
  const firstS = daySpan.startS + 100 * 300;
  const since = (row: number) => seriesOf((_name, at) => (at < row ? nan : 3));

  test('is hatched up to the first reading of any service', () => {
    const members = stackMembers(2).map((one, index) => ({
      ...one,
      series: since(100 + 50 * index),
      firstS: firstS + 50 * 300 * index,
    }));
    const { gaps } = defineStack(stackRequest(members, { timeZone: 'UTC' }));
    const text = 'nothing was read before 2026-11-20 13:55 UTC';
    expect(gaps).toEqual([{ startS: daySpan.startS, endS: firstS, text }]);
  });

  test('states its reason if it is known', () => {
    const members = stackMembers(1).map((one) => ({ ...one, series: since(100), firstS }));
    const reasons = [{ startS: 0, endS: firstS, text: 'ipvsadm: not permitted' }];
    const { gaps } = defineStack(stackRequest(members, { reasons }));
    expect(gaps.map(({ text }) => text)).toEqual(['ipvsadm: not permitted']);
  });
});

test('services with one reading each have "too few readings"', () => {
  const series = seriesOf(() => nan);
  const members = stackMembers(2).map((one) => ({ ...one, series, firstS: series.lastS }));
  expect(defineStack(stackRequest(members)).sentence).toMatch(/^Too few readings yet/);
});

test('a stack without services shows a sentence', () => {
  expect(defineStack(stackRequest([])).sentence).toBe('No data yet: nothing has been read.');
});
