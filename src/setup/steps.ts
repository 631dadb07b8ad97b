// The steps of a setup besides files: a user and a folder of its own, and starting the units. Each step is a command that a person could
// type, and is shown before it runs; when another folder stands for the root, it is only shown.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { controllerOf } from '../files/controller.js';
import { UserError } from '../model/user-error.js';
import type { Installation } from './installation.js';
import { startedUnits } from './units.js';

/** A command: program and arguments. */
export type Step = readonly [program: string, ...args: readonly string[]];

/** The steps that create the user and the data folder, unless they exist. */
export function accountSteps(root: string, { user, dataDir }: { user: string; dataDir: string }): readonly Step[] {
  requireSafe(root, { user, dataDir });
  const steps: Step[] = [];
  if (!hasUser(root, user)) {
    const home = ['--home-dir', dataDir, '--no-create-home', '--shell', '/usr/sbin/nologin'];
    steps.push(['useradd', '--system', '--user-group', ...home, user]);
  }
  if (!existsSync(join(root, dataDir))) {
    steps.push(['install', '-d', '-m', '0750', '-o', user, '-g', user, dataDir]);
  } else {
    requireOwn(root, { user, dataDir });
  }
  if (existsSync(join(root, dataDir)) && statSync(join(root, dataDir)).uid === 0) {
    steps.push(['chown', '-R', `${user}:${user}`, dataDir]);
  }
  return steps;
}

/** The files that this program makes in a data folder; `lost+found` is the file system's. */
const own = /^(archives|graphs|locks|recordings|serve\.sock|demonstration\.hosts|lost\+found|reading\.|\.)/;

/** Throws when a data folder has another owner, or contains files that are not this program's: all of it would become the user's. */
function requireOwn(root: string, { user, dataDir }: { user: string; dataDir: string }): void {
  const { uid } = statSync(join(root, dataDir));
  const foreign = readdirSync(join(root, dataDir)).find((name) => !own.test(name));
  if (uid === 0 && foreign === undefined) return;
  if (uid !== 0 && uid === uidOf(root, user)) return;
  const why = uid === 0 ? `it holds "${foreign}", which lvs-stats did not write` : `it belongs to user ${uid}`;
  throw new UserError(
    'not-ours',
    `${dataDir} cannot be the data folder of ${user}: ${why}; name an empty or missing folder with --data`,
  );
}

/** Throws when another user could put a link where root is about to create a folder or give one away. */
function requireSafe(root: string, { user, dataDir }: { user: string; dataDir: string }): void {
  // Nothing is run below another root.
  if (root !== '/') return;
  const isGiven = statSync(dataDir, { throwIfNoEntry: false })?.uid === uidOf(root, user);
  const controller = isGiven ? null : controllerOf(dataDir);
  if (controller === null) return;
  throw new UserError(
    'not-ours',
    `${dataDir} cannot be made the data folder of ${user}: it is in a folder of user ${controller.uid}, who could replace it; ` +
      'with --data, name a folder whose parents belong to root, such as /var/lib/lvs-stats',
  );
}

function uidOf(root: string, user: string): number | null {
  const line = linesOf(root).find((one) => one.startsWith(`${user}:`));
  return line === undefined ? null : Number(line.split(':')[2]);
}

/** The steps that start the units, or stop them before they are removed. */
export function unitSteps(
  installation: Pick<Installation, 'title' | 'reader'>,
): Readonly<Record<UnitMoment, readonly Step[]>> {
  const units = startedUnits(installation);
  return {
    start: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', ...units],
    ],
    stop: [['systemctl', 'disable', '--now', ...units]],
    removed: [['systemctl', 'daemon-reload']],
  };
}

type UnitMoment = 'start' | 'stop' | 'removed';

/** Does systemd run this machine? See sd_booted(3). */
export function isSystemdRunning(): boolean {
  return existsSync('/run/systemd/system');
}

/** A step as a person would type it. */
export function formatStep(step: Step): string {
  return step.map((word) => (/^[\w@+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** Runs a step. Throws a `UserError` on failure. */
export function runStep(step: Step): void {
  const [program, ...args] = step;
  const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`;
  try {
    execFileSync(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, PATH },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error);
    throw new UserError(
      'setup-failed',
      `"${formatStep(step)}" failed: ${why}; run "lvs-stats setup" again once that is fixed`,
      {
        cause: error,
      },
    );
  }
}

function hasUser(root: string, user: string): boolean {
  return linesOf(root).some((line) => line.startsWith(`${user}:`));
}

function linesOf(root: string): readonly string[] {
  const passwd = join(root, 'etc/passwd');
  return existsSync(passwd) ? readFileSync(passwd, 'utf8').split('\n') : [];
}
