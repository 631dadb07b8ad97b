// Runs a program in a session of its own, within limits of time and output. By Node's own spawn: of execa nothing would be left but the time
// that it takes to load, which a load balancer would pay in each cycle.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { signalGroup } from './process-group.js';

/** The end of a program; `errorCode` is the system's when it did not even start (`ENOENT`). */
export interface SessionEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly errorCode: string | null;
}

/** A program that was started; without a `pid` if that failed. */
export interface Session {
  readonly pid: number | undefined;
  readonly stdout: OutputBuffer;
  readonly stderr: OutputBuffer;
  /** Resolves when the program has ended and its outputs are closed. */
  readonly ended: Promise<SessionEnd>;
  /** Whether the program itself has ended; what it started may keep its outputs open. */
  readonly hasExited: () => boolean;
  /** Stops listening to it. */
  abandon(): void;
}

/** An output up to a limit. */
export interface OutputBuffer {
  readonly isTooMuch: () => boolean;
  readonly bytes: () => Buffer;
}

/** Most bytes of standard output and standard error; beyond them the program and its group are killed. */
export interface OutputLimits {
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
}

/** The circumstances of a program, other than those of this process. */
export interface SessionPlace {
  /** Its standard input; without it, there is none. */
  readonly input?: string;
  /** Instead of the environment of this process in the C locale. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user and the group as which root runs it, without any other group. */
  readonly uid?: number;
  readonly gid?: number;
}

/** The delay from SIGTERM to SIGKILL, and from there to giving up on a process that cannot be killed (another user's). */
const graceMs = 1000;

/** Starts a program, by default in the C locale. Does not throw: a failed start is an end. */
export function startSession(
  file: string,
  args: readonly string[],
  { env = { ...process.env, LC_ALL: 'C' }, input, stdoutBytes, stderrBytes, ...place }: OutputLimits & SessionPlace,
): Session {
  const stdin = input === undefined ? 'ignore' : 'pipe';
  try {
    const child: Child = spawn(file, args, { stdio: [stdin, 'pipe', 'pipe'], env, detached: true, ...place });
    // A program may end without reading it.
    child.stdin?.on('error', () => {}).end(input);
    return {
      pid: child.pid,
      stdout: gather(child, child.stdout ?? null, stdoutBytes),
      stderr: gather(child, child.stderr ?? null, stderrBytes),
      ended: endOf(child),
      hasExited: () => child.exitCode !== null || child.signalCode !== null,
      abandon: () => {
        child.stdin?.destroy();
        child.stdout?.destroy();
        child.stderr?.destroy();
        child.unref();
      },
    };
  } catch (error) {
    return {
      pid: undefined,
      stdout: nothing,
      stderr: nothing,
      ended: Promise.resolve(notStarted(error)),
      hasExited: () => true,
      abandon() {},
    };
  }
}

/** The end of a program within `timeoutMs`; null if it took longer. Then its group is killed, or abandoned if that fails. */
export async function endWithin(session: Session, timeoutMs: number): Promise<SessionEnd | null> {
  const end = await endOrOverrun(session, timeoutMs);
  return typeof end === 'string' ? null : end;
}

/** Why there was no end in time: the program runs, or has ended while something that it started keeps its outputs open. */
export type Overrun = 'running' | 'held-open';

/** As `endWithin`, with the reason if it took longer. */
export async function endOrOverrun(
  { pid, ended, hasExited, abandon }: Session,
  timeoutMs: number,
): Promise<SessionEnd | Overrun> {
  const inTime = await within(ended, timeoutMs);
  if (inTime !== null) return inTime;
  const overrun = hasExited() ? 'held-open' : 'running';
  signalGroup(pid, 'SIGTERM');
  const late = await within(ended, graceMs);
  signalGroup(pid, 'SIGKILL');
  if (late === null) await within(ended, graceMs);
  abandon();
  return overrun;
}

/** Node makes no streams when there are too few file handles for the pipes. */
type Child = ChildProcessByStdio<Writable | null, Readable | null, Readable | null>;

const nothing: OutputBuffer = { isTooMuch: () => false, bytes: () => Buffer.alloc(0) };

function gather(child: Child, stream: Readable | null, limitBytes: number): OutputBuffer {
  if (stream === null) return nothing;
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

function endOf(child: Child): Promise<SessionEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      // A signal that could not be sent is an error of the child, too.
      if (child.pid === undefined) resolve(notStarted(error));
    });
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, errorCode: null }));
  });
}

function notStarted(error: unknown): SessionEnd {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  return { exitCode: null, signal: null, errorCode: code };
}

async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | null> {
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
