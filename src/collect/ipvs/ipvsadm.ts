// Runs the two listings of ipvsadm(8), as simultaneously as two programs can start, within limits of time and output.
//
// Each runs in a session of its own: the process that hangs may be a grandchild (a wrapper's, sudo's, ssh's) that holds the pipe, so the
// whole process group is ended. Therefore none of them can ask for a password, by hand just as in cron.

import { patiently } from '../../model/patience.js';
import { CollectError, quote } from '../collect-error.js';
import { signalGroup, withGroup } from '../process/process-group.js';
import { endWithin, type OutputBuffer, type Session, startSession } from '../process/session.js';
import { commandFailure } from './command-failure.js';
import type { ListingSources, RawListings } from './join.js';
import { type Layout, statsLayout, tableLayout } from './listing/listing.js';
import type { IpvsadmCommand } from './locate-ipvsadm.js';
import { parseSyncDaemons } from './parse-sync-daemons.js';

/** The limits of a listing. */
export interface ListingLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

/** 100,000 real servers take 9 MB and, emulated, some seconds. A million take 87 MB. */
export const usualLimits: ListingLimits = { timeoutMs: 10_000, outputBytes: 96 * 2 ** 20 };

const stderrBytes = 64 * 2 ** 10;

/** The names of `command`'s listings in messages. */
export function listingSources(command: IpvsadmCommand): ListingSources {
  const words = [command.isLocal && command.args.length === 0 ? 'ipvsadm' : command.file, ...command.args];
  const source = (layout: Layout) => quote([...words, ...listingArgs(layout)].join(' '), 240);
  return { stats: source(statsLayout), table: source(tableLayout) };
}

/** Reads both listings; throws a `CollectError` about the first one that failed. */
export async function readListings(command: IpvsadmCommand, limits = patient(usualLimits)): Promise<RawListings> {
  const sources = listingSources(command);
  const [stats, table] = await Promise.allSettled([
    readListing(command, { args: listingArgs(statsLayout), source: sources.stats, limits }),
    readListing(command, { args: listingArgs(tableLayout), source: sources.table, limits }),
  ]);
  if (stats.status === 'rejected') throw stats.reason;
  if (table.status === 'rejected') throw table.reason;
  return { statsText: stats.value, tableText: table.value };
}

function patient(limits: ListingLimits): ListingLimits {
  return { ...limits, timeoutMs: patiently(limits.timeoutMs) };
}

/** The output of the listing of set-up alone, and its name in messages. Throws a `CollectError`. */
export async function readTableText(
  command: IpvsadmCommand,
  limits = patient(usualLimits),
): Promise<{ readonly text: Buffer; readonly source: string }> {
  const source = listingSources(command).table;
  return { text: await readListing(command, { args: listingArgs(tableLayout), source, limits }), source };
}

/** It prints two lines at most, and asks the kernel for no more. */
const daemonLimits: ListingLimits = { timeoutMs: 2000, outputBytes: 4096 };

/** The output of `ipvsadm -L --daemon` about the synchronising daemons; null when it fails, as on an ipvsadm that is too old. */
export async function readSyncDaemons(command: IpvsadmCommand): Promise<string | null> {
  try {
    const args = ['-L', '--daemon'];
    return parseSyncDaemons(
      (await readListing(command, { args, source: 'ipvsadm -L --daemon', limits: patient(daemonLimits) })).toString(
        'latin1',
      ),
    );
  } catch (error) {
    if (error instanceof CollectError) return null;
    throw error;
  }
}

/** The arguments of a layout's command, `-L -n …`. */
function listingArgs({ command }: Layout): readonly string[] {
  return command.split(' ').slice(1);
}

interface ListingRun {
  readonly args: readonly string[];
  readonly source: string;
  readonly limits: ListingLimits;
}

async function readListing({ file, args }: IpvsadmCommand, run: ListingRun): Promise<Buffer> {
  const limits = { stdoutBytes: run.limits.outputBytes, stderrBytes };
  const session = startSession(file, [...args, ...run.args], limits);
  return withGroup(session.pid, () => outputOf(session, run));
}

async function outputOf(session: Session, { source, limits }: ListingRun): Promise<Buffer> {
  const { pid, stdout, stderr } = session;
  const end = await endWithin(session, limits.timeoutMs);
  if (end?.exitCode === 0 && !stdout.isTooMuch() && !stderr.isTooMuch()) return stdout.bytes();
  signalGroup(pid, 'SIGKILL');
  if (stdout.isTooMuch()) throw tooMuchOutput(source, limits);
  if (stderr.isTooMuch()) throw tooMuchSaid(source, outputText(stderr));
  if (end === null) throw timedOut(source, limits);
  throw commandFailure({ ...end, stderr: outputText(stderr) }, source);
}

/** One character per byte: nothing is lost. */
function outputText({ bytes }: OutputBuffer): string {
  return bytes().toString('latin1');
}

function timedOut(source: string, { timeoutMs }: ListingLimits): CollectError {
  return new CollectError(
    'timed-out',
    `${source} did not finish within ${timeoutMs / 1000} s and was ended: is this machine overloaded, or the remote one ` +
      `unreachable? Run it by hand to see`,
  );
}

function tooMuchOutput(source: string, { outputBytes }: ListingLimits): CollectError {
  return new CollectError(
    'too-much-output',
    `${source} wrote more than ${outputBytes} bytes and was ended: no table is that large; is the command ipvsadm?`,
  );
}

function tooMuchSaid(source: string, stderr: string): CollectError {
  return new CollectError(
    'too-much-output',
    `${source} wrote more than ${stderrBytes} bytes to standard error and was ended, beginning with ${quote(stderr, 200)}; ` +
      'run it by hand to see what it complains about',
  );
}
