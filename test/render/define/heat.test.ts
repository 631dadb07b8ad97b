import { describe, expect, test } from 'vitest';
import type { StackMember } from '../../../src/render/define/graph-request.js';
import { defineTogether } from '../../../src/render/define/heat/define-heat.js';
import { amountsOf, heatOf, levelOf } from '../../../src/render/define/heat/heat.js';
import type { StackRequest } from '../../../src/render/define/stack/stack-request.js';
import { drawPng } from '../../../src/render/png/draw-png.js';
import { stackOf } from '../../../src/render/series/stack-parts.js';
import { emptySums, type StackSums, withMember } from '../../../src/render/series/stack-sums.js';
import { daySpan, graphRequest, seriesOf } from '../sample-series.js';

/** The count of a processor in a row of the day, the same for connections, packets and bytes. */
type CountOf = (number: number, row: number) => number;

function processors(count: number, counted: CountOf): StackMember[] {
  return Array.from({ length: count }, (_, number) => ({
    name: `all/cpu_${number}`,
    hostNames: [],
    series: seriesOf((_name, row) => counted(number, row)),
    firstS: 0,
    goneS: null,
  }));
}

function request(members: readonly StackMember[], over: Partial<StackRequest> = {}): StackRequest {
  const { average: _average, max: _max, ...shared } = graphRequest();
  const begun: readonly StackSums[] = [
    emptySums('pps', { span: daySpan, rowS: 300, pdpS: 300 }, Number.POSITIVE_INFINITY),
  ];
  const [sums] = members.reduce((stacks, member) => withMember(stacks, member, daySpan), begun);
  if (sums === undefined) throw new TypeError('there is one stack');
  const named = sums.named.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const stack = stackOf({ ...sums, named }, 'processors');
  return { ...shared, type: 'pps', subject: { name: 'all', hostNames: [] }, stack, ...over };
}

const ground = {
  span: daySpan,
  columns: 694,
  colours: ['none', 'little', 'some', 'much'],
  highest: 90,
} as const;

describe('a heat map', () => {
  test('has one row per processor, the first at the top, even for more than a hundred', () => {
    const picture = defineTogether(request(processors(101, () => 1)));
    expect(picture.heat?.rows).toBe(101);
    expect(picture.valueAxis).toMatchObject({ minimum: 0, maximum: 101 });
    expect(picture.valueAxis.ticks[0]).toEqual({ value: 100.5, text: '0' });
    expect(picture.heading.endpoint).toBe('Processors');
    expect(picture.heading.shows).toBe('Packets by processor, in and out together, packet/s · 24 h');
  });

  test('colours a busier processor differently, in its row and time only', () => {
    const picture = defineTogether(request(processors(4, (number, row) => (number === 2 && row >= 144 ? 40 : 10))));
    const cells = picture.heat?.cells ?? [];
    expect(cells).toHaveLength(5);
    const hot = cells.find(({ row, startS }) => row === 2 && startS === daySpan.startS + 144 * 300);
    expect(hot?.endS).toBe(daySpan.endS);
    expect(new Set(cells.filter((cell) => cell !== hot).map(({ fill }) => fill)).size).toBe(1);
    expect(cells.every((cell) => cell === hot || cell.fill !== hot?.fill)).toBe(true);
  });

  test('hatches an unknown processor in its row, and the whole height if none is known', () => {
    const unknown: CountOf = (number, row) =>
      row >= 100 && row < 110 && (number === 1 || row < 105) ? Number.NaN : 10;
    const picture = defineTogether(request(processors(3, unknown)));
    const at = (row: number) => daySpan.startS + row * 300;
    expect(picture.gaps).toEqual([{ startS: at(100), endS: at(105), text: 'unknown' }]);
    const hatched = picture.heat?.cells.filter(({ fill }) => fill === null);
    expect(hatched).toEqual([{ row: 1, startS: at(105), endS: at(110), fill: null }]);
  });

  test("lists the eight busiest in a picture's legend, and all on a page", () => {
    const members = processors(20, (number) => number);
    const names = (over: Partial<StackRequest>) =>
      defineTogether(request(members, over)).legend.rows.map(({ name }) => name);
    expect(names({})).toEqual([
      ...[12, 13, 14, 15, 16, 17, 18, 19].map((number) => `Processor ${number}`),
      'total (20)',
    ]);
    expect(names({ bare: true })).toHaveLength(21);
  });

  test('has a scale for its colours', () => {
    const { scale } = defineTogether(request(processors(2, () => 600))).legend;
    expect(scale).toMatchObject({ from: '0', to: '1.20 k' });
    expect(defineTogether(request(processors(2, () => 0))).legend.scale).toBeUndefined();
  });

  test('compares the shares of processors in each row', () => {
    const { stack } = request(processors(4, (number) => (number === 0 ? 70 : 10)));
    expect(amountsOf(stack.parts, stack.rows, true).map((column) => column[5])).toEqual([70, 10, 10, 10]);
  });

  test('gives the legend the colour of each mean, as quantity and as share', () => {
    const members = processors(3, (number) => (number === 1 ? 80 : 10));
    for (const isShare of [false, true]) {
      const { legend } = defineTogether(request(members, { isShare }));
      const [first, second, third] = legend.rows.map(({ style }) => style.fill);
      expect(first).toBe(third);
      expect(second).toBe(legend.scale?.colours.at(-1));
      expect(first).not.toBe(legend.scale?.colours[0]);
    }
  });

  test('says so if it has no readings', () => {
    const picture = defineTogether(request(processors(2, () => Number.NaN)));
    expect(picture.heat).toBeUndefined();
    expect(picture.sentence).toMatch(/^Too few readings yet/);
  });

  test.each(['light', 'dark'] as const)('is drawn in colours on a %s page', (theme) => {
    const own: CountOf = (number, row) => number * row;
    const plain = drawPng(
      defineTogether(
        request(
          processors(4, () => 0),
          { theme },
        ),
      ),
    );
    const png = drawPng(defineTogether(request(processors(4, own), { theme })));
    expect(png.readUInt32BE(16)).toBe(760);
    expect(png.length).toBeGreaterThan(plain.length + 500);
  });
});

describe('the colours of a heat map', () => {
  test.each([
    [0, 0],
    [0.001, 1],
    [30, 1],
    [31, 2],
    [90, 3],
    [1000, 3],
  ])('for %d have level %d; level 0 means zero only', (amount, level) => {
    expect(levelOf(amount, ground)).toBe(level);
  });

  test('show the maximum of the rows in a pixel column', () => {
    const rows = {
      ...request(processors(1, () => 1)).stack.rows,
      startS: daySpan.startS,
      stepS: 300,
      length: 288,
    };
    const column = Float64Array.from({ length: 288 }, (_, row) => (row === 17 ? 90 : 1));
    const { cells } = heatOf([column], { ...ground, rows, columns: 36 });
    const peak = cells.find(({ fill }) => fill === 'much');
    expect(peak).toEqual({ row: 0, startS: rows.startS + 16 * 300, endS: rows.startS + 24 * 300, fill: 'much' });
    expect(cells.at(-1)).toBe(peak);
  });
});
