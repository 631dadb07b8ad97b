// Draws datasets of chart.js' type `line` instead of its own controller: the same lines and areas from the same configuration,
// but straight from the points, without an element and resolved options for each. That halves the time per picture. A host that
// draws few graphs, or wants tooltips, does not need it.
// https://www.chartjs.org/docs/latest/developers/charts.html

import type { DatasetController, Scale } from 'chart.js';
import { areaOf, type GraphDataset, isOfGraph } from './configuration.js';
import type { Pen } from './pen.js';
import { type Ground, traceLine } from './trace-line.js';

/** The controller, on the base class of the host's copy of chart.js; register it after unregistering chart.js' own. */
export function quickLineController(Base: typeof DatasetController) {
  return class QuickLineController extends Base {
    static readonly id = 'line';
    static readonly defaults = { datasetElementType: null, dataElementType: 'point' };

    /** Points are not made into elements. */
    override buildOrUpdateElements(): void {}

    /** Half of a line's width may lie outside the plot. */
    override getMaxOverflow(): number {
      const dataset = this.getDataset();
      return isOfGraph(dataset) ? dataset.borderWidth / 2 : 0;
    }

    override draw(): void {
      const dataset = this.getDataset();
      const { xScale, yScale } = this.getMeta();
      if (!isOfGraph(dataset) || xScale === undefined || yScale === undefined) return;
      const pen: Pen = this.chart.ctx;
      const ground = groundOf(xScale, yScale);
      if (dataset.fill !== false) {
        const { left, top, width, height } = this.chart.chartArea;
        pen.save();
        pen.beginPath();
        pen.rect(left, top, width, height);
        pen.clip();
        fillArea(pen, dataset, { ground, datasets: this.chart.data.datasets.filter(isOfGraph) });
        pen.restore();
      }
      if (dataset.borderWidth > 0) strokeLine(pen, dataset, ground);
    }
  };
}

/** The mapping of values on two linear scales to pixels. */
function groundOf(x: Scale, y: Scale): Ground {
  const perX = (x.getPixelForValue(x.max) - x.getPixelForValue(x.min)) / (x.max - x.min);
  const perY = (y.getPixelForValue(y.max) - y.getPixelForValue(y.min)) / (y.max - y.min);
  return { left: x.getPixelForValue(x.min) - perX * x.min, perX, zero: y.getPixelForValue(0), perY };
}

// Fills to zero, or to another line: the area below both is then counted twice, and left empty by the even-odd rule.
function fillArea(
  pen: Pen,
  dataset: GraphDataset,
  { ground, datasets }: { ground: Ground; datasets: readonly GraphDataset[] },
): void {
  const floor = typeof dataset.fill === 'object' ? datasets[dataset.fill.target] : undefined;
  pen.beginPath();
  traceLine(pen, areaOf(dataset), ground);
  if (floor !== undefined) traceLine(pen, areaOf(floor), ground);
  pen.fillStyle = dataset.backgroundColor;
  pen.fill(floor === undefined ? 'nonzero' : 'evenodd');
}

function strokeLine(pen: Pen, dataset: GraphDataset, ground: Ground): void {
  pen.beginPath();
  traceLine(pen, { ...areaOf(dataset), isArea: false }, ground);
  pen.strokeStyle = dataset.borderColor;
  pen.lineWidth = dataset.borderWidth;
  pen.stroke();
}
