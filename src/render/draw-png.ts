// The host of graphs in Node: chart.js on a canvas in memory, to PNG. Synchronous; nothing is read but the font, once.
// The canvas of a size is kept and drawn on again: the pages of a fresh one cost more than drawing a graph.

import type { Canvas } from '@napi-rs/canvas';
import { ChartJSNodeCanvasBase, type ChartJSNodeCanvasOptions } from 'chartjs-node-canvas';
import type { Graph, GraphConfiguration } from './configuration.js';
import type { SizePx } from './graph-request.js';
import { encodeIndexedPng, type Pixels } from './indexed-png.js';
import { fontProblem, pictureFontFamily } from './picture-font.js';
import { fingerprintChunk } from './png-text.js';

const mostCanvases = 4;

class Drawer extends ChartJSNodeCanvasBase {
  readonly #canvases = new Map<string, Canvas>();

  constructor(options: ChartJSNodeCanvasOptions) {
    super(options);
    this._chartJs.defaults.font.family = pictureFontFamily;
  }

  draw(configuration: GraphConfiguration, { width, height }: SizePx, pixelRatio: number): Pixels {
    const canvas = this.#canvasOf({ width, height }, pixelRatio);
    const chart = new this._chartJs(canvas.getContext('2d'), configuration);
    try {
      return { width: canvas.width, height: canvas.height, rgba: canvas.data() };
    } finally {
      chart.destroy();
    }
  }

  // chart.js takes the canvas' size for CSS pixels and enlarges it by the pixel ratio itself.
  #canvasOf({ width, height }: SizePx, pixelRatio: number): Canvas {
    const key = `${width}x${height}@${pixelRatio}`;
    const kept = this.#canvases.get(key);
    if (kept !== undefined) {
      if (pixelRatio !== 1) {
        kept.width = width;
        kept.height = height;
      }
      return kept;
    }
    if (this.#canvases.size === mostCanvases) this.#canvases.clear();
    const canvas = this._createCanvas(width, height);
    this.#canvases.set(key, canvas);
    return canvas;
  }
}

let drawer: Drawer | undefined;

/**
 * Draws a graph; the fingerprint, where one is given, can be read back by `readFingerprint`. Its pixels (0.9 MB) are
 * given back when the event loop turns: who draws many lets it turn between them.
 */
export function drawPng(graph: Graph, { fingerprint }: { readonly fingerprint?: string } = {}): Buffer {
  fontProblem();
  drawer ??= new Drawer(graph.sizePx);
  const pixels = drawer.draw(graph.configuration, graph.sizePx, graph.pixelRatio);
  return encodeIndexedPng(pixels, fingerprint === undefined ? [] : [fingerprintChunk(fingerprint)]);
}
