import { createCanvas, Image } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeIndexedPng } from '../../../src/render/png/indexed-png.js';
import { crc32 } from '../../../src/render/png/png-chunk.js';
import { fingerprintChunk, fingerprintHeadBytes, readFingerprint } from '../../../src/render/png/png-text.js';

async function decode(png: Buffer): Promise<Buffer> {
  const image = new Image();
  const loaded = new Promise<void>((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = reject;
  });
  image.src = png;
  await loaded;
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.data();
}

function pixelsOf(width: number, height: number, colourOf: (pixel: number) => readonly [number, number, number]) {
  const rgba = Buffer.alloc(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) rgba.set([...colourOf(pixel), 255], pixel * 4);
  return { width, height, rgba };
}

describe('an indexed PNG', () => {
  test('with up to 256 colours is exact in another decoder', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(size, size, fc.integer({ min: 1, max: 256 }), async (width, height, colours) => {
        const pixels = pixelsOf(width, height, (pixel) => {
          const colour = (pixel * 7919) % colours;
          return [colour, 255 - colour, (colour * 3) & 255];
        });
        expect((await decode(encodeIndexedPng(pixels, []))).equals(pixels.rgba)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('with more colours differs by no more than the dropped bits', async () => {
    const pixels = pixelsOf(64, 64, (pixel) => [pixel & 15, (pixel >> 4) & 15, (pixel >> 8) & 15]);
    const decoded = await decode(encodeIndexedPng(pixels, []));
    for (let byte = 0; byte < decoded.length; byte++) {
      expect(Math.abs((decoded[byte] ?? 0) - (pixels.rgba[byte] ?? 0))).toBeLessThan(4);
    }
  });

  test('with more colours keeps the most common ones exact, however similar and in any order', async () => {
    const flat = [
      [0xd9, 0xef, 0xe9],
      [0xdf, 0xe1, 0xe3],
    ] as const;
    const edge = (pixel: number) => [pixel & 255, (pixel >> 3) & 255, 0xe0 + (pixel & 15)] as const;
    const pixels = pixelsOf(100, 100, (pixel) => (pixel < 4000 ? edge(pixel) : flat[pixel % 2 === 0 ? 0 : 1]));
    const decoded = await decode(encodeIndexedPng(pixels, []));
    expect(decoded.subarray(4 * 4000).equals(pixels.rgba.subarray(4 * 4000))).toBe(true);
  });

  test('keeps nothing of a larger picture drawn before', async () => {
    encodeIndexedPng(
      pixelsOf(50, 50, (pixel) => [pixel & 255, 1, 2]),
      [],
    );
    const small = pixelsOf(7, 5, () => [9, 8, 7]);
    expect((await decode(encodeIndexedPng(small, []))).equals(small.rgba)).toBe(true);
  });

  test('has the CRC of the specification', () => {
    expect(crc32(Buffer.from('IEND')) >>> 0).toBe(0xae426082);
  });
});

describe('the fingerprint of a PNG', () => {
  const pixels = pixelsOf(30, 30, (pixel) => [pixel & 255, 0, 0]);

  test('is read from the whole file or its first bytes', () => {
    const png = encodeIndexedPng(pixels, [fingerprintChunk('0123abcd')]);
    expect(readFingerprint(png)).toBe('0123abcd');
    expect(readFingerprint(png.subarray(0, fingerprintHeadBytes))).toBe('0123abcd');
  });

  test.each<[string, Buffer]>([
    ['a PNG without one', encodeIndexedPng(pixels, [])],
    ['an empty file', Buffer.alloc(0)],
    ['another format', Buffer.from('GIF89a, and some more bytes behind it')],
    ['a truncated PNG', encodeIndexedPng(pixels, [fingerprintChunk('0123abcd')]).subarray(0, 50)],
  ])('is null for %s', (_title, bytes) => {
    expect(readFingerprint(bytes)).toBeNull();
  });
});
