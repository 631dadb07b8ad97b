// The parts that the simulated director is made of: noise, rhythm, portions, phases and the times of readings.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Character, uneventful } from '../../src/demo/cast/character.js';
import { createCalendar, newestReadingS, readingTimes } from '../../src/demo/traffic/calendar.js';
import { hashAt, noiseAt, noiseKey } from '../../src/demo/traffic/noise.js';
import { phaseAt, phasesOf } from '../../src/demo/traffic/phase.js';
import { fillPortion, portionAt } from '../../src/demo/traffic/portion.js';
import { type RhythmName, rhythmOf } from '../../src/demo/traffic/rhythm.js';
import { realServerFarm, web } from '../../src/demo/traffic/traffic.js';
import { dayS, endS } from './simulated-history.js';

const key = fc.integer();

describe('noise', () => {
  it('stays within -1 and 1, joins without a jump and is at most as steep as 2', () => {
    fc.assert(
      fc.property(
        key,
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (k, x, d) => {
          expect(Math.abs(noiseAt(k, x))).toBeLessThanOrEqual(1);
          expect(Math.abs(noiseAt(k, x + d) - noiseAt(k, x))).toBeLessThanOrEqual(2 * d + 1e-9);
        },
      ),
    );
  });

  it('is spread evenly, and independent from key to key', () => {
    const keys = ['a', 'b'].map((purpose) => noiseKey(7, purpose));
    const [a = [], b = []] = keys.map((k) => Array.from({ length: 20_000 }, (_, i) => hashAt(k, i)));
    const mean = a.reduce((sum, value) => sum + value, 0) / a.length;
    const together = a.reduce((sum, value, i) => sum + (value - 0.5) * ((b[i] ?? 0) - 0.5), 0) / a.length;
    const next = a.reduce((sum, value, i) => sum + (value - 0.5) * ((a[i + 1] ?? 0.5) - 0.5), 0) / a.length;
    expect(mean).toBeCloseTo(0.5, 1.7);
    expect(Math.abs(together)).toBeLessThan(0.003);
    expect(Math.abs(next)).toBeLessThan(0.003);
  });
});

describe('a rhythm', () => {
  it.each<RhythmName>(['office', 'evening', 'daytime', 'night-batch', 'steady'])(
    '%s has mean 1 and never stops',
    (name) => {
      const { level, heft } = rhythmOf(name);
      expect(level.reduce((sum, value) => sum + value, 0) / level.length).toBeCloseTo(1, 9);
      expect(Math.min(...level)).toBeGreaterThan(0);
      expect(Math.min(...heft)).toBeGreaterThanOrEqual(-1);
      expect(Math.max(...heft)).toBeLessThanOrEqual(1);
    },
  );
});

describe('portions', () => {
  const shared = { perPace: 1 / 5000, amplitude: 0.07 * 0.25 * 5000 * 60 };
  const portions = [
    { ...shared, share: 0.5, own: 1, next: 2 },
    { ...shared, share: 0.25, own: 2, next: 3 },
    { ...shared, share: 0.25, own: 3, next: 1 },
  ];
  const pace = fc.integer({ min: 0, max: 2 ** 40 });

  it('add up to the whole, less what each rounds down', () => {
    fc.assert(
      fc.property(pace, fc.integer({ min: 20, max: 1500 }), (n, size) => {
        const sum = portions.reduce((total, portion) => total + portionAt(portion, n * size, n), 0);
        expect(n * size - sum).toBeGreaterThanOrEqual(0);
        expect(n * size - sum).toBeLessThan(3 + n * size * 1e-14);
      }),
    );
  });

  it('never fall, even where packets are a fifth as large as usual', () => {
    fc.assert(
      fc.property(pace, fc.integer({ min: 1, max: 50_000 }), (n, more) => {
        for (const portion of portions) {
          const before = portionAt(portion, n * 60, n);
          expect(portionAt(portion, n * 60 + more * 12, n + more)).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });

  it('are the same for many counts as for one', () => {
    fc.assert(
      fc.property(fc.array(pace), fc.integer(), (counts, start) => {
        const column = new Float64Array(counts.length);
        const rows = Float64Array.from(counts);
        for (const portion of [...portions, { share: 0.3, amplitude: 0, perPace: 0, own: 4, next: 4 }]) {
          fillPortion(column, { counts: rows, paces: rows, portion, start });
          expect([...column]).toEqual(counts.map((n) => start + portionAt(portion, n, n)));
        }
      }),
    );
  });
});

describe('phases', () => {
  const character: Character = {
    id: { kind: 'mark', mark: 1, family: 'ipv4' },
    hostNames: [],
    scheduler: 'rr',
    flags: '',
    forwarding: 'Masq',
    traffic: web,
    realServers: realServerFarm({ farm: 1, port: 0 }, [1, 3, null]),
    story: {
      ...uneventful,
      changes: [
        { atS: 100, realServer: 1, weight: 0 },
        { atS: 200, realServer: 1, weight: null },
        { atS: 250, realServer: 1, weight: 1 },
        { atS: 900, realServer: 2, weight: 2 },
      ],
    },
  };
  const phases = phasesOf(character, [{ atS: 0, isFresh: true }]);

  it('follow the weights', () => {
    expect(phases.map(({ fromS, shares }) => [fromS, ...shares])).toEqual([
      [0, 0.25, 0.75, 0],
      [100, 1, 0, 0],
      [200, 1, 0, 0],
      [250, 0.5, 0.5, 0],
      [900, 0.25, 0.25, 0.5],
    ]);
    expect(phases.map(({ edges }) => edges.at(-1))).toEqual([1, 1, 1, 1, 1]);
    expect(phaseAt(phases, 199)?.fromS).toBe(100);
  });

  it('begin counters anew for who was away long, and let connections linger unless who had them is away', () => {
    expect(phases.map(({ isAnew }) => isAnew.indexOf(true))).toEqual([-1, -1, -1, -1, 2]);
    expect(phases.map(({ lingers }) => lingers)).toEqual([false, true, false, true, true]);
  });
});

describe('readings', () => {
  const calendar = createCalendar({ epochS: endS - 50 * dayS, endS, utcOffsetS: 0 });

  it('are at every 300 s after the epoch, but in no gap', () => {
    const timesS = readingTimes(calendar, 0, endS);
    expect(timesS[0]).toBe(Math.floor(calendar.epochS / 300) * 300 + 300);
    for (const timeS of timesS) {
      expect(timeS % 300).toBe(0);
      expect(calendar.gaps.some(({ fromS, toS }) => timeS >= fromS && timeS < toS)).toBe(false);
    }
    const missing = calendar.gaps.reduce(
      (sum, { fromS, toS }) => sum + Math.ceil(toS / 300) - Math.ceil(fromS / 300),
      0,
    );
    const gone = calendar.gaps.filter(({ toS }) => toS <= calendar.epochS);
    expect(gone.length).toBeGreaterThan(0);
    const before = gone.reduce((sum, { fromS, toS }) => sum + Math.ceil(toS / 300) - Math.ceil(fromS / 300), 0);
    expect(timesS.length).toBe(Math.floor(endS / 300) - Math.floor(calendar.epochS / 300) - missing + before);
  });

  it('know the one before', () => {
    const timesS = readingTimes(calendar, 0, endS);
    for (const [i, timeS] of timesS.entries()) expect(newestReadingS(calendar, timeS - 1)).toBe(timesS[i - 1] ?? null);
    expect(newestReadingS(calendar, calendar.epochS)).toBeNull();
  });
});
