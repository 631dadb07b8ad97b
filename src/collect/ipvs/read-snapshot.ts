// Reads the kernel's table once: both listings, parsed and joined, with their time and the kernel's other counters. If the reading may be
// torn because the table was just being rebuilt (an entry in one listing only or twice, a real server missing), it is read once more; the
// second reading counts unless it failed or is torn in more places. Counters that may hide a restart are read again a refresh later.

import { setTimeout as pause } from 'node:timers/promises';
import { isLeftOut, type Note } from '../../model/note.js';
import type { KernelReading, Snapshot } from '../../model/snapshot.js';
import { changedSnapshot } from '../../model/table/column-snapshot.js';
import { CollectError } from '../collect-error.js';
import { type ListingLimits, listingSources, readListings, readSyncDaemons } from './ipvsadm.js';
import { type EarlierSetUp, parseListings, parseSetUps, type RawListings, tableOf } from './join.js';
import type { IpvsadmCommand } from './locate-ipvsadm.js';
import { hostTablesOf, readHostTables } from './proc/host-tables.js';
import { isModuleLoaded, moduleNotLoaded, readHostClock } from './proc/kernel.js';
import { readKernel, readTotals } from './proc/read-kernel.js';

/** How the table is read. */
export interface SnapshotRequest {
  readonly ipvsadm: IpvsadmCommand;
  /** The location of /proc. */
  readonly procRoot: string;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
  /** False when the table lacks an entry that existed a moment ago. */
  readonly isComplete: (snapshot: Snapshot) => boolean;
  /** Gets unreadable texts with their second, for the person who fixes the cause. */
  readonly onUnreadable?: (timeS: number, raw: RawListings) => void;
  /** True when counters may be frozen, but moved too recently to be sure: then they are read again after `refreshMs`. */
  readonly mayBeFrozen?: (kernel: KernelReading) => boolean;
  /** True when only the counters of the next refresh show whether some have restarted: then the table is read again after `refreshMs`. */
  readonly mayHideRestart?: (snapshot: Snapshot) => boolean;
  /** The status of the connection table from root (handed-status.ts). */
  readonly handedStatus?: string | null;
  readonly limits?: ListingLimits;
  readonly pauseMs?: number;
  readonly refreshMs?: number;
}

/** A table, and the texts it was read from. */
export interface SnapshotReading {
  readonly snapshot: Snapshot;
  readonly raw: RawListings;
  /** Entries omitted from the snapshot, and remarks on the texts. */
  readonly notes: readonly Note[];
  /** Whether the table changed while it was read. */
  readonly isTorn: boolean;
  /** Whether this is the second reading, since the first was doubtful. */
  readonly isSecond: boolean;
}

/** Long enough for a service to be rebuilt, short enough for the time limit of a cycle. */
const usualPauseMs = 100;

/** The kernel refreshes its counters every 2 s. */
const usualRefreshMs = 2500;

/**
 * Reads the table. `snapshot.timeS` is the whole second right before the listings were started. Throws a `CollectError`; the local ipvsadm
 * is not run while the module is not loaded, since that would load it.
 */
export async function readSnapshot(request: SnapshotRequest): Promise<SnapshotReading> {
  return withKernelTold(request, await readAfterRefresh(request, await readTwiceAtMost(request)));
}

/** Reads the table and the counters of the moment, without anything that takes longer. Throws a `CollectError`. */
export async function readMoment(request: Omit<SnapshotRequest, 'isComplete'>): Promise<Snapshot> {
  const { snapshot } = await readTwiceAtMost({ ...request, isComplete: () => true });
  return snapshot;
}

/** Reads again after a refresh if that can show a restart; the first reading counts when the second failed or is torn. */
async function readAfterRefresh(request: SnapshotRequest, first: SnapshotReading): Promise<SnapshotReading> {
  const earlier = first.snapshot.kernel;
  if (earlier === undefined || !request.mayHideRestart?.(first.snapshot)) return first;
  await pause(request.refreshMs ?? usualRefreshMs);
  const second = await readAgain(request);
  if (second instanceof CollectError || second.isTorn || !request.isComplete(second.snapshot)) return first;
  const { snapshot } = second;
  if (snapshot.kernel === undefined) return first;
  const { totals, processors } = earlier;
  return {
    ...second,
    isSecond: true,
    snapshot: changedSnapshot(snapshot, { kernel: { ...snapshot.kernel, earlier: { totals, processors } } }),
  };
}

