import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthOf, growthOfRealServer } from '../../../src/interpret/director/growth.js';

const largest = 2n ** 64n - 1n;
const counter = fc.bigInt({ min: 0n, max: largest });
const counters = fc.array(counter, { minLength: 5, maxLength: 5 });

describe('growth of a service', () => {
  test('is exact up to 2^64 - 1, and unknown if any counter fell', () => {
    fc.assert(
      fc.property(counters, counters, (before, now) => {
        const fell = now.some((value, i) => value < (before[i] ?? 0n));
        expect(growthOf(before, now)).toEqual(fell ? null : now.map((value, i) => value - (before[i] ?? 0n)));
      }),
    );
  });

  test('is unknown without earlier counters, for a real server too', () => {
    for (const growth of [growthOf, growthOfRealServer]) expect(growth([], [11n, 21n, 31n, 41n, 49n])).toBeNull();
  });

  test('is unknown for all five if only four passed their old values', () => {
    expect(growthOf([10n, 20n, 30n, 40n, 50n], [11n, 21n, 31n, 41n, 49n])).toBeNull();
  });
});

describe('growth of a real server', () => {
  const from = (low: readonly bigint[]) => low;
  const twoTo32 = 2n ** 32n;

  test.each([
    ['a wrap of packets in', [5n, twoTo32 - 10n, 5n, 1000n, 1000n], [6n, 90n, 6n, 101_000n, 1060n], 100n],
    ['a wrap of packets out', [5n, 5n, twoTo32 - 10n, 1000n, 1000n], [6n, 6n, 90n, 1060n, 101_000n], 1n],
    ['a wrap of connections', [twoTo32 - 10n, 5n, 5n, 0n, 0n], [90n, 305n, 5n, 30_000n, 0n], 300n],
  ])('continues over %s', (_, before, now, inPkts) => {
    expect(growthOfRealServer(from(before), now)?.[1]).toBe(inPkts);
  });

  test.each([
    ['the old value is not above 2^31', [5n, 2n ** 31n, 5n, 1000n, 1000n], [6n, 90n, 6n, 10n ** 12n, 1060n]],
    ['the old value needs more than 32 bits', [5n, twoTo32, 5n, 1000n, 1000n], [6n, 90n, 6n, 101_000n, 1060n]],
    ['bytes fell too', [5n, twoTo32 - 10n, 5n, 1000n, 1000n], [6n, 90n, 6n, 101_000n, 999n]],
    ['the packets would be under 20 bytes', [5n, twoTo32 - 10n, 5n, 1000n, 0n], [6n, 90n, 6n, 1000n + 1999n, 0n]],
    ['the packets would be over 65535 bytes', [5n, twoTo32 - 10n, 5n, 0n, 0n], [6n, 90n, 6n, 6_553_501n, 0n]],
    ['there would be more connections than packets', [twoTo32 - 10n, 5n, 5n, 0n, 0n], [90n, 104n, 5n, 9000n, 0n]],
  ])('is unknown if %s', (_, before, now) => {
    expect(growthOfRealServer(from(before), now)).toBeNull();
  });

  test("is computed like a service's if nothing fell", () => {
    fc.assert(
      fc.property(counters, counters, (before, added) => {
        const now = before.map((value, i) => value + (added[i] ?? 0n));
        expect(growthOfRealServer(before, now)).toEqual(added);
      }),
    );
  });

  test('is exact over a wrap, for any possible traffic', () => {
    const packets = fc.bigInt({ min: 1n, max: 2n ** 31n });
    const bytesEach = fc.bigInt({ min: 20n, max: 65535n });
    fc.assert(
      fc.property(packets, bytesEach, fc.bigInt({ min: 0n, max: 2n ** 31n - 2n }), (count, size, below) => {
        const start = twoTo32 - 1n - below;
        const before = [0n, start, 0n, 0n, 0n];
        const now = [0n, (start + count) % twoTo32, 0n, count * size, 0n];
        expect(growthOfRealServer(before, now)).toEqual([0n, count, 0n, count * size, 0n]);
      }),
    );
  });
});
