// `lvs-stats collect`: one cycle, then the pictures that changed. cron runs this.

import type { Command } from 'commander';
import { addDriftOptions, type DriftOptions, referencePlaces } from '../cli/drift/drift-options.js';
import { formatLocal } from '../cli/local-time.js';
import { type DrawnPictures, drawnPictures, drawOption } from '../cli/options/draw-option.js';
import { retentionOption } from '../cli/options/retention-option.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { addCommand, addLogFormat, haproxyCaOption, haproxyOption, parseCount, say } from '../cli/settings.js';
import { CollectError } from '../collect/collect-error.js';
import { type IpvsadmCommand, locateIpvsadm } from '../collect/ipvs/locate-ipvsadm.js';
import { readHandedStatus } from '../collect/ipvs/proc/handed-status.js';
import { runCycle } from '../cycle/cycle.js';
import { reportCycle } from '../cycle/report-cycle.js';
import { refuseDemonstration } from '../demonstration/demonstration.js';
import type { AfterCycle } from '../drawing/pictures.js';
import type { Cycle } from '../model/cycle.js';
import { policyOfFile } from '../model/policy/policy.js';
import type { Retention } from '../model/retention.js';
import { countOf } from '../model/text/count-of.js';
import { withWritableArchives } from '../store/open.js';

interface CollectOptions extends DriftOptions {
  readonly data: string;
  readonly ipvsadm?: string;
  readonly haproxy?: string;
  readonly haproxyCa?: string;
  readonly retention?: Retention;
  readonly policy?: string;
  readonly record?: string;
  readonly acceptTime?: boolean;
  readonly orDemo?: boolean;
  readonly draw: DrawnPictures;
  readonly pictures: boolean;
  readonly budget: number;
}

const help = `
Run it every five minutes, as root or with CAP_NET_ADMIN, for instance from cron:
  */5 * * * *  root  /opt/lvs-stats/bin/lvs-stats collect --quiet
"lvs-stats setup" installs such a line, or units for systemd.

Examples:
  lvs-stats collect --ipvsadm 'ssh lb1 sudo ipvsadm'   another machine's table
  lvs-stats collect --haproxy /run/haproxy/admin.sock  HAProxy too, or alone
  lvs-stats collect --record /var/tmp/listings         also save the listings for "replay"`;

/** Adds the command. */
export function addCollect(program: Command): void {
  const command = addCommand(program, 'collect', {
    group: 'Collect',
    description: 'Reads the table once, updates the archives, and redraws the pictures that changed.',
  });
  addDriftOptions(addPolicyOption(addLogFormat(command)))
    .option('--quiet', 'print only warnings and errors, for cron')
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .addOption(haproxyOption())
    .addOption(haproxyCaOption())
    .addOption(retentionOption())
    .option('--record <dir>', 'also save the raw outputs in this folder')
    .option('--accept-time', 'accept the clock even if it jumped forward by more than a day')
    .option('--or-demo', 'if there is no ipvsadm, show the demonstration instead')
    .addOption(drawOption())
    .option('--no-pictures', 'the same as --draw none')
    .option('--budget <seconds>', 'processor time for pictures per cycle', parseCount, 15)
    .addHelpText('after', help)
    .action(collect);
}

async function collect(options: CollectOptions, command: Command): Promise<void> {
  const draw = drawnPictures(options, command);
  const ipvsadm = findIpvsadm(options);
  if (ipvsadm === null) {
    const { demonstrateInstead } = await import('./demo.js');
    return demonstrateInstead(options.data);
  }
  const { data, haproxy, haproxyCa, retention, record, acceptTime, budget } = options;
  refuseDemonstration(data);
  const nowS = (): number => Date.now() / 1000;
  const policy = await readPolicy(options.policy, nowS);
  const outcome = await runCycle({
    dataDir: data,
    policy: policyOfFile(policy),
    drift: referencePlaces(options),
    lend: (use) => withWritableArchives(data, use),
    owner: workAsOwner(data),
    ipvsadm,
    haproxy: haproxy ?? null,
    haproxyCa: haproxyCa ?? null,
    ...(retention === undefined ? {} : { retention }),
    procRoot: '/proc',
    handedStatus: readHandedStatus(process.env),
    nowS,
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
  if (policy.problem !== null) say(policy.problem.text, { level: 'error', code: 'bad-config' });
  if (outcome.problems.length > 0 || policy.problem !== null) process.exitCode = 1;
  if (draw !== 'none' && outcome.hasRoom) {
    const isOnlyViewed = draw === 'looked-at';
    await refresh(data, outcome.cycle, { budgetS: budget, capacity: policy.policy.capacity, isOnlyViewed });
  }
}

/** The program that reads the table, or the error when HAProxy is read anyway; null when a demonstration was requested instead. */
function findIpvsadm({ ipvsadm, haproxy, orDemo }: CollectOptions): IpvsadmCommand | CollectError | null {
  try {
    return locateIpvsadm({ replacement: ipvsadm ?? null, path: process.env['PATH'] ?? '' });
  } catch (error) {
    if (haproxy !== undefined && error instanceof CollectError && error.code === 'no-ipvsadm') return error;
    if (orDemo !== true || !(error instanceof CollectError) || error.code !== 'no-ipvsadm') throw error;
    say(error.message);
    say('showing a demonstration instead: a simulated director with a year of history');
    return null;
  }
}

async function refresh(dataDir: string, { readings }: Cycle, limits: Omit<AfterCycle, 'readings'>): Promise<void> {
  const { refreshAfterCycle, tellFailures } = await import('../drawing/pictures.js');
  const tally = await refreshAfterCycle(dataDir, { readings, ...limits });
  if (tally !== null) tellFailures(tally);
  // Nothing is wrong in either case, and a mail from cron is for errors.
  if (!process.stderr.isTTY && process.env['JOURNAL_STREAM'] === undefined) return;
  if (tally === null) say('another process is drawing the pictures');
  else if (tally.waiting > 0) {
    say(
      `${countOf(tally.waiting, 'picture waits', 'pictures wait')} for the next cycle: the budget of ${limits.budgetS} s of processor time is spent`,
    );
  }
}
