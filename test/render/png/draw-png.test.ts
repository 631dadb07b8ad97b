import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { defineStack } from '../../../src/render/define/define-stack.js';
import { type GraphRequest, graphTypes, stackTypes, tileSizePx } from '../../../src/render/define/graph-request.js';
import { graphFingerprint } from '../../../src/render/files/fingerprint.js';
import { drawPng } from '../../../src/render/png/draw-png.js';
import { fontProblem } from '../../../src/render/png/picture-font.js';
import { readFingerprint } from '../../../src/render/png/png-text.js';
import { graphRequest, seriesOf, stackMembers, stackRequest } from '../sample-series.js';

/** Width, height, number of colours, and the share of the most common one. */
function look(png: Buffer) {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const header = chunks.get('IHDR') ?? Buffer.alloc(8);
  const uses = new Uint32Array(256);
  for (const index of inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))) uses[index] = (uses[index] ?? 0) + 1;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const commonest = Math.max(...uses) / (width * height);
  return { width, height, colours: (chunks.get('PLTE')?.length ?? 0) / 3, commonest };
}

describe('a PNG', () => {
  test.each(graphTypes)('of %s has its size and is not blank', (type) => {
    const { width, height, colours, commonest } = look(drawPng(defineGraph(graphRequest({ type }))));
    expect([width, height]).toEqual([760, 300]);
    expect(colours).toBeGreaterThan(20);
    expect(commonest).toBeLessThan(0.9);
  });

  test.each(stackTypes)('of the stack %s has its size and is not blank', (type) => {
    const { width, height, commonest } = look(drawPng(defineStack(stackRequest(stackMembers(15), { type }))));
    expect([width, height]).toEqual([760, 300]);
    expect(commonest).toBeLessThan(0.85);
  });

  test.each([
    [1, 380, 190],
    [2, 760, 380],
  ] as const)('of a tile at ratio %d is %d wide and %d high, even after others', (pixelRatio, width, height) => {
    for (let time = 0; time < 2; time++) {
      const tile = defineGraph(graphRequest({ tile: true, sizePx: tileSizePx, pixelRatio }));
      expect(look(drawPng(tile))).toMatchObject({ width, height });
      drawPng(defineGraph(graphRequest({ pixelRatio })));
    }
  });

  test('contains letters: the font is there, and other words give other pixels', () => {
    expect(fontProblem()).toBeNull();
    const pngOf = (name: string) => drawPng(defineGraph(graphRequest({ subject: { name, hostNames: [] } })));
    expect(pngOf('192.0.2.1_80').equals(pngOf('192.0.2.3_80'))).toBe(false);
  });

  test('is also drawn for an archive without data', () => {
    expect(look(drawPng(defineGraph(graphRequest({ average: seriesOf(() => Number.NaN) })))).colours).toBeGreaterThan(
      20,
    );
  });
});

describe('the fingerprint', () => {
  const changes: [string, Partial<GraphRequest>][] = [
    ['another type', { type: 'pps' }],
    ['another subject', { subject: { name: '192.0.2.9_80', hostNames: ['www.example.com'] } }],
    ['another host name', { subject: { name: '192.0.2.1_80', hostNames: ['new.example.com'] } }],
    ['another theme', { theme: 'dark' }],
    ['a note', { note: 'demonstration' }],
    ['another zone', { timeZone: 'UTC' }],
    ['a gap', { average: seriesOf((_name, row) => (row > 9 && row < 30 ? Number.NaN : 1000)) }],
    ['other values', { average: seriesOf((name, row) => (name === 'OutBytes' ? 7000 : 2000) + row) }],
    ['a maximum', { max: seriesOf(() => 9000, { cf: 'MAX' }) }],
    ['another ratio', { pixelRatio: 2 }],
    ['another size', { sizePx: { width: 700, height: 300 } }],
  ];
  const plain = defineGraph(graphRequest());

  test.each(changes)('changes with %s, as the picture does', (_title, change) => {
    const changed = defineGraph(graphRequest(change));
    expect(drawPng(changed).equals(drawPng(plain))).toBe(false);
    expect(graphFingerprint(changed)).not.toBe(graphFingerprint(plain));
  });

  test('ignores what a graph does not show', () => {
    const average = seriesOf((name, row) => (name === 'OutBytes' ? 7000 : name === 'InBytes' ? 1000 : 77) + row);
    const same = defineGraph(graphRequest({ average }));
    expect(drawPng(same).equals(drawPng(plain))).toBe(true);
    expect(graphFingerprint(same)).toBe(graphFingerprint(plain));
  });

  test('is equal only for equal bytes, whatever was drawn in between', () => {
    const bytes = new Map<string, string>();
    for (const [, change] of [...changes, ...changes.toReversed()]) {
      const graph = defineGraph(graphRequest(change));
      const fingerprint = graphFingerprint(graph);
      const digest = createHash('sha256').update(drawPng(graph, { fingerprint })).digest('hex');
      expect(bytes.get(fingerprint) ?? digest).toBe(digest);
      bytes.set(fingerprint, digest);
    }
    expect(bytes.size).toBe(changes.length);
  });

  test('is stored in the picture', () => {
    expect(readFingerprint(drawPng(plain, { fingerprint: graphFingerprint(plain) }))).toBe(graphFingerprint(plain));
    expect(readFingerprint(drawPng(plain))).toBeNull();
  });
});
