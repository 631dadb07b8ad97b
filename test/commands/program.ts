// The built program as a child process, as a shell or cron runs it: arguments in, exit status and both outputs out.
// Its clock is the machine's and its zone UTC, so that the times it prints can be read back.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const program = fileURLToPath(new URL('../../bin/lvs-stats', import.meta.url));

/** How a run ended. */
export interface Run {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The options of a run, besides its arguments. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether its time limits are those that people meet; without it a busy machine does not meet them. */
  readonly isImpatient?: boolean;
}

/** As long as it takes: for ipvsadm, for others to leave the database, for drawing. */
const patience = { LVS_STATS_PATIENCE: '100', LVS_STATS_BUDGET: '3600' };

/** A run under way. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

/** Starts `lvs-stats` with arguments. Of the caller's environment it sees PATH only. */
export function start(args: readonly string[], { env = {}, cwd, isImpatient = false }: RunOptions = {}): Started {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...(isImpatient ? {} : patience), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Run>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
  return { child, ended };
}

/** A run on a terminal; what is written to its standard input is typed there. */
export interface StartedOnTerminal {
  readonly child: ChildProcess;
  /** The exit status. */
  readonly ended: Promise<number | null>;
  /** All that the terminal has been sent so far. */
  readonly shown: () => string;
}

/** Starts `lvs-stats` with arguments, free of quotes, on a pseudo-terminal of script(1). */
export function startOnTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedOnTerminal {
  // Without `exec`, Ctrl-C would also end the shell, whose exit status would count.
  const command = `exec ${[process.execPath, program, ...args].map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', SHELL: '/bin/sh', TZ: 'UTC', ...patience, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { child, ended, shown: () => shown };
}

/** Runs `lvs-stats` with arguments to its end, however that is. */
export function run(args: readonly string[], options?: RunOptions): Promise<Run> {
  return start(args, options).ended;
}

/** Runs it to its end and returns standard output; throws what it said unless it succeeded without a word. */
export async function succeed(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(args);
  if (status === 0 && stderr === '') return stdout;
  throw new Error(`lvs-stats ${args.join(' ')} ended with ${status}: ${stderr}`);
}

/** A folder of this test file, removed after its last test; each call of the result gives a new one below it. */
export function scratch(): (name?: string) => string {
  const root = mkdtempSync(join(tmpdir(), 'lvs-stats-commands-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return (name = 'data') => mkdtempSync(join(root, `${name}-`));
}

/** Every file below a folder, as paths relative to it; none where there is no folder. */
export function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Waits for the second after a time: a cycle a second is the most there is. */
export async function untilAfter(timeS: number): Promise<void> {
  const leftMs = (timeS + 1) * 1000 - Date.now();
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, leftMs)));
}

/** The environment of a program whose clock stands at a time: a module replaces Date.now before the program begins. */
export function clockAt(timeS: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=data:text/javascript,Date.now=()=>${timeS * 1000}` };
}
