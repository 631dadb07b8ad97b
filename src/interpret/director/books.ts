// Checks whether the books balance: the real servers' counts add up to their service's, and the services' to the totals of the
// director. Known causes of a difference are allowed for: a refresh every 2 s, not of all counters at once; readings at
// different moments; real servers or services that came, went or restarted in between (then nothing is compared). A burst of
// packets at the moment of a reading appears on one side first, and the difference is gone by the next reading. So only a
// lasting difference is reported. While one is open, others are reported too.

import type { Account, KnownDirector, KnownService, Reading } from '../../model/cycle.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { directorName } from '../../model/names/name.js';
import type { ServiceOutcome } from './interpret-service.js';

/** Growth of the five counters over the same interval: of a whole, and of the sum of its parts. */
export interface Comparison {
  /** The archive of the whole: a service, or the director. */
  readonly archive: string;
  readonly whole: readonly number[];
  readonly parts: readonly number[];
  readonly lengthS: number;
  /** The kernel's own estimate of current rates; empty if there is none. */
  readonly ratesPerS: readonly number[];
}

/** Accounts that do not balance, or may not, and their events. */
export interface Books {
  readonly accounts: KnownDirector['books'];
  readonly events: readonly LedgerEvent[];
}

/** Compares a service with its real servers; null if they cannot be compared in this interval. */
export function serviceComparison(
  before: KnownService | undefined,
  { readings, reset }: ServiceOutcome,
): Comparison | null {
  const [own, ...servers] = readings;
  if (before === undefined || own === undefined || reset !== null || before.absentS !== null) return null;
  const stayed = servers.filter(({ archive, sinceS }) => {
    const known = before.realServers.get(archive.slice(own.archive.length + 1));
    return known?.absentS === null && sinceS === own.sinceS;
  });
  const there = [...before.realServers.values()].filter(({ absentS }) => absentS === null).length;
  if (servers.length === 0 || stayed.length !== servers.length || stayed.length !== there) return null;
  return comparison(own, servers.map(countersIn).reduce(added), { growth: countersIn(own), ratesPerS: [] });
}

/** Compares the kernel's totals with the sum over the services; null if they cannot be compared in this interval. */
export function totalsComparison(
  services: Reading,
  total: Reading | undefined,
  ratesPerS: readonly number[],
): Comparison | null {
  if (total === undefined || total.sinceS !== services.sinceS) return null;
  return comparison(services, countersIn(services), { growth: [...total.values], ratesPerS });
}

function comparison(
  { archive, sinceS, timeS }: Reading,
  parts: readonly number[],
  { growth: whole, ratesPerS }: { readonly growth: readonly number[]; readonly ratesPerS: readonly number[] },
): Comparison | null {
  if ([...whole, ...parts].some(Number.isNaN)) return null;
  return { archive, whole, parts, lengthS: timeS - sinceS, ratesPerS };
}

/** The five counters of a service's or a real server's reading, which follow its gauges. */
function countersIn({ values }: Reading): number[] {
  return [...values.subarray(-5)];
}

function added(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + (b[i] ?? Number.NaN));
}

/** Keeps the books of one cycle. `comparisons` has everything that can be compared; `present` tells whether an account still exists. */
export function keepBooks(
  books: KnownDirector['books'],
  comparisons: readonly Comparison[],
  { timeS, present }: { readonly timeS: number; readonly present: (archive: string) => boolean },
): Books {
  const accounts = new Map<string, Account>();
  const events: LedgerEvent[] = [];
  for (const one of comparisons) {
    const { account, event } = judge(books.get(one.archive), one, timeS);
    if (account !== null) accounts.set(one.archive, account);
    if (event !== null) events.push(event);
  }
  const compared = new Set(comparisons.map(({ archive }) => archive));
  for (const [archive, account] of books) {
    // A mere suspicion is dropped: the reading that might have cleared it is missing.
    if (!compared.has(archive) && account.sinceS !== null && present(archive)) accounts.set(archive, account);
  }
  return { accounts, events };
}

/** Differences that are always allowed, by counter: too small to matter. */
const least = [100, 1000, 1000, 1e6, 1e6];
/** Fraction of the growth that is allowed as a difference. */
const tolerated = 0.02;
/** A refresh of 2 s at either end, and the duration of a reading. */
const lagS = 5;

function judge(
  known: Account | undefined,
  one: Comparison,
  timeS: number,
): { readonly account: Account | null; readonly event: LedgerEvent | null } {
  const { archive } = one;
  const difference = one.parts.map((value, i) => value - (one.whole[i] ?? 0));
  const now = worst(one, difference);
  if (known === undefined) {
    return { account: now === null ? null : { carried: difference, sinceS: null }, event: null };
  }
  if (known.sinceS !== null) {
    if (now === null) return { account: null, event: { timeS, archive, kind: 'books-balanced' } };
    const event = isSame(now, known.carried) ? null : unbalanced(one, now, timeS);
    return { account: { ...known, carried: difference }, event };
  }
  const all = worst(one, added(difference, known.carried));
  if (all === null) return { account: null, event: null };
  const event = now === null ? unbalanced(one, all, timeS, 'up to the reading before') : unbalanced(one, now, timeS);
  return { account: { carried: difference, sinceS: timeS }, event };
}

/** A difference is new if its sign changed, or if it is more than this many times as large as in the previous interval. */
const largerTimes = 2;

/** Does a difference merely continue that of the previous interval? */
function isSame({ counter, by }: Excess, before: readonly number[]): boolean {
  const was = before[counter] ?? 0;
  return Math.sign(was) === Math.sign(by) && Math.abs(by) <= largerTimes * Math.abs(was);
}

interface Excess {
  readonly counter: number;
  readonly by: number;
}

/** The counter that differs most beyond the allowance; null if none does. */
function worst({ whole, lengthS, ratesPerS }: Comparison, difference: readonly number[]): Excess | null {
  let found: Excess | null = null;
  let most = 1;
  for (const [counter, by] of difference.entries()) {
    const own = whole[counter] ?? 0;
    const ratePerS = Math.max(own / lengthS, ratesPerS[counter] ?? 0);
    const excess = Math.abs(by) / ((least[counter] ?? 0) + tolerated * own + lagS * ratePerS);
    if (excess <= most) continue;
    most = excess;
    found = { counter, by };
  }
  return found;
}

const counterWords = ['connections', 'incoming packets', 'outgoing packets', 'incoming bytes', 'outgoing bytes'];

function unbalanced(
  one: Comparison,
  { counter, by }: Excess,
  timeS: number,
  when = `in ${one.lengthS} s`,
): LedgerEvent {
  const { archive } = one;
  const [parts, owner] =
    archive === directorName ? ['its services', 'the director'] : ['its real servers', 'the service'];
  const amount = `${Math.abs(by)} ${counterWords[counter] ?? ''}`;
  const detail = `${parts} counted ${amount} ${by > 0 ? 'more' : 'less'} than ${owner} itself ${when}`;
  return { timeS, archive, kind: 'books-unbalanced', detail };
}
