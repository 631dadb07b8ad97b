// `lvs-stats setup`: writes the files that collect at every step, a cron line or systemd units, and explains each of them.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { directorSetting } from '../cli/director-settings.js';
import { agentNameOf } from '../cli/options/agent-options.js';
import { readRetention } from '../cli/options/read-retention.js';
import { refuseOther, retentionOption } from '../cli/options/retention-option.js';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, packageRoot, packageVersion, print, printText } from '../cli/settings.js';
import { agentParts } from '../cli/setup/agent-parts.js';
import { locateIpvsadm } from '../collect/ipvs/locate-ipvsadm.js';
import { formatRetention, parseRetention, type Retention, standardRetention } from '../model/retention.js';
import { UserError } from '../model/user-error.js';
import { agentPlan, agentRemoval, agentUnitPath, requireAgentKey } from '../setup/agent-unit.js';
import { carryOut, type SetupPlace, undo } from '../setup/carry-out.js';
import { cronFile, cronPath } from '../setup/cron-file.js';
import { handedFiles } from '../setup/handed-files.js';
import {
  type HandedFile,
  type Installation,
  nowhere,
  type PlannedFile,
  usualSettings,
  usualTitle,
} from '../setup/installation.js';
import { requireFittingOptions, requirePrintable } from '../setup/names.js';
import { requireReach, requireSeen } from '../setup/reach.js';
import { accountSteps, unitSteps } from '../setup/steps.js';
import { unitFiles } from '../setup/units.js';

interface SetupOptions {
  readonly data: string;
  readonly cron?: boolean;
  readonly systemd?: boolean;
  readonly agent?: boolean;
  readonly name?: string;
  readonly serf?: string;
  readonly serfWan?: boolean;
  readonly serfLeave?: boolean;
  readonly reader?: boolean;
  readonly instance?: string;
  readonly user: string;
  readonly retention?: Retention;
  readonly dryRun?: boolean;
  readonly remove?: boolean;
  readonly force?: boolean;
  readonly root: string;
}

const help = `
--cron     /etc/cron.d/lvs-stats: a line that drops from root to its own user with CAP_NET_ADMIN only (setpriv)
--systemd  a timer and a unit that collect likewise, and the viewer as a unit without any capability
--agent    a unit that watches the links of this host (lvs-stats agent), with CAP_NET_RAW only; it needs "to: https://SERVER:PORT" in the
           settings, and the key in /etc/lvs-stats-agent.key. With --serf, or "serf:" in the settings, it watches peers, and needs no server;
           the files of serf-auth, probe-logins and mackerel-key in the settings may belong to root alone
--reader   with --systemd: a socket on which the viewer reads the table, so that /metrics is live although the viewer has no privilege
The schedule follows the step of the archives: every 5 minutes, or the step of --retention.
It creates the user and the data folder if they are missing. Settings belong into /etc/lvs-stats.yaml, not into these files.
--instance NAME is for a machine that collects several directors. Its files are named lvs-stats-NAME, its data folder is
/var/lib/lvs-stats-NAME, and its settings (how to read the table, where the viewer listens) are in /etc/lvs-stats-NAME.yaml.
Files that a person wrote or changed stay, unless --force replaces them and keeps a copy. --remove leaves data and user.

Examples:
  lvs-stats setup --systemd --dry-run     shows everything, changes nothing
  lvs-stats setup --systemd
  lvs-stats setup --cron --remove
  lvs-stats setup --agent
  lvs-stats setup --agent --serf 127.0.0.1:7373
  lvs-stats setup --systemd --instance lb2`;

/** Adds the command. */
export function addSetup(program: Command): void {
  addCommand(program, 'setup', {
    group: 'Collect',
    description: 'Installs the schedule for cron or systemd, and reports what it writes.',
  })
    .option('--cron', 'write a line for cron')
    .option('--systemd', 'write a timer, and units for the collector and the viewer')
    .option('--agent', 'write a unit for the agent of this host')
    .option('--name <name>', "with --agent: its name; this machine's without it")
    .option('--serf <address>', "with --agent: watch peers; HOST:PORT of Serf's RPC")
    .option('--serf-wan', 'with --agent: hold verdicts as long as Serf takes with -profile=wan')
    .option('--serf-leave', 'with --agent: let Serf leave its pool when the agent ends')
    .option('--reader', "also write a reader, with which the viewer's metrics are live")
    .option('--instance <name>', 'one of several directors, with its own files')
    .option('--user <name>', 'user that runs it', 'lvs-stats')
    .addOption(retentionOption())
    .option('--dry-run', 'show what would be written and run; change nothing')
    .option('--remove', 'remove what setup wrote')
    .option('--force', 'replace files changed by hand, and keep a copy beside them')
    .option('--root <dir>', 'write below this folder and run nothing, for images', '/')
    .addHelpText('after', help)
    .action((options: SetupOptions, command: Command) => {
      // The folder in the usual settings belongs to their one director.
      const isOfUsual = options.instance !== undefined && command.getOptionValueSource('data') !== 'cli';
      return setup(isOfUsual ? { ...options, data: `/var/lib/${titleOf(options)}` } : options, command);
    });
}

function titleOf({ instance }: Pick<SetupOptions, 'instance'>): string {
  return instance === undefined ? usualTitle : `${usualTitle}-${instance}`;
}

