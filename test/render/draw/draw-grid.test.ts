// The labels of the axes, as the pen gets them: none touches another, and none leaves the card.

import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { drawGrid } from '../../../src/render/draw/draw-grid.js';
import type { Pen } from '../../../src/render/draw/pen.js';
import { endS, graphRequest, seriesOf } from '../sample-series.js';

const charPx = 6.5;

interface Word {
  readonly text: string;
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
}

/** The words of the axes of a picture, with their extents. */
function wordsOf(widthPx: number, spanS: number, timeZone: string): readonly Word[] {
  const words: Word[] = [];
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
    measureText: (text) => ({ width: charPx * text.length }),
    fillText(text, x, y) {
      const width = charPx * text.length;
      const fromX = this.textAlign === 'right' ? x - width : this.textAlign === 'center' ? x - width / 2 : x;
      words.push({ text, fromX, toX: fromX + width, y });
    },
  };
  const span = { startS: endS - spanS, endS, label: '' };
  const stepS = Math.max(300, Math.floor(spanS / 300 / 300) * 300);
  const average = seriesOf(() => 1, { startS: endS - 300 * stepS, stepS });
  const size = { sizePx: { width: widthPx, height: 204 }, bare: true } as const;
  drawGrid(pen, defineGraph(graphRequest({ ...size, span, timeZone, average })), 'sans');
  return words;
}

describe('labels of the axes', () => {
  const hourS = 3600;
  const spans = [
    hourS,
    5 * hourS,
    86_400,
    3 * 86_400,
    7 * 86_400,
    31 * 86_400,
    100 * 86_400,
    365 * 86_400,
    1000 * 86_400,
  ];

  test.each(['UTC', 'Asia/Tokyo', 'America/St_Johns'])('neither touch nor leave the card (%s)', (timeZone) => {
    for (const spanS of spans) {
      for (let widthPx = 200; widthPx < 1300; widthPx += 13) {
        const words = wordsOf(widthPx, spanS, timeZone);
        const below = words.filter(({ y }) => y === Math.max(...words.map((word) => word.y)));
        const inOrder = below.toSorted((a, b) => a.fromX - b.fromX);
        expect(inOrder.length).toBeGreaterThan(0);
        for (const [i, { text, toX }] of inOrder.entries()) {
          const next = inOrder[i + 1];
          expect(toX, `${text} | ${next?.text} in ${spanS} s on ${widthPx} px`).toBeLessThan(next?.fromX ?? widthPx);
        }
      }
    }
  });
});
