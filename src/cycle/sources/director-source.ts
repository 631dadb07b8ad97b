// The source of the kernel's table: two listings of ipvsadm, and the kernel's other counters.

import type { RawListings } from '../../collect/ipvs/join.js';
import type { IpvsadmCommand } from '../../collect/ipvs/locate-ipvsadm.js';
import { readHostClock } from '../../collect/ipvs/proc/kernel.js';
import { readSnapshot, type SnapshotReading } from '../../collect/ipvs/read-snapshot.js';
import { writeRecording } from '../../collect/recording.js';
import { hasAllEntries } from '../../interpret/director/complete.js';
import { isInDoubt } from '../../interpret/director/freeze.js';
import { directorJudge } from '../../interpret/director/judge-director.js';
import { mayHideRestart } from '../../interpret/director/suspects.js';
import { withHidden } from '../../interpret/hidden-entries.js';
import { beforeOf, type KnownDirector, type KnownState } from '../../model/cycle.js';
import type { Snapshot } from '../../model/snapshot.js';
import { UserError } from '../../model/user-error.js';
import { type Moment, orError, type ReadContext, type SourceResult, sourceOf } from './source.js';

/** How the table is read. */
export interface DirectorOptions {
  /** The ipvsadm command, or why there is none. */
  readonly ipvsadm: IpvsadmCommand | UserError;
  /** The location of /proc. */
  readonly procRoot: string;
  /** The status of the connection table from root (handed-status.ts), for a process that reads once. */
  readonly handedStatus?: string | null;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
}

/** Is the table this machine's own? */
export function isLocal({ ipvsadm }: Pick<DirectorOptions, 'ipvsadm'>): boolean {
  return ipvsadm instanceof UserError || ipvsadm.isLocal;
}

/** The source. */
export const directorSource = sourceOf(
  { name: 'director', judge: directorJudge },
  (options: DirectorOptions) => (context: ReadContext) => readDirector(options, context),
);

async function readDirector(
  options: DirectorOptions,
  { previous, isAlone }: ReadContext,
): Promise<SourceResult<Snapshot>> {
  const startS = Math.floor(options.nowS());
  const unreadable: Unreadable[] = [];
  const read = await orError(() => takeSnapshot(options, previous, (one) => void unreadable.push(one)));
  if (!(read instanceof UserError)) return resultOf(read, previous.director);
  // The last texts are those of the failed reading.
  const last = unreadable.at(-1);
  const moment: Moment = { timeS: last?.timeS ?? startS, host: readHostClock(options.procRoot, isLocal(options)) };
  const isAbsent = !isAlone && isWithoutTable(read, options, previous.director);
  return { read: isAbsent ? null : read, notes: [], moment, record: last === undefined ? null : recorderOf(last.raw) };
}

/** A machine with only another source is not a failing director: its table never had an entry, and it has none now. */
function isWithoutTable({ code }: UserError, options: DirectorOptions, { services }: KnownDirector): boolean {
  if (!isLocal(options) || services.size > 0) return false;
  return code === 'no-ipvsadm' || code === 'module-not-loaded';
}

/** Texts that could not be parsed, and their second. */
interface Unreadable {
  readonly timeS: number;
  readonly raw: RawListings;
}

function resultOf({ snapshot, raw, notes }: SnapshotReading, known: KnownDirector): SourceResult<Snapshot> {
  const { timeS, host } = snapshot;
  return { read: withHidden(known, snapshot), notes, moment: { timeS, host }, record: recorderOf(raw) };
}

function recorderOf(raw: RawListings): SourceResult<Snapshot>['record'] {
  return (dir, timeS) => writeRecording(dir, timeS, raw);
}

async function takeSnapshot(
  { ipvsadm, procRoot, nowS, handedStatus }: DirectorOptions,
  previous: KnownState,
  onUnreadable: (unreadable: Unreadable) => void,
): Promise<SnapshotReading> {
  if (ipvsadm instanceof UserError) throw ipvsadm;
  const before = beforeOf(previous, previous.director);
  return readSnapshot({
    ipvsadm,
    procRoot,
    nowS,
    handedStatus: handedStatus ?? null,
    isComplete: (snapshot) => hasAllEntries(before, snapshot),
    mayBeFrozen: (kernel) => isInDoubt(before.kernel, kernel),
    mayHideRestart: (snapshot) => mayHideRestart(before, snapshot),
    onUnreadable: (timeS, raw) => onUnreadable({ timeS, raw }),
  });
}
