// Reads what a cycle is made of: the kernel's table, and HAProxy where that is asked for. What goes wrong with one of them is told
// beside what was read of the other.

import type { RawListings } from '../collect/join.js';
import { readHostClock } from '../collect/kernel.js';
import type { IpvsadmCommand } from '../collect/locate-ipvsadm.js';
import { parseShowStat } from '../collect/parse-show-stat.js';
import { haproxySourceText, readHaproxy } from '../collect/read-haproxy.js';
import { readSnapshot, type SnapshotReading } from '../collect/read-snapshot.js';
import type { KnownHaproxy, KnownService, Table } from '../model/cycle.js';
import { isInDoubt } from '../model/freeze.js';
import { type HaproxyFault, nothingReported } from '../model/haproxy-unread.js';
import { withHidden } from '../model/hidden-entries.js';
import type { Findings } from '../model/interpret-cycle.js';
import { realServerName, serviceName } from '../model/name.js';
import type { Note } from '../model/note.js';
import type { HaproxyReading, HostClock, KernelReading, RealServerReading, Snapshot } from '../model/snapshot.js';
import { mayHideRestart } from '../model/suspects.js';
import { UserError } from '../model/user-error.js';

/** What is read. */
export interface Sources {
  /** How the table is read, or why it cannot be. */
  readonly ipvsadm: IpvsadmCommand | UserError;
  /** Socket, URL or file of HAProxy's statistics (haproxy/source.ts); null where they are not asked for. */
  readonly haproxy: string | null;
  /** The certificates that are trusted with its `https://`; null, or missing, for those that Node.js trusts. */
  readonly haproxyCa?: string | null;
  /** Where /proc is. */
  readonly procRoot: string;
  /** The status of the connection table that root has handed over (handed-status.ts): of a process that reads once. */
  readonly handedStatus?: string | null;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
}

/** Texts that could not be understood, and the second they are of. */
export interface Unreadable {
  readonly timeS: number;
  readonly raw: RawListings;
}

/** What was read, or why not. */
export interface SourcesRead {
  readonly timeS: number;
  readonly host: HostClock | null;
  /** null on a machine without such a table. */
  readonly table: SnapshotReading | UserError | null;
  /** null where it was not asked for. `text` is what was read; null where nothing was. */
  readonly haproxy: { readonly read: HaproxyReading | UserError; readonly text: string | null } | null;
  /** Entries left out of the reading, and remarks on it. */
  readonly notes: readonly Note[];
}

/** Reads all of them at the same time. `onUnreadable` is given texts of the table that could not be understood. */
export async function readSources(
  sources: Sources,
  previous: Table,
  onUnreadable: (unreadable: Unreadable) => void,
): Promise<SourcesRead> {
  const startS = Math.floor(sources.nowS());
  const [table, haproxy] = await Promise.all([
    orProblem(readTable(sources, previous, onUnreadable)),
    sources.haproxy === null ? null : readStatistics(sources.haproxy, sources.haproxyCa ?? null, previous),
  ]);
  const notes = [...(table instanceof UserError ? [] : table.notes), ...(haproxy?.notes ?? [])];
  if (!(table instanceof UserError)) {
    const snapshot = withHidden(previous, table.snapshot);
    const { timeS, host } = snapshot;
    return { timeS, host, table: { ...table, snapshot }, haproxy, notes };
  }
  const host = readHostClock(sources.procRoot, isLocal(sources));
  const isAbsent = haproxy !== null && isWithoutTable(table, sources, previous);
  return { timeS: startS, host, table: isAbsent ? null : table, haproxy, notes };
}

/** Is the table this machine's own? */
export function isLocal({ ipvsadm }: Pick<Sources, 'ipvsadm'>): boolean {
  return ipvsadm instanceof UserError || ipvsadm.isLocal;
}

/** What was found out, for `interpretCycle`. */
export function findingsOf({ timeS, host, table, haproxy }: SourcesRead): Findings {
  const lvs = table instanceof UserError ? { ...faultOf(table), timeS, host } : (table?.snapshot ?? null);
  const read = haproxy?.read ?? null;
  return { timeS, host, lvs, haproxy: read instanceof UserError ? haproxyFaultOf(read) : read };
}

