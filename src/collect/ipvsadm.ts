// Runs the two listings of ipvsadm(8), at the same moment as nearly as two programs can start, within a limit of time and
// of output. The one file that runs other programs (execa).
//
// Each runs in a session of its own: what hangs may be a grandchild (a wrapper's, sudo's, ssh's) that holds the pipe, so
// its whole process group is ended. It follows that none of them can ask for a password: by hand is as in cron.

import { execa } from 'execa';
import { CollectError, quote } from './collect-error.js';
import { commandFailure } from './command-failure.js';
import type { ListingSources, RawListings } from './join.js';
import { type Layout, statsLayout, tableLayout } from './listing.js';
import type { IpvsadmCommand } from './locate-ipvsadm.js';

/** What a listing may take. */
export interface ListingLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

/** 100,000 real servers are 9 MB and, emulated, some seconds. */
export const usualLimits: ListingLimits = { timeoutMs: 10_000, outputBytes: 64 * 2 ** 20 };

const stderrBytes = 64 * 2 ** 10;

/** From SIGTERM to SIGKILL, and from there to giving up on a process that cannot be killed (another user's). */
const graceMs = 1000;

/** What messages call the listings of `command`. */
export function listingSources(command: IpvsadmCommand): ListingSources {
  const words = [command.isLocal && command.args.length === 0 ? 'ipvsadm' : command.file, ...command.args];
  const source = (layout: Layout) => quote([...words, ...listingArgs(layout)].join(' '), 240);
  return { stats: source(statsLayout), table: source(tableLayout) };
}

/** Reads both listings; throws a `CollectError` about the first of them that failed. */
export async function readListings(command: IpvsadmCommand, limits = usualLimits): Promise<RawListings> {
  const sources = listingSources(command);
  const [stats, table] = await Promise.allSettled([
    readListing(command, { layout: statsLayout, source: sources.stats, limits }),
    readListing(command, { layout: tableLayout, source: sources.table, limits }),
  ]);
  if (stats.status === 'rejected') throw stats.reason;
  if (table.status === 'rejected') throw table.reason;
  return { statsText: stats.value, tableText: table.value };
}

/** The arguments of a layout's command, `-L -n …`. */
function listingArgs({ command }: Layout): readonly string[] {
  return command.split(' ').slice(1);
}

interface ListingRun {
  readonly layout: Layout;
  readonly source: string;
  readonly limits: ListingLimits;
}

async function readListing(command: IpvsadmCommand, { layout, source, limits }: ListingRun): Promise<string> {
  const child = start(command, listingArgs(layout), limits);
  const result = await ended(child, limits.timeoutMs);
  if (result !== null && !result.failed) return latin1(result.stdout);
  signalGroup(child.pid, 'SIGKILL');
  if (result === null) throw timedOut(source, limits);
  if (result.isMaxBuffer) throw tooMuchOutput(source, limits);
  const { exitCode = null, signal = null, code: errorCode = null } = result;
  throw commandFailure({ exitCode, signal, errorCode, stderr: latin1(result.stderr) }, source);
}

function start({ file, args }: IpvsadmCommand, listing: readonly string[], { outputBytes }: ListingLimits) {
  return execa(file, [...args, ...listing], {
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    stdin: 'ignore',
    env: { LC_ALL: 'C' },
    detached: true,
    forceKillAfterDelay: false,
    maxBuffer: { stdout: outputBytes, stderr: stderrBytes },
  });
}

type Child = ReturnType<typeof start>;

/** The child's end, or null if it did not come in time; then it is made to end, and let go of if it cannot be. */
async function ended(child: Child, timeoutMs: number): Promise<Awaited<Child> | null> {
  const inTime = await within(child, timeoutMs);
  if (inTime !== null) return inTime;
  signalGroup(child.pid, 'SIGTERM');
  let late = await within(child, graceMs);
  signalGroup(child.pid, 'SIGKILL');
  late ??= await within(child, graceMs);
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  return late?.isMaxBuffer ? late : null;
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

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It is gone already, or another user's: nothing more can be done here.
  }
}

/** One byte a character: nothing is lost, and what is no ASCII is told by the parser. */
function latin1(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
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
