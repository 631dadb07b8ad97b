// Turns a picture as plain data into a chart.js configuration: its datasets and scales, and the inline plugin that draws what
// chart.js does not. A host supplies chart.js' fonts (`Chart.defaults.font.family`) and a canvas.

import type { ChartConfiguration, ChartData, Plugin, Point, Scale } from 'chart.js';
import type { Layer, Picture } from '../define/picture.js';
import { drawBare, drawCard, drawNote } from './draw-card.js';
import { drawGrid } from './draw-grid.js';
import { drawHatch } from './draw-hatch.js';
import { drawHeat } from './draw-heat.js';
import { drawLegend } from './draw-legend.js';
import { drawLimits } from './draw-limits.js';
import { drawMarks } from './draw-marks.js';
import { drawPattern } from './draw-pattern.js';
import { drawPeaks } from './draw-peaks.js';
import type { Line } from './trace-line.js';

/** A picture in the form of chart.js. */
export type GraphConfiguration = ChartConfiguration<'line', Point[]>;

/** A layer in the form of chart.js; an area ends at zero (`origin`), or at the dataset with the number `target`. */
export interface GraphDataset {
  readonly type: 'line';
  readonly label: string;
  readonly data: { x: number; y: number }[];
  readonly stepped: 'after' | false;
  readonly fill: false | 'origin' | { readonly target: number; readonly above: string; readonly below: string };
  readonly backgroundColor: string;
  readonly borderColor: string;
  readonly borderWidth: number;
  readonly pointRadius: 0;
  readonly spanGaps: false;
}

/** Is a dataset part of a picture? */
export function isOfGraph(dataset: object): dataset is GraphDataset {
  return 'pointRadius' in dataset && 'borderColor' in dataset && typeof dataset.borderColor === 'string';
}

/** The area of a dataset, from zero to its line. */
export function areaOf({ data, stepped }: GraphDataset): Line {
  return { points: data, stepped: stepped !== false, isArea: true };
}

/** The chart that draws a picture. */
export function configurationOf(picture: Picture): GraphConfiguration {
  const { plot, sizePx, span, valueAxis } = picture;
  return {
    type: 'line',
    data: dataOf(picture),
    options: {
      responsive: false,
      animation: false,
      parsing: false,
      normalized: true,
      events: [],
      devicePixelRatio: picture.pixelRatio,
      layout: {
        padding: {
          left: plot.left,
          top: plot.top,
          right: sizePx.width - plot.right,
          bottom: sizePx.height - plot.bottom,
        },
      },
      plugins: { legend: { display: false }, tooltip: { enabled: false }, title: { display: false } },
      scales: {
        x: scaleOf(span.startS, span.endS),
        y: scaleOf(valueAxis.minimum, valueAxis.maximum),
      },
    },
    plugins: [furniture],
  };
}

// A scale only maps values to pixels: the picture already has its ticks and labels.
function scaleOf(min: number, max: number) {
  return { type: 'linear' as const, display: false, min, max, afterBuildTicks: forgetTicks };
}

function forgetTicks(scale: Scale): void {
  scale.ticks = [];
}

/** The data of a chart, with its picture. */
interface GraphData extends ChartData<'line', Point[]> {
  readonly picture: Picture;
}

function dataOf(picture: Picture): GraphData {
  // chart.js paints the last dataset first.
  const layers = picture.layers.toReversed();
  return { picture, datasets: layers.map((layer) => datasetOf(layer, layers)) };
}

function datasetOf(layer: Layer, layers: readonly Layer[]): GraphDataset {
  const { form, fill, edge } = layer.style;
  const isLine = form === 'line' || form === 'thin';
  const above = layers.findIndex(({ label }) => label === layer.above);
  return {
    type: 'line',
    label: layer.label,
    data: pointsOf(layer),
    stepped: layer.stepped ? 'after' : false,
    fill: isLine ? false : above >= 0 ? { target: above, above: fill, below: fill } : 'origin',
    backgroundColor: fill,
    borderColor: edge,
    borderWidth: form === 'line' ? 1.5 : form === 'area' || form === 'thin' || form === 'max' ? 1 : 0,
    pointRadius: 0,
    spanGaps: false,
  };
}

function pointsOf({ timesS, values }: Layer): GraphDataset['data'] {
  const points: GraphDataset['data'] = [];
  for (let index = 0; index < timesS.length; index++) {
    points.push({ x: timesS[index] ?? Number.NaN, y: values[index] ?? Number.NaN });
  }
  return points;
}

type LineChart = Parameters<NonNullable<Plugin<'line'>['beforeDraw']>>[0];

// Shared by all graphs, so that a host can draw many of them with one chart.
const furniture: Plugin<'line'> = {
  id: 'lvs-stats',
  beforeDraw: (chart) => {
    const picture = pictureOf(chart);
    if (picture.bare) drawBare(chart.ctx, picture);
    else drawCard(chart.ctx, picture, familyOf(chart));
  },
  afterDatasetDraw: (chart, { index }) => {
    const picture = pictureOf(chart);
    const pattern = picture.layers.at(-1 - index)?.style.pattern ?? 'plain';
    const dataset = chart.data.datasets[index];
    if (pattern === 'plain' || dataset === undefined || !isOfGraph(dataset)) return;
    drawPattern(chart.ctx, areaOf(dataset), { pattern, picture });
  },
  afterDraw: (chart) => {
    const picture = pictureOf(chart);
    const family = familyOf(chart);
    drawHeat(chart.ctx, picture);
    drawHatch(chart.ctx, picture, family);
    drawGrid(chart.ctx, picture, family);
    drawMarks(chart.ctx, picture, family);
    drawLimits(chart.ctx, picture, family);
    drawPeaks(chart.ctx, picture, family);
    if (picture.bare) drawNote(chart.ctx, picture, family);
    else drawLegend(chart.ctx, picture, family);
  },
};

function pictureOf({ data }: LineChart): Picture {
  if (!('picture' in data)) throw new TypeError('the data of a chart of ours has its picture');
  return (data as GraphData).picture;
}

function familyOf(chart: LineChart): string {
  const family = chart.options.font?.family;
  return typeof family === 'string' ? family : 'sans-serif';
}
