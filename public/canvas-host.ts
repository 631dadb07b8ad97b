// The host of graphs in a browser: chart.js on a page's canvas. The configurations are those of the PNGs; of chart.js only
// what they use is bundled. Styles are set through the CSSOM, which a strict policy of content allows.

import { Chart, DatasetController, type Point, PointElement, Scale } from 'chart.js';
import type { Graph } from '../src/render/configuration.js';
import { fixedScale } from '../src/render/fixed-scale.js';
import { quickLineController } from '../src/render/line-controller.js';

Chart.register(quickLineController(DatasetController), fixedScale(Scale), PointElement, {
  // The controller fills areas itself; chart.js warns where nobody of this name is there to do so.
  id: 'filler',
});
Chart.defaults.font.family = 'system-ui, sans-serif';

/** A canvas with the chart on it. */
export class CanvasHost {
  readonly #canvas: HTMLCanvasElement;
  #chart: Chart<'line', Point[]> | null = null;
  #size = '';

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Draws a graph in the place of the one before; a chart is kept as long as its size. */
  draw({ configuration, sizePx, pixelRatio }: Graph): void {
    const size = `${sizePx.width}x${sizePx.height}@${pixelRatio}`;
    if (this.#chart !== null && size === this.#size) {
      this.#chart.data = configuration.data;
      this.#chart.options = configuration.options ?? {};
      this.#chart.update('none');
      return;
    }
    this.#chart?.destroy();
    this.#canvas.width = sizePx.width;
    this.#canvas.height = sizePx.height;
    this.#chart = new Chart(this.#canvas, configuration);
    this.#size = size;
  }

  /** Frees the pixels. */
  close(): void {
    this.#chart?.destroy();
    this.#chart = null;
    this.#canvas.width = 0;
    this.#canvas.height = 0;
  }
}
