// Value noise that keeps its newest hashes equals the one that keeps nothing, bit by bit, at positions in any order.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noiseAt, noiseKey, noiseUnder } from '../../../src/demo/traffic/noise.js';

const position = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.double({ min: -50, max: 50, noNaN: true }),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
);

test('noise under a key is the noise at each position, whatever was asked before', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(position), (seed, positions) => {
      const key = noiseKey(seed, 'test');
      expect(positions.map(noiseUnder(key))).toEqual(positions.map((x) => noiseAt(key, x)));
    }),
  );
});
