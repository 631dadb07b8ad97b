// The output of fping, and what becomes of it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { paceOf } from '../../../src/agent/probes/pace.js';
import { timingOf } from '../../../src/agent/timing.js';
import { parseFping } from '../../../src/model/links/fping-output.js';
import { linkResult } from '../../../src/model/links/link-result.js';

const captures = join(import.meta.dirname, '../../fixtures/agent/fping');
const captureOf = (name: string): string => readFileSync(join(captures, name), 'utf8');

describe('the output of fping', () => {
  test('has the times of each address, in the order of the pings', () => {
    expect([...parseFping(captureOf('mixed.txt'))]).toEqual([
      ['127.0.0.1', [0.073, 0.05, 0.069, 0.054, 0.066]],
      ['10.99.0.2', [0.073, 0.058, null, 0.046, null]],
      ['10.99.0.3', [null, null, null, null, null]],
      ['fd00:99::2', [0.249, 0.095, null, 0.073, 0.068]],
    ]);
  });

  test('reports all as lost on unprivileged ping sockets', () => {
    expect([...parseFping(captureOf('ping-sockets.txt'))]).toEqual([['127.0.0.1', [null, null]]]);
  });

  test.each([
    ['a duplicate', '10.99.0.2 : duplicate for [0], 64 bytes, 0.05 ms'],
    ['an unreachable host', 'ICMP Host Unreachable from 10.99.0.1 for ICMP Echo sent to 10.99.0.9'],
    ['an address that is no address', 'not.valid.: Name or service not known'],
    ['a number that is none', '10.99.0.2 : 0.1 x 0.2'],
    ['times without an end', '10.99.0.2 :'],
  ])('has messages, which are no results: %s', (_, line) => {
    expect(parseFping(`${line}\n`).size).toBe(0);
  });
});

describe('the result of a link', () => {
  test.each([
    ['answers', [0.3, 0.1, 0.2], { outcomes: '111', rtt: 0.2, rttMax: 0.3 }],
    ['an even number of answers', [0.1, 0.4, null, 0.2, 0.3], { outcomes: '11011', rtt: 0.25, rttMax: 0.4 }],
    ['losses only', [null, null], { outcomes: '00', rtt: null, rttMax: null }],
  ])('of %s has the median and the longest time', (_, times, expected) => {
    expect(linkResult('10.0.0.1', times)).toEqual({ to: '10.0.0.1', ...expected });
  });

  test('does not exist without a probe that tells anything', () => {
    expect(linkResult('10.0.0.1', [])).toBeNull();
  });
});

describe('the pace', () => {
  const timing = timingOf('web01');

  test.each([
    [1, 200, { probes: 10, periodMs: 10_000, gapMs: 100 }],
    [11, 200, { probes: 10, periodMs: 10_000, gapMs: 100 }],
    [1000, 200, { probes: 10, periodMs: 10_000, gapMs: 8 }],
    [1700, 200, { probes: 10, periodMs: 10_000, gapMs: 5 }],
    [1701, 200, { probes: 9, periodMs: 11_111, gapMs: 5 }],
    [5001, 200, { probes: 3, periodMs: 33_333, gapMs: 5 }],
    [5000, 50, { probes: 1, periodMs: 100_000, gapMs: 20 }],
    [0, 50, { probes: 10, periodMs: 10_000, gapMs: 100 }],
  ])('over %i links at %i a second', (links, most, pace) => {
    expect(paceOf(links, timing, most)).toEqual(pace);
  });

  test.each([1, 7, 100, 1700, 2000, 2500, 4999, 5001])(
    'of %i links ends with the round, and never exceeds the limit',
    (links) => {
      const { probes, periodMs, gapMs } = paceOf(links, timing, 200);
      expect((probes - 1) * periodMs + links * gapMs + timing.timeoutMs).toBeLessThanOrEqual(102_000);
      expect(gapMs).toBeGreaterThanOrEqual(5);
      // One sweep ends before the next begins.
      expect(links * gapMs).toBeLessThanOrEqual(periodMs + gapMs);
    },
  );
});
