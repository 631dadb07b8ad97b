// The fingerprint in a picture, which lets a refresh tell from the file alone whether it is still right: a tEXt chunk
// "lvs-stats", NUL, fingerprint, right after the header.
// PNG specification (third edition), 11.3.3.2 "tEXt Textual data".

import { pngChunk, pngSignature } from './png-chunk.js';

const keyword = 'lvs-stats';

/** Bytes at the beginning of a picture that `readFingerprint` needs. */
export const fingerprintHeadBytes = 256;

/** The chunk that holds a fingerprint (Latin-1 text). */
export function fingerprintChunk(fingerprint: string): Buffer {
  return pngChunk('tEXt', Buffer.from(`${keyword}\0${fingerprint}`, 'latin1'));
}

/** The fingerprint in a PNG, or in its first bytes; null if there is none, or it is no PNG. */
export function readFingerprint(bytes: Uint8Array): string | null {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!png.subarray(0, 8).equals(pngSignature)) return null;
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT' || end > png.length) return null;
    const text = png.toString('latin1', at + 8, end);
    if (type === 'tEXt' && text.startsWith(`${keyword}\0`)) return text.slice(keyword.length + 1);
    at = end + 4;
  }
  return null;
}
