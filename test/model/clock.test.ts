// Machines whose clock jumps, through `admit`, `interpret` and the archives: their one service always has three connections per
// second. No row may show another rate, rows before a jump stay, and few are lost.

import { describe, expect, test } from 'vitest';
import { admit } from '../../src/interpret/clock.js';
import { interpret } from '../../src/interpret/interpret.js';
import type { ServiceReading } from '../../src/model/snapshot.js';
import { UserError } from '../../src/model/user-error.js';
import { withStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { scratch } from '../commands/program.js';
import { randomFrom } from '../random.js';

const newFolder = scratch();
const name = '192.0.2.1_80';
const startS = 1_763_683_200;
const connsPerS = 3;

/** The service, with three connections per second since long ago. */
function serviceAt(trueS: number): ServiceReading {
  const n = BigInt(Math.floor(trueS - startS + 1e6) * connsPerS);
  const counters = { conns: n, inPkts: 8n * n, outPkts: 10n * n, inBytes: 800n * n, outBytes: 9000n * n };
  const id = { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 } as const;
  return { id, counters, scheduler: 'wlc', flags: '', realServers: [] };
}

interface Life {
  /** Seconds by which the clock is ahead of the true time at each cycle. */
  readonly aheadS: (cycle: number) => number;
  readonly first: number;
  readonly last: number;
  /** The largest delay of a cycle, in seconds. */
  readonly jitterS: number;
}

/** Collects on a machine with that clock; returns the messages of rejected readings. */
async function live(store: Store, { aheadS, first, last, jitterS }: Life): Promise<readonly string[]> {
  const random = randomFrom(first);
  const refusals: string[] = [];
  for (let cycle = first; cycle <= last; cycle += 1) {
    const trueS = startS + 300 * cycle + random() * jitterS;
    const timeS = Math.floor(trueS + aheadS(cycle));
    const host = { bootId: 'a', uptimeS: Math.floor(trueS - startS + 5000.6) };
    const previous = await store.latest();
    const snapshot = { timeS, host, services: [serviceAt(trueS)] };
    try {
      admit(previous, snapshot, false);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusals.push(error.message);
      continue;
    }
    await store.append(interpret(previous, snapshot), false);
  }
  return refusals;
}

/** Rates of new connections in 5-minute rows over a span; NaN if unknown. */
async function rates(store: Store, fromS: number, untilS: number): Promise<readonly number[]> {
  const { columns, stepS } = await store.fetch({ name, cf: 'AVERAGE', startS: fromS, endS: untilS, stepS: 300 });
  expect(stepS).toBe(300);
  return [...(columns[2] ?? [])];
}

/** True if neither right nor unknown. Small steps forward may be pauses, so their rates count as right. */
function isWrong(rate: number): boolean {
  return rate < 0.9 * connsPerS || rate > 1.02 * connsPerS;
}

const hourS = 3600;
const dayS = 86_400;

interface Case {
  readonly title: string;
  readonly aheadS: (cycle: number) => number;
  /** The maximum number of lost rows. `refused` is the number of rejected readings. */
  readonly unknown: number;
  readonly refused: number;
}

const from = (cycle: number, aheadS: number, until = Number.POSITIVE_INFINITY) => {
  return (now: number): number => (now >= cycle && now < until ? aheadS : 0);
};

/** The first row is always unknown. */
const cases: readonly Case[] = [
  { title: 'is right', aheadS: () => 0, unknown: 1, refused: 0 },
  { title: 'repeats a second for a leap second', aheadS: from(100, -1), unknown: 1, refused: 0 },
  { title: 'is smeared over a day', aheadS: (cycle) => -Math.min(1, cycle / 288), unknown: 1, refused: 0 },
  { title: 'is set back by 20 s', aheadS: from(100, -20), unknown: 3, refused: 0 },
  { title: 'is set forward by 20 s', aheadS: from(100, 20), unknown: 1, refused: 0 },
  { title: 'is set forward by 200 s', aheadS: from(100, 200), unknown: 3, refused: 0 },
  { title: 'is set back by an hour', aheadS: from(100, -hourS), unknown: 3, refused: 12 },
  { title: 'is set back by an hour and 100 s', aheadS: from(100, -hourS - 100), unknown: 3, refused: 12 },
  { title: 'is set forward by an hour', aheadS: from(100, hourS), unknown: 15, refused: 0 },
  { title: 'is an hour ahead for a while', aheadS: from(100, hourS, 103), unknown: 18, refused: 12 },
  { title: 'is a day ahead for a while', aheadS: from(50, dayS - 400, 53), unknown: 292, refused: 287 },
  { title: 'is years ahead for a while', aheadS: from(100, 3650 * dayS, 112), unknown: 14, refused: 12 },
  { title: 'is years behind for a while', aheadS: from(100, -3650 * dayS, 112), unknown: 14, refused: 12 },
];

describe('a clock that', () => {
  test.each(cases)('$title yields no wrong rate, loses few rows and keeps earlier ones', async (one) => {
    for (const jitterS of [0.9, 50]) {
      await withStore(newFolder(), async (store) => {
        expect(await live(store, { aheadS: one.aheadS, first: 0, last: 49, jitterS })).toEqual([]);
        const kept = await rates(store, startS, startS + 46 * 300);
        const refusals = await live(store, { aheadS: one.aheadS, first: 50, last: 150 + one.refused, jitterS });
        expect(Math.abs(refusals.length - one.refused)).toBeLessThanOrEqual(2);
        expect(await rates(store, startS, startS + 46 * 300)).toEqual(kept);
        const { timeS } = await store.latest();
        const all = await rates(store, startS, Math.floor((timeS ?? 0) / 300) * 300);
        expect(all.filter(isWrong)).toEqual([]);
        expect(all.filter(Number.isNaN).length).toBeLessThanOrEqual(one.unknown);
      });
    }
  });

  test('jumps at random yields no wrong rate', async () => {
    for (const seed of [1, 2, 3]) {
      const random = randomFrom(seed);
      let aheadS = 0;
      const jumps = Array.from({ length: 1000 }, () => {
        if (random() < 0.02) aheadS += Math.round((random() - 0.5) * 10 ** (random() * 4.5));
        return aheadS;
      });
      await withStore(newFolder(), async (store) => {
        await live(store, { aheadS: (cycle) => jumps[cycle] ?? 0, first: 0, last: 999, jitterS: 3 });
        const { timeS } = await store.latest();
        const all = await rates(store, startS, Math.floor((timeS ?? 0) / 300) * 300);
        expect(all.filter(isWrong)).toEqual([]);
        expect(all.filter((rate) => !Number.isNaN(rate)).length).toBeGreaterThan(300);
      });
    }
  });
});
