// The text of a tile, drawn with a pen that takes every letter for 5 pixels wide.

import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { type GraphRequest, tileSizePx } from '../../../src/render/define/graph-request.js';
import { drawCard } from '../../../src/render/draw/draw-card.js';
import type { Pen } from '../../../src/render/draw/pen.js';
import { daySpan, graphRequest } from '../sample-series.js';

interface Word {
  readonly text: string;
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
}

/** The words on the card, with their extents. */
function wordsOf(over: Partial<GraphRequest>): readonly Word[] {
  const words: Word[] = [];
  const widthOf = (text: string): number => 5 * text.length;
  const nothing = (): void => {};
  const pen: Pen = {
    ...{ fillStyle: '', strokeStyle: '', lineWidth: 1, font: '', textAlign: 'left', textBaseline: 'alphabetic' },
    ...{ save: nothing, restore: nothing, beginPath: nothing, moveTo: nothing, lineTo: nothing, rect: nothing },
    ...{ clip: nothing, stroke: nothing, fill: nothing, fillRect: nothing, strokeText: nothing, lineJoin: 'round' },
    measureText: (text) => ({ width: widthOf(text) }),
    fillText(text, x, y) {
      const fromX = this.textAlign === 'right' ? x - widthOf(text) : x;
      if (text !== '') words.push({ text, fromX, toX: fromX + widthOf(text), y });
    },
  };
  drawCard(pen, defineGraph(graphRequest({ tile: true, sizePx: tileSizePx, ...over })), 'sans');
  return words;
}

const long = { ...daySpan, label: '2026-10-27 – 2026-11-27, in all of it' };

describe('the text of a tile', () => {
  test.each<[string, Partial<GraphRequest>, string]>([
    ['with a short span', { note: 'demonstration' }, 'DEMONSTRATION'],
    ['with a long span', { note: 'demonstration', span: long }, 'DEMONSTRATION'],
    ['of small width', { note: 'demonstration', span: long, sizePx: { width: 320, height: 160 } }, 'DEMO.'],
  ])('%s does not overlap, and includes the note', (_title, over, note) => {
    const words = wordsOf(over);
    expect(words.map(({ text }) => text)).toContain(note);
    for (const a of words)
      for (const b of words) {
        if (a !== b && a.y === b.y) expect(a.toX <= b.fromX || b.toX <= a.fromX, `${a.text} | ${b.text}`).toBe(true);
      }
  });

  test('shows the age of the data if there is room', () => {
    const isNewest = ({ text }: Word): boolean => text.startsWith('to 11-21 ');
    expect(wordsOf({}).some(isNewest)).toBe(true);
    expect(wordsOf({ span: { ...long, label: `${long.label}, every day` } }).some(isNewest)).toBe(false);
  });
});
