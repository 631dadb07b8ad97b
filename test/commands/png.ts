// Checks that a file is a whole PNG: signature, chunks with their checksums up to IEND, and pixels that unpack to the size in the
// header. PNG specification (third edition), 5.2 and 5.3.

import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

const signature = '89504e470d0a1a0a';

/** The size of a PNG in pixels, and its text chunks; throws at the first error. */
export function readPng(path: string): { readonly width: number; readonly height: number } {
  const bytes = readFileSync(path);
  const wrong = (what: string): Error => new Error(`${path}: ${what}`);
  if (bytes.toString('hex', 0, 8) !== signature) throw wrong('no PNG');
  const data: Buffer[] = [];
  let header: Buffer | null = null;
  for (let at = 8; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) throw wrong('cut off');
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) throw wrong(`bad checksum at ${at}`);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') header = bytes.subarray(at + 8, end);
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end));
    at = end + 4;
    if (type === 'IEND' && at !== bytes.length) throw wrong('something follows its end');
    if (type !== 'IEND' && at === bytes.length) throw wrong('without end');
  }
  if (header === null) throw wrong('without header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const pixels = inflateSync(Buffer.concat(data)).length;
  if (pixels < height * (1 + Math.ceil(width / 8))) throw wrong(`only ${pixels} bytes of pixels`);
  return { width, height };
}

/** Annex D of the specification. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
