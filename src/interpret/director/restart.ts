// Detects a restart of all counters of the director since the previous reading, by evidence outside the table: the boot, the
// module, the network namespace, and the kernel's counters beside the table. `ipvsadm -Z` restarts its totals and every
// service, `ipvsadm -C` restarts only the table's counters, and nothing but a new namespace or a new module restarts the
// processors'.

import type { DirectorBefore } from '../../model/cycle.js';
import type { ResetCause } from '../../model/ledger-event.js';
import { processorPart } from '../../model/names/name.js';
import type { Counters, KernelReading, Snapshot } from '../../model/snapshot.js';
import { frozenReason } from './freeze.js';
import { counterList, type Growth, growthOf } from './growth.js';

/** Why every counter restarted; none of the current counts is growth then. */
export type Restart = Extract<
  ResetCause,
  'machine-restarted' | 'module-reloaded' | 'namespace-recreated' | 'zeroed'
> | null;

/** The restart of all counters since the previous reading; null if there is no evidence of one. */
export function restartOf(previous: DirectorBefore, snapshot: Pick<Snapshot, 'host' | 'kernel' | 'timeS'>): Restart {
  const [before, now] = [previous.host, snapshot.host];
  if (isOther(before?.bootId, now?.bootId)) return 'machine-restarted';
  if (isOther(before?.moduleId, now?.moduleId)) return 'module-reloaded';
  if (isOther(before?.networkNamespace, now?.networkNamespace)) return 'namespace-recreated';
  if (snapshot.kernel === undefined) return null;
  const processors = processorGrowth(previous, snapshot.kernel.processors);
  if (processors === 'fell') return 'namespace-recreated';
  return areTotalsZeroed(previous, snapshot, processors) ? 'zeroed' : null;
}

function isOther(before: string | null | undefined, now: string | null | undefined): boolean {
  return typeof before === 'string' && typeof now === 'string' && before !== now;
}

/** Did the kernel's totals continue since the previous reading? False too if that is unknown. */
export function didTotalsContinue(
  previous: DirectorBefore,
  { host, kernel }: Pick<Snapshot, 'host' | 'kernel'>,
): boolean {
  const before = previous.kernel.parts.get('total')?.counters ?? [];
  if (before.length === 0 || kernel === undefined || kernel.totals === null) return false;
  if (growthOf(before, counterList(kernel.totals)) === null) return false;
  // Without the processors or the module's id, the totals may have gone with the module and climbed since.
  return typeof processorGrowth(previous, kernel.processors) === 'object' || isSameModule(previous, host);
}

function isSameModule(previous: DirectorBefore, now: Snapshot['host']): boolean {
  const before = previous.host;
  return before?.moduleId !== undefined && before.moduleId === now?.moduleId && before.bootId === now.bootId;
}

/**
 * The growth of all processors together since the previous reading; `fell` if one of them counts less than before; null if they
 * were not read both times.
 */
function processorGrowth(previous: DirectorBefore, processors: KernelReading['processors']): Growth | 'fell' {
  const { parts } = previous.kernel;
  let isKnown = false;
  const sum = [0n, 0n, 0n, 0n, 0n];
  for (const [number, counters] of processors) {
    const part = parts.get(processorPart(number));
    if (part !== undefined && (part.counters.length === 0 || part.absentS !== null)) return null;
    isKnown ||= part !== undefined;
    // A processor that had never counted has no archive, and so no part: it stood at zero.
    const growth = growthOf(part?.counters ?? [0n, 0n, 0n, 0n, 0n], counterList(counters));
    if (growth === null) return 'fell';
    for (const [i, value] of growth.entries()) sum[i] = (sum[i] ?? 0n) + value;
  }
  return isKnown ? sum : null;
}

/**
 * Were the totals zeroed? They fell, or they have climbed past their old values: then they lack at least that much of the
 * processors' counts.
 */
function areTotalsZeroed(
  previous: DirectorBefore,
  { host, kernel, timeS }: Pick<Snapshot, 'host' | 'kernel' | 'timeS'>,
  processors: Growth,
): boolean {
  const known = previous.kernel.parts.get('total');
  if (kernel === undefined || kernel.totals === null || known === undefined || known.counters.length === 0)
    return false;
  const growth = growthOf(known.counters, counterList(kernel.totals));
  if (growth === null) return processors !== null || isSameModule(previous, host);
  if (processors === null || known.absentS !== null || isFrozen(previous, kernel)) return false;
  const lengthS = timeS - known.lastS;
  const { earlier } = kernel;
  // The totals of a later refresh include everything that the processors had counted by then.
  const counted = earlier === undefined ? processors : processorGrowth(previous, earlier.processors);
  if (counted === null || counted === 'fell') return false;
  const allowed = allowance({ kernel, growth: counted, lengthS });
  const missing = counted.map((value, i) => Number(value - (growth[i] ?? 0n)));
  return isLacking(known.counters, missing, allowed) || isStandingAtZero(known.counters, missing, allowed);
}

/** Totals that are zeroed before each reading stand at zero, and lack all that the processors have counted. */
function isStandingAtZero(before: readonly bigint[], missing: readonly number[], allowed: readonly number[]): boolean {
  return before.every((value) => value === 0n) && missing.some((lack, i) => lack > (allowed[i] ?? 0));
}

/** Frozen totals stand still, or catch up at once: neither shows a restart. */
export function isFrozen({ kernel: before }: Pick<DirectorBefore, 'kernel'>, now: KernelReading): boolean {
  return before.frozen !== null || frozenReason(before, now) !== null;
}

/** The kernel refreshes its counters every 2 s, and reading them takes a moment. */
const refreshS = 2.5;

interface Interval {
  readonly kernel: KernelReading;
  /** Growth of the compared counters over the interval. */
  readonly growth: readonly bigint[];
  readonly lengthS: number;
}

/**
 * The difference that refreshes may cause between two accounts of the same traffic, by counter. At the interval's beginning it
 * is a refresh of the interval's mean rate. At its end it is a refresh of the greater of mean and current rate, or, if the
 * counters were read again a refresh later, the growth in between.
 */
export function allowance({ kernel, growth, lengthS }: Interval): readonly number[] {
  const { totals, ratesPerS, earlier } = kernel;
  const rates = ratesPerS === null ? [] : counterList(ratesPerS).map(Number);
  const between = earlier === undefined ? null : differenceOf(earlier.totals, totals);
  return growth.map((value, i) => {
    const meanPerS = Number(value) / lengthS;
    return refreshS * meanPerS + (between?.[i] ?? refreshS * Math.max(meanPerS, rates[i] ?? 0));
  });
}

function differenceOf(before: Counters | null, now: Counters | null): readonly number[] | null {
  if (before === null || now === null) return null;
  return growthOf(counterList(before), counterList(now))?.map(Number) ?? null;
}

/**
 * Is enough missing that counters which stood at `before` may have restarted and climbed past it? Then each of them lacks at
 * least that much, and at least one lacks more than refreshes explain.
 */
export function isLacking(before: readonly bigint[], missing: readonly number[], allowed: readonly number[]): boolean {
  let isSeen = false;
  for (const [i, value] of before.entries()) {
    const [lack, slack] = [missing[i] ?? 0, allowed[i] ?? 0];
    if (Number(value) > lack + slack) return false;
    isSeen ||= value > 0n && lack > slack;
  }
  return isSeen;
}
