import { describe, expect, test } from 'vitest';
import { phaseOf, roundAt, roundS, roundStartS } from '../../../src/model/links/round.js';

describe('rounds', () => {
  // FNV-1a test vectors: "" 811c9dc5, "a" e40c292c, "foobar" bf9cf968.
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('begin at the hash of the name %j', (name, hash) => {
    expect(phaseOf(name)).toBe(hash % roundS);
  });

  test('spread over two minutes', () => {
    const counts = new Array<number>(roundS).fill(0);
    for (let i = 0; i < 6000; i++) {
      const phase = phaseOf(`web${i}`);
      counts[phase] = (counts[phase] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(15);
    expect(Math.max(...counts)).toBeLessThan(100);
  });

  test('only grow, by one in two minutes', () => {
    const startS = roundStartS('web01', 14_000_000);
    expect(roundAt('web01', startS - 1)).toBe(13_999_999);
    expect(roundAt('web01', startS)).toBe(14_000_000);
    expect(roundAt('web01', startS + roundS - 1)).toBe(14_000_000);
    expect(roundAt('web01', startS + roundS)).toBe(14_000_001);
  });
});
