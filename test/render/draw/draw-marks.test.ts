// Where marks are drawn: below the axis, where they cover nothing, and as pale dots in the plot.

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import {
  type EventMark,
  type GraphRequest,
  type MarkKind,
  tileSizePx,
} from '../../../src/render/define/graph-request.js';
import type { Box } from '../../../src/render/define/picture.js';
import { drawPng } from '../../../src/render/png/draw-png.js';
import { endS, graphRequest } from '../sample-series.js';

interface Pixels {
  readonly plot: Box;
  readonly widthPx: number;
  readonly rgba: Buffer;
}

async function pixels(over: Partial<GraphRequest>): Promise<Pixels> {
  const picture = defineGraph(graphRequest(over));
  const image = await loadImage(drawPng(picture));
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  return { plot: picture.plot, widthPx: image.width, rgba: canvas.data() };
}

/** The pixels, x and y, in which two pictures differ. */
function differences(a: Pixels, b: Pixels): (readonly [number, number])[] {
  const places: [number, number][] = [];
  for (let at = 0; at < a.rgba.length; at += 4) {
    if (a.rgba.readUInt32LE(at) === b.rgba.readUInt32LE(at)) continue;
    places.push([(at / 4) % a.widthPx, Math.floor(at / 4 / a.widthPx)]);
  }
  return places;
}

const mark = (kind: MarkKind, count = 1): EventMark => ({ timeS: endS - 36_000, kind, texts: ['gone'], count });

describe('a mark', () => {
  test.each(['light', 'dark'] as const)('has a shape for each kind, in %s', async (theme) => {
    const seen = new Set<string>();
    const plain = await pixels({ theme });
    for (const kind of ['failed', 'reset', 'moved', 'changed'] as const) {
      const marked = await pixels({ theme, marks: [mark(kind)] });
      seen.add(
        differences(plain, marked)
          .filter(([, y]) => y > plain.plot.bottom)
          .join(' '),
      );
    }
    expect(seen.size).toBe(4);
    expect(seen.has('')).toBe(false);
  });

  test('changes one column of the plot, one dot in four', async () => {
    const plain = await pixels({});
    const { plot } = plain;
    const within = differences(plain, await pixels({ marks: [mark('reset')] })).filter(([, y]) => y <= plot.bottom);
    expect(new Set(within.map(([x]) => x)).size).toBe(1);
    expect(within.length).toBeLessThanOrEqual((plot.bottom - plot.top) / 4);
    expect(within.length).toBeGreaterThan(10);
  });

  test('in a tile is only a tick below the axis', async () => {
    const tile = { tile: true, sizePx: tileSizePx };
    const plain = await pixels(tile);
    const { plot } = plain;
    const changed = differences(plain, await pixels({ ...tile, marks: [mark('moved', 7)] }));
    expect(changed.every(([, y]) => y > plot.bottom && y <= plot.bottom + 5)).toBe(true);
    expect(new Set(changed.map(([x]) => x)).size).toBe(2);
  });

  test('for several events shows their number', async () => {
    const one = await pixels({ marks: [mark('moved')] });
    const more = await pixels({ marks: [mark('moved', 12)] });
    expect(differences(one, more).length).toBeGreaterThan(5);
  });
});
