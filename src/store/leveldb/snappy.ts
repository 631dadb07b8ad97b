// Unpacks Snappy, which LevelDB may use for any block (format_description.txt of google/snappy): the unpacked length as a varint, then
// elements. The low two bits of an element's first byte are its kind: 0 is a literal; 1 to 3 are a copy of earlier output, with a distance
// of 1 to 4 bytes.

import { DamagedFile, LevelBytes } from './level-bytes.js';

/** Far larger than any of our blocks: a damaged length must not exhaust memory. */
const maxBytes = 64 * 2 ** 20;

/** The unpacked bytes. Throws a `DamagedFile`. */
export function unpackSnappy(packed: Buffer): Buffer {
  const input = new LevelBytes(packed);
  const length = input.varint();
  if (length > maxBytes) throw new DamagedFile('a packed block is too long');
  const output = Buffer.alloc(length);
  let at = 0;
  while (!input.isAtEnd) at += readElement(input, output, at);
  if (at !== length) throw new DamagedFile('a packed block is too short');
  return output;
}

/** Reads one element, writes its output, and returns the number of bytes written. */
function readElement(input: LevelBytes, output: Buffer, at: number): number {
  const tag = little(input, 1);
  const [kind, bits] = [tag & 3, tag >>> 2];
  if (kind === 0) {
    const literal = input.take(1 + (bits < 60 ? bits : little(input, bits - 59)));
    if (at + literal.length > output.length) throw new DamagedFile('a packed block is too long');
    output.set(literal, at);
    return literal.length;
  }
  const length = kind === 1 ? 4 + (bits & 7) : 1 + bits;
  const back = kind === 1 ? (bits >>> 3) * 256 + little(input, 1) : little(input, kind === 2 ? 2 : 4);
  if (back === 0 || back > at || at + length > output.length) throw new DamagedFile('a packed block copies nothing');
  // Byte by byte, since a copy may overlap itself.
  for (let i = at; i < at + length; i += 1) output[i] = output[i - back] ?? 0;
  return length;
}

function little(input: LevelBytes, count: number): number {
  return input.take(count).readUIntLE(0, count);
}
