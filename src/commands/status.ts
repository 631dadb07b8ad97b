// `lvs-stats status`: says what is wrong now, on one screen and by its exit code.

import { type Command, Option } from 'commander';
import { formatLocal } from '../cli/local-time.js';
import { workAsOwner } from '../cli/owner.js';
import { addPolicyOption } from '../cli/policy/policy-file.js';
import { addCommand, printText } from '../cli/settings.js';
import { formatColumns } from '../cli/text-table.js';
import { type DirectorStatus, readDirectorStatus } from '../cycle/director-status.js';
import { looksOf } from '../drawing/pictures.js';
import type { Finding } from '../model/finding/finding.js';
import { findingLine, findingRecord, findingText, silencedRecord, subjectText } from '../model/finding/finding-text.js';
import { exitCodes } from '../model/finding/verdict.js';
import { serviceOf } from '../model/names/name.js';
import { type HostNames, hostsOf } from '../render/look/host-names.js';

const help = `
Exit codes: 0 nothing is wrong, 1 warnings, 2 something critical, 3 nothing was read yet or wrong usage.
--format nagios prints one line with performance data, for monitoring that runs plugins.

Examples:
  lvs-stats status
  lvs-stats status --format json | jq .findings`;

interface StatusOptions {
  readonly data: string;
  readonly format: 'table' | 'json' | 'nagios';
  readonly policy?: string;
}

/** Adds the command. */
export function addStatus(program: Command): void {
  addPolicyOption(
    addCommand(program, 'status', {
      group: 'Watch',
      description: 'Says what is wrong now, worst first.',
    }),
  )
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json', 'nagios']).default('table'))
    .addHelpText('after', help)
    .action(async ({ data, format, policy }: StatusOptions) => {
      workAsOwner(data);
      const status = await readDirectorStatus(data, policy);
      printText(formats[format](status, looksOf(data).hosts));
      process.exitCode = exitCodes[status.verdict.grade];
    });
}

const symbols = { critical: '■ critical', warning: '▲ warning', notice: '● notice' } as const;

const formats: Readonly<Record<'table' | 'json' | 'nagios', (status: DirectorStatus, hosts: HostNames) => string>> = {
  table: (status, hosts) => {
    const { findings, grade, silenced } = status.verdict;
    const quiet = silenced.map(
      ({ finding, silence }) =>
        `silenced ${silence.untilS === null ? 'by the policy' : `until ${formatLocal(silence.untilS)}`} (${silence.why}): ${findingLine(finding)}`,
    );
    const after = quiet.length === 0 ? '' : `\n\n${quiet.join('\n')}`;
    if (grade === 'unknown') return `Nothing has been read yet: "lvs-stats collect" reads the table.${after}`;
    if (findings.length === 0) return `Nothing is wrong: ${lookedAt(status)}.${after}`;
    const rows = findings.map((finding) => [
      symbols[finding.severity],
      formatLocal(finding.sinceS),
      [subjectText(finding), ...hostNamesOf(finding, hosts)].join(' '),
      findingText(finding),
    ]);
    const title = `${findings.length} finding${findings.length === 1 ? '' : 's'}; ${lookedAt(status)}`;
    return `${title}\n\n${formatColumns(['severity', 'since', 'subject', 'finding'], rows)}${after}`;
  },
  json: ({ verdict: { grade, counts, findings, silenced }, lastS, nowS, services }) =>
    JSON.stringify(
      {
        status: grade,
        last: lastS,
        now: nowS,
        services,
        counts,
        findings: findings.map(findingRecord),
        silenced: silenced.map(silencedRecord),
      },
      null,
      2,
    ),
  nagios: (status) => {
    const { verdict, services, lastS, nowS } = status;
    const { grade, findings, counts, silenced } = verdict;
    const named = findings.slice(0, mostNamed).map(findingLine);
    const others = findings.length > mostNamed ? [`and ${findings.length - mostNamed} more`] : [];
    const said = findings.length === 0 ? lookedAt(status) : [...named, ...others].join('; ');
    const words = grade === 'unknown' ? 'nothing was read yet' : said;
    // Label, value, thresholds and least value; U is a value that is not known.
    const data = [
      `critical=${counts.critical};;0;0`,
      `warning=${counts.warning};0;;0`,
      `notice=${counts.notice};;;0`,
      `silenced=${silenced.length};;;0`,
      `services=${services};;;0`,
      lastS === null ? 'age=U' : `age=${Math.max(0, nowS - lastS)}s;;;0`,
    ];
    return `LVS ${grade.toUpperCase()}: ${words.replaceAll(/\s*\n\s*/g, ' / ').replaceAll('|', '/')} | ${data.join(' ')}`;
  },
};

/** Findings that a line of monitoring names. */
const mostNamed = 10;

function lookedAt({ services, lastS }: DirectorStatus): string {
  const count = `${services} service${services === 1 ? '' : 's'}`;
  return lastS === null ? 'nothing was read yet' : `${count} looked at ${formatLocal(lastS)}`;
}

function hostNamesOf({ archives }: Finding, hosts: HostNames): readonly string[] {
  const [first] = archives;
  return first === undefined ? [] : hostsOf(serviceOf(first), hosts).slice(0, 1);
}
