// Text that may not be UTF-8. A byte outside any character becomes a lone surrogate, U+DC80 to U+DCFF, and is encoded back to the same
// byte: odd bytes stay distinct, and recordings keep their bytes (PEP 383, "surrogateescape").

/** Decodes bytes; `encodeOddBytes` turns the text back into the same bytes. */
export function decodeOddBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  return buffer.toString('latin1').replaceAll(/[\x80-\xff]+/g, (run) => decodeRun(run));
}

/** The characters of UTF-8, as bytes: RFC 3629, section 4; then any other byte. */
const characters =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

function decodeRun(run: string): string {
  return run.replaceAll(characters, (found) => {
    return found.length === 1
      ? String.fromCharCode(0xdc00 + found.charCodeAt(0))
      : Buffer.from(found, 'latin1').toString('utf8');
  });
}

/** Encodes text as UTF-8, and each lone surrogate for an odd byte as that byte. */
export function encodeOddBytes(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, 'utf8');
  // With the flag, a pair of surrogates is one character, and only a lone one matches.
  return Buffer.concat(text.split(/([\udc80-\udcff])/u).map(encodePart));
}

function encodePart(part: string): Buffer {
  const code = part.length === 1 ? part.charCodeAt(0) : 0;
  return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(part, 'utf8');
}
