// The program as run by a shell or cron: built from the sources into a folder of its own. Each run is a process, measured by its wall time,
// the processor time of it and its children, its peak memory and its priority. We set the clock it sees.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle } from '../build/bundle.js';

/** The cost of a run. */
export interface ProgramRun {
  readonly wallMs: number;
  /** User and system time of the process and of all its children. */
  readonly processorMs: number;
  readonly peakBytes: number;
  /** The nice value at its end: 19 is idle. */
  readonly niceness: number;
}

/**
 * Loaded into the process before the program: sets the clock, and at the end writes the values that are gone afterwards. VmHWM is the peak
 * of this process; the maximum from getrusage(2) may be that of the process it was forked from.
 */
const preload = `
import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
const startMs = Number(process.env.LVS_STATS_BENCH_NOW_MS);
Date.now = () => startMs + performance.now();
if (isMainThread) process.on('exit', () => {
  const [, kib] = /VmHWM:\\s*(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  const told = { peakBytes: 1024 * Number(kib), niceness: getPriority() };
  writeFileSync(process.env.LVS_STATS_BENCH_TOLD, JSON.stringify(told));
});`;

const nodeOptions = `--import=data:text/javascript,${encodeURIComponent(preload)}`;
const root = resolve(import.meta.dirname, '..');

/** The built program. */
export class Program {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Builds it into a folder, which is made. */
  static async build(folder: string): Promise<Program> {
    for (const part of ['bin', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const tsc = join(root, 'node_modules/.bin/tsc');
    const { stdout } = spawnSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')], { cwd: root });
    if (!existsSync(join(folder, 'dist/main.js'))) throw new Error(`the program could not be built:\n${stdout}`);
    await bundle(folder);
    return new Program(folder);
  }

  /** Its first file, for callers that measure by themselves. */
  get path(): string {
    return join(this.#folder, 'bin/lvs-stats');
  }

  /** Runs it from a shell at a time; throws what it said unless it succeeded. */
  async run(args: readonly string[], nowS: number): Promise<ProgramRun> {
    const toldPath = join(this.#folder, 'told.json');
    const env = {
      PATH: process.env['PATH'],
      TZ: 'UTC',
      NODE_OPTIONS: nodeOptions,
      LVS_STATS_BENCH_NOW_MS: String(nowS * 1000),
      LVS_STATS_BENCH_TOLD: toldPath,
    };
    const startMs = performance.now();
    const { status, stdout, stderr } = await ended('sh', [...timing, this.path, ...args], env);
    const wallMs = performance.now() - startMs;
    if (status !== 0) throw new Error(`lvs-stats ${args.join(' ')} ended with ${status}:\n${stderr}`);
    const told = JSON.parse(readFileSync(toldPath, 'utf8')) as Pick<ProgramRun, 'peakBytes' | 'niceness'>;
    return { wallMs, processorMs: childrenMs(stdout), ...told };
  }
}

/** Processor time of a command and its children, in milliseconds: bash tells single ones, sh tens. Throws what it said unless it succeeded. */
export async function processorMsOf(command: readonly string[]): Promise<number> {
  const env = { PATH: process.env['PATH'], TZ: 'UTC' };
  const { status, stdout, stderr } = await ended('bash', [...timing, ...command], env);
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}:\n${stderr}`);
  return childrenMs(stdout);
}

/** Arguments of a shell that runs a command and prints what it took. */
const timing = ['-c', '"$@" >/dev/null; status=$?; times; exit $status', 'sh'];

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  // A process group of its own: a killed shell leaves its children behind.
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = (): unknown => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  process.prependOnceListener('exit', kill);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (status) => {
      process.off('exit', kill);
      done({ status, stdout, stderr });
    });
  });
}

/** The second line of a shell's times(1p), `0m1.230000s 0m0.450000s`: user and system time of its children. */
function childrenMs(times: string): number {
  const [, line = ''] = times.trim().split('\n');
  const parts = [...line.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds),
  );
  return parts.reduce((sum, seconds) => sum + seconds * 1000, 0);
}
