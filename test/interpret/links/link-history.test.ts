import { describe, expect, test } from 'vitest';
import { afterRound, lossOf, verdictOnLink } from '../../../src/interpret/links/link-history.js';
import type { LinkHistory } from '../../../src/model/links/link.js';

type Round = readonly [outcomes: string, rtt?: number];

function next(known: LinkHistory | null, [outcomes, rtt = 1]: Round): LinkHistory {
  const answers = [...outcomes].map((one) => one === '1');
  const own = answers.includes(true) ? rtt : Number.NaN;
  return afterRound(known, { answers, rtt: own, rttMax: own, timeS: (known?.lastS ?? 1000) + 120 });
}

/** The history after rounds of two minutes, each with its outcomes and its median (ms). */
function historyOf(...rounds: readonly Round[]): LinkHistory & { readonly nowS: number } {
  const known = rounds.reduce<LinkHistory | null>(next, null);
  if (known === null) throw new Error('no round');
  return { ...known, nowS: known.lastS };
}

const verdictAfter = (...rounds: readonly Round[]): string => {
  const known = historyOf(...rounds);
  return verdictOnLink(known, known.nowS);
};

const well = ['1111111111'] as const;
const lost = ['0000000000'] as const;

describe('the verdict on a link', () => {
  test.each<readonly [string, readonly Round[]]>([
    ['well', [well]],
    ['well: two probes of thirty are lost', [well, ['1101111011'], well]],
    ['lossy: three probes of thirty are lost', [well, ['1101011011'], well]],
    ['lossy: eight of ten', [well, ['0000000011']]],
    ['lost: nine of ten', [well, ['0000010000']]],
    ['lost: ten of ten', [lost]],
    ['well: a round before anything is sure', [['00000']]],
    ['lost: nine probes of ten rounds with one each', [...Array<Round>(9).fill(['0']), ['1']]],
    ['lost: still, with one probe lost after the cut', [lost, ['1111111110']]],
    ['lossy: over after ten answers', [lost, well]],
    ['well: over after thirty', [lost, well, well, well]],
  ])('%s', (expected, rounds) => {
    expect(verdictAfter(...rounds)).toBe(expected.split(':')[0]);
  });

  test('is slow after three rounds at three times the usual, and well after one that is not', () => {
    const usual = Array.from({ length: 20 }, () => ['1111111111', 10] as const);
    const slow = ['1111111111', 40] as const;
    expect(verdictAfter(...usual, slow, slow)).toBe('well');
    expect(verdictAfter(...usual, slow, slow, slow)).toBe('slow');
    expect(verdictAfter(...usual, slow, slow, slow, ['1111111111', 11])).toBe('well');
  });

  test('is not slow for less than five milliseconds', () => {
    const usual = Array.from({ length: 20 }, () => ['1111111111', 0.2] as const);
    const slow = ['1111111111', 4] as const;
    expect(verdictAfter(...usual, slow, slow, slow, slow)).toBe('well');
  });

  test('is stale after two rounds without a report, lost or not', () => {
    for (const round of [well, lost]) {
      const { nowS, ...known } = historyOf(round);
      expect(verdictOnLink(known, nowS + 270)).not.toBe('stale');
      expect(verdictOnLink(known, nowS + 271)).toBe('stale');
    }
  });
});

describe('the history of a link', () => {
  test.each([
    [['0000000000'], 90],
    [['1000000000'], 80],
    [['1111100000', '0000000000'], 120 + 40],
    [['1111110000', '0000000000'], 120 + 30],
    [['1111111110', '0000100000'], 120],
    [['0000000000', '0000000000', '0000000000'], 2 * 120 + 90],
  ])('estimates when the link was cut: %j', (rounds, ageS) => {
    const { lostS, nowS } = historyOf(...rounds.map((one) => [one] as const));
    // Known when it became lost: the rounds before that count, those after do not.
    const firstS = 1000 + 120 * (1 + rounds.findIndex((one) => [...one].filter((c) => c === '0').length >= 9));
    expect(lostS).toBe(rounds.length === 3 ? firstS - 90 : nowS - ageS);
  });

  test('knows the share of lost probes', () => {
    expect(lossOf(historyOf(['1111111110'], ['1111111101'], ['0111111111']))).toBeCloseTo(0.1, 12);
    expect(lossOf({ losses: 0, known: 0 })).toBeNaN();
  });

  test('keeps the round-trip time of the last answer while nothing answers', () => {
    expect(historyOf(['1111111111', 7], ['0000000000']).rtt).toBe(7);
  });

  test('takes a lasting round-trip time for the usual one after some hours', () => {
    const rounds = Array.from({ length: 240 }, (_, i) => ['1111111111', i < 20 ? 10 : 40] as const);
    expect(historyOf(...rounds).usualRtt).toBeGreaterThan(35);
    expect(verdictAfter(...rounds)).toBe('well');
  });
});
