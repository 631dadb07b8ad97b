// The host of graphs in Node: chart.js on a canvas in memory, to PNG. Synchronous; it reads nothing but the font, once. Each
// size has one chart and one canvas, which draw one graph after the other: creating them costs more than drawing.

import type { Canvas } from '@napi-rs/canvas';
import type * as ChartJs from 'chart.js';
import { ChartJSNodeCanvasBase, type ChartJSNodeCanvasOptions } from 'chartjs-node-canvas';
import type { Picture } from '../define/picture.js';
import { configurationOf, type GraphConfiguration } from '../draw/configuration.js';
import { quickLineController } from '../draw/line-controller.js';
import { fixedScale } from './fixed-scale.js';
import { encodeIndexedPng, type Pixels } from './indexed-png.js';
import { fontProblem, pictureFontFamily } from './picture-font.js';
import { fingerprintChunk } from './png-text.js';

const maxEasels = 4;

/** A canvas and the chart that draws on it. */
interface Easel {
  readonly canvas: Canvas;
  readonly chart: ChartJs.Chart<'line', ChartJs.Point[]>;
}

class Drawer extends ChartJSNodeCanvasBase {
  readonly #easels = new Map<string, Easel>();

  constructor(options: ChartJSNodeCanvasOptions) {
    super(options);
    this._chartJs.defaults.font.family = pictureFontFamily;
    if (isWhole(this._chartJs)) lighten(this._chartJs);
  }

  draw(picture: Picture): Pixels {
    const { sizePx, pixelRatio } = picture;
    const key = `${sizePx.width}x${sizePx.height}@${pixelRatio}`;
    const kept = this.#easels.get(key);
    // Put back only after success: an aborted drawing may leave its canvas in any state.
    this.#easels.delete(key);
    const easel = kept === undefined ? this.#setUp(picture) : redraw(kept, configurationOf(picture));
    this.#easels.set(key, easel);
    const { canvas } = easel;
    return { width: canvas.width, height: canvas.height, rgba: canvas.data() };
  }

  /** A new easel, with the picture drawn on it. */
  #setUp(picture: Picture): Easel {
    const { width, height } = picture.sizePx;
    for (const [key, { chart }] of this.#easels) {
      if (this.#easels.size < maxEasels) break;
      chart.destroy();
      this.#easels.delete(key);
    }
    // chart.js takes the canvas' size for CSS pixels and enlarges it by the pixel ratio itself.
    const canvas: Canvas = this._createCanvas(width, height);
    return { canvas, chart: new this._chartJs(canvas.getContext('2d'), configurationOf(picture)) };
  }
}

/** chart.js' CommonJS bundle has all its parts on its class, which its types omit. */
function isWhole(bundle: object): bundle is typeof ChartJs {
  return 'DatasetController' in bundle && 'Scale' in bundle;
}

/** Replaces general parts of chart.js with those made for these graphs, and drops unused ones. */
function lighten(chartJs: typeof ChartJs): void {
  const { Chart, Colors, Decimation, Legend, SubTitle, Title, Tooltip } = chartJs;
  Chart.unregister(chartJs.LineController, chartJs.LinearScale, Colors, Decimation, Legend, SubTitle, Title, Tooltip);
  Chart.register(quickLineController(chartJs.DatasetController), fixedScale(chartJs.Scale));
}

function redraw(easel: Easel, { data, options = {} }: GraphConfiguration): Easel {
  easel.chart.data = data;
  easel.chart.options = options;
  easel.chart.update('none');
  return easel;
}

let drawer: Drawer | undefined;

/**
 * Draws a picture; `readFingerprint` can read back the fingerprint, if one is given. Its pixels (0.9 MB) are freed when the
 * event loop turns, so a caller that draws many must let it turn in between.
 */
export function drawPng(picture: Picture, { fingerprint }: { readonly fingerprint?: string } = {}): Buffer {
  fontProblem();
  drawer ??= new Drawer(picture.sizePx);
  return encodeIndexedPng(drawer.draw(picture), fingerprint === undefined ? [] : [fingerprintChunk(fingerprint)]);
}
