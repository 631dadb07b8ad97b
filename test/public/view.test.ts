import { describe, expect, test } from 'vitest';
import { liveUrl, specKey } from '../../public/graph/spec.js';
import { columnsFor, wallForm } from '../../public/page/kiosk.js';
import {
  boundedRange,
  formatRange,
  formatView,
  panned,
  parseView,
  viewLabel,
  withDownload,
  withView,
  zoomed,
} from '../../public/page/view.js';
import { standardRetention } from '../../src/model/retention.js';
import { fixtureEndS as endS } from './fixture-rows.js';

describe('a view', () => {
  test.each(['period=day', 'period=year', 'since=3h', 'since=90min', 'since=1000&until=4000'])(
    'with %s is parsed and formatted',
    (query) => {
      expect(formatView(parseView(query) ?? { period: 'week' })).toBe(query);
    },
  );

  test.each(['', 'period=decade', 'period=constructor', 'since=9&until=3', 'since=x&until=7', 'since=5'])(
    'is null for "%s"',
    (query) => {
      expect(parseView(query)).toBeNull();
    },
  );

  test.each([
    ['period=week', '7 d'],
    ['since=3h', '3 h'],
    ['since=1795271700&until=1795275300', '2026-11-21 23:35 – 2026-11-22 00:35'],
  ])('%s is called %s', (query, label) => {
    expect(viewLabel(parseView(query) ?? { period: 'day' }, 'Asia/Tokyo')).toBe(label);
  });

  test('replaces the span in an address, and leaves the rest', () => {
    const range = { startS: 300, endS: 900 };
    expect(withView('/lb/tiles?graph_type=cps&period=week&q=a%20b', range)).toBe(
      '/lb/tiles?graph_type=cps&q=a+b&since=300&until=900',
    );
    expect(withView('/lb/x?since=300&until=900#real', { period: 'day' })).toBe('/lb/x?period=day#real');
  });
});

describe('a download', () => {
  const range = { startS: 300, endS: 900 };

  test.each([
    ['/lb/graphs/day/192.0.2.1_80-cps.png', range, '/lb/graphs/span/192.0.2.1_80-cps.png?since=300&until=900'],
    ['/graphs/week/all-cps.png?share=1', range, '/graphs/span/all-cps.png?share=1&since=300&until=900'],
    ['/graphs/span/all-cps.png?since=1&until=2&share=1', { period: 'year' }, '/graphs/year/all-cps.png?share=1'],
    ['/graphs/span/a/b-cps.png?since=1&until=2', { period: 'day' }, '/graphs/day/a/b-cps.png'],
    ['/api/graphs.csv?name=all&period=day', range, '/api/graphs.csv?name=all&since=300&until=900'],
  ] as const)('%s covers the span on the page', (address, view, expected) => {
    expect(withDownload(address, view)).toBe(expected);
  });
});

describe('a range', () => {
  test('keeps the time under the pointer in place when zoomed', () => {
    expect(zoomed({ startS: 0, endS: 1000 }, 0.5, 800)).toEqual({ startS: 400, endS: 900 });
  });

  test('keeps its length when panned', () => {
    expect(panned({ startS: 0, endS: 1000 }, -0.25)).toEqual({ startS: -250, endS: 750 });
  });

  test('is bound to whole rows of five minutes, and to at least half an hour', () => {
    const { startS, endS: untilS } = boundedRange(
      { startS: endS - 7000.4, endS: endS - 6990 },
      endS,
      standardRetention,
    );
    expect([startS % 300, untilS % 300, untilS - startS]).toEqual([0, 0, 1800]);
  });

  test('ends with the newest reading, however far it is panned', () => {
    expect(boundedRange({ startS: endS, endS: endS + 7200 }, endS, standardRetention)).toEqual({
      startS: endS - 7200,
      endS,
    });
  });

  test('is no longer than the longest retention', () => {
    const range = boundedRange({ startS: 0, endS }, endS, standardRetention);
    expect(range.endS - range.startS).toBe(797 * 86_400);
  });

  test('is shown in local time', () => {
    expect(formatRange({ startS: endS - 3600, endS }, 'Asia/Tokyo')).toBe('2026-11-21 13:35 – 2026-11-21 14:35');
  });
});

describe('the rows of a figure', () => {
  const spec = {
    kind: 'graph',
    name: '192.0.2.1_80/10.0.0.5_8080',
    type: 'cps',
    isShare: false,
    isTile: false,
  } as const;

  test('are requested by name, span and width', () => {
    expect(liveUrl('/lb', spec, { view: { period: 'day' }, widthPx: 700 })).toBe(
      '/lb/live/graph?name=192.0.2.1_80%2F10.0.0.5_8080&type=cps&period=day&width=700',
    );
    expect(liveUrl('', spec, { view: { period: 'day' }, widthPx: 700, ago: '1w' })).toMatch(/&width=700&compare=1w$/);
  });

  test('have times in the zone that the reader chose', () => {
    const asked = { view: { period: 'day' }, widthPx: 700, zone: 'Asia/Tokyo' } as const;
    expect(liveUrl('', spec, asked)).toMatch(/&period=day&width=700&zone=Asia%2FTokyo$/);
  });

  test("of a stack are those of all services, or of one service's real servers", () => {
    const asked = { view: { startS: 300, endS: 900 }, widthPx: 700 };
    const urlOf = (name: string, type: string) => liveUrl('', { ...spec, kind: 'stack', name, type }, asked);
    expect(urlOf('all', 'cps')).toBe('/live/stack?type=cps&since=300&until=900&width=700');
    expect(urlOf('192.0.2.1_80', 'rs_cps')).toBe(
      '/live/stack?name=192.0.2.1_80&type=rs_cps&since=300&until=900&width=700',
    );
    expect(specKey({ ...spec, isShare: true })).not.toBe(specKey(spec));
  });
});

test.each([
  [1, 1920, 1080, 1],
  [4, 1920, 1080, 2],
  [9, 1920, 1080, 3],
  [5, 1080, 1920, 1],
  [40, 1280, 800, 4],
  [40, 3840, 2160, 6],
  [3, 240, 400, 1],
])('%d graphs on a wall screen of %d by %d fill %d columns', (count, width, height, columns) => {
  expect(columnsFor(count, { width, height })).toBe(columns);
});

test.each([
  ['graph', 900, 320, 'card'],
  ['graph', 900, 240, 'tile'],
  ['stack', 950, 320, 'beside'],
  ['stack', 950, 240, 'tile'],
  ['stack', 640, 470, 'card'],
  ['stack', 640, 320, 'tile'],
  ['stack', 480, 470, 'tile'],
] as const)('on a wall a %s of %d by %d pixels is a %s', (kind, width, height, form) => {
  expect(wallForm(kind, { width, height })).toBe(form);
});
