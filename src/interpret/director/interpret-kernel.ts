// Judges the kernel's counters of the director as a whole, before and now: its totals, each processor, the connection table.
// Decides when the counters of a cycle are worthless because they are frozen.

import type { ArchiveChange, DirectorBefore, KnownKernel, KnownPart, Reading } from '../../model/cycle.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { type DirectorPart, directorName, partName, processorPart } from '../../model/names/name.js';
import { aboutOfName } from '../../model/names/parse-name.js';
import type { KernelReading, Snapshot } from '../../model/snapshot.js';
import { frozenReason } from './freeze.js';
import { counterList, type Growth, growthOf } from './growth.js';
import type { Restart } from './restart.js';

/** The input of the judgement. */
export interface KernelInput {
  readonly previous: DirectorBefore;
  readonly snapshot: Snapshot;
  /** Why all counters restarted since the last reading; this includes the processors' unless the cause is zeroing. */
  readonly restart: Restart;
}

/** The judgement. */
export interface KernelOutcome {
  readonly known: KnownKernel;
  readonly readings: readonly Reading[];
  readonly archives: readonly ArchiveChange[];
  readonly events: readonly LedgerEvent[];
  /** The growth of services and real servers since the last reading is unknown: counters are, or were, frozen. */
  readonly isFrozen: boolean;
  /** The kernel's own estimate of current rates, by counter; empty if it reports none. */
  readonly ratesPerS: readonly number[];
}

/** Judges the kernel's counters. Pure. */
export function interpretKernel(input: KernelInput): KernelOutcome {
  const { previous, snapshot } = input;
  const { timeS, kernel } = snapshot;
  const before = previous.kernel;
  const reason = kernel === undefined ? null : frozenReason(before, kernel);
  // Counts made while frozen arrive all at once when the counters run again, so they give no rate either.
  const isFrozen = reason !== null || before.frozen !== null;
  const parts = kernel === undefined ? [] : measuredParts(input, kernel, isFrozen);
  const known = new Map<DirectorPart, KnownPart>();
  for (const { part, counters } of parts) known.set(part, { counters, lastS: timeS, absentS: null });
  for (const [part, own] of before.parts) {
    if (!known.has(part)) known.set(part, { ...own, absentS: own.absentS ?? timeS });
  }
  const frozen = reason === null ? null : (before.frozen ?? { sinceS: timeS, reason });
  const syncDaemons = kernel?.syncDaemons ?? before.syncDaemons;
  return {
    known: { parts: known, frozen, syncDaemons },
    readings: parts.map(({ part, values }) => {
      const sinceS = before.parts.get(part)?.lastS ?? timeS - 1;
      return { archive: partName(part), sinceS, timeS, values };
    }),
    archives: changedParts(before.parts, known),
    events: events(before, { frozen, syncDaemons }, timeS),
    isFrozen,
    ratesPerS: kernel === undefined || kernel.ratesPerS === null ? [] : counterList(kernel.ratesPerS).map(Number),
  };
}

/** A part as read: the counters for the next comparison (empty for gauges), and the values of its reading. */
interface MeasuredPart {
  readonly part: DirectorPart;
  readonly counters: readonly bigint[];
  readonly values: Float64Array;
}

function measuredParts(input: KernelInput, kernel: KernelReading, isFrozen: boolean): readonly MeasuredPart[] {
  const { parts } = input.previous.kernel;
  const processors = [...kernel.processors]
    .map(([number, counters]) => ({ part: processorPart(number), counters: counterList(counters) }))
    // A machine may be prepared for hundreds of processors that it does not have.
    .filter(({ part, counters }) => parts.has(part) || counters.some((value) => value > 0n))
    .map((own) => ({ ...own, growth: growthOf(parts.get(own.part)?.counters ?? [], own.counters) }));
  const isProcessorRestarted = input.restart !== null && input.restart !== 'zeroed';
  const measured = processors.map(({ part, counters, growth }): MeasuredPart => {
    return { part, counters, values: valuesOf(isProcessorRestarted ? null : growth) };
  });
  if (kernel.totals !== null) {
    const counters = counterList(kernel.totals);
    const growth = growthOf(parts.get('total')?.counters ?? [], counters);
    const isUnknown = isFrozen || input.restart !== null;
    measured.unshift({ part: 'total', counters, values: valuesOf(isUnknown ? null : growth) });
  }
  const { tableSize, tableEntries } = kernel;
  if (tableSize !== null || tableEntries !== null) {
    const values = Float64Array.of(tableSize ?? Number.NaN, tableEntries ?? Number.NaN);
    measured.push({ part: 'table', counters: [], values });
  }
  return measured;
}

function valuesOf(growth: Growth): Float64Array {
  return growth === null ? new Float64Array(5).fill(Number.NaN) : Float64Array.from(growth, Number);
}

function changedParts(
  before: ReadonlyMap<DirectorPart, KnownPart>,
  now: ReadonlyMap<DirectorPart, KnownPart>,
): readonly ArchiveChange[] {
  return [...now].flatMap(([part, { lastS, absentS }]): ArchiveChange[] => {
    const old = before.get(part);
    if (old !== undefined && old.absentS === absentS) return [];
    return [
      {
        name: partName(part),
        about: aboutOfName(partName(part)),
        lastS: absentS === null ? null : lastS,
        goneS: absentS,
      },
    ];
  });
}

function events(
  before: KnownKernel,
  { frozen, syncDaemons }: Pick<KnownKernel, 'frozen' | 'syncDaemons'>,
  timeS: number,
): readonly LedgerEvent[] {
  const found: LedgerEvent[] = [];
  const archive = directorName;
  if (frozen !== null && before.frozen === null) {
    const detail = `${frozen.reason}: the counts of services and real servers are unknown`;
    found.push({ timeS, archive, kind: 'counters-frozen', detail });
  }
  if (frozen === null && before.frozen !== null) {
    const detail = 'the counts from the freeze arrived at once: their rate is unknown';
    found.push({ timeS, archive, kind: 'counters-running', detail });
  }
  if (before.syncDaemons !== null && syncDaemons !== null && before.syncDaemons !== syncDaemons) {
    found.push({ timeS, archive, kind: 'sync-changed', from: before.syncDaemons, to: syncDaemons });
  }
  return found;
}
