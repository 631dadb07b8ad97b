// `lvs-stats status`: says what is wrong now, on one screen and by its exit code.

import { type Command, Option } from 'commander';
import { lendOf } from '../cli/lend.js';
import { formatLocal } from '../cli/local-time.js';
import { workAsOwner } from '../cli/owner.js';
import { addCommand, printText } from '../cli/settings.js';
import { formatColumns } from '../cli/text-table.js';
import { failureOf } from '../cycle/collecting-state.js';
import { freeBytesOf } from '../cycle/cycle.js';
import { looksOf } from '../drawing/pictures.js';
import { type Finding, openFindings } from '../model/finding/finding.js';
import { findingLine, findingRecord, findingText, subjectText } from '../model/finding/finding-text.js';
import { momentFindings } from '../model/finding/moment.js';
import { exitCodes, type Verdict, verdictOf } from '../model/finding/verdict.js';
import { serviceOf } from '../model/names/name.js';
import { type HostNames, hostsOf } from '../render/look/host-names.js';

const help = `
Exit codes: 0 nothing is wrong, 1 warnings, 2 something critical, 3 nothing was read yet or wrong usage.
--format nagios prints one line with performance data, for monitoring that runs plugins.

Examples:
  lvs-stats status
  lvs-stats status --format json | jq .findings`;

/** Adds the command. */
export function addStatus(program: Command): void {
  addCommand(program, 'status', {
    group: 'Watch',
    description: 'Says what is wrong now, worst first.',
  })
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json', 'nagios']).default('table'))
    .addHelpText('after', help)
    .action(async ({ data, format }: { data: string; format: 'table' | 'json' | 'nagios' }) => {
      workAsOwner(data);
      const status = await readStatus(data);
      printText(formats[format](status, looksOf(data).hosts));
      process.exitCode = exitCodes[status.verdict.grade];
    });
}

interface DirectorStatus {
  readonly verdict: Verdict;
  readonly nowS: number;
  /** Time of the newest reading; null before the first. */
  readonly lastS: number | null;
  readonly services: number;
}

async function readStatus(data: string): Promise<DirectorStatus> {
  const nowS = Math.floor(Date.now() / 1000);
  return lendOf(data)(async (archives) => {
    const { timeS: lastS, retention, director, haproxy, findings } = await archives.latest();
    const failure =
      (await failureOf(archives, director.failure, 'cycle-failed')) ??
      (await failureOf(archives, haproxy.failure, 'haproxy-failed'));
    const moment = momentFindings({ nowS, retention, lastS, failure, freeBytes: freeBytesOf(data) });
    const verdict = verdictOf([...moment, ...openFindings(findings)], lastS !== null);
    return { verdict, nowS, lastS, services: director.services.size };
  });
}

const symbols = { critical: '■ critical', warning: '▲ warning', notice: '● notice' } as const;

const formats: Readonly<Record<'table' | 'json' | 'nagios', (status: DirectorStatus, hosts: HostNames) => string>> = {
  table: (status, hosts) => {
    const { findings, grade } = status.verdict;
    if (grade === 'unknown') return 'Nothing has been read yet: "lvs-stats collect" reads the table.';
    if (findings.length === 0) return `Nothing is wrong: ${lookedAt(status)}.`;
    const rows = findings.map((finding) => [
      symbols[finding.severity],
      formatLocal(finding.sinceS),
      [subjectText(finding), ...hostNamesOf(finding, hosts)].join(' '),
      findingText(finding),
    ]);
    const title = `${findings.length} finding${findings.length === 1 ? '' : 's'}; ${lookedAt(status)}`;
    return `${title}\n\n${formatColumns(['severity', 'since', 'subject', 'finding'], rows)}`;
  },
  json: ({ verdict: { grade, counts, findings }, lastS, nowS, services }) =>
    JSON.stringify(
      { status: grade, last: lastS, now: nowS, services, counts, findings: findings.map(findingRecord) },
      null,
      2,
    ),
  nagios: (status) => {
    const { verdict, services, lastS, nowS } = status;
    const { grade, findings, counts } = verdict;
    const texts = findings.map(findingLine).join('; ').replaceAll('|', '/');
    const words = grade === 'unknown' ? 'nothing was read yet' : texts === '' ? lookedAt(status) : texts;
    const age = lastS === null ? [] : [`age=${Math.max(0, nowS - lastS)}s`];
    const data = [`critical=${counts.critical}`, `warning=${counts.warning}`, `notice=${counts.notice}`];
    return `LVS ${grade.toUpperCase()}: ${words} | ${[...data, `services=${services}`, ...age].join(' ')}`;
  },
};

function lookedAt({ services, lastS }: DirectorStatus): string {
  const count = `${services} service${services === 1 ? '' : 's'}`;
  return lastS === null ? 'nothing was read yet' : `${count} looked at ${formatLocal(lastS)}`;
}

function hostNamesOf({ archives }: Finding, hosts: HostNames): readonly string[] {
  const [first] = archives;
  return first === undefined ? [] : hostsOf(serviceOf(first), hosts).slice(0, 1);
}