async function setup(options: SetupOptions, command: Command): Promise<void> {
  const { agent = false, dryRun = false, remove = false } = options;
  requireFittingOptions(options);
  for (const text of [options.data, options.root, process.execPath, packageRoot]) requirePrintable(text);
  const root = resolve(options.root);
  if (!dryRun && root === '/' && process.getuid?.() !== 0) {
    throw new UserError(
      'not-root',
      'writing into /etc needs root: use sudo, or --dry-run to see what would be written',
    );
  }
  // An image may be built in another user's folder.
  workAsOwner(root);
  const request = { ...options, root, isDry: dryRun };
  if (agent) return setUpAgent(request);
  if (remove) return takeAway(request);
  const known = root === '/' ? await readRetention(options.data) : null;
  // collect reads the file's settings itself; the usual file does not apply to an instance.
  const isSaid = command.getOptionValueSource('retention') !== 'config';
  const said = isSaid ? options.retention : undefined;
  const retention = said ?? (options.instance === undefined ? options.retention : ownRetention(request));
  if (known !== null) refuseOther(known, retention);
  putInPlace(request, {
    stepS: (known ?? retention ?? standardRetention).stepS,
    retention: said === undefined ? null : formatRetention(said),
  });
}

function ownRetention(request: Request): Retention | undefined {
  const text = directorSetting(request.root, titleOf(request), 'retention');
  return text === undefined ? undefined : parseRetention(text);
}

/** The references of drift that systemd has to pass on. */
function handedOf(request: Request): readonly HandedFile[] {
  const settingOf = (name: string) => directorSetting(request.root, titleOf(request), name);
  return handedFiles({ keepalived: settingOf('drift-keepalived'), golden: settingOf('drift-golden') }, request.root);
}

type Request = SetupOptions & { readonly isDry: boolean };

function putInPlace(request: Request, cycles: Pick<Installation, 'stepS' | 'retention'>): void {
  const { data, user, systemd, root, isDry } = request;
  const installation = {
    title: titleOf(request),
    settings: settingsOf(request),
    ...program(),
    dataDir: data,
    user,
    reader: request.reader === true ? localIpvsadm() : null,
    handed: systemd === true ? handedOf(request) : [],
    ...cycles,
  };
  for (const path of [installation.node, installation.program]) requireReach(path, user);
  if (systemd) for (const path of [installation.node, installation.program, data]) requireSeen(path);
  const files = systemd ? unitFiles(installation) : [cronFileOf(installation)];
  const account = accountSteps(root, installation);
  carryOut({ before: account, files, after: systemd ? unitSteps(installation).start : [] }, placeOf(request));
  if (!isDry) print('Done. "lvs-stats doctor" checks it; "lvs-stats list" shows the archives after the first cycle.');
  if (systemd && directorSetting(root, installation.title, 'draw') === undefined) {
    const file = installation.settings ?? usualSettings;
    print(
      `The viewer draws what is asked of it: "draw: looked-at" in ${file} spares the pictures that nobody looks at.`,
    );
  }
}

/** The file of settings of one of several directors, which must exist: nothing else defines how its table is read. */
function settingsOf({ instance, root, isDry }: Request): string | null {
  if (instance === undefined) return null;
  const file = `/etc/${usualTitle}-${instance}.yaml`;
  if (isDry || existsSync(join(root, file))) return file;
  throw new UserError(
    'bad-config',
    `there is no ${file}: write its settings first, such as "ipvsadm: ssh ${instance} sudo ipvsadm", "director: ${instance}" and "listen: 127.0.0.1:8081"`,
  );
}

function takeAway(request: Request): void {
  const { systemd, root, user, data } = request;
  const title = titleOf(request);
  const hasReader = existsSync(join(root, `/etc/systemd/system/${title}-reader.socket`));
  const installation = { ...nowhere, title, reader: hasReader ? '' : null };
  const steps = unitSteps(installation);
  const paths = systemd ? unitFiles(installation).map(({ path }) => path) : [cronPath(installation)];
  const isThere = paths.some((path) => existsSync(join(root, path)));
  const isRunning = systemd === true && isThere;
  undo({ before: isRunning ? steps.stop : [], paths, after: isRunning ? steps.removed : [] }, placeOf(request));
  print(`The archives in ${data} and the user ${user} stay.`);
}

function placeOf({ root, isDry, force = false }: Request): SetupPlace {
  return { root, isDry, isForced: force, tell: print, show: printText };
}

function setUpAgent(request: Request): void {
  const { root, isDry, remove, name = null } = request;
  if (remove) {
    const isThere = existsSync(join(root, agentUnitPath));
    undo(isThere ? agentRemoval : { ...agentRemoval, before: [], after: [] }, placeOf(request));
    return;
  }
  if (name !== null) agentNameOf({ name });
  const installation = { ...program(), name, ...agentParts(request) };
  for (const path of [installation.node, installation.program]) {
    requireReach(path, 'lvs-stats-agent');
    requireSeen(path);
  }
  if (!isDry && installation.hasServers) requireAgentKey(root);
  carryOut(agentPlan(installation), placeOf(request));
  if (!isDry) print('Done. "lvs-stats doctor" checks it; "journalctl -u lvs-stats-agent" has what it says.');
}

/** The program, as the files of a setup name it. */
function program(): Pick<Installation, 'node' | 'program' | 'version'> {
  return { node: process.execPath, program: join(packageRoot, 'bin/lvs-stats'), version: packageVersion() };
}

/** The program that the reader runs: an image may not have it yet. */
function localIpvsadm(): string {
  try {
    return locateIpvsadm({ replacement: null, path: process.env['PATH'] ?? '' }).file;
  } catch (error) {
    if (error instanceof UserError) return '/usr/sbin/ipvsadm';
    throw error;
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
