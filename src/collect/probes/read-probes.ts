// Reads the probes of the policy: runs the command of each, or `cat` for a file, without a shell, in a session of its own, for at most ten
// seconds, up to a bound of output. No probe has a privilege: root runs them as another user without further groups, and a process with
// capabilities drops those that a program would inherit. Of the environment they get PATH and LANG. A failure is a result.

import { statSync } from 'node:fs';
import { otherKind } from '../../files/read-file.js';
import { patiently } from '../../model/patience.js';
import type { Probe, ProbeTarget } from '../../model/policy/probe.js';
import type { ProbeReading, ProbeValue } from '../../model/probes/reading.js';
import { quote } from '../collect-error.js';
import { readOptional } from '../ipvs/proc/read-optional.js';
import { signalGroup, withGroup } from '../process/process-group.js';
import {
  endOrOverrun,
  type Overrun,
  type Session,
  type SessionEnd,
  type SessionPlace,
  startSession,
} from '../process/session.js';
import { findUser, NoUserError } from './find-user.js';
import { BadOutputError, parseProbeValues } from './parse-values.js';

/** The bounds of a probe. */
export interface ProbeLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
}

const usualLimits: ProbeLimits = { timeoutMs: 10_000, outputBytes: 2 ** 16 };

/** Probes that run at a time. */
const atOnce = 8;

/** Reads all probes, in their order. */
export async function readProbes(
  probes: readonly Probe[],
  limits: ProbeLimits = { ...usualLimits, timeoutMs: patiently(usualLimits.timeoutMs) },
): Promise<readonly ProbeReading[]> {
  const readings = new Array<ProbeReading>(probes.length);
  const waiting = probes.entries();
  const work = async (): Promise<void> => {
    for (const [i, probe] of waiting) readings[i] = await readProbe(probe, limits);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return readings;
}

async function readProbe({ name, target }: Probe, limits: ProbeLimits): Promise<ProbeReading> {
  return { name, reads: target.kind, result: await resultOf(name, target, limits) };
}

async function resultOf(
  name: string,
  target: ProbeTarget,
  limits: ProbeLimits,
): Promise<readonly ProbeValue[] | { readonly failure: string }> {
  try {
    return parseProbeValues(await outputOf(target, limits), name);
  } catch (error) {
    const isOurs = error instanceof BadOutputError || error instanceof ProbeError || error instanceof NoUserError;
    if (!isOurs) throw error;
    return { failure: `${sourceText(target)}: ${error.message}` };
  }
}

/** A probe ended without an output that counts. */
class ProbeError extends Error {}

/** The program or the file, without arguments, which may be secret. */
function sourceText(target: ProbeTarget): string {
  return quote(target.kind === 'file' ? target.path : (target.words[0] ?? ''), 200).slice(1, -1);
}

async function outputOf(target: ProbeTarget, { timeoutMs, outputBytes }: ProbeLimits): Promise<string> {
  if (target.kind === 'file') refuseOddFile(target.path);
  const words = target.kind === 'file' ? ['cat', '--', target.path] : target.words;
  const { wrapper, ...place } = placeOf(target.user);
  const [file = '', ...args] = [...wrapper, ...words];
  const session = startSession(file, args, { ...place, stdoutBytes: outputBytes, stderrBytes: outputBytes });
  const end = await withGroup(session.pid, async () => {
    const ended = await endOrOverrun(session, timeoutMs);
    // Whatever it left behind in the background ends with it, other than a process that left its group (setsid).
    signalGroup(session.pid, 'SIGKILL');
    return ended;
  });
  refuseEnd(session, end, { timeoutMs, outputBytes });
  return session.stdout.bytes().toString('utf8');
}

/** A pipe or a device may never end. */
function refuseOddFile(path: string): void {
  try {
    const odd = otherKind(statSync(path));
    if (odd === null) return;
    throw new ProbeError(`it is ${odd}, not a regular file`);
  } catch (error) {
    if (error instanceof ProbeError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : null;
    throw new ProbeError(code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${messageOf(error)}`);
  }
}

/** The folders of programs where this process has no PATH. */
const standardPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The circumstances of a probe, and the program that drops the rights which it would inherit. */
function placeOf(user: string): SessionPlace & { readonly wrapper: readonly string[] } {
  // In the C locale, programs write numbers with a point.
  const own = { cwd: '/', env: { PATH: process.env['PATH'] ?? standardPath, LANG: 'C' } };
  if (process.getuid?.() === 0) return { ...own, ...findUser(user), wrapper: [] };
  return { ...own, wrapper: hasAmbientCapabilities() ? ['setpriv', '--ambient-caps', '-all', '--'] : [] };
}

/** Whether programs of this process inherit capabilities of it, as those of a unit with AmbientCapabilities= do (capabilities(7)). */
function hasAmbientCapabilities(): boolean {
  const hex = /^CapAmb:\s*([0-9a-fA-F]{1,16})$/m.exec(readOptional('/proc/self/status') ?? '')?.[1];
  return hex !== undefined && BigInt(`0x${hex}`) !== 0n;
}

function refuseEnd(
  { stdout, stderr }: Session,
  end: SessionEnd | Overrun,
  { timeoutMs, outputBytes }: ProbeLimits,
): void {
  if (stdout.isTooMuch() || stderr.isTooMuch()) {
    throw new ProbeError(`it wrote more than ${outputBytes / 1024} kB and was ended`);
  }
  if (end === 'running') throw new ProbeError(`it did not finish within ${timeoutMs / 1000} s and was ended`);
  if (end === 'held-open') {
    const cure = 'redirect the output of what it leaves in the background';
    throw new ProbeError(
      `it ended, but something that it started kept its output open for ${timeoutMs / 1000} s: ${cure}`,
    );
  }
  if (end.errorCode !== null) throw new ProbeError(notStarted(end.errorCode));
  if (end.exitCode === 0) return;
  const said = stderr.bytes().toString('latin1').trim();
  const how = end.exitCode === null ? `it was ended by ${end.signal}` : `it ended with exit code ${end.exitCode}`;
  throw new ProbeError(said === '' ? how : `${how}: ${quote(said, 200)}`);
}

function notStarted(code: string): string {
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'the user of the probe may not run it: see its mode and that of the folders above it';
  return `it could not be started (${code})`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
