// Runs the two listings of ipvsadm(8), as simultaneously as two programs can start, within limits of time and output. One of the two files
// that run other programs (execa); the other runs rrdtool.
//
// Each runs in a session of its own: the process that hangs may be a grandchild (a wrapper's, sudo's, ssh's) that holds the pipe, so the
// whole process group is ended. Therefore none of them can ask for a password, by hand just as in cron.

import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { patiently } from '../../model/patience.js';
import { CollectError, quote } from '../collect-error.js';
import { commandFailure } from './command-failure.js';
import type { ListingSources, RawListings } from './join.js';
import { type Layout, statsLayout, tableLayout } from './listing/listing.js';
import type { IpvsadmCommand } from './locate-ipvsadm.js';
import { parseSyncDaemons } from './parse-sync-daemons.js';
import { signalGroup, withGroup } from './process-group.js';

/** The limits of a listing. */
export interface ListingLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

/** 100,000 real servers take 9 MB and, emulated, some seconds. A million take 87 MB. */
export const usualLimits: ListingLimits = { timeoutMs: 10_000, outputBytes: 96 * 2 ** 20 };

const stderrBytes = 64 * 2 ** 10;

/** The delay from SIGTERM to SIGKILL, and from there to giving up on a process that cannot be killed (another user's). */
const graceMs = 1000;

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

async function readListing(command: IpvsadmCommand, run: ListingRun): Promise<Buffer> {
  const child = start(command, run.args);
  return withGroup(child.pid, () => outputOf(child, run));
}

async function outputOf(child: Child, { source, limits }: ListingRun): Promise<Buffer> {
  const stdout = gather(child, child.stdout, limits.outputBytes);
  const stderr = gather(child, child.stderr, stderrBytes);
  const result = await ended(child, limits.timeoutMs);
  const isTooMuch = stdout.isTooMuch() || stderr.isTooMuch();
  if (result !== null && !result.failed && !isTooMuch) return stdout.bytes();
  signalGroup(child.pid, 'SIGKILL');
  if (stdout.isTooMuch()) throw tooMuchOutput(source, limits);
  if (stderr.isTooMuch()) throw tooMuchSaid(source, textOf(stderr));
  if (result === null) throw timedOut(source, limits);
  const { exitCode = null, signal = null, code: errorCode = null } = result;
  throw commandFailure({ exitCode, signal, errorCode, stderr: textOf(stderr) }, source);
}

/** Not gathered by execa, which would put all of it into an error message: 64 MiB of them are too long for V8. */
function start({ file, args }: IpvsadmCommand, listing: readonly string[]) {
  return execa(file, [...args, ...listing], {
    encoding: 'buffer',
    buffer: false,
    reject: false,
    stdin: 'ignore',
    env: { LC_ALL: 'C' },
    detached: true,
    forceKillAfterDelay: false,
  });
}

type Child = ReturnType<typeof start>;

/** A child's output up to a limit. */
interface Gathered {
  readonly isTooMuch: () => boolean;
  readonly bytes: () => Buffer;
}

/** Gathers a child's output up to a limit; beyond it the child and its group are ended. */
function gather(child: Child, stream: Readable, limitBytes: number): Gathered {
  const parts: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= limitBytes) parts.push(part);
    else {
      signalGroup(child.pid, 'SIGKILL');
      stream.destroy();
    }
  });
  return { isTooMuch: () => bytes > limitBytes, bytes: () => Buffer.concat(parts) };
}

/** One character per byte: nothing is lost. */
function textOf({ bytes }: Gathered): string {
  return bytes().toString('latin1');
}

/** The child's end, or null if it took too long; then it is killed, or abandoned if that fails. */
async function ended(child: Child, timeoutMs: number): Promise<Awaited<Child> | null> {
  const inTime = await within(child, timeoutMs);
  if (inTime !== null) return inTime;
  signalGroup(child.pid, 'SIGTERM');
  const late = await within(child, graceMs);
  signalGroup(child.pid, 'SIGKILL');
  if (late === null) await within(child, graceMs);
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  return null;
}

async function within<T>(promise: PromiseLike<T>, limitMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(source: string, { timeoutMs }: ListingLimits): CollectError {
  return new CollectError(
    'timed-out',
    `${source} did not end within ${timeoutMs / 1000} s and was ended: is the machine overloaded, or the other one out of ` +
      `reach? Run it by hand to see`,
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
