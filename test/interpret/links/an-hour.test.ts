// An hour of a fleet with short losses everywhere, and with cuts: no loss of 30 seconds is named, and each cut is, within 240 seconds.

import { describe, expect, test } from 'vitest';
import { cutsOf, type JudgedLink } from '../../../src/interpret/links/blame.js';
import { afterRound } from '../../../src/interpret/links/link-history.js';
import { groupBy } from '../../../src/interpret/paging/place.js';
import type { LinkHistory } from '../../../src/model/links/link.js';
import { phaseOf, probesPerRound, roundS, spacingS } from '../../../src/model/links/round.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';

const hourS = 3600;
const fleetSize = 1000;

const lastPingS = (probesPerRound - 1) * spacingS;

/** Seconds after the last ping until the report is in. */
const reportS = 3;

interface WatchedLink {
  readonly observer: string;
  readonly target: string;
  /** Its losses: beginnings and ends, seconds. */
  readonly losses: readonly (readonly [number, number])[];
  readonly cutS: number | null;
  history: LinkHistory | null;
}

/** Each of a thousand agents watches ten others, in six data centres. */
function linksOf(random: () => number, isBursty: boolean, cuts: number): readonly WatchedLink[] {
  return Array.from({ length: fleetSize * 10 }, (_, i) => {
    const observer = `host${Math.floor(i / 10)}`;
    const target = `host${(Math.floor(i / 10) + 1 + (i % 10) * 97) % fleetSize}`;
    const losses: [number, number][] = [];
    for (let atS = random() * 600; isBursty && atS < hourS; atS += 30 + 60 + random() * 540)
      losses.push([atS, atS + 30]);
    // Cuts are of single links, far from each other.
    const cutS = i % Math.floor((fleetSize * 10) / Math.max(1, cuts)) === 0 && cuts > 0 ? 600 + random() * 2400 : null;
    if (cutS !== null) losses.push([cutS, Number.POSITIVE_INFINITY]);
    return { observer, target, losses, cutS, history: null };
  });
}

function judged(links: readonly WatchedLink[]): readonly JudgedLink[] {
  const dcOf = (host: string): string => `dc${Number(host.slice(4)) % 6}`;
  return links.flatMap(({ observer, target, history }) => {
    if (history === null) return [];
    const { lostS, lastS } = history;
    return [{ observer, target, fromDc: dcOf(observer), toDc: dcOf(target), lostS, lastS }];
  });
}

/** Runs the hour, judged every five seconds. Returns when each subject was first named. */
function runHour(links: readonly WatchedLink[], random: () => number): ReadonlyMap<string, number> {
  const named = new Map<string, number>();
  const due = groupBy(links, ({ observer }) => String((phaseOf(observer) + lastPingS + reportS) % roundS));
  for (let nowS = 0; nowS < hourS; nowS++) {
    for (const link of due.get(String(nowS % roundS)) ?? []) {
      const newestS = nowS - reportS;
      const answers = Array.from({ length: probesPerRound }, (_, i) => {
        const atS = newestS - (probesPerRound - 1 - i) * spacingS;
        return !link.losses.some(([fromS, untilS]) => atS >= fromS && atS < untilS);
      });
      const rtt = answers.includes(true) ? 1 + random() : Number.NaN;
      link.history = afterRound(link.history, { answers, rtt, rttMax: rtt, timeS: nowS });
    }
    if (nowS % 5 !== 0 || links.every(({ history }) => history?.lostS == null)) continue;
    for (const { blame, subject } of cutsOf(judged(links), nowS)) {
      if (!named.has(`${blame} ${subject}`)) named.set(`${blame} ${subject}`, nowS);
    }
  }
  return named;
}

describe('an hour of 10,000 links', () => {
  test('names none of the losses of 30 seconds, every 60 to 600 seconds on each link', () => {
    const random = randomFrom(seed);
    const links = linksOf(random, true, 0);
    expect(links.flatMap(({ losses }) => losses).length).toBeGreaterThan(80_000);
    expect([...runHour(links, random)]).toEqual([]);
  });

  test('names each of 500 cuts within 240 seconds, and nothing else', () => {
    const random = randomFrom(seed + 1);
    const links = linksOf(random, false, 500);
    const cut = links.filter(({ cutS }) => cutS !== null);
    const named = runHour(links, random);
    expect(cut).toHaveLength(500);
    expect([...named.keys()].toSorted()).toEqual(
      cut.map(({ observer, target }) => `pair ${observer}/${target}`).toSorted(),
    );
    const tookS = cut.map(({ observer, target, cutS }) => (named.get(`pair ${observer}/${target}`) ?? 0) - (cutS ?? 0));
    expect(Math.max(...tookS)).toBeLessThanOrEqual(240);
    expect(Math.min(...tookS)).toBeGreaterThanOrEqual(80);
  });
});
