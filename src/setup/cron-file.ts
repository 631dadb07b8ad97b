// /etc/cron.d/lvs-stats (or lvs-stats-NAME): root's cron starts a cycle at every step (five minutes), which runs as a user of its own with
// one capability. Only root may read one file, the status of Linux 7's connection table; root's shell reads the two lines needed before it
// drops to that user. See crontab(5), setpriv(1), capabilities(7).

import { statusFile, statusVariable } from '../model/installed-paths.js';
import { UserError } from '../model/user-error.js';
import {
  collectWords,
  everyStep,
  type Installation,
  type PlannedFile,
  usualSettings,
  usualTitle,
} from './installation.js';
import { signed } from './signature.js';

/** The path of the file. cron skips names with a dot in them. */
export function cronPath({ title }: Pick<Installation, 'title'>): string {
  return `/etc/cron.d/${title}`;
}

/** The file for cron; `setpriv` is the path of setpriv(1). */
export function cronFile(installation: Installation, setpriv: string): PlannedFile {
  const { node, program, version, title, settings, user, stepS } = installation;
  const instance = title === usualTitle ? '' : ` --instance ${title.slice(usualTitle.length + 1)}`;
  const words = [setpriv, ...dropTo(user), '--', node, program, ...collectWords(installation), '--quiet'];
  const often = everyStep(stepS);
  const text = [
    `# E${often.slice(1)}: reads the table of ip_vs, stores it, and draws what changed. cron mails only what goes wrong.`,
    `# It starts as root; setpriv drops at once to the user ${user} with CAP_NET_ADMIN only, which reading the table needs.`,
    `# "lvs-stats setup --cron${instance}" rewrites this file, and --remove deletes it; settings: ${settings ?? usualSettings}`,
    `${minutesOf(stepS)} * * * * root ${requireLength(`${handedStatus} ${words.map(cronWord).join(' ')}`)}`,
  ];
  return {
    path: cronPath(installation),
    text: signed(`${text.join('\n')}\n`, version),
    purpose: `cron collects ${often} as user ${user}, with CAP_NET_ADMIN only`,
  };
}

/** Empty on a kernel without that file. */
const handedStatus = `${statusVariable}="$(/usr/bin/head -n 2 /proc/net/${statusFile} 2>/dev/null)"`;

/** The longest command that cron takes (MAX_COMMAND), in bytes; it drops the whole file when one is longer. */
const maxCommandBytes = 998;

function requireLength(command: string): string {
  if (Buffer.byteLength(command) <= maxCommandBytes) return command;
  throw new UserError(
    'bad-command',
    `cron accepts commands of at most ${maxCommandBytes} bytes, and this one has ${Buffer.byteLength(command)}: name a shorter data folder, or use --systemd`,
  );
}

/** The minutes of a step in crontab(5). */
function minutesOf(stepS: number): string {
  if (stepS === 3600) return '0';
  return stepS === 60 ? '*' : `*/${stepS / 60}`;
}

/** Of root's capabilities only CAP_NET_ADMIN is left, in just the sets that a program without privileges passes on. */
function dropTo(user: string): readonly string[] {
  return [
    `--reuid=${user}`,
    `--regid=${user}`,
    '--init-groups',
    '--inh-caps=-all,+net_admin',
    '--ambient-caps=-all,+net_admin',
    '--bounding-set=-all,+net_admin',
    '--no-new-privs',
  ];
}

/** A word for cron's shell; cron takes `%` for the end of the line. */
function cronWord(word: string): string {
  const quoted = /^[\w@+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  return quoted.replaceAll('%', '\\%');
}
