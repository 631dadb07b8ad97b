// `lvs-stats collect`: one cycle, then the pictures that changed. What cron runs.

import type { Command } from 'commander';
import { CollectError } from '../collect/collect-error.js';
import { readHandedStatus } from '../collect/handed-status.js';
import { type IpvsadmCommand, locateIpvsadm } from '../collect/locate-ipvsadm.js';
import type { Cycle } from '../model/cycle.js';
import { isOfHaproxy } from '../model/haproxy-name.js';
import { directorName, isOfDirector, serviceOf } from '../model/name.js';
import type { Retention } from '../model/retention.js';
import { withWritableArchives } from '../store/open.js';
import { runCycle } from './cycle.js';
import { refuseDemonstration } from './demonstration.js';
import { formatLocal } from './local-time.js';
import { report } from './log.js';
import { workAsOwner } from './owner.js';
import { refreshAfterCycle, tellFailures } from './pictures.js';
import { retentionOption } from './retention-option.js';
import { addCommand, addLogFormat, haproxyCaOption, haproxyOption, parseCount, say } from './settings.js';

interface CollectOptions {
  readonly data: string;
  readonly ipvsadm?: string;
  readonly haproxy?: string;
  readonly haproxyCa?: string;
  readonly retention?: Retention;
  readonly record?: string;
  readonly acceptTime?: boolean;
  readonly orDemo?: boolean;
  readonly pictures: boolean;
  readonly budget: number;
}

const help = `
Run it every five minutes, as root or with CAP_NET_ADMIN, for instance from cron:
  */5 * * * *  root  /opt/lvs-stats/bin/lvs-stats collect --quiet
"lvs-stats setup" writes such a line, or units of systemd.

Examples:
  lvs-stats collect --ipvsadm 'ssh lb1 sudo ipvsadm'   another machine's table
  lvs-stats collect --haproxy /run/haproxy/admin.sock  HAProxy's proxies and servers too, or alone
  lvs-stats collect --record /var/tmp/listings         keep the raw listings too ("replay" loads them)`;

/** Adds the command. */
export function addCollect(program: Command): void {
  addLogFormat(
    addCommand(program, 'collect', 'Reads the table once, updates the archives, refreshes the pictures that changed.'),
  )
    .option('--quiet', 'say nothing when all is well, as cron wants it')
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .addOption(haproxyOption())
    .addOption(haproxyCaOption())
    .addOption(retentionOption())
    .option('--record <dir>', 'also keep the raw outputs in this folder')
    .option('--accept-time', 'believe the clock although it jumped forward by over a day')
    .option('--or-demo', 'where there is no ipvsadm, make the demonstration instead')
    .option('--no-pictures', 'update the archives only')
    .option('--budget <seconds>', 'processor time after which no more is drawn', parseCount, 15)
    .addHelpText('after', help)
    .action(collect);
}

async function collect(options: CollectOptions): Promise<void> {
  const ipvsadm = findIpvsadm(options);
  if (ipvsadm === null) {
    const { demoDefaults, demoFolder, demonstrate } = await import('./demo.js');
    return demonstrate({ data: demoFolder(options.data), ...demoDefaults });
  }
  const { data, haproxy, haproxyCa, retention, record, acceptTime, pictures, budget } = options;
  refuseDemonstration(data);
  const outcome = await runCycle({
    dataDir: data,
    lend: (use) => withWritableArchives(data, use),
    owner: workAsOwner(data),
    ipvsadm,
    haproxy: haproxy ?? null,
    haproxyCa: haproxyCa ?? null,
    ...(retention === undefined ? {} : { retention }),
    procRoot: '/proc',
    handedStatus: readHandedStatus(process.env),
    nowS: () => Date.now() / 1000,
    recordDir: record ?? null,
    acceptTime: acceptTime ?? false,
  });
  if (outcome.kind === 'overtaken') {
    say(`another collector has stored the reading of ${formatLocal(outcome.timeS)}: nothing left to do`, {
      level: 'info',
    });
    return;
  }
  for (const { text, level } of outcome.notes) say(text, { level });
  reportCycle(outcome.cycle);
  for (const { message, code } of outcome.problems) say(message, { level: 'error', code });
  if (outcome.problems.length > 0) process.exitCode = 1;
  if (pictures && outcome.hasRoom) await draw(data, outcome.cycle, budget);
}

/** Tells in a line what a cycle has read; programs are told only of the sources that were read, as none of it may be 0. */
export function reportCycle({ readings, timeS }: Cycle): void {
  const all = readings.map(({ archive }) => archive).filter((name) => !isOfDirector(name));
  const isOfTable = readings.some(({ archive }) => archive === directorName);
  const table = countLevels(all.filter((name) => !isOfHaproxy(name)));
  const haproxy = countLevels(all.filter(isOfHaproxy));
  const parts = [
    ...(isOfTable ? [`${table.tops} virtual servers, ${table.below} real servers`] : []),
    ...(haproxy.tops > 0 ? [`${haproxy.tops} proxies of HAProxy, ${haproxy.below} servers`] : []),
  ];
  report(`${formatLocal(timeS)}: ${parts.join('; ') || 'nothing'}`, {
    timeS,
    ...(isOfTable && { virtualServers: table.tops, realServers: table.below }),
    ...(haproxy.tops > 0 && { proxies: haproxy.tops, servers: haproxy.below }),
  });
}

/** How many names are of services, and how many of what is below them. */
function countLevels(names: readonly string[]): { readonly tops: number; readonly below: number } {
  const tops = names.filter((name) => name === serviceOf(name)).length;
  return { tops, below: names.length - tops };
}

/** The program that reads the table, or why there is none where HAProxy is read; null where a demonstration was asked for instead. */
function findIpvsadm({ ipvsadm, haproxy, orDemo }: CollectOptions): IpvsadmCommand | CollectError | null {
  try {
    return locateIpvsadm({ replacement: ipvsadm ?? null, path: process.env['PATH'] ?? '' });
  } catch (error) {
    if (haproxy !== undefined && error instanceof CollectError && error.code === 'no-ipvsadm') return error;
    if (orDemo !== true || !(error instanceof CollectError) || error.code !== 'no-ipvsadm') throw error;
    say(error.message);
    say('instead, here is a demonstration: a simulated director with a year behind it');
    return null;
  }
}

async function draw(dataDir: string, { readings }: Cycle, budgetS: number): Promise<void> {
  const tally = await refreshAfterCycle(dataDir, { readings, budgetS });
  if (tally !== null) tellFailures(tally);
  // Nothing is wrong in either case: a mail from cron is for what is.
  if (!process.stderr.isTTY && process.env['JOURNAL_STREAM'] === undefined) return;
  if (tally === null) say('another process is drawing: the pictures are left to it');
  else if (tally.waiting > 0) {
    say(`${tally.waiting} pictures wait for the next cycle: the ${budgetS} s of processor time for drawing are spent`);
  }
}
