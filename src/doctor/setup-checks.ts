// Whether something collects by itself, and with this program: what lies in the places that "lvs-stats setup" writes to. A line or unit
// whose program is gone (after an upgrade of Node.js into another folder) would fail at every cycle.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, fine, problem, warning } from './check.js';

/** Where the files of each director lie; a machine that collects several has some of each. */
const places = {
  cron: { folder: 'etc/cron.d', end: '' },
  systemd: { folder: 'etc/systemd/system', end: '-collect.service' },
} as const;

type Kind = keyof typeof places;

/** A director's schedule: `title` is what its files are called. */
interface Schedule {
  readonly kind: Kind;
  readonly title: string;
}

/** What lies below `root` and collects every five minutes. */
export function checkSchedule(root: string): Check {
  const all = [...schedulesOf(root, 'cron'), ...schedulesOf(root, 'systemd')];
  const twice = all.find(
    ({ kind, title }) => kind === 'systemd' && all.some((one) => one.kind === 'cron' && one.title === title),
  );
  if (twice !== undefined) {
    return warning(
      'schedule',
      'both cron and systemd collect: one reading is left out each time',
      `lvs-stats setup --cron${instanceOf(twice)} --remove`,
    );
  }
  if (all.length === 0) {
    return fine(
      'schedule',
      'neither cron nor systemd collects by what "lvs-stats setup" writes; a server, or a line of yours, may',
    );
  }
  const wrong = all.map((schedule) => problemOf(root, schedule)).find((check) => check !== null);
  if (wrong !== undefined) return wrong;
  const told = Object.keys(places).filter((kind) => all.some((one) => one.kind === kind));
  const count = all.length === 1 ? '' : `, ${all.length} directors`;
  return fine('schedule', `${told.join(' or ')} collects every five minutes${count}`);
}

function schedulesOf(root: string, kind: Kind): readonly Schedule[] {
  const { folder, end } = places[kind];
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter(
      (name) => /^lvs-stats(-[A-Za-z0-9_-]+)?$/.test(name.slice(0, name.length - end.length)) && name.endsWith(end),
    )
    .map((name) => ({ kind, title: name.slice(0, name.length - end.length) }));
}

/** What keeps one of them from collecting; null where nothing does. */
function problemOf(root: string, schedule: Schedule): Check | null {
  const { kind, title } = schedule;
  const { folder, end } = places[kind];
  const files = [`${title}${end}`, ...(kind === 'systemd' ? [`${title}.service`] : [])];
  const [gone] = files.flatMap((name) => missingPrograms(root, join(folder, name)));
  if (gone !== undefined) {
    const remedy = `lvs-stats setup --${kind}${instanceOf(schedule)}`;
    return problem('schedule', `${kind} runs ${gone}, which is not there any more`, remedy);
  }
  const timer = `${title}-collect.timer`;
  if (kind === 'cron' || existsSync(join(root, folder, 'timers.target.wants', timer))) return null;
  return problem('schedule', 'the timer of systemd is not enabled', `systemctl enable --now ${timer}`);
}

function instanceOf({ title }: Schedule): string {
  return title === 'lvs-stats' ? '' : ` --instance ${title.slice('lvs-stats-'.length)}`;
}

/** Whether the file of settings is understood and safe; `wrong` says why it is not understood. */
export function checkSettings(file: string, wrong: string | null): Check {
  if (wrong !== null)
    return problem('settings', wrong, 'correct that line; until then no command but "doctor" and "demo" runs');
  if (!existsSync(file))
    return fine('settings', `there is no ${file}: defaults, options and the environment are taken`);
  const { mode, uid } = statSync(file);
  if ((mode & 0o022) !== 0 || uid !== 0) {
    return warning(
      'settings',
      `others than root can write ${file}, which says what root runs`,
      `chown root ${file}; chmod go-w ${file}`,
    );
  }
  return fine('settings', `${file} is understood`);
}

/** The programs of a line or unit that are not there: words that begin with a slash and end as a program of ours does. */
function missingPrograms(root: string, path: string): readonly string[] {
  if (!existsSync(join(root, path))) return [];
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const run = lines.filter((line) => /^(\*|ExecStart=)/.test(line)).join(' ');
  const programs = run.match(/\/[^\s"']*\/(?:node|lvs-stats|setpriv)(?=[\s"']|$)/g) ?? [];
  return programs.filter((program) => !program.endsWith('/lib/lvs-stats') && !existsSync(join(root, program)));
}