async function readTwiceAtMost(request: SnapshotRequest): Promise<SnapshotReading> {
  const first = await readOnce(request);
  const isComplete = request.isComplete(first.snapshot);
  if (!first.isTorn && isComplete) return first;
  await pause(request.pauseMs ?? usualPauseMs);
  const second = await readAgain(request, () => parseSetUps(first.raw, listingSources(request.ipvsadm)));
  if (second instanceof CollectError) {
    const text = `the table was read again, being torn, and that failed: ${second.message}`;
    return withDoubt({ ...first, notes: [...first.notes, { kind: 'remark', entry: '', text }] });
  }
  // If the caller misses an entry in the first reading, the second may show that it is really gone.
  if (isComplete && tearsOf(second) > tearsOf(first)) return withDoubt(first);
  return { ...second, isSecond: true };
}

async function readAgain(request: SnapshotRequest, earlier?: EarlierSetUp): Promise<SnapshotReading | CollectError> {
  try {
    return await readOnce(request, earlier);
  } catch (error) {
    if (error instanceof CollectError) return error;
    throw error;
  }
}

/** A reading whose missing entries may exist all the same. */
function withDoubt(reading: SnapshotReading): SnapshotReading {
  return { ...reading, snapshot: changedSnapshot(reading.snapshot, { isAbsenceSure: false }) };
}

/** The number of places in which a table is torn. */
function tearsOf({ notes }: SnapshotReading): number {
  return notes.filter((note) => isLeftOut(note) || note.entry !== '').length;
}

/** Adds the slow parts: the daemons, and the totals after the next refresh when counters may be frozen. */
async function withKernelTold(request: SnapshotRequest, reading: SnapshotReading): Promise<SnapshotReading> {
  const { kernel } = reading.snapshot;
  if (kernel === undefined) return reading;
  const syncDaemons = await readSyncDaemons(request.ipvsadm);
  const isDoubtful = request.mayBeFrozen?.(kernel) ?? false;
  if (isDoubtful) await pause(request.refreshMs ?? usualRefreshMs);
  const laterTotals = isDoubtful ? (readTotals(request.procRoot)?.totals ?? null) : null;
  return {
    ...reading,
    snapshot: changedSnapshot(reading.snapshot, { kernel: { ...kernel, syncDaemons, laterTotals } }),
  };
}

/** Reads once. `earlier` is the set-up read a moment before. */
async function readOnce(request: SnapshotRequest, earlier?: EarlierSetUp): Promise<SnapshotReading> {
  const { ipvsadm, procRoot, nowS, onUnreadable, limits, handedStatus } = request;
  if (ipvsadm.isLocal && !isModuleLoaded(procRoot)) throw moduleNotLoaded(`there is no ${procRoot}/net/ip_vs`);
  const timeS = Math.floor(nowS());
  const host = readHostClock(procRoot, ipvsadm.isLocal);
  const kernel = ipvsadm.isLocal ? { kernel: readKernel(procRoot, handedStatus ?? null) } : {};
  const hostText = ipvsadm.isLocal ? { hostText: readHostTables(procRoot) } : {};
  const raw = { ...(await readListings(ipvsadm, limits)), ...hostText };
  try {
    const joined = parseListings(raw, { sources: listingSources(ipvsadm), earlier });
    const { notes, isTorn, isWhole } = joined;
    // An entry that one of the two listings lacks is not absent: the table is torn.
    const snapshot = changedSnapshot(tableOf(joined), {
      timeS,
      host,
      isAbsenceSure: isWhole,
      ...kernel,
      ...hostTablesOf(raw),
    });
    return { snapshot, raw, notes, isTorn, isSecond: false };
  } catch (error) {
    onUnreadable?.(timeS, raw);
    throw error;
  }
}
