// `lvs-stats drift`: compares the kernel's table with what it should be.

import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  addDriftOptions,
  type DriftOptions,
  parseCommand,
  type ReferencePlaces,
  referencePlaces,
} from '../cli/drift/drift-options.js';
import { type DriftGrade, type DriftReport, driftExitCodes, driftFormats } from '../cli/drift/drift-output.js';
import { addCommand, printText, say } from '../cli/settings.js';
import type { Entries } from '../collect/ipvs/listing/entries.js';
import type { ServiceSetup } from '../collect/ipvs/listing/parse-table.js';
import { locateIpvsadm } from '../collect/ipvs/locate-ipvsadm.js';
import { isModuleLoaded, moduleNotLoaded } from '../collect/ipvs/proc/kernel.js';
import { formatRules } from '../collect/ipvs/rules/format-rules.js';
import { readTable } from '../collect/ipvs/rules/read-table.js';
import { readReferences } from '../cycle/read-references.js';
import type { ActualService, ActualTable } from '../interpret/drift/compare.js';
import { type JudgedDrift, judgeDrift, type ReferenceReading } from '../interpret/drift/judge-drift.js';
import { noteText } from '../model/drift/expected.js';
import { worstClass } from '../model/drift/problem.js';
import { realServerName, serviceName } from '../model/names/name.js';
import { UserError } from '../model/user-error.js';

const help = `
Without a reference, it takes those of the settings (drift-keepalived, drift-golden, drift-against), or /etc/keepalived/keepalived.conf.

A failed health check removes a real server or sets its weight to 0: then the table is unhealthy. Anything else that differs makes it dirty.
Exit codes: 0 as wanted, 1 unhealthy, 2 dirty, 3 cannot tell or wrong usage. What was not understood is listed, and not judged; with --strict
it makes the result 3.

Examples:
  lvs-stats drift --keepalived /etc/keepalived/keepalived.conf
  ipvsadm -S -n >/etc/lvs-stats/golden; lvs-stats drift --golden /etc/lvs-stats/golden
  lvs-stats drift --against 'ssh lb2 sudo ipvsadm'
  diff <(lvs-stats drift --dump | sort) <(ipvsadm -S -n | sort)`;

interface Options extends DriftOptions {
  readonly keepalived?: string;
  readonly configId?: string;
  readonly golden?: string;
  readonly against?: string;
  readonly ipvsadm?: string;
  readonly strict?: boolean;
  readonly format: 'table' | 'json' | 'nagios';
  readonly dump?: boolean;
}

/** Adds the command. */
export function addDrift(program: Command): void {
  const command = addCommand(program, 'drift', {
    group: 'Watch',
    description: 'Compares the table with what it should be.',
  });
  addDriftOptions(command, true)
    .option('--keepalived <file>', "compare with keepalived's configuration")
    .option('--config-id <id>', 'the config id that keepalived runs with (default: the host name)')
    .option('--golden <file>', 'compare with a saved table (ipvsadm -S -n)')
    .option('--against <command>', "compare with another director's table", parseCommand)
    .option('--ipvsadm <command>', 'run this instead of ipvsadm')
    .option('--strict', 'what was not understood makes the result "cannot tell"')
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json', 'nagios']).default('table'))
    .option('--dump', 'print what the references ask for, as "ipvsadm -S -n" would')
    .addHelpText('after', help)
    .action(drift);
}

/** Where keepalived has its configuration. */
const usualFile = '/etc/keepalived/keepalived.conf';

function placesOf(options: Options): ReferencePlaces {
  const { keepalived, configId, golden, against } = options;
  const id = configId ?? options.driftConfigId;
  const own = {
    ...(keepalived !== undefined && { driftKeepalived: keepalived }),
    ...(id !== undefined && { driftConfigId: id }),
    ...(golden !== undefined && { driftGolden: golden }),
    ...(against !== undefined && { driftAgainst: against }),
  };
  const places = referencePlaces(own) ?? referencePlaces(options);
  if (places !== null) return places;
  const usual = existsSync(usualFile) ? referencePlaces({ ...own, driftKeepalived: usualFile }) : null;
  if (usual !== null) return usual;
  throw new UserError(
    'bad-command',
    `there is nothing to compare the table with: use --keepalived FILE, --golden FILE or --against COMMAND (there is no ${usualFile})`,
  );
}

async function drift(options: Options): Promise<void> {
  const readings = await readReferences(placesOf(options));
  if (options.dump === true) return dump(readings, options.format);
  const entries = await readOwnTable(options.ipvsadm ?? null);
  const judged = judgeDrift(readings, {
    timeS: Math.floor(Date.now() / 1000),
    before: undefined,
    actual: actualOf(entries),
  });
  const report: DriftReport = {
    grade: gradeOf(judged, entries, options.strict ?? false),
    services: entries.services.size,
    references: judged.known.references,
    problems: judged.problems,
    leftOut: entries.notes.map(({ text }) => text),
  };
  printText(driftFormats[options.format](report));
  process.exitCode = driftExitCodes[report.grade];
}

/** The result: what differs says enough; where nothing does, a reference that could not be read leaves it open. */
function gradeOf(
  { problems, known: { references } }: JudgedDrift,
  { notes }: Entries<ServiceSetup>,
  isStrict: boolean,
): DriftGrade {
  const isUnread = references.some(({ failure }) => failure !== null);
  const isPartial = references.some((own) => !own.isWhole || own.notes.length > 0) || notes.length > 0;
  if (isStrict && (isUnread || isPartial)) return 'unknown';
  return worstClass(problems) ?? (isUnread ? 'unknown' : 'ok');
}

async function readOwnTable(replacement: string | null): Promise<Entries<ServiceSetup>> {
  const command = locateIpvsadm({ replacement, path: process.env['PATH'] ?? '' });
  // The local ipvsadm would load the module.
  if (command.isLocal && !isModuleLoaded('/proc')) throw moduleNotLoaded('there is no /proc/net/ip_vs');
  return readTable(command);
}

function actualOf({ services, refused, suspects, strayLines }: Entries<ServiceSetup>): ActualTable {
  const unread = new Set([...refused.values(), ...suspects.values()].map(serviceName));
  return { services: [...services.values()].map(serviceFrom), mayExist: (name) => strayLines > 0 || unread.has(name) };
}

function serviceFrom({ id, scheduler, flags, realServers, refused, hasStray }: ServiceSetup): ActualService {
  const servers = [...realServers.values()];
  return {
    name: serviceName(id),
    setUp: { scheduler, flags },
    realServers: servers.length,
    isPartial: refused.size > 0 || hasStray,
    nameAt: (at) => realServerName(servers[at]?.id ?? { address: '', port: 0 }),
    weightAt: (at) => servers[at]?.weight ?? Number.NaN,
    forwardingAt: (at) => servers[at]?.forwarding ?? '',
  };
}

function dump(readings: readonly ReferenceReading[], format: Options['format']): void {
  if (format === 'nagios') throw new UserError('bad-command', '--dump prints a table: use --format table or json');
  const tables = readings.map(({ name, read }) => {
    if ('failure' in read) throw new UserError('no-reference', read.failure);
    return { name, read };
  });
  for (const { read } of tables) for (const note of read.notes) say(noteText(note), { level: 'notice' });
  const rules = tables.map(({ name, read }) => ({ reference: name, isWhole: read.isWhole, rules: formatRules(read) }));
  if (format === 'json') printText(JSON.stringify(rules, null, 2));
  else
    printText(
      rules.flatMap((own) => (rules.length === 1 ? own.rules : [`# ${own.reference}`, ...own.rules])).join('\n'),
    );
}
