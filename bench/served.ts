// `lvs-stats serve` as a process of its own, on a data folder, with a clock that we set.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** A viewer that answers. */
export interface Served {
  readonly url: string;
  /** The process id, to read the peak of its resident memory so far. */
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts the built program and returns once it answers; otherwise throws its output. */
export async function startServed(dataDir: string, nowS: number): Promise<Served> {
  const clock = `const startMs = ${nowS * 1000}; Date.now = () => startMs + performance.now();`;
  const args = ['serve', '--no-collect', '--data', dataDir, '--listen', '127.0.0.1:0'];
  const child = spawn(
    process.execPath,
    [`--import=data:text/javascript,${encodeURIComponent(clock)}`, join(root, 'bin/lvs-stats'), ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  const url = await new Promise<string>((answer, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /answers at (http:\S+?)\/\n/.exec(said)?.[1];
      if (found !== undefined) answer(found);
    });
    child.once('close', () => reject(new Error(`the viewer has ended: ${said}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    close: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
