// Detects counters that stand still although packets pass. The estimator that refreshes them every 2 s can be switched off
// (net.ipv4.vs.run_estimation, or an empty est_cpulist); the processors' counts are then not added up. Counters of that time
// are not zero but unknown.

import type { KnownKernel } from '../../model/cycle.js';
import { processorPart } from '../../model/names/name.js';
import type { Counters, KernelReading } from '../../model/snapshot.js';
import { counterList, growthOf } from './growth.js';

/** The evidence that the counters of this reading are frozen; null if there is none. */
export function frozenReason(before: KnownKernel, now: KernelReading): string | null {
  const setting = stoppingSetting(now);
  if (setting !== null) return setting;
  // Where the switch can be read, it decides: totals that stand still were zeroed at each reading.
  if (now.isEstimating === true || !areTotalsStill(before, now)) return null;
  // The totals lack the packets of the last moment. Later totals decide, unless the counters were frozen before.
  const isProven = before.frozen !== null || isSame(now.laterTotals, now.totals);
  return isProven ? 'the processors kept counting while the totals stood still' : null;
}

/** Are the totals after the next refresh needed to decide whether the counters are frozen? */
export function isInDoubt(before: KnownKernel, now: KernelReading): boolean {
  return now.isEstimating === null && before.frozen === null && areTotalsStill(before, now);
}

/** The setting that stops the estimator; null if none does, or none can be read. */
export function stoppingSetting({
  isEstimating,
  estimationCpus,
}: Pick<KernelReading, 'isEstimating' | 'estimationCpus'>): string | null {
  if (isEstimating === false) return 'net.ipv4.vs.run_estimation is 0';
  return estimationCpus === '' ? 'net.ipv4.vs.est_cpulist is empty' : null;
}

/**
 * Have the totals stood still since the last reading, while a processor counted? Open connections prove nothing: they may be
 * idle, or belong to another director.
 */
function areTotalsStill(before: KnownKernel, { totals, processors }: KernelReading): boolean {
  const known = before.parts.get('total')?.counters ?? [];
  if (totals === null || known.length === 0) return false;
  if (counterList(totals).some((value, i) => value !== known[i])) return false;
  return [...processors].some(([number, counters]) => {
    const own = before.parts.get(processorPart(number))?.counters ?? [];
    return growthOf(own, counterList(counters))?.some((value) => value > 0n) ?? false;
  });
}

/** Did the totals stand still between two moments, while a processor counted? */
export function isStill(before: KernelReading, now: KernelReading): boolean {
  if (!isSame(before.totals, now.totals)) return false;
  return [...now.processors].some(([number, counters]) => !isSame(before.processors.get(number) ?? counters, counters));
}

function isSame(a: Counters | null, b: Counters | null): boolean {
  if (a === null || b === null) return false;
  const others = counterList(b);
  return counterList(a).every((value, i) => value === others[i]);
}
