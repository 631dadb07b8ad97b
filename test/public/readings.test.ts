import { describe, expect, test } from 'vitest';
import { bestFor, type Looks, parseLive, pictureOfLive } from '../../public/graph/live-data.js';
import { bandAt, readingsAt } from '../../public/graph/readings.js';
import { describe as describeGraph, formatMoment } from '../../public/graph/words.js';
import { askedRows, fixtureEndS as endS, fixtureName, gap, liveGraph, liveStack } from './fixture-rows.js';

const nothing = { hidden: new Set<string>(), isShare: false };
const day = askedRows(new URLSearchParams('period=day'), endS);
const week = askedRows(new URLSearchParams('period=week'), endS);
const json = (body: object): unknown => JSON.parse(JSON.stringify(body));
const traffic = parseLive(json(liveGraph(fixtureName(0), 'traffic', day)), 'period=day');
const trafficOfWeek = parseLive(json(liveGraph(fixtureName(0), 'traffic', week)), 'period=week');
const stack = parseLive(json(liveStack('traffic', 12, day)), 'period=day');

function looks(over: Partial<Looks> = {}): Looks {
  return {
    timeZone: 'Asia/Tokyo',
    theme: 'light',
    sizePx: { width: 600, height: 200 },
    pixelRatio: 1.5,
    tile: false,
    note: null,
    isShare: false,
    isLoading: false,
    span: day,
    ...over,
  };
}

describe('the readings at a time', () => {
  test('are those of the row that contains it, its end included', () => {
    const at = readingsAt(traffic, endS - 300, nothing);
    expect(at).toMatchObject({ startS: endS - 600, endS: endS - 300 });
    expect(readingsAt(traffic, endS - 299, nothing)?.endS).toBe(endS);
    expect(at?.values).toHaveLength(2);
  });

  test('are unknown in unknown rows', () => {
    expect(readingsAt(traffic, gap.startS + 900, nothing)?.values).toEqual([[Number.NaN], [Number.NaN]]);
  });

  test('are unknown for traffic that was not visible then, even if it is later', () => {
    const turnS = endS - 3600;
    const outbounds = [
      { startS: turnS, endS, outbound: { kind: 'seen' } },
      { startS: day.startS, endS: turnS, outbound: { kind: 'unseen', reason: 'direct routing' } },
    ];
    const live = liveGraph(fixtureName(0), 'traffic', day);
    const { average } = live;
    const columns = average.columns.map((column, i) =>
      average.dataSources[i] === 'OutBytes' ? column.map((value, row) => (row < 276 ? 0 : value)) : column,
    );
    const data = parseLive(json({ ...live, outbounds, average: { ...average, columns } }), 'period=day');
    expect(readingsAt(data, turnS - 900, nothing)?.values[1]).toEqual([Number.NaN]);
    expect(readingsAt(data, turnS + 900, nothing)?.values[1]?.[0]).toBeGreaterThan(0);
  });

  test('have those of an earlier span behind them, as the legend has', () => {
    const { average, ...live } = liveGraph(fixtureName(1), 'traffic', day);
    const weekS = 7 * 86_400;
    const earlier = { ...average, startS: day.startS - weekS, endS: endS - weekS };
    const comparison = { ago: '1w', outbounds: [], average: earlier, max: null } as const;
    const data = parseLive(json({ ...live, average, comparison }), 'period=day');
    const values = readingsAt(data, endS - 300, nothing)?.values ?? [];
    expect(values).toHaveLength(pictureOfLive(data, looks()).legend.rows.length);
    expect(values.slice(2)).toEqual(values.slice(0, 2));
    expect(values[3]?.[0]).toBeGreaterThan(0);
    expect(describeGraph(pictureOfLive(data, looks()), 'UTC')).toMatch(/; in a week ago last .*; out a week ago last /);
  });

  test('are null outside of the rows', () => {
    expect(readingsAt(traffic, endS + 1, nothing)).toBeNull();
    expect(readingsAt(traffic, day.startS, nothing)).toBeNull();
  });

  test('of a stack are in and out, and end with the sums of both, without hidden parts', () => {
    const readings = readingsAt(stack, endS - 900, nothing);
    const values = readings?.values ?? [];
    expect(readings?.labels).toEqual(['in', 'out']);
    for (const quantity of [0, 1]) {
      const sum = values.slice(0, -1).reduce((total, of) => total + (of[quantity] ?? 0), 0);
      expect(values.at(-1)?.[quantity]).toBeCloseTo(sum);
    }
    const [first] = stack.kind === 'stack' ? stack.stack.parts : [];
    const without = readingsAt(stack, endS - 900, { ...nothing, hidden: new Set([first?.name ?? '']) })?.values ?? [];
    expect(without.at(-1)?.[0]).toBeCloseTo((values.at(-1)?.[0] ?? 0) - (values[0]?.[0] ?? 0));
  });

  test('of a stack of shares are percentages, in and out each', () => {
    const values = readingsAt(stack, endS - 900, { ...nothing, isShare: true })?.values ?? [];
    expect(values.at(-1)?.map(Math.round)).toEqual([100, 100]);
  });

  test('of stacked quantities end with the sum', () => {
    const both = parseLive(json(liveGraph(fixtureName(1), 'concurrent', day)), 'period=day');
    const [active = [], inactive = [], sum] = readingsAt(both, endS, nothing)?.values ?? [];
    expect(sum).toEqual([(active[0] ?? 0) + (inactive[0] ?? 0)]);
  });
});

