// One cycle, from the sources to the archives: lock, read, interpret, append. `collect` runs it once, a server every five minutes.

import { statfsSync } from 'node:fs';
import type { ReferencePlaces } from '../cli/drift/drift-options.js';
import type { Entry } from '../cli/log.js';
import { withChosen } from '../cli/options/retention-option.js';
import { admit } from '../interpret/clock.js';
import { withFindings } from '../interpret/findings/find.js';
import { interpretReads } from '../interpret/interpret.js';
import { withLeftOut } from '../interpret/left-out.js';
import { diskFloorBytes } from '../model/archive.js';
import type { Cycle, KnownState } from '../model/cycle.js';
import { patiently } from '../model/patience.js';
import { type Policy, standardPolicy } from '../model/policy/policy.js';
import type { Retention } from '../model/retention.js';
import { countOf } from '../model/text/count-of.js';
import { UserError } from '../model/user-error.js';
import { takeLock } from '../store/lock.js';
import { defaultWaitMs } from '../store/open.js';
import { StoreError } from '../store/store-error.js';
import { failureEntries } from './notes/failure-entries.js';
import { noteEntries } from './notes/note-entries.js';
import { isOfSameSecond, isOvertaken, nextSecond } from './overtaken.js';
import { readKnown } from './read-known.js';
import { beginReferences, type CycleReferences } from './read-references.js';
import { type Recorder, type RecordRequest, record, recorded, recordersOf } from './record-cycle.js';
import { isRead, notesOf, problemsOf, readSources, type SourcesRead } from './sources/read-sources.js';
import { storeCycle, type UnjudgedCycle } from './store-cycle.js';

/** The parameters of a cycle. */
export interface CycleRequest extends RecordRequest {
  readonly dataDir: string;
  /** The retention of new archives; existing ones must have the same. */
  readonly retention?: Retention;
  /** The policy by which findings are judged; if missing, the standard one, and nobody knows which probes there should be. */
  readonly policy?: Policy | undefined;
  /** The references that the table is compared with; null or missing for none. */
  readonly drift?: ReferencePlaces | null;
  /** Trusts a clock that jumped forward. */
  readonly acceptTime: boolean;
  /** Aborted when the process is shutting down: the cycle is then dropped, and its failure is not an event. */
  readonly signal?: AbortSignal;
}

/** The outcome of a cycle: `overtaken` when another collector stored the same reading within this second. */
export type CycleOutcome =
  | {
      readonly kind: 'stored';
      readonly cycle: Cycle;
      readonly notes: readonly Entry[];
      /** Why one of two sources is missing from it, or why the upkeep of the archives after it failed. */
      readonly problems: readonly UserError[];
      readonly hasRoom: boolean;
      /** Seconds that reading each source took, by its name. */
      readonly tookS: ReadonlyMap<string, number>;
    }
  | { readonly kind: 'overtaken'; readonly timeS: number };

/**
 * Runs one cycle. It takes the collector's lock before it reads the table, so that waiting collectors do not bring old readings. Throws the
 * `UserError` of the failed step; a table that could not be read or believed is an event.
 */
export async function runCycle(request: CycleRequest): Promise<CycleOutcome> {
  const { dataDir, lend, signal } = request;
  const references = await beginReferences(request.drift ?? null, request.owner);
  const lock = await takeLock(dataDir, 'collect', { waitMs: defaultWaitMs, signal });
  if (lock === null) {
    if (signal?.aborted) throw stopped();
    throw new StoreError(
      'busy',
      `another collector has been at work in ${dataDir} for ${patiently(defaultWaitMs) / 1000} s: is its ipvsadm hanging?`,
    );
  }
  try {
    if (signal?.aborted) throw stopped();
    const made = await makeCycle(request, references);
    if (made.kind === 'overtaken') return made;
    const { tookS } = made;
    const hasRoom = isAboveFloor(dataDir);
    const { cycle, leftOut, upkeep } = await storeCycle(lend, { ...made, hasRoom });
    const problems = upkeep === null ? made.problems : [...made.problems, upkeep];
    await record(request, cycle.timeS, made.recorders);
    const notes = hasRoom ? made.notes : [...made.notes, roomNote(dataDir, leftOut)];
    return { kind: 'stored', cycle, notes, problems, hasRoom, tookS };
  } finally {
    await lock.release();
  }
}

