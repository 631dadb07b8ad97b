// A server that keeps the database of a data folder, as a child process (bin/keep.mjs).

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CycleNews } from '../../src/store/shared/lasting-store.js';

const script = fileURLToPath(new URL('bin/keep.mjs', import.meta.url));

/** A running server. */
export interface Keeping {
  readonly pid: number;
  /** The news so far. */
  readonly news: readonly CycleNews[];
  /** The exit status; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
}

/** How to start a server. */
export interface KeepOptions {
  /** Kills it at its first write: before the write, or between the write and its answer. */
  readonly dies?: 'before' | 'after';
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a server, and waits until it has the database open. Throws its message if it fails. */
export async function keep(dataDir: string, { dies, env = {} }: KeepOptions = {}): Promise<Keeping> {
  const child = spawn(process.execPath, [script, dataDir, ...(dies === undefined ? [] : [dies])], {
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const news: CycleNews[] = [];
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'open') resolve();
      else if (line.startsWith('{')) news.push(JSON.parse(line) as CycleNews);
    });
    void ended.then(() => reject(new Error(said)));
  });
  return { pid: child.pid ?? 0, news, ended, signal: (signal) => void child.kill(signal) };
}
