// Records of a cycle beside the archives: the raw texts of its sources, in a folder, and its failure, in the ledger.

import type { Owner } from '../cli/owner.js';
import { readHostClock } from '../collect/ipvs/proc/kernel.js';
import { believedTimeS } from '../interpret/clock.js';
import { interpretFailure, interpretReads } from '../interpret/interpret.js';
import type { KnownState } from '../model/cycle.js';
import { UserError } from '../model/user-error.js';
import type { LendArchives } from '../store/archives.js';
import { isLocal } from './sources/director-source.js';
import type { ReadOptions, SourcesRead } from './sources/read-sources.js';
import { faultOf, type SourceOutcome } from './sources/source.js';

/** The part of a cycle's request that records need. */
export interface RecordRequest extends ReadOptions {
  /** Lends the archives of the data folder: a keeper's, or those of the process that holds them. */
  readonly lend: LendArchives;
  readonly owner: Owner;
  /** Also stores the raw listings in this folder. */
  readonly recordDir: string | null;
}

/** Adds the texts of a source to a folder of recordings. */
export type Recorder = NonNullable<SourceOutcome['record']>;

/** The recorders that add the texts to a folder of recordings; the listings come last, so that a moment with them is complete. */
export function recordersOf({ outcomes }: SourcesRead): readonly Recorder[] {
  return outcomes.flatMap(({ record: recorder }) => recorder ?? []).reverse();
}

/** Records the texts of a cycle, if a folder is given. */
export async function record(
  { recordDir, owner }: RecordRequest,
  timeS: number,
  recorders: readonly Recorder[],
): Promise<void> {
  if (recordDir === null || recorders.length === 0) return;
  await owner.asOwnerOf(recordDir, async () => {
    for (const add of recorders) await add(recordDir, timeS);
  });
}

/** A cycle that failed. */
export interface FailedReading {
  readonly request: RecordRequest;
  readonly previous: KnownState;
  /** The sources, when all failed; null when they were read but not believed. */
  readonly sources: SourcesRead | null;
}

/** Records a failed cycle. An error while recording is reported beside the failure, never instead of it. */
export async function recorded(error: UserError, failed: FailedReading): Promise<UserError> {
  const { request, sources } = failed;
  const moments = sources?.outcomes.flatMap(({ moment }) => moment ?? []) ?? [];
  const timeS = moments[0]?.timeS ?? sources?.timeS ?? 0;
  const recorders = sources === null ? [] : recordersOf(sources);
  // Serial: each may need rights of its own.
  const ends = [
    ...(await Promise.allSettled([recordFailure(error, failed)])),
    ...(await Promise.allSettled([record(request, timeS, recorders)])),
  ];
  const others = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  const defect = others.find((other) => !(other instanceof UserError));
  if (defect !== undefined) throw defect;
  if (others.length === 0) return error;
  const messages = others.map((other) => (other instanceof UserError ? other.message : ''));
  return new UserError(error.code, `${error.message}; and this could not be recorded: ${messages.join('; ')}`, {
    cause: error,
  });
}

async function recordFailure(error: UserError, { request, previous, sources }: FailedReading): Promise<void> {
  const { lend, procRoot, nowS } = request;
  const host = readHostClock(procRoot, isLocal(request));
  const timeS = believedTimeS(previous, { timeS: Math.floor(nowS()), host });
  const cycle =
    sources === null
      ? interpretFailure(previous, { timeS, host, ...faultOf(error) })
      : interpretReads(previous, { ...sources, timeS, host });
  await lend((archives) => archives.append(cycle));
}
