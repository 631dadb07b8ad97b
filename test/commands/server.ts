// `serve` as a running process.

import { expect } from 'vitest';
import { type Run, type RunningProgram, start } from './program.js';

/** Its limit for ipvsadm, 10 s, multiplied by the patience of tests. */
const patientMs = 100 * 10_000;

/** A running `serve`. */
export interface RunningServer extends RunningProgram {
  readonly data: string;
  /** The address that it printed. */
  readonly url: string;
}

/** Starts it on a port of its own choice, and waits until it answers. */
export async function startServer(data: string, ...args: readonly string[]): Promise<RunningServer> {
  const started = start(['serve', '--listen', '127.0.0.1:0', '--data', data, ...args]);
  return { ...started, data, url: await addressOf(started) };
}

/** The address that a starting server prints. Rejects if it ends instead. */
export function addressOf({ child, ended }: RunningProgram): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (more: string) => {
      text += more;
      const url = /the viewer answers at (\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
    void ended.then(({ status, stderr }) => reject(new Error(`ended with ${status}: ${stderr}`)));
  });
}

/** Sends a signal and waits for the end, which the program's patience does not cause. */
export async function endServer({ child, ended }: RunningProgram, signal: NodeJS.Signals): Promise<Run> {
  const startMs = performance.now();
  child.kill(signal);
  const run = await ended;
  expect(performance.now() - startMs).toBeLessThan(patientMs);
  return run;
}
