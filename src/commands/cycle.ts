// One cycle, from the table to the archives: lock, read, interpret, append. `collect` runs it once, a server every five minutes.

import { statfsSync } from 'node:fs';
import type { RawListings } from '../collect/join.js';
import { readHostClock } from '../collect/kernel.js';
import { readSnapshot } from '../collect/read-snapshot.js';
import { writeRecording } from '../collect/recording.js';
import { admit, believedTimeS } from '../model/admit.js';
import { diskFloorBytes } from '../model/archive.js';
import type { Cycle, KnownService, Table } from '../model/cycle.js';
import { isInDoubt } from '../model/freeze.js';
import { interpret } from '../model/interpret.js';
import { interpretFailure } from '../model/interpret-failure.js';
import { realServerName, serviceName } from '../model/name.js';
import type { KernelReading, RealServerReading, Snapshot } from '../model/snapshot.js';
import { UserError } from '../model/user-error.js';
import type { Archives, LendArchives } from '../store/archives.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs } from '../store/open.js';
import { StoreError } from '../store/store-error.js';
import type { Owner } from './owner.js';

/** How a cycle is run. */
export interface CycleRequest {
  readonly dataDir: string;
  /** Lends the archives of the data folder: a keeper's, or those of whoever holds them. */
  readonly lend: LendArchives;
  readonly owner: Owner;
  readonly ipvsadm: Parameters<typeof readSnapshot>[0]['ipvsadm'];
  readonly procRoot: string;
  readonly nowS: () => number;
  /** Keeps the raw listings in this folder too. */
  readonly recordDir: string | null;
  /** Believes a clock that jumped forward. */
  readonly acceptTime: boolean;
  /** Aborted when the process is about to end: the cycle is left out, and its failing is no event. */
  readonly signal?: AbortSignal;
}

/** What became of it: `overtaken` when another collector stored a reading of this very second. */
export type CycleOutcome =
  | { readonly kind: 'stored'; readonly cycle: Cycle; readonly notes: readonly string[]; readonly hasRoom: boolean }
  | { readonly kind: 'overtaken'; readonly timeS: number };

/**
 * Runs one cycle. The collector's lock is taken before the table is read, so that waiting collectors do not bring old
 * readings. Throws the `UserError` of the step that failed; a table that could not be read or believed is an event.
 */
export async function runCycle(request: CycleRequest): Promise<CycleOutcome> {
  const { dataDir, lend, signal } = request;
  const lock = await takeLock(dataDir, 'collect', { waitMs: defaultWaitMs, signal });
  if (lock === null) {
    if (signal?.aborted) throw stopped();
    throw new StoreError(
      'busy',
      `another collector has been at work in ${dataDir} for ${defaultWaitMs / 1000} s: is its ipvsadm hanging?`,
    );
  }
  try {
    if (signal?.aborted) throw stopped();
    const made = await makeCycle(request);
    if (made.kind === 'overtaken') return made;
    const { cycle, incomplete, raw } = made;
    const hasRoom = isAboveFloor(dataDir);
    const leftOut = await lend((archives) => storeCycle(archives, cycle, hasRoom));
    if (request.recordDir !== null && raw !== null) await writeRecording(request.recordDir, cycle.timeS, raw);
    const notes = incomplete.map((name) => `${name} came or went while the table was read: left out of this cycle`);
    if (!hasRoom) notes.push(roomNote(dataDir, leftOut));
    return { kind: 'stored', cycle, notes, hasRoom };
  } finally {
    await lock.release();
  }
}

function stopped(): UserError {
  return new UserError('stopped', 'the process is about to end: this cycle was left out');
}

interface MadeCycle extends Pick<TableReading, 'incomplete'> {
  readonly kind: 'made';
  readonly cycle: Cycle;
  /** Kept only where they are to be recorded. */
  readonly raw: RawListings | null;
}

type Overtaken = Extract<CycleOutcome, { readonly kind: 'overtaken' }>;

/** Reads the table and makes a cycle of it. What it was made from is let go of before the archives take their memory. */
async function makeCycle(request: CycleRequest): Promise<MadeCycle | Overtaken> {
  const previous = await request.lend((archives) => archives.latest());
  if (previous.timeS === Math.floor(request.nowS())) return { kind: 'overtaken', timeS: previous.timeS };
  const { snapshot, raw, incomplete } = await readTable(request, previous);
  const cycle = interpret(previous, snapshot);
  return { kind: 'made', cycle, incomplete, raw: request.recordDir === null ? null : raw };
}

