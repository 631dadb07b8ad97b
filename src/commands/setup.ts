// `lvs-stats setup`: writes what collects every five minutes, a line of cron or units of systemd, and says what each of them is for.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../model/user-error.js';
import { cronFile, cronPath } from '../setup/cron-file.js';
import type { Installation, PlannedFile } from '../setup/installation.js';
import { type Placed, placeFiles, removeFiles } from '../setup/place-files.js';
import { requireReach } from '../setup/reach.js';
import { accountSteps, formatStep, isSystemdRunning, runStep, type Step, unitSteps } from '../setup/steps.js';
import { unitFiles } from '../setup/units.js';
import { addCommand, packageRoot, packageVersion, print } from './settings.js';

interface SetupOptions {
  readonly data: string;
  readonly cron?: boolean;
  readonly systemd?: boolean;
  readonly user: string;
  readonly dryRun?: boolean;
  readonly remove?: boolean;
  readonly force?: boolean;
  readonly root: string;
}

const help = `
--cron     /etc/cron.d/lvs-stats: a line that drops from root to a user of its own with CAP_NET_ADMIN alone (setpriv)
--systemd  a timer and a service that collect as that user with that capability, and the viewer as a service without any
The user and the data folder are made where they are not there. Settings belong into /etc/lvs-stats.yaml, not into these files.
What a person wrote or changed is not overwritten unless --force is given, and then kept beside it. --remove leaves data and user.

Examples:
  lvs-stats setup --systemd --dry-run     shows everything, changes nothing
  lvs-stats setup --systemd
  lvs-stats setup --cron --remove`;

/** Adds the command. */
export function addSetup(program: Command): void {
  addCommand(program, 'setup', 'Lets cron or systemd collect every five minutes, and says what it writes.')
    .option('--cron', 'a line of cron')
    .option('--systemd', 'a timer, and two services')
    .option('--user <name>', 'as whom it runs', 'lvs-stats')
    .option('--dry-run', 'show what would be written and run, and change nothing')
    .option('--remove', 'take away what it wrote')
    .option('--force', 'replace what a person wrote, and keep that beside it')
    .option('--root <dir>', 'write below this folder, and run nothing: for images', '/')
    .addHelpText('after', help)
    .action(setup);
}

function setup(options: SetupOptions): void {
  const { cron = false, systemd = false, dryRun = false, remove = false, user } = options;
  if (cron === systemd) throw new UserError('bad-command', 'say one of --cron and --systemd');
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) {
    throw new UserError('bad-command', `"${user}" is no name of a user: write one such as lvs-stats`);
  }
  const root = resolve(options.root);
  if (!dryRun && root === '/' && process.getuid?.() !== 0) {
    throw new UserError(
      'not-root',
      'writing into /etc needs root: use sudo, or --dry-run to see what would be written',
    );
  }
  if (remove) takeAway({ ...options, root, isDry: dryRun });
  else putInPlace({ ...options, root, isDry: dryRun });
}

type Request = SetupOptions & { readonly isDry: boolean };

function putInPlace({ data, user, systemd, force, root, isDry }: Request): void {
  const installation = {
    node: process.execPath,
    program: join(packageRoot, 'bin/lvs-stats'),
    version: packageVersion(),
    dataDir: data,
    user,
  };
  for (const path of [installation.node, installation.program]) requireReach(path, user);
  const files = systemd ? unitFiles(installation) : [cronFileOf(installation)];
  const account = accountSteps(root, installation);
  // Looked at before a user is made for it.
  placeFiles(files, { root, isDry: true, isForced: force ?? false });
  run(account, { root, isDry });
  const placed = placeFiles(files, { root, isDry, isForced: force ?? false });
  for (const [index, file] of files.entries()) tellFile(file, placed[index], isDry);
  if (systemd) run(unitSteps.start, { root, isDry });
  if (!isDry)
    print('It is in place; "lvs-stats doctor" looks at it, "lvs-stats list" shows the archives after the first cycle.');
}

function takeAway({ systemd, root, isDry, user, data }: Request): void {
  const paths = systemd ? unitFiles(nowhere).map(({ path }) => path) : [cronPath];
  const isThere = paths.some((path) => existsSync(join(root, path)));
  if (systemd && isThere) run(unitSteps.stop, { root, isDry });
  for (const { path, outcome } of removeFiles(paths, { root, isDry }))
    print(`${isDry ? 'would be ' : ''}${said[outcome]}: ${path}`);
  if (systemd && isThere) run(unitSteps.removed, { root, isDry });
  print(`The archives in ${data} and the user ${user} stay.`);
}

/** Only the names of files are asked for. */
const nowhere: Installation = { node: '', program: '', version: '', dataDir: '', user: '' };

const said: Readonly<Record<Placed['outcome'], string>> = {
  written: 'written',
  replaced: 'written anew',
  unchanged: 'as it should be already',
  removed: 'removed',
  left: 'left, since it was changed by hand',
  absent: 'not there',
};

function tellFile({ path, text, purpose }: PlannedFile, placed: Placed | undefined, isDry: boolean): void {
  print(`${isDry ? 'would be ' : ''}${said[placed?.outcome ?? 'written']}: ${path} (${purpose})`);
  if (isDry) print(text.replaceAll(/^(?=.)/gm, '    '));
}

/** Runs steps on the machine itself, and only tells them elsewhere. */
function run(steps: readonly Step[], { root, isDry }: { readonly root: string; readonly isDry: boolean }): void {
  const isHere = root === '/' && !isDry;
  for (const step of steps) {
    const isPossible = isHere && (step[0] !== 'systemctl' || isSystemdRunning());
    print(
      `${isPossible ? 'run' : isDry ? 'would be run' : 'still to be run, on the machine itself'}: ${formatStep(step)}`,
    );
    if (isPossible) runStep(step);
  }
}

function cronFileOf(installation: Installation): PlannedFile {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (setpriv === undefined) {
    throw new UserError(
      'no-setpriv',
      'there is no setpriv, which drops privileges for cron: install util-linux, or use --systemd',
    );
  }
  return cronFile(installation, setpriv);
}
