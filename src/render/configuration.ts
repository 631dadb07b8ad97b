// From a picture as plain data to a chart.js configuration: its datasets and scales, and the inline plugins that
// draw what chart.js does not. A host gives chart.js its fonts (`Chart.defaults.font.family`) and a canvas.

import type { Chart, ChartConfiguration, ChartDataset, Plugin, Point, Scale } from 'chart.js';
import { drawCard } from './draw-card.js';
import { drawGrid } from './draw-grid.js';
import { drawHatch } from './draw-hatch.js';
import { drawLegend } from './draw-legend.js';
import { drawPattern } from './draw-pattern.js';
import type { SizePx } from './graph-request.js';
import type { Layer, Picture } from './picture.js';

/** A graph as chart.js takes it. */
export type GraphConfiguration = ChartConfiguration<'line', Point[]>;

/** A defined graph: what it shows, as plain data, and as chart.js draws it. */
export interface Graph {
  readonly picture: Picture;
  readonly configuration: GraphConfiguration;
  readonly sizePx: SizePx;
  readonly pixelRatio: 1 | 2;
}

/** The graph of a picture. */
export function graphOf(picture: Picture): Graph {
  const { sizePx, pixelRatio } = picture;
  return { picture, sizePx, pixelRatio, configuration: configurationOf(picture) };
}

function configurationOf(picture: Picture): GraphConfiguration {
  const { plot, sizePx, span, valueAxis } = picture;
  // chart.js paints the last dataset first.
  const layers = [...picture.layers].reverse();
  return {
    type: 'line',
    data: { datasets: layers.map((layer) => datasetOf(layer, layers)) },
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
    plugins: [furnitureOf(picture, layers)],
  };
}

// A scale maps values to pixels only: its ticks and labels are in the picture, and not worked out twice.
function scaleOf(min: number, max: number) {
  const afterBuildTicks = (scale: Scale) => {
    scale.ticks = [];
  };
  return { type: 'linear' as const, display: false, min, max, afterBuildTicks };
}

function datasetOf(layer: Layer, layers: readonly Layer[]): ChartDataset<'line', Point[]> {
  const { form, fill, edge } = layer.style;
  const isLine = form === 'line';
  const above = layers.findIndex(({ label }) => label === layer.above);
  return {
    label: layer.label,
    data: Array.from(layer.timesS, (x, index) => ({ x, y: layer.values[index] ?? Number.NaN })),
    stepped: layer.stepped ? 'after' : false,
    fill: isLine ? false : above >= 0 ? { target: above, above: fill, below: fill } : 'origin',
    backgroundColor: fill,
    borderColor: edge,
    borderWidth: isLine ? 1.5 : form === 'area' ? 1 : 0,
    pointRadius: 0,
    spanGaps: false,
  };
}

function furnitureOf(picture: Picture, layers: readonly Layer[]): Plugin<'line'> {
  return {
    id: 'lvs-stats',
    beforeDraw: (chart) => drawCard(chart.ctx, picture, familyOf(chart)),
    afterDatasetDraw: (chart, { index }) => {
      const layer = layers[index];
      if (layer !== undefined && layer.style.pattern !== 'plain') drawPattern(chart.ctx, layer, picture);
    },
    afterDraw: (chart) => {
      drawHatch(chart.ctx, picture, familyOf(chart));
      drawGrid(chart.ctx, picture, familyOf(chart));
      drawLegend(chart.ctx, picture, familyOf(chart));
    },
  };
}

function familyOf(chart: Chart<'line'>): string {
  const family = chart.options.font?.family;
  return typeof family === 'string' ? family : 'sans-serif';
}
