// The host of graphs in a browser: chart.js on a page's canvases. The configurations are those of the PNGs; only the used parts
// of chart.js are bundled. As in Node, each size has one chart, which draws one graph after the other, here on a canvas outside
// the page: setting a font on a canvas within it makes the browser recompute the page's styles each time.

import { Chart, DatasetController, type Point, PointElement, Scale } from 'chart.js';
import type { Picture } from '../../src/render/define/picture.js';
import { configurationOf } from '../../src/render/draw/configuration.js';
import { quickLineController } from '../../src/render/draw/line-controller.js';
import { fixedScale } from '../../src/render/png/fixed-scale.js';

Chart.register(quickLineController(DatasetController), fixedScale(Scale), PointElement, {
  // The controller fills areas itself; chart.js warns if no plugin of this name is registered.
  id: 'filler',
});
Chart.defaults.font.family = 'system-ui, sans-serif';

const maxEasels = 6;

/** A canvas outside the page, and the chart that draws on it. */
interface Easel {
  readonly canvas: OffscreenCanvas;
  readonly chart: Chart<'line', Point[]>;
}

const easels = new Map<string, Easel>();

/**
 * A canvas of the page. It is transparent until a picture is on it, and again once its pixels are freed: a canvas without an
 * alpha channel is black where the browser has not yet composed its pixels.
 */
export class CanvasHost {
  readonly #canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** Draws a picture, replacing the previous one. */
  draw(picture: Picture): void {
    const { canvas } = drawnEasel(picture);
    const { width, height } = picture.sizePx;
    if (this.#canvas.width !== canvas.width || this.#canvas.height !== canvas.height) {
      this.#canvas.width = canvas.width;
      this.#canvas.height = canvas.height;
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
    }
    this.#canvas.getContext('2d')?.drawImage(canvas, 0, 0);
    this.#canvas.classList.remove('blank');
  }

  /** Frees the pixels. */
  close(): void {
    this.#canvas.width = 0;
    this.#canvas.height = 0;
    this.#canvas.classList.add('blank');
  }
}

/** The easel of a picture's size, with the picture drawn on it. */
function drawnEasel(picture: Picture): Easel {
  const { width, height } = picture.sizePx;
  const configuration = configurationOf(picture);
  const key = `${width}x${height}@${picture.pixelRatio}`;
  const kept = easels.get(key);
  if (kept !== undefined) {
    kept.chart.data = configuration.data;
    kept.chart.options = configuration.options ?? {};
    kept.chart.update('none');
    return kept;
  }
  for (const [oldest, { chart }] of easels) {
    if (easels.size < maxEasels) break;
    chart.destroy();
    easels.delete(oldest);
  }
  // chart.js takes the canvas' size for CSS pixels and enlarges it by the pixel ratio itself.
  const canvas = new OffscreenCanvas(width, height);
  if (!isTaken(canvas)) throw new TypeError('chart.js draws on any canvas');
  const easel = { canvas, chart: new Chart(canvas, configuration) };
  easels.set(key, easel);
  return easel;
}

/** chart.js can also draw on a canvas outside the page, which its types omit. */
function isTaken(canvas: OffscreenCanvas): canvas is OffscreenCanvas & HTMLCanvasElement {
  return 'getContext' in canvas;
}
