import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { defineStack } from '../../../src/render/define/define-stack.js';
import type { Picture } from '../../../src/render/define/picture.js';
import { configurationOf } from '../../../src/render/draw/configuration.js';
import { drawPeaks } from '../../../src/render/draw/draw-peaks.js';
import type { Pen } from '../../../src/render/draw/pen.js';
import { coloursOf } from '../../../src/render/look/theme.js';
import { wholePeak } from '../../../src/render/series/whole-peak.js';
import { contrastOf } from '../look/colour-sight.js';
import { daySpan, graphRequest, seriesOf, stackMembers, stackRequest } from '../sample-series.js';

const peakRow = 100;
const means = seriesOf(() => 10);
const maxima = seriesOf((_source, row) => (row === peakRow ? 90 : 12), { cf: 'MAX' });

/** The row of the peak ends this much after it begins, and stands on whole pixels. */
const middleS = daySpan.startS + (peakRow + 0.5) * 300;

function expectVisible({ valueAxis, layers, peaks }: Picture, value: number): void {
  const layer = layers.find(({ values }) => values.includes(value));
  expect(Math.max(Math.abs(valueAxis.maximum), Math.abs(valueAxis.minimum))).toBeGreaterThanOrEqual(Math.abs(value));
  expect(layer?.style.form).toBe('max');
  expect(contrastOf(layer?.style.edge ?? '', coloursOf('light').card)).toBeGreaterThanOrEqual(3);
  expect(peaks.map((peak) => peak.value)).toContain(value);
}

describe('a peak that means hide', () => {
  test('sets the axis of a graph, is drawn with a line, and shows its value where it is', () => {
    const picture = defineGraph(graphRequest({ type: 'cps', average: means, max: maxima }));
    expectVisible(picture, 90);
    expect(picture.peaks).toEqual([{ timeS: expect.closeTo(middleS, -3), value: 90, text: 'max 90' }]);
    const widths = configurationOf(picture).data.datasets.map((one) => 'borderWidth' in one && one.borderWidth);
    expect(widths).toEqual([1, 1]);
  });

  test('has no words where maxima are hardly above the means', () => {
    const max = seriesOf(() => 10.1, { cf: 'MAX' });
    expect(defineGraph(graphRequest({ type: 'cps', average: means, max })).peaks).toEqual([]);
    expect(defineGraph(graphRequest({ type: 'cps', average: means })).peaks).toEqual([]);
  });

  test('is that of the highest quantity', () => {
    const max = seriesOf((name) => (name === 'OutBytes' ? 200 : 100), { cf: 'MAX' });
    expect(defineGraph(graphRequest({ average: means, max })).peaks.map(({ text }) => text)).toEqual(['max 1.60 k']);
  });
});

describe('a peak of a stack', () => {
  const stackWith = (type: 'cps' | 'traffic', over: Partial<Parameters<typeof defineStack>[0]> = {}) => {
    const request = stackRequest(stackMembers(3), { type });
    return { ...request, stack: { ...request.stack, peak: wholePeak(maxima, type, daySpan) }, ...over };
  };

  test('is that of its whole, behind the parts', () => {
    const picture = defineStack(stackWith('cps'));
    expectVisible(picture, 90);
    expect(picture.layers[0]?.style.form).toBe('max');
    expect(picture.footer).toContain('pale behind: MAX of the total');
  });

  test('is shown above and below zero', () => {
    const picture = defineStack(stackWith('traffic'));
    expectVisible(picture, 720);
    expectVisible(picture, -720);
    expect(picture.peaks.map(({ text }) => text)).toEqual(['max 720', 'max 720']);
  });

  test.each([
    ['in percent', { isShare: true }],
    ['while a part is hidden', { hidden: new Set(['192.0.2.1:80']) }],
  ])('is not that of what is shown %s', (_title, over) => {
    const { layers, peaks, footer } = defineStack(stackWith('cps', over));
    expect([layers.filter(({ style }) => style.form === 'max'), peaks]).toEqual([[], []]);
    expect(footer).not.toContain('MAX');
  });
});

test('the words of a peak stay within the plot', () => {
  const words: { text: string; fromX: number; toX: number }[] = [];
  const nothing = (): void => {};
  const pen: Pen = {
    ...{ fillStyle: '', strokeStyle: '', lineWidth: 1, font: '', textAlign: 'left', textBaseline: 'alphabetic' },
    ...{
      save: nothing,
      restore: nothing,
      beginPath: nothing,
      moveTo: nothing,
      lineTo: nothing,
      rect: nothing,
      setLineDash: nothing,
    },
    ...{ clip: nothing, stroke: nothing, fill: nothing, fillRect: nothing, strokeText: nothing, lineJoin: 'round' },
    measureText: (text) => ({ width: 5 * text.length }),
    fillText(text, x) {
      const fromX = this.textAlign === 'right' ? x - 5 * text.length : x;
      words.push({ text, fromX, toX: fromX + 5 * text.length });
    },
  };
  for (const row of [0, 144, 287]) {
    const max = seriesOf((_source, at) => (at === row ? 90 : 12), { cf: 'MAX' });
    const picture = defineGraph(graphRequest({ type: 'cps', average: means, max }));
    drawPeaks(pen, picture, 'sans');
    const { fromX, toX, text } = words.pop() ?? { fromX: 0, toX: 0, text: '' };
    expect(text).toBe('max 90');
    expect(fromX).toBeGreaterThanOrEqual(picture.plot.left);
    expect(toX).toBeLessThanOrEqual(picture.plot.right);
  }
});
