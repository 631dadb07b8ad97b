// The built program as a child process, as a shell or cron runs it: arguments in, exit status and both outputs out.
// It has the machine's clock in UTC, so that its times can be parsed.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const program = fileURLToPath(new URL('../../bin/lvs-stats', import.meta.url));

/** The result of a run. */
export interface Run {
  /** Null if a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of a run besides its arguments. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user and group to run it as, if this is root. */
  readonly user?: number;
  /** Use the time limits of real use, which a busy machine exceeds. */
  readonly isImpatient?: boolean;
}

/** Long waits: for ipvsadm, for the database, for drawing. */
const patience = { LVS_STATS_PATIENCE: '100', LVS_STATS_BUDGET: '3600' };

/** The environment of the program: of the caller's it has only PATH. */
export function environment(isImpatient = false): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...(isImpatient ? {} : patience) };
}

/** A running program. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

/** Starts `lvs-stats` with arguments. Of the caller's environment it sees only PATH. */
export function start(
  args: readonly string[],
  { env = {}, cwd, user, isImpatient = false }: RunOptions = {},
): RunningProgram {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...environment(isImpatient), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(user === undefined || process.getuid?.() !== 0 ? {} : { uid: user, gid: user }),
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

/** A program on a terminal; text written to its standard input is typed there. */
export interface TerminalProgram {
  readonly child: ChildProcess;
  /** The exit status. */
  readonly ended: Promise<number | null>;
  /** Everything sent to the terminal so far. */
  readonly shown: () => string;
}

/** Starts `lvs-stats` with arguments, free of quotes, on a pseudo-terminal of script(1). */
export function startOnTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): TerminalProgram {
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

/** Runs `lvs-stats` with arguments to its end. */
export function run(args: readonly string[], options?: RunOptions): Promise<Run> {
  return start(args, options).ended;
}

/** Runs `lvs-stats` and returns its standard output; throws unless it succeeds silently. */
export async function succeed(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(args);
  if (status === 0 && stderr === '') return stdout;
  throw new Error(`lvs-stats ${args.join(' ')} ended with ${status}: ${stderr}`);
}

/** A folder for this test file, removed after its last test; each call of the result creates a folder below it. */
export function scratch(): (name?: string) => string {
  const root = mkdtempSync(join(tmpdir(), 'lvs-stats-commands-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return (name = 'data') => mkdtempSync(join(root, `${name}-`));
}

/** All files below a folder, as relative paths; none if the folder is missing. */
export function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Waits for the next second: there can be only one cycle a second. */
export async function untilAfter(timeS: number): Promise<void> {
  const leftMs = (timeS + 1) * 1000 - Date.now();
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, leftMs)));
}

/** An environment with a fixed clock: a module replaces Date.now before the program starts. */
export function clockAt(timeS: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=data:text/javascript,Date.now=()=>${timeS * 1000}` };
}