function stopped(): UserError {
  return new UserError('stopped', 'the process is shutting down: this cycle was skipped');
}

interface MadeCycle extends UnjudgedCycle {
  readonly kind: 'made';
  readonly notes: readonly Entry[];
  readonly problems: readonly UserError[];
  readonly recorders: readonly Recorder[];
  readonly tookS: ReadonlyMap<string, number>;
}

type OvertakenOutcome = Extract<CycleOutcome, { readonly kind: 'overtaken' }>;

/** Reads the sources and makes a cycle from them. The readings are freed before the archives need the memory. */
async function makeCycle(request: CycleRequest, begun: CycleReferences | null): Promise<MadeCycle | OvertakenOutcome> {
  const { retention } = request;
  const { latest, links } = await readKnown(request.lend);
  const previous = withChosen(latest, retention);
  const sources = await readAdmitted({ ...request, links }, previous);
  if (isOvertaken(previous, sources)) return { kind: 'overtaken', timeS: sources.timeS };
  const [notes, problems] = [notesOf(sources), problemsOf(sources)];
  const interpreted = interpretReads(previous, sources);
  const complete = withLeftOut(previous, interpreted, problems.length === 0 ? notes : null);
  const references = begun && [...(await begun.rest()), ...begun.before];
  const { thresholds, redundancy: rules, topology } = request.policy ?? standardPolicy;
  const probes = request.policy?.probes;
  const redundancy = { rules, topology };
  const judged: UnjudgedCycle['judged'] = (ground) =>
    withFindings(previous, complete, { ...ground, thresholds, references, redundancy, probes });
  const recorders = request.recordDir === null ? [] : recordersOf(sources);
  const { timeS, tookS } = sources;
  const failures = failureEntries({ timeS, table: complete.table, probes: probes ?? [], references });
  const entries = [...noteEntries(previous, notes), ...failures];
  return { kind: 'made', previous, timeS, judged, notes: entries, problems, recorders, tookS };
}

/** Is there space to create archives and pictures? */
function isAboveFloor(dataDir: string): boolean {
  return freeBytesOf(dataDir) >= diskFloorBytes;
}

/** Free bytes on the disk of a folder. */
export function freeBytesOf(dataDir: string): number {
  const { bavail, bsize } = statfsSync(dataDir);
  return bavail * bsize;
}

function roomNote(dataDir: string, leftOut: number): Entry {
  const archives =
    leftOut === 0 ? 'no archive was needed' : `${countOf(leftOut, 'archive was', 'archives were')} not created`;
  return {
    level: 'warning',
    text: `less than ${diskFloorBytes / 2 ** 20} MiB is free for ${dataDir}: ${archives}, and nothing is drawn; make room on the disk`,
  };
}

/** Reads the sources. Throws when none could be read, or when the clock is not credible: a failed cycle. */
async function readAdmitted(request: CycleRequest, previous: KnownState): Promise<SourcesRead> {
  const { owner, acceptTime, signal } = request;
  const options = { ...request, probes: request.policy?.probes ?? [] };
  let sources: SourcesRead | null = null;
  try {
    const readAll = (): Promise<SourcesRead> => owner.asRoot(() => readSources(options, previous));
    let read = await readAll();
    if (isRead(read) && isOfSameSecond(previous, read)) {
      if (isOvertaken(previous, read)) return read;
      await nextSecond(request.nowS);
      read = await readAll();
    }
    if (signal?.aborted) throw stopped();
    if (!isRead(read)) {
      sources = read;
      throw bothOf(problemsOf(read));
    }
    admit(previous, read, acceptTime);
    return read;
  } catch (error) {
    if (signal?.aborted) throw stopped();
    // A reading that is not newer changes nothing, not even the ledger.
    if (!(error instanceof UserError) || error.code === 'not-newer') throw error;
    throw await recorded(error, { request, previous, sources });
  }
}

/** The failure of a cycle whose sources all failed. */
function bothOf([first, ...others]: readonly UserError[]): UserError {
  if (first === undefined) return new UserError('failed', 'nothing was read');
  if (others.length === 0) return first;
  const message = [first, ...others].map((one) => one.message).join('; and ');
  return new UserError(first.code, message, { cause: first });
}
