// One cycle, from the table to the archives: lock, read, interpret, append. `collect` runs it, a daemon will.

import { statfsSync } from 'node:fs';
import { readSnapshot } from '../collect/read-snapshot.js';
import { writeRecording } from '../collect/recording.js';
import { admit } from '../model/admit.js';
import { diskFloorBytes } from '../model/archive.js';
import type { Cycle, Table } from '../model/cycle.js';
import { interpret, interpretFailure } from '../model/interpret.js';
import { realServerName, serviceName } from '../model/name.js';
import type { Snapshot } from '../model/snapshot.js';
import { UserError } from '../model/user-error.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs, type Store, withStore } from '../store/store.js';
import { StoreError } from '../store/store-error.js';
import type { Owner } from './owner.js';

/** How a cycle is run. */
export interface CycleRequest {
  readonly dataDir: string;
  readonly owner: Owner;
  readonly ipvsadm: Parameters<typeof readSnapshot>[0]['ipvsadm'];
  readonly procRoot: string;
  readonly nowS: () => number;
  /** Keeps the raw listings in this folder too. */
  readonly recordDir: string | null;
  /** Believes a clock that jumped forward. */
  readonly acceptTime: boolean;
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
  const { dataDir } = request;
  const lock = await takeLock(dataDir, 'collect', defaultWaitMs);
  if (lock === null) {
    throw new StoreError(
      'busy',
      `another collector has been at work in ${dataDir} for ${defaultWaitMs / 1000} s: is its ipvsadm hanging?`,
    );
  }
  try {
    const previous = await withStore(dataDir, (store) => store.latest());
    if (previous.timeS === Math.floor(request.nowS())) return { kind: 'overtaken', timeS: previous.timeS };
    const { snapshot, raw, incomplete } = await readTable(request, previous);
    const cycle = interpret(previous, snapshot);
    const hasRoom = isAboveFloor(dataDir);
    const leftOut = await withStore(dataDir, (store) => storeCycle(store, cycle, hasRoom));
    if (request.recordDir !== null) await writeRecording(request.recordDir, snapshot.timeS, raw);
    const notes = incomplete.map((name) => `${name} came or went while the table was read: left out of this cycle`);
    if (!hasRoom) notes.push(roomNote(dataDir, leftOut));
    return { kind: 'stored', cycle, notes, hasRoom };
  } finally {
    await lock.release();
  }
}

/** Stores the cycle, and returns how many archives were not made for want of room. */
async function storeCycle(store: Store, cycle: Cycle, hasRoom: boolean): Promise<number> {
  if (!hasRoom) return store.appendToExisting(cycle);
  await store.append(cycle);
  return 0;
}

/** Is there room to make archives and pictures? */
function isAboveFloor(dataDir: string): boolean {
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize >= diskFloorBytes;
}

function roomNote(dataDir: string, leftOut: number): string {
  const archives = leftOut === 0 ? 'no archive had to be made' : `${leftOut} archives were not made`;
  return `under ${diskFloorBytes / 2 ** 20} MiB are free for ${dataDir}: ${archives}, nothing is drawn; make room on the disk`;
}

type TableReading = Awaited<ReturnType<typeof readSnapshot>>;

async function readTable(request: CycleRequest, previous: Table): Promise<TableReading> {
  const { owner, ipvsadm, procRoot, nowS, acceptTime } = request;
  try {
    const isComplete = (snapshot: Snapshot): boolean => hasAll(previous, snapshot);
    const reading = await owner.asRoot(() => readSnapshot({ ipvsadm, procRoot, nowS, isComplete }));
    admit(previous, reading.snapshot, acceptTime);
    return reading;
  } catch (error) {
    // A reading that is not newer changes nothing, not even the ledger.
    if (error instanceof UserError && error.code !== 'not-newer') await recordFailure(request, previous, error);
    throw error;
  }
}

async function recordFailure({ dataDir, nowS }: CycleRequest, previous: Table, error: UserError): Promise<void> {
  const timeS = Math.max(Math.floor(nowS()), previous.timeS ?? 0);
  const fault = { timeS, code: error.code, message: error.message };
  await withStore(dataDir, (store) => store.append(interpretFailure(previous, fault)));
}

/** Is everything still there that was there at the last reading? */
function hasAll(previous: Table, snapshot: Snapshot): boolean {
  const present = new Map(
    snapshot.services.map(({ id, realServers }) => [
      serviceName(id),
      new Set(realServers.map((server) => realServerName(server.id))),
    ]),
  );
  for (const [name, known] of previous.services) {
    if (known.absentS !== null) continue;
    const servers = present.get(name);
    if (servers === undefined) return false;
    for (const [server, { absentS }] of known.realServers) if (absentS === null && !servers.has(server)) return false;
  }
  return true;
}
