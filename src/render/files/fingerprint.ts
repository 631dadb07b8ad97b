// The fingerprint of a picture: equal for equal pictures, computed without drawing.
// It covers the picture as plain data, drawing version included, and thus everything that the drawing depends on besides this
// program's own code and fonts.

import { createHash } from 'node:crypto';
import type { Picture } from '../define/picture.js';

/** A short text (32 hexadecimal digits) that changes when the picture would. */
export function graphFingerprint({ layers, ...frame }: Picture): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(frame));
  for (const { timesS, values, ...style } of layers) {
    hash.update(JSON.stringify(style));
    hash.update(asBytes(timesS));
    hash.update(asBytes(values));
  }
  return hash.digest('hex').slice(0, 32);
}

function asBytes(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
