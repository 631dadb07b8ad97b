// The text of a tile, drawn with a pen that takes every letter for 5 pixels wide.

import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { type GraphRequest, tileSizePx } from '../../../src/render/define/graph-request.js';
import { drawCard } from '../../../src/render/draw/draw-card.js';
import type { Pen } from '../../../src/render/draw/pen.js';
import { daySpan, graphRequest, seriesOf } from '../sample-series.js';

interface Word {
  readonly text: string;
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
}

/** The words on the card, with their extents. */
function wordsOf(over: Partial<GraphRequest>, charPart?: number): readonly Word[] {
  const words: Word[] = [];
  const charPx = (): number =>
    charPart === undefined ? 5 : charPart * Number.parseFloat(/[\d.]+px/.exec(pen.font)?.[0] ?? '');
  const widthOf = (text: string): number => charPx() * text.length;
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

describe('the words of a card', () => {
  const names = [
    ['an address', '192.0.2.1_80'],
    ['two IPv6 addresses', '2001-db8-1111-2222-3333-4444-5555-6666_8443/2001-db8-a-b-c-d-e-f_8443'],
    ['a backend of 67 characters', 'haproxy_be_be_secure_customer_portal_production_order_tracking_web_frontend_r1'],
    ['a server and a backend of 165', `haproxy_be_${'b'.repeat(165)}/${'s'.repeat(165)}`],
  ] as const;
  const spans = ['24 h', '2026-11-19 22:00 – 2026-11-20 06:00'];
  const sizes = [
    { tile: false, sizePx: { width: 760, height: 300 } },
    { tile: false, sizePx: { width: 400, height: 220 } },
    { tile: true, sizePx: tileSizePx },
  ];

  test.each(names)('with %s neither overlap nor leave the card, and keep the kind and the unit', (_title, name) => {
    for (const label of spans) {
      for (const size of sizes) {
        const subject = { name, hostNames: ['www.example.com', 'shop.example.com'] };
        const type = name.startsWith('haproxy') ? 'sps' : 'traffic';
        const average = type === 'sps' ? seriesOf(() => 1, { dataSources: ['Sessions'] }) : seriesOf(() => 1);
        const words = wordsOf(
          { ...size, subject, type, average, note: 'demonstration', span: { ...daySpan, label } },
          0.55,
        );
        const title = type === 'sps' ? 'New sessions, session/s' : 'Traffic, bit/s';
        expect(words.some(({ text }) => text.startsWith(title))).toBe(true);
        for (const a of words) {
          expect(a.fromX, a.text).toBeGreaterThanOrEqual(0);
          if (a.y < 40) expect(a.toX, a.text).toBeLessThanOrEqual(size.sizePx.width);
          for (const b of words) {
            if (a !== b && a.y === b.y && a.y < 40) {
              expect(a.toX <= b.fromX || b.toX <= a.fromX, `${a.text} | ${b.text}`).toBe(true);
            }
          }
        }
      }
    }
  });

  test('show that a name goes on', () => {
    const subject = { name: `haproxy_be_${'b'.repeat(165)}`, hostNames: [] };
    const average = seriesOf(() => 1, { dataSources: ['Sessions'] });
    const words = wordsOf({ tile: false, sizePx: { width: 760, height: 300 }, subject, type: 'sps', average }, 0.55);
    expect(words.some(({ text }) => text.startsWith('bbb') && text.endsWith('…'))).toBe(true);
  });
});
