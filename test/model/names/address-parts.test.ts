// Addresses as 16-bit parts, and back as the same canonical text.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalParts, partsAddress } from '../../../src/model/names/address-parts.js';

test.each<[string, readonly number[]]>([
  ['0.0.0.0', [0, 0]],
  ['192.0.2.1', [0xc000, 0x0201]],
  ['255.255.255.255', [0xffff, 0xffff]],
  ['::', [0, 0, 0, 0, 0, 0, 0, 0]],
  ['2001:db8::10', [0x2001, 0x0db8, 0, 0, 0, 0, 0, 0x10]],
  ['fe80::a:b', [0xfe80, 0, 0, 0, 0, 0, 0xa, 0xb]],
])('%s', (address, parts) => expect(canonicalParts(address)).toEqual(parts));

test('an address becomes parts, words and the same address', () => {
  const words = (parts: readonly number[]): Uint32Array =>
    Uint32Array.from({ length: parts.length / 2 }, (_, i) => (parts[2 * i] ?? 0) * 65_536 + (parts[2 * i + 1] ?? 0));
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(partsAddress(words(canonicalParts(address)), false)).toBe(address);
    }),
  );
  fc.assert(
    fc.property(fc.uint16Array({ minLength: 8, maxLength: 8 }), (own) => {
      const address = partsAddress(words([...own]), true);
      expect(canonicalParts(address)).toEqual([...own]);
    }),
  );
});

test('what is not an address is refused', () => {
  for (const text of ['x', '1.2.3.4:80', '1.2.3.x']) expect(() => canonicalParts(text), text).toThrow();
});