describe('the band under the pointer', () => {
  const parts = stack.kind === 'stack' ? stack.stack.parts : [];
  const row = parts[0]?.values[0]?.length ?? 1;
  const amountOf = (part: number, quantity: number) => parts[part]?.values[quantity]?.[row - 1] ?? 0;

  test('is found from zero upwards, and below zero downwards', () => {
    const first = bandAt(stack, { timeS: endS, value: amountOf(0, 0) / 2 }, nothing);
    const second = bandAt(stack, { timeS: endS, value: amountOf(0, 0) + amountOf(1, 0) / 2 }, nothing);
    const below = bandAt(stack, { timeS: endS, value: -amountOf(0, 1) / 2 }, nothing);
    expect([first, second, below].map((band) => band?.part.name)).toEqual([0, 1, 0].map((part) => parts[part]?.name));
  });

  test('of shares is found by percentage', () => {
    expect(bandAt(stack, { timeS: endS, value: 99.9 }, { ...nothing, isShare: true })?.part.name).toBe('others (2)');
  });

  test('is null above all bands, and in a graph that is not a stack', () => {
    expect(bandAt(stack, { timeS: endS, value: 1e15 }, nothing)).toBeNull();
    expect(bandAt(traffic, { timeS: endS, value: 1 }, nothing)).toBeNull();
  });
});

describe('the known rows of a span', () => {
  test('are the finest that cover as much of it', () => {
    expect(bestFor([trafficOfWeek, traffic], { startS: endS - 3600, endS })).toBe(traffic);
    expect(bestFor([traffic, trafficOfWeek], { startS: endS - 5 * 86_400, endS })).toBe(trafficOfWeek);
    expect(bestFor([traffic], { startS: 0, endS: 3600 })).toBeUndefined();
  });

  test('report what lies beyond as loading, and only while it is', () => {
    const span = { startS: day.startS - 86_400, endS, label: 'two days' };
    const texts = (isLoading: boolean) =>
      pictureOfLive(traffic, looks({ span, isLoading })).gaps.map(({ text }) => text);
    expect(texts(true)).toEqual(['loading…', 'counters reset']);
    expect(texts(false)).toEqual(['unknown', 'counters reset']);
  });

  test('do so for a stack, too', () => {
    const span = { startS: day.startS - 86_400, endS, label: 'two days' };
    expect(pictureOfLive(stack, looks({ span, isLoading: true })).gaps[0]?.text).toBe('loading…');
  });

  test('are an error if the server sends something else', () => {
    expect(() => parseLive({ error: 'no' }, 'period=day')).toThrow(/something other than the rows/);
  });
});

describe('a graph in words', () => {
  test('states its figures, and its unknown times with their reasons', () => {
    const words = describeGraph(pictureOfLive(traffic, looks()), 'Asia/Tokyo');
    expect(words).toMatch(/^Traffic, bit\/s · 24 h of 192\.0\.2\.1:80 TCP: in last [\d.]+ M, min [\d.]+ M, avg /);
    expect(words).toContain('unknown from 2026-11-21 07:35 JST to 2026-11-21 08:35 JST: counters reset');
  });

  test('states the peaks that the means hide', () => {
    const peaks = [{ timeS: endS, value: 1200, text: 'max 1.20 k' }];
    const words = describeGraph({ ...pictureOfLive(traffic, looks()), peaks }, 'Asia/Tokyo');
    expect(words).toContain('; max 1.20 k at 2026-11-21 14:35 JST');
  });

  test('without data is the sentence that says so', () => {
    const span = { startS: endS - 86_400 * 9, endS: endS - 86_400 * 8, label: 'a day' };
    expect(describeGraph(pictureOfLive(traffic, looks({ span })), 'UTC')).toContain('No data in these a day');
  });

  test.each([
    [300, 'Sat 21 14:35'],
    [86_400, '2026-11-21'],
  ])('shows the time of a row of %d s as %s', (stepS, text) => {
    expect(formatMoment('Asia/Tokyo', { startS: endS - stepS, endS })).toBe(text);
  });
});