/** Stores the cycle, and returns how many archives were not made for want of room. */
async function storeCycle(archives: Archives, cycle: Cycle, hasRoom: boolean): Promise<number> {
  let leftOut = 0;
  if (hasRoom) await archives.append(cycle);
  else leftOut = await archives.appendToExisting(cycle);
  await archives.patrol();
  return leftOut;
}

/** Is there room to make archives and pictures? */
export function isAboveFloor(dataDir: string): boolean {
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize >= diskFloorBytes;
}

function roomNote(dataDir: string, leftOut: number): string {
  const archives = leftOut === 0 ? 'no archive had to be made' : `${leftOut} archives were not made`;
  return `under ${diskFloorBytes / 2 ** 20} MiB are free for ${dataDir}: ${archives}, nothing is drawn; make room on the disk`;
}

type TableReading = Awaited<ReturnType<typeof readSnapshot>>;

async function readTable(request: CycleRequest, previous: Table): Promise<TableReading> {
  const { owner, ipvsadm, procRoot, nowS, acceptTime, signal } = request;
  const unreadable: Unreadable[] = [];
  try {
    const isComplete = (snapshot: Snapshot): boolean => hasAll(previous, snapshot);
    const onUnreadable = (timeS: number, raw: RawListings): void => void unreadable.push({ timeS, raw });
    const mayBeFrozen = (kernel: KernelReading): boolean => isInDoubt(previous.kernel, kernel);
    const reading = await owner.asRoot(() =>
      readSnapshot({ ipvsadm, procRoot, nowS, isComplete, mayBeFrozen, onUnreadable }),
    );
    admit(previous, reading.snapshot, acceptTime);
    return reading;
  } catch (error) {
    if (signal?.aborted) throw stopped();
    // A reading that is not newer changes nothing, not even the ledger.
    if (!(error instanceof UserError) || error.code === 'not-newer') throw error;
    throw await recorded(error, { request, previous, unreadable });
  }
}

interface Unreadable {
  readonly timeS: number;
  readonly raw: RawListings;
}

interface FailedReading {
  readonly request: CycleRequest;
  readonly previous: Table;
  /** Texts that could not be understood; the last are those that the cycle failed with. */
  readonly unreadable: readonly Unreadable[];
}

/** Keeps what is known of a failed cycle. What goes wrong with that is told beside the failure, not in its place. */
async function recorded(error: UserError, { request, previous, unreadable }: FailedReading): Promise<UserError> {
  const { recordDir } = request;
  const last = unreadable.at(-1);
  const ends = await Promise.allSettled([
    recordFailure(request, previous, error),
    recordDir === null || last === undefined ? null : writeRecording(recordDir, last.timeS, last.raw),
  ]);
  const others = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  const defect = others.find((other) => !(other instanceof UserError));
  if (defect !== undefined) throw defect;
  if (others.length === 0) return error;
  const messages = others.map((other) => (other instanceof UserError ? other.message : ''));
  return new UserError(error.code, `${error.message}; and this could not be recorded: ${messages.join('; ')}`, {
    cause: error,
  });
}

async function recordFailure(request: CycleRequest, previous: Table, error: UserError): Promise<void> {
  const { lend, procRoot, ipvsadm, nowS } = request;
  const host = readHostClock(procRoot, ipvsadm.isLocal);
  const timeS = believedTimeS(previous, { timeS: Math.floor(nowS()), host });
  const fault = { timeS, code: error.code, message: error.message, host };
  await lend((archives) => archives.append(interpretFailure(previous, fault)));
}

/** Is everything still there that was there at the last reading? */
function hasAll(previous: Table, { services }: Snapshot): boolean {
  let missing = 0;
  for (const { absentS } of previous.services.values()) if (absentS === null) missing += 1;
  for (const { id, realServers } of services) {
    const known = previous.services.get(serviceName(id));
    if (known === undefined || known.absentS !== null) continue;
    if (!hasRealServers(known, realServers)) return false;
    missing -= 1;
  }
  return missing === 0;
}

function hasRealServers(known: KnownService, realServers: readonly RealServerReading[]): boolean {
  let missing = 0;
  for (const { absentS } of known.realServers.values()) if (absentS === null) missing += 1;
  for (const { id } of realServers) if (known.realServers.get(realServerName(id))?.absentS === null) missing -= 1;
  return missing === 0;
}