/** Why sources that were asked for could not be read. */
export function problemsOf({ table, haproxy }: SourcesRead): readonly UserError[] {
  return [table, haproxy?.read].filter((read) => read instanceof UserError);
}

/** The fault of HAProxy that an error is of. */
export function haproxyFaultOf(error: UserError): HaproxyFault {
  return { ...faultOf(error), ...(error instanceof NoProxyError && { hasNoProxy: true }) };
}

function faultOf({ code, message }: UserError): { readonly code: string; readonly message: string } {
  return { code, message };
}

/** A machine with HAProxy alone is no director that fails: nothing was ever seen in its table, and there is none. */
function isWithoutTable({ code }: UserError, sources: Sources, { services }: Table): boolean {
  return isLocal(sources) && services.size === 0 && (code === 'no-ipvsadm' || code === 'module-not-loaded');
}

/** A reading of HAProxy as it is judged (haproxy-unread.ts): an error where it reports no proxy, though it had some. */
export function believedOf(read: HaproxyReading, known: KnownHaproxy, source: string): HaproxyReading | UserError {
  const fault = nothingReported(known, read);
  return fault === null ? read : new NoProxyError(fault.code, `${source}: ${fault.message}`);
}

/** HAProxy answered, and had no proxy any more. */
class NoProxyError extends UserError {}

/** The result of reading a text, or the `UserError` that it throws. */
export function parsedOr<T>(read: () => T): T | UserError {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function orProblem<T>(reading: Promise<T>): Promise<T | UserError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function readTable(
  { ipvsadm, procRoot, nowS, handedStatus }: Sources,
  previous: Table,
  onUnreadable: (unreadable: Unreadable) => void,
): Promise<SnapshotReading> {
  if (ipvsadm instanceof UserError) throw ipvsadm;
  return readSnapshot({
    ipvsadm,
    procRoot,
    nowS,
    handedStatus: handedStatus ?? null,
    isComplete: (snapshot: Snapshot): boolean => hasAll(previous, snapshot),
    mayBeFrozen: (kernel: KernelReading): boolean => isInDoubt(previous.kernel, kernel),
    mayHideRestart: (snapshot: Snapshot): boolean => mayHideRestart(previous, snapshot),
    onUnreadable: (timeS, raw) => onUnreadable({ timeS, raw }),
  });
}

type Statistics = NonNullable<SourcesRead['haproxy']> & { readonly notes: readonly Note[] };

async function readStatistics(source: string, caFile: string | null, { haproxy }: Table): Promise<Statistics> {
  const text = await orProblem(readHaproxy(source, { caFile }));
  if (text instanceof UserError) return { read: text, text: null, notes: [] };
  const name = haproxySourceText(source);
  const parsed = parsedOr(() => parseShowStat(text, name));
  if (parsed instanceof UserError) return { read: parsed, text, notes: [] };
  return { read: believedOf(parsed.reading, haproxy, name), text, notes: parsed.notes };
}

/** Is everything still there that was there at the last reading? What is there but could not be read is. */
function hasAll(previous: Table, { services, unread }: Snapshot): boolean {
  const found = new Map(services.map(({ id, realServers }) => [serviceName(id), realServers]));
  for (const [name, known] of previous.services) {
    if (known.absentS !== null || unread?.has(name)) continue;
    const realServers = found.get(name);
    if (
      realServers === undefined ||
      !hasRealServers(known, realServers, (server) => unread?.has(`${name}/${server}`) ?? false)
    ) {
      return false;
    }
  }
  return true;
}

function hasRealServers(
  known: KnownService,
  realServers: readonly RealServerReading[],
  isUnread: (name: string) => boolean,
): boolean {
  const found = new Set(realServers.map(({ id }) => realServerName(id)));
  for (const [name, { absentS }] of known.realServers) {
    if (absentS === null && !found.has(name) && !isUnread(name)) return false;
  }
  return true;
}
