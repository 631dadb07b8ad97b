// The manual page, lvs-stats(1), made from the commands' own help, so that both say the same. See man-pages(7), groff_man(7).

import { settable, variableOf } from '../configure.js';
import type { TreeCommand, TreeOption } from './command-tree.js';

/** The page as roff. */
export function formatManPage(commands: readonly TreeCommand[], version: string): string {
  return `${[
    `.TH LVS-STATS 1 "" "lvs-stats ${version}" "User commands"`,
    '.SH NAME',
    'lvs\\-stats \\- stores and draws the counters of a Linux load balancer (ip_vs)',
    '.SH SYNOPSIS',
    ...commands.flatMap(({ synopsis }) => ['.B lvs\\-stats', roff(synopsis), '.br']),
    '.SH DESCRIPTION',
    ...paragraph(description),
    '.SH COMMANDS',
    ...commands.flatMap(formatCommand),
    '.SH SETTINGS',
    ...paragraph(settings),
    ...settable.flatMap((name) => [
      '.TP',
      `.B ${roff(name)}`,
      `option \\-\\-${roff(name)}, variable ${roff(variableOf(name))}`,
    ]),
    '.SH EXIT STATUS',
    ...[
      '0',
      'done',
      '1',
      'failed, or "doctor" found a problem',
      '2',
      'wrong usage, or an error in the settings',
    ].flatMap((text, index) => (index % 2 === 0 ? ['.TP', `.B ${text}`] : [roff(text)])),
    '.SH FILES',
    ...files.flatMap(([path, what]) => ['.TP', `.I ${roff(path)}`, roff(what)]),
    '.SH SEE ALSO',
    '.BR ipvsadm (8),',
    '.BR keepalived (8),',
    '.BR setpriv (1),',
    '.BR rrdtool (1)',
  ].join('\n')}\n`;
}

const description = `Reads the table of ip_vs every five minutes, keeps connections, packets and bytes of each service and real server
in archives of fixed size, and draws them. What is unknown is shown as unknown, never as zero. Reading the table needs CAP_NET_ADMIN.`;

const settings = `Settings that are the same for every run can be set once. The command line overrides the environment, the environment
overrides the file (/etc/lvs-stats.yaml, one "name: value" per line), and the file overrides the default.`;

const files = [
  ['/etc/lvs-stats.yaml', 'settings; optional'],
  ['/var/lib/lvs-stats', 'the data folder: archives, and pictures below graphs/'],
  ['/etc/cron.d/lvs-stats', 'written by "lvs-stats setup --cron"'],
  ['/etc/systemd/system/lvs-stats*', 'written by "lvs-stats setup --systemd"'],
] as const;

function formatCommand({ synopsis, description, arguments: args, options, notes }: TreeCommand): readonly string[] {
  return [
    `.SS "${roff(synopsis).replaceAll('"', '\\(dq')}"`,
    ...paragraph(description),
    ...args
      .filter((one) => one.description !== '')
      .flatMap((one) => ['.TP', `.I ${roff(one.name)}`, roff(one.description)]),
    ...options.flatMap(formatOption),
    ...(notes === '' ? [] : ['.PP', '.nf', ...notes.split('\n').map(roff), '.fi']),
  ];
}

function formatOption({ flags, description, choices, defaultText, variable }: TreeOption): readonly string[] {
  const more = [
    choices.length === 0 ? null : `one of ${choices.join(', ')}`,
    defaultText === null ? null : `default: ${defaultText}`,
    variable === null ? null : `environment: ${variable}`,
  ].filter((part) => part !== null);
  return ['.TP', `.B ${roff(flags)}`, roff(more.length === 0 ? description : `${description} (${more.join('; ')})`)];
}

function paragraph(text: string): readonly string[] {
  return ['.PP', ...text.split('\n').map(roff)];
}

/** Escapes plain text: backslashes, hyphens and lines that roff would take for requests. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1');
}
