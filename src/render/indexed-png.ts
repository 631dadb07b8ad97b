// Pixels to a PNG of at most 256 colours: a byte a pixel instead of four, so it is packed faster and smaller.
// A graph has few colours, but smoothed edges of lines and letters may make more than 256 of them: then the commonest,
// fills and lines, stay as they are, and of the others the lowest bits of each channel are dropped until they fit.
// Exact otherwise.
// PNG specification (third edition), colour type 3, bit depth 8, filter 0.

import { deflateSync } from 'node:zlib';
import { pngChunk, pngEnd, pngSignature } from './png-chunk.js';

/** Opaque pixels, row by row: R, G, B, A in the order of their bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Buffer;
}

const mostColours = 256;
// More than a theme, its patterns and ten services have together.
const exactColours = 64;
// Level 3 takes a third of the time of level 6 (0.35 ms of a picture) for 15 % more bytes.
const packing = { level: 3, memLevel: 8 };

/** A PNG of the pixels with further chunks between its header and its colours. */
export function encodeIndexedPng(pixels: Pixels, chunks: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels.width, 0);
  header.writeUInt32BE(pixels.height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const { palette, rows } = indexPixels(pixels);
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('PLTE', palette),
    pngChunk('IDAT', deflateSync(rows, packing)),
    pngEnd,
  ]);
}

/**
 * The palette, three bytes a colour, and the rows as PNG wants them: a filter byte, then an index a pixel.
 * The rows hold until the next call.
 */
function indexPixels({ width, height, rgba }: Pixels): { palette: Uint8Array; rows: Uint8Array } {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const { numbers, rows } = scratchFor(width, height);
  const { colours, uses } = numberColours(pixels, numbers);
  const { kept, indexOf } = reduceColours(colours, orderOf(uses));
  for (let y = 0, pixel = 0, at = 0; y < height; y++) {
    rows[at++] = 0;
    for (let x = 0; x < width; x++) rows[at++] = indexOf[numbers[pixel++] ?? 0] ?? 0;
  }
  return { palette: paletteOf(kept), rows };
}

// Numbers the colours in order of appearance (an open hash table), counts how many pixels use each, and fills in each
// pixel's number. Beyond 65,535 colours, which no graph comes near, further ones are taken for the first.
function numberColours(pixels: Uint32Array, numbers: Uint16Array): { colours: number[]; uses: number[] } {
  const { table } = scratch;
  table.fill(0);
  const colours: number[] = [];
  const uses: number[] = [];
  let runStart = 0;
  let run = ~(pixels[0] ?? 0) >>> 0;
  let number = 0;
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    const colour = pixels[pixel] ?? 0;
    if (colour !== run) {
      if (pixel > 0) uses[number] = (uses[number] ?? 0) + pixel - runStart;
      runStart = pixel;
      run = colour;
      let slot = Math.imul(colour, 0x9e3779b1) >>> 15;
      while (table[slot] !== 0 && colours[(table[slot] ?? 0) - 1] !== colour) slot = (slot + 1) & (table.length - 1);
      if (table[slot] === 0 && colours.length < 0xffff) table[slot] = colours.push(colour);
      number = Math.max(0, (table[slot] ?? 0) - 1);
    }
    numbers[pixel] = number;
  }
  uses[number] = (uses[number] ?? 0) + pixels.length - runStart;
  return { colours, uses };
}

// Working memory is kept from picture to picture: fresh pages cost more than what is done with them.
let scratch = { numbers: new Uint16Array(), rows: new Uint8Array(), table: new Int32Array(1 << 17) };

function scratchFor(width: number, height: number): { numbers: Uint16Array; rows: Uint8Array } {
  const bytes = (width + 1) * height;
  if (scratch.rows.length < bytes) {
    scratch = { ...scratch, numbers: new Uint16Array(bytes), rows: new Uint8Array(bytes) };
  }
  return { numbers: scratch.numbers, rows: scratch.rows.subarray(0, bytes) };
}

// The numbers of the colours: as they appear where all are kept, otherwise the commonest first.
function orderOf(uses: readonly number[]): number[] {
  const order = Array.from(uses.keys());
  return order.length <= mostColours ? order : order.sort((a, b) => (uses[b] ?? 0) - (uses[a] ?? 0) || a - b);
}

// As few dropped bits as leave at most 256 colours; of those that become one, the first of `order` stands for all.
function reduceColours(colours: readonly number[], order: readonly number[]): { kept: number[]; indexOf: Uint8Array } {
  const indexOf = new Uint8Array(colours.length);
  for (let droppedBits = 0; ; droppedBits++) {
    const kept = mergeColours({ colours, order, mask: ((0xff << droppedBits) & 0xff) * 0x01010101 }, indexOf);
    if (kept !== null) return { kept, indexOf };
  }
}

interface Merging {
  readonly colours: readonly number[];
  readonly order: readonly number[];
  readonly mask: number;
}

// Fills in each colour's index; null where more than 256 colours are left.
function mergeColours({ colours, order, mask }: Merging, indexOf: Uint8Array): number[] | null {
  const kept: number[] = [];
  const byKey = new Map<number, number>();
  for (let rank = 0; rank < order.length; rank++) {
    const number = order[rank] ?? 0;
    const colour = colours[number] ?? 0;
    const standing = byKey.get(colour & mask);
    if (standing !== undefined && rank >= exactColours) {
      indexOf[number] = standing;
      continue;
    }
    if (kept.length === mostColours) return null;
    indexOf[number] = kept.push(colour) - 1;
    if (standing === undefined) byKey.set(colour & mask, indexOf[number] ?? 0);
  }
  return kept;
}

// Colours are as a little-endian machine reads four bytes R, G, B, A.
function paletteOf(colours: readonly number[]): Uint8Array {
  const palette = new Uint8Array(colours.length * 3);
  colours.forEach((colour, index) => {
    palette.set([colour & 0xff, (colour >>> 8) & 0xff, (colour >>> 16) & 0xff], index * 3);
  });
  return palette;
}
