// `lvs-stats metrics`: all series of the director once, for node_exporter's textfile collector, cron or a look.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { lendOf } from '../cli/lend.js';
import { openOutput } from '../cli/output-file.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption } from '../cli/policy/policy-file.js';
import { addCommand, packageVersion, say } from '../cli/settings.js';
import { readDirectorStatus } from '../cycle/director-status.js';
import { liveReadingOf, permittedIpvsadm } from '../cycle/live/choose-reader.js';
import { databaseBytesOf } from '../cycle/live/database-bytes.js';
import { readDown } from '../cycle/live/read-down.js';
import type { Format } from '../metrics/exposition.js';
import { factsOf } from '../metrics/facts.js';
import type { LiveAnswer, LiveReading } from '../metrics/live.js';
import { chosenServices, type Level, levels } from '../metrics/metric-options.js';
import { metricsText } from '../metrics/metrics.js';
import { readerSocket } from '../model/installed-paths.js';
import { UserError } from '../model/user-error.js';

interface MetricsOptions {
  readonly data: string;
  readonly policy?: string;
  readonly ipvsadm?: string;
  readonly level: Level;
  readonly sumBy?: 'vip';
  readonly vs?: string;
  readonly format: Format;
  readonly out?: string;
}

const help = `
It reads the table now, with ipvsadm if this user may run it. Otherwise counters are those of the newest cycle, and HELP says so. "serve" answers
the same at /metrics.

--level: ${levels.join(', ')}; each has the series of those before it.

Examples:
  lvs-stats metrics --level director
  lvs-stats metrics --vs '192.0.2.*' --level real-server-counters
  lvs-stats metrics --out /var/lib/prometheus/node-exporter/lvs-stats.prom      for node_exporter's textfile collector`;

/** Adds the command. */
export function addMetrics(program: Command): void {
  addPolicyOption(
    addCommand(program, 'metrics', {
      group: 'Watch',
      description: 'Prints all series for Prometheus.',
    }),
  )
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .addOption(new Option('--level <level>', 'how deep').choices(levels).default('real-server'))
    .addOption(new Option('--sum-by <part>', 'sums over the virtual servers of an address').choices(['vip']))
    .option('--vs <pattern>', 'only these virtual servers: an address, a name, a pattern', notEmpty)
    .addOption(new Option('--format <format>', 'text format').choices(['text', 'openmetrics']).default('text'))
    .option('--out <file>', 'write this file, and rename it into place when it is complete')
    .addHelpText('after', help)
    .action(async (options: MetricsOptions) => {
      const owner = workAsOwner(options.data);
      // node_exporter reads it as another user.
      const output = await openOutput(options.out ?? '-', owner, 0o644);
      try {
        await output.write(await textOf(options, (use) => owner.asRoot(use)));
        await output.finish();
      } catch (error) {
        await output.discard();
        throw error;
      }
    });
}

function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('Write a pattern, such as 192.0.2.*.');
  return text;
}

async function textOf(
  { data, policy, ipvsadm, level, sumBy, vs, format }: MetricsOptions,
  asRoot: <T>(use: () => Promise<T>) => Promise<T>,
): Promise<Iterable<string>> {
  const { verdict, topology, links } = await readDirectorStatus(data, policy);
  const { known, events, down } = await lendOf(data)(async (archives) => {
    const latest = await archives.latest();
    return {
      known: latest,
      events: await archives.events({ newest: newestEvents }),
      down: await readDown(archives, { known: latest, findings: verdict.findings, topology }),
    };
  });
  const answer = await asRoot(async () => {
    const procRoot = '/proc';
    const place = {
      ipvsadm: permittedIpvsadm(ipvsadm ?? null, procRoot),
      procRoot,
      reader: readerSocket,
      known: async () => known,
    };
    return answerOf(liveReadingOf(place));
  });
  const own = {
    version: packageVersion(),
    cycleS: null,
    databaseBytes: databaseBytesOf(data),
    pictures: null,
    requests: null,
    cpuS: 0,
    residentBytes: 0,
  };
  const facts = factsOf({ answer, known, verdict, down, events, tookS: new Map(), links, own });
  const chosen = { level, isSumByVip: sumBy === 'vip', match: vs ?? null };
  if (vs !== undefined && facts.table !== null && chosenServices(facts.table.columns, chosen).length === 0)
    say(`no virtual server matches "${vs}": the series of the director follow`, { level: 'warning' });
  return metricsText(facts, chosen, format);
}

/** Events looked through for the newest of each kind. */
const newestEvents = 1000;

/** A table that cannot be read is reported, and is a series of its own: the rest stays. */
async function answerOf(read: () => Promise<LiveReading>): Promise<LiveAnswer> {
  try {
    return { reading: await read(), isFailing: false };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(error.message, { level: 'error', code: error.code });
    process.exitCode = 1;
    return { reading: null, isFailing: true };
  }
}
