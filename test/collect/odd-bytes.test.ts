import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainName } from '../../src/collect/haproxy/plain-name.js';
import { decodeOddBytes, encodeOddBytes } from '../../src/collect/odd-bytes.js';

describe('text of bytes that may not be UTF-8', () => {
  test('round-trips to the same bytes, and UTF-8 decodes as usual', () => {
    const odd = fc.constantFrom(0x00, 0x41, 0x80, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xff);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(odd, { maxLength: 12 }).map((all) => Uint8Array.from(all)),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        expect(encodeOddBytes(decodeOddBytes(given))).toEqual(Buffer.from(given));
      }),
      { numRuns: 2000, seed: 7 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        expect(decodeOddBytes(Buffer.from(text))).toBe(text);
      }),
      { seed: 7 },
    );
    expect(decodeOddBytes(Buffer.from('a\ufffdé', 'utf8'))).toBe('a\ufffdé');
  });

  test('yields printable names that stay distinct', () => {
    expect(plainName(decodeOddBytes(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xc3])))).toBe('a\\xffé\\xc3');
    expect(plainName('\u0080\u{e0001}')).toBe('\\u0080\\u{e0001}');
    expect(plainName('web-1:a.b_c é 中 😀')).toBe('web-1:a.b_c é 中 😀');
  });
});
