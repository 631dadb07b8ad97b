// `lvs-stats alerts`: writes the rules of Prometheus, their tests, and the configuration of Alertmanager, from the policy.

import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationOption } from '../cli/alerts/duration-option.js';
import { readReceivers } from '../cli/alerts/receivers-file.js';
import { readRetention } from '../cli/options/read-retention.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption, readPolicy } from '../cli/policy/policy-file.js';
import { addCommand, packageVersion, print, say } from '../cli/settings.js';
import { standardRetention } from '../model/retention.js';
import { rackOf } from '../model/topology/topology.js';
import { UserError } from '../model/user-error.js';
import { alertmanagerFile, alertmanagerFileName, emptyReceivers, receiverNames } from '../rules/alertmanager-file.js';
import { ruleTestsFile, ruleTestsFileName } from '../rules/rule-tests.js';
import { rulesFile, rulesFileName } from '../rules/rules-file.js';
import { ruleTimes } from '../rules/times.js';
import type { PlannedFile } from '../setup/installation.js';
import { type FilePlacement, placeFiles } from '../setup/place-files.js';
import { signed } from '../setup/signature.js';

interface AlertsOptions {
  readonly data: string;
  readonly policy?: string;
  readonly out: string;
  readonly receivers?: string;
  readonly scrapeInterval: number;
  readonly evaluationInterval: number;
  readonly skew: number;
  readonly force?: boolean;
}

const help = `
${rulesFileName}        for rule_files of Prometheus: one alert for each cause, and for what it broke
${ruleTestsFileName}   tests of these rules: promtool test rules ${ruleTestsFileName}
${alertmanagerFileName}     one notification for each cause; it starts as it is, and notifies nobody before you name --receivers

How long alerts are held, and when a rack is at fault, comes from "pages" of the policy and the step of the archives (5 minutes if there are none).
Where hosts stand comes with the metrics, from the policy of the director: the files need not be written again when the topology changes.
--receivers FILE is YAML with "receivers" (${receiverNames.join(', ')}), and "global" and "templates" if need be.

Examples:
  lvs-stats alerts --out /etc/prometheus/lvs --scrape-interval 15s --evaluation-interval 15s
  lvs-stats alerts --out /etc/prometheus/lvs --receivers /etc/lvs-stats/receivers.yaml`;

/** Prometheus takes a series as gone five minutes after its last sample. */
const interval = durationOption({ leastS: 1, mostS: 120 }, 'Write a time from 1s to 2m, such as 15s.');
const skew = durationOption({ leastS: 0, mostS: 600 }, 'Write a time of up to 10m, such as 10s.');

/** Adds the command. */
export function addAlerts(program: Command): void {
  addPolicyOption(
    addCommand(program, 'alerts', {
      group: 'Watch',
      description: 'Writes alerting rules for Prometheus, and routes for Alertmanager.',
    }),
  )
    .requiredOption('--out <dir>', 'the folder of the files; it is created in an existing one', notEmpty)
    .option('--receivers <file>', 'the receivers of Alertmanager', notEmpty)
    .addOption(timeOption('--scrape-interval <time>', 'how often Prometheus scrapes', interval).default(60, '1m'))
    .addOption(
      timeOption('--evaluation-interval <time>', 'how often it evaluates the rules', interval).default(60, '1m'),
    )
    .addOption(
      timeOption('--skew <time>', 'how late a scrape, an evaluation or an alert may be', skew).default(10, '10s'),
    )
    .option('--force', 'replace files changed by hand, and keep a copy beside them')
    .addHelpText('after', help)
    .action(alerts);
}

function timeOption(flags: string, text: string, parse: (text: string) => number): Option {
  return new Option(flags, text).argParser(parse);
}

function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('Write a path.');
  return text;
}

async function alerts(options: AlertsOptions): Promise<void> {
  const { data, out, policy: named, force = false } = options;
  const { policy, problem } = await readPolicy(named, () => Date.now() / 1000);
  // Rules from another policy than the stated one would page by measures that nobody chose.
  if (problem !== null)
    throw new UserError('bad-config', problem.text.replace(/; [^;]* is in force$/, '; nothing is written'));
  const receivers = options.receivers === undefined ? null : readReceivers(options.receivers, receiverNames);
  const { stepS } = (await readRetention(data)) ?? standardRetention;
  const { scrapeInterval: scrapeS, evaluationInterval: evaluationS, skew: skewS } = options;
  const times = ruleTimes(policy.paging, { stepS, scrapeS, evaluationS, skewS });
  const folder = resolve(out);
  const file = (name: string, text: string, purpose: string): PlannedFile => ({
    path: join(folder, name),
    text: signed(text, packageVersion()),
    purpose,
  });
  const files = [
    file(rulesFileName, rulesFile(policy.paging, times), 'name it in rule_files of Prometheus'),
    file(
      ruleTestsFileName,
      ruleTestsFile(policy.topology, times),
      `"promtool test rules ${ruleTestsFileName}" runs it`,
    ),
    {
      ...file(
        alertmanagerFileName,
        alertmanagerFile(times, receivers?.text ?? emptyReceivers),
        receivers === null ? 'it notifies nobody yet: name --receivers' : 'the configuration of Alertmanager',
      ),
      mode: receivers?.mode ?? 0o644,
    },
  ];
  for (const [i, placement] of (await place(files, options.data, force)).entries())
    print(`${placement.outcome} ${placement.path}: ${files[i]?.purpose ?? ''}`);
  if (!policy.topology.hosts.some((host) => rackOf(host) !== null))
    say('the policy has no topology with racks: when a rack dies, each of its hosts is a page (docs/topology.md)');
}

/** Writes all files, or none if one of them is somebody else's. */
async function place(
  files: readonly PlannedFile[],
  data: string,
  isForced: boolean,
): Promise<readonly FilePlacement[]> {
  const folder = join(files[0]?.path ?? '', '..');
  const owner = workAsOwner(data);
  try {
    return await owner.asOwnerOf(folder, async () => {
      // Node's recursive form never ends below /proc.
      if (!existsSync(folder)) mkdirSync(folder);
      return placeFiles(files, { root: '/', isDry: false, isForced });
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'cannot-write',
      `cannot write into ${folder} (${why}): choose another folder with --out, or make room`,
      {
        cause: error,
      },
    );
  } finally {
    owner.release();
  }
}
