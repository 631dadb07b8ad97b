// The history and the verdict of one link. Ten pings are spread over a round, so that a loss of 30 seconds costs three of them: nine lost of the
// newest ten are a cut unless the policy says otherwise, and it is over after ten answers in a row.

import type { LinkHistory, LinkVerdict } from '../../model/links/link.js';
import { probesPerRound, roundS, spacingS } from '../../model/links/round.js';
import { type LinkThresholds, standardLinks } from '../../model/policy/links.js';

/** A link is slow after this many rounds with a slow median. */
const slowRoundsNeeded = 3;

/** Rounds without a report after which a link is stale, and seconds for a report that is late. */
const staleRounds = 2;
const staleGraceS = 30;

/** Share of the way to a new round-trip time that the usual one goes in a round, on a logarithmic scale. */
const usualShare = 1 / 64;

const ten = 0x3ff;
const thirty = 0x3fffffff;
const bitsKept = 30;

/** Against binary fractions: 0.1 of 30 is 3. */
const tiny = 1e-9;

/** A round over a link. */
export interface LinkRound {
  /** Oldest first; true if answered. */
  readonly answers: readonly boolean[];
  /** Milliseconds; NaN without an answer. */
  readonly rtt: number;
  readonly rttMax: number;
  /** When it was reported, epoch seconds. */
  readonly timeS: number;
}

const unwatched: LinkHistory = {
  losses: 0,
  known: 0,
  lostS: null,
  rtt: Number.NaN,
  rttMax: Number.NaN,
  usualRtt: Number.NaN,
  slowRounds: 0,
  lastS: Number.NEGATIVE_INFINITY,
};

/** The history after a round; `before` is null for a link that was not watched. */
export function afterRound(
  before: LinkHistory | null,
  round: LinkRound,
  thresholds: LinkThresholds = standardLinks.thresholds,
): LinkHistory {
  const { answers, rtt, timeS } = round;
  const old = before ?? unwatched;
  let { losses, known } = old;
  for (const isAnswered of answers) {
    losses = ((losses << 1) | (isAnswered ? 0 : 1)) & thirty;
    known = Math.min(bitsKept, known + 1);
  }
  const lostS = lostSince(old, { losses, known, timeS }, thresholds);
  if (Number.isNaN(rtt)) return { ...old, losses, known, lostS, lastS: timeS };
  const isSlow = rtt > thresholds.slowFactor * old.usualRtt && rtt - old.usualRtt > thresholds.slowMs;
  return {
    losses,
    known,
    lostS,
    rtt,
    rttMax: round.rttMax,
    usualRtt: nextUsual(old.usualRtt, rtt),
    slowRounds: isSlow ? old.slowRounds + 1 : 0,
    lastS: timeS,
  };
}

function lostSince(
  { lostS: before }: Pick<LinkHistory, 'lostS'>,
  { losses, known, timeS }: Pick<LinkHistory, 'losses' | 'known'> & { readonly timeS: number },
  { lostOfTen }: LinkThresholds,
): number | null {
  const newest = bitCount(losses & ten);
  if (before !== null) return newest === 0 && known >= probesPerRound ? null : before;
  if (known < probesPerRound || newest < lostOfTen) return null;
  // The oldest lost probe after the newest answered one, allowing the answers that may be among the newest ten.
  let oldest = 0;
  for (let i = 0, spared = probesPerRound - lostOfTen; i < known; i++) {
    if ((losses >>> i) & 1) oldest = i;
    else if (i >= probesPerRound || spared-- === 0) break;
  }
  return timeS - ageOfProbe(oldest);
}

/** Seconds between a probe and the report of the newest one; 0 is the newest. */
function ageOfProbe(index: number): number {
  return Math.floor(index / probesPerRound) * roundS + (index % probesPerRound) * spacingS;
}

function nextUsual(usual: number, rtt: number): number {
  if (Number.isNaN(usual) || usual <= 0) return rtt;
  const ratio = Math.min(2, Math.max(0.5, rtt / usual));
  return usual * ratio ** usualShare;
}

/** Whether a report of this time is too old to tell anything. */
export function isStale(lastS: number, nowS: number): boolean {
  return nowS - lastS > staleRounds * roundS + staleGraceS;
}

/** The verdict on a link. One that was lost stays lost until a round without loss says otherwise. */
export function verdictOnLink(
  { losses, known, lostS, slowRounds, lastS }: LinkHistory,
  nowS: number,
  { lossy }: LinkThresholds = standardLinks.thresholds,
): LinkVerdict {
  if (isStale(lastS, nowS)) return 'stale';
  if (lostS !== null) return 'lost';
  if (known >= probesPerRound && bitCount(losses) >= Math.ceil(lossy * bitsKept - tiny)) return 'lossy';
  return slowRounds >= slowRoundsNeeded ? 'slow' : 'well';
}

/** Share of lost probes among the newest 30, from 0 to 1; NaN if none is known. */
export function lossOf({ losses, known }: Pick<LinkHistory, 'losses' | 'known'>): number {
  return known === 0 ? Number.NaN : bitCount(losses) / known;
}

function bitCount(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; count++) left &= left - 1;
  return count;
}
