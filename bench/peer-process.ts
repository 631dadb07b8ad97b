// A peer that runs as a server on loopback, and its processor time. The kernel counts that in ticks of 10 ms, so each round asks often.

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const startTimeoutMs = 30_000;
const tickMs = 10;

/** A server that answers. */
export interface PeerProcess {
  readonly child: ChildProcess;
  /** Its address without a path. */
  readonly base: string;
}

/** Waits until a server answers a path; ends it and throws when it does not. */
export async function listening(child: ChildProcess, base: string, path: string): Promise<PeerProcess> {
  process.prependOnceListener('exit', () => child.kill('SIGKILL'));
  const untilMs = performance.now() + startTimeoutMs;
  while (performance.now() < untilMs && child.exitCode === null) {
    const answer = await fetch(`${base}${path}`).catch(() => null);
    if (answer?.ok === true) return { child, base };
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`the peer at ${base} is not ready`);
}

/** Milliseconds of processor time of a server so far, user and system (proc(5): /proc/PID/stat). */
export function processorMsSoFar({ child: { pid } }: PeerProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** A free port of loopback. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
