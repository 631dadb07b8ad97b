// `lvs-stats serve` as a process of its own, on a data folder.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** A viewer that answers. */
export interface Served {
  readonly url: string;
  /** Where it listens to agents; null if it does not. */
  readonly agentsUrl: string | null;
  /** The process id, to read the peak of its resident memory so far. */
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts the built program without collecting, with a clock that we set, and returns once it answers; otherwise throws its output. */
export function startServed(dataDir: string, nowS: number): Promise<Served> {
  const clock = `const startMs = ${nowS * 1000}; Date.now = () => startMs + performance.now();`;
  return started(
    [`--import=data:text/javascript,${encodeURIComponent(clock)}`],
    ['--no-collect', '--data', dataDir, '--listen', '127.0.0.1:0'],
  );
}

/** Starts the built program with options, and returns once it answers; otherwise throws its output. */
export function startServing(options: readonly string[]): Promise<Served> {
  return started([], [...options, '--listen', '127.0.0.1:0']);
}

async function started(nodeOptions: readonly string[], options: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [...nodeOptions, join(root, 'bin/lvs-stats'), 'serve', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): unknown => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('close', () => process.off('exit', kill));
  const said = await answering(child);
  return {
    url: /answers at (http:\S+?)\/\n/.exec(said)?.[1] ?? '',
    agentsUrl: /agents report to (http\S+?)\/?\n/.exec(said)?.[1] ?? null,
    pid: child.pid ?? 0,
    close: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Its output until it answers. */
function answering(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((answer, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/answers at http:\S+?\/\n/.test(said)) answer(said);
    });
    child.once('close', () => reject(new Error(`the viewer has ended: ${said}`)));
  });
}
