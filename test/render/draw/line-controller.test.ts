// The controller and scale of Node's host draw the same as those of chart.js, and its filler, from the same configuration.

import { createRequire } from 'node:module';
import { createCanvas } from '@napi-rs/canvas';
import type * as ChartJs from 'chart.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { defineStack } from '../../../src/render/define/define-stack.js';
import { tileSizePx } from '../../../src/render/define/graph-request.js';
import type { Picture } from '../../../src/render/define/picture.js';
import { configurationOf } from '../../../src/render/draw/configuration.js';
import { quickLineController } from '../../../src/render/draw/line-controller.js';
import { fixedScale } from '../../../src/render/png/fixed-scale.js';
import { fontProblem } from '../../../src/render/png/picture-font.js';
import { graphRequest, seriesOf, stackMembers, stackRequest } from '../sample-series.js';

// Each gets a copy of chart.js of its own, since controllers are registered per copy.
function loadChartJs(): typeof ChartJs {
  const require = createRequire(import.meta.url);
  for (const key of Object.keys(require.cache)) if (key.includes('chart.js')) delete require.cache[key];
  return require('chart.js/auto');
}

const own = loadChartJs();
const quick = loadChartJs();

beforeAll(() => {
  fontProblem();
  quick.Chart.unregister(quick.LineController, quick.LinearScale);
  quick.Chart.register(quickLineController(quick.DatasetController), fixedScale(quick.Scale));
});

function pixelsBy({ Chart }: typeof ChartJs, picture: Picture): Buffer {
  const { sizePx } = picture;
  const canvas = createCanvas(sizePx.width, sizePx.height);
  // Node has no types of a browser's canvas; chart.js takes the context as it is.
  const context: unknown = canvas.getContext('2d');
  const chart = new Chart(context as ChartJs.ChartItem, configurationOf(picture));
  const pixels = canvas.data();
  chart.destroy();
  return pixels;
}

const wavy = (dataSource: string, row: number) =>
  (2 + Math.sin(row / 20)) * (dataSource === 'OutBytes' ? 700 : 100) + row;
const withHoles = (dataSource: string, row: number) => (row % 50 < 7 ? Number.NaN : wavy(dataSource, row));
const plateaus = (dataSource: string, row: number) => wavy(dataSource, row - (row % 24));

const cases: [string, () => Picture][] = [
  ['an area and a line', () => defineGraph(graphRequest({ average: seriesOf(wavy) }))],
  ['gaps', () => defineGraph(graphRequest({ average: seriesOf(withHoles) }))],
  ['equal values in sequence', () => defineGraph(graphRequest({ average: seriesOf(plateaus) }))],
  ['nothing', () => defineGraph(graphRequest({ average: seriesOf(() => Number.NaN) }))],
  ['zeros', () => defineGraph(graphRequest({ average: seriesOf(() => 0) }))],
  [
    'MAX bands, one down to a line',
    () => {
      const max = seriesOf((name, row) => 1.5 * withHoles(name, row), { cf: 'MAX' });
      return defineGraph(graphRequest({ average: seriesOf(withHoles), max }));
    },
  ],
  ['a tile at twice the pixels', () => defineGraph(graphRequest({ tile: true, sizePx: tileSizePx, pixelRatio: 2 }))],
  ['a stack above and below zero', () => defineStack(stackRequest(stackMembers(12), { type: 'traffic' }))],
];

describe('the quick line controller and the fixed scale draw like those of chart.js', () => {
  test.each(cases)('%s', (_title, pictureOf) => {
    const expected = pixelsBy(own, pictureOf());
    const drawn = pixelsBy(quick, pictureOf());
    expect(drawn.length).toBe(expected.length);
    let different = 0;
    // A coordinate may differ in its last bit, and a pixel's smoothing by one for it.
    for (let byte = 0; byte < drawn.length; byte++) {
      if (Math.abs((drawn[byte] ?? 0) - (expected[byte] ?? 0)) > 2) different++;
    }
    expect(different).toBe(0);
  });

  test.each([
    ['the quick one creates no point elements', quick, 0],
    ["chart.js' own does", own, 288],
  ])('the two are not the same: %s', (_title, { Chart }, elements) => {
    const context: unknown = createCanvas(760, 300).getContext('2d');
    const chart = new Chart(context as ChartJs.ChartItem, configurationOf(defineGraph(graphRequest())));
    expect(chart.getDatasetMeta(0).data.length).toBeGreaterThanOrEqual(elements);
    if (elements === 0) expect(chart.getDatasetMeta(0).data).toEqual([]);
    chart.destroy();
  });
});
