// Reading on request: one at a time, a hundredth of the time at most, and an answer even when a reading fails or hangs.

import { expect, test } from 'vitest';
import { createLiveReader } from '../../../src/cycle/live/live-reader.js';
import { createSerially } from '../../../src/cycle/live/serially.js';
import type { LiveReading } from '../../../src/metrics/live.js';

const reading = (): LiveReading => ({ table: null, kernel: null });

function play() {
  const state = { nowMs: 0, reads: 0, reports: [] as unknown[] };
  let end: (result: LiveReading | Error) => void = () => {};
  const live = createLiveReader({
    read: () => {
      state.reads += 1;
      return new Promise((resolve, reject) => {
        end = (result) => (result instanceof Error ? reject(result) : resolve(result));
      });
    },
    report: (error) => state.reports.push(error),
    nowMs: () => state.nowMs,
    patienceMs: 20,
  });
  /** Ends the reading under way after some milliseconds of its clock. */
  const ends = (afterMs: number, result: LiveReading | Error): void => {
    state.nowMs += afterMs;
    end(result);
  };
  return { state, live, ends };
}

test('requests that come during a reading share it', async () => {
  const { state, live, ends } = play();
  const asked = Array.from({ length: 50 }, () => live());
  const own = reading();
  ends(10, own);
  expect((await Promise.all(asked)).every((answer) => answer.reading === own && !answer.isFailing)).toBe(true);
  expect(state.reads).toBe(1);
});

test('the next reading begins after a hundred times the length of the last', async () => {
  const { state, live, ends } = play();
  const first = live();
  ends(10, reading());
  const { reading: own } = await first;
  state.nowMs = 10 + 999;
  expect((await live()).reading).toBe(own);
  expect(state.reads).toBe(1);
  state.nowMs = 10 + 1000;
  const second = live();
  expect(state.reads).toBe(2);
  ends(10, reading());
  expect((await second).reading).not.toBe(own);
});

test('a reading that fails leaves the one before, and is reported once', async () => {
  const { state, live, ends } = play();
  const first = live();
  ends(1, reading());
  const { reading: own } = await first;
  for (const _ of [1, 2]) {
    state.nowMs += 10_000;
    const next = live();
    ends(1, new Error('no'));
    expect(await next).toEqual({ reading: own, isFailing: true });
  }
  expect(state.reports).toHaveLength(1);
  state.nowMs += 10_000;
  const well = live();
  ends(1, reading());
  expect((await well).isFailing).toBe(false);
});

test('a reading that failed after a long wait is repeated half a minute later', async () => {
  const { state, live, ends } = play();
  const first = live();
  ends(10_000, new Error('no answer'));
  expect((await first).isFailing).toBe(true);
  state.nowMs = 10_000 + 29_999;
  await live();
  expect(state.reads).toBe(1);
  state.nowMs = 10_000 + 30_000;
  const second = live();
  expect(state.reads).toBe(2);
  ends(10, reading());
  expect((await second).isFailing).toBe(false);
});

test('a reading that waits for a cycle is no failure, and the wait counts as no work', async () => {
  const state = { nowMs: 0, reads: 0 };
  const serially = createSerially();
  let endCycle: () => void = () => {};
  const live = createLiveReader({
    read: async () => {
      state.reads += 1;
      state.nowMs += 10;
      return reading();
    },
    inTurn: serially,
    report: () => {},
    nowMs: () => state.nowMs,
    patienceMs: 20,
  });
  const { reading: own } = await live();
  state.nowMs += 5000;
  const cycle = serially(
    () =>
      new Promise<void>((resolve) => {
        endCycle = resolve;
      }),
  );
  expect(await live()).toEqual({ reading: own, isFailing: false });
  expect(state.reads).toBe(1);
  state.nowMs += 60_000;
  endCycle();
  await cycle;
  const { reading: next } = await live();
  expect([state.reads, next === own]).toEqual([2, false]);
  state.nowMs += 1000;
  await live();
  expect(state.reads).toBe(3);
});

test('a reading that hangs leaves the one before to those who waited', async () => {
  const { state, live, ends } = play();
  const first = live();
  ends(1, reading());
  const { reading: own } = await first;
  state.nowMs += 10_000;
  expect(await live()).toEqual({ reading: own, isFailing: true });
  expect(await live()).toEqual({ reading: own, isFailing: true });
  expect(state.reads).toBe(2);
});
