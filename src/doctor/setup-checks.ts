// Checks whether this program collects by itself, from the files that "lvs-stats setup" writes. A line or unit whose program is gone (after
// an upgrade moved Node.js to another folder) would fail at every cycle.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lengthWords } from '../model/retention.js';
import { type Check, fine, problem, warning } from './check.js';

/** The base name of the files when there is one director, as on most machines. */
const usualTitle = 'lvs-stats';

/** The files of each director; a machine that collects several has one of each per director. */
const places = {
  cron: { folder: 'etc/cron.d', end: '' },
  systemd: { folder: 'etc/systemd/system', end: '-collect.service' },
} as const;

type Kind = keyof typeof places;

/** A director's schedule: `title` is the base name of its files. */
interface Schedule {
  readonly kind: Kind;
  readonly title: string;
}

/** Checks what collects below `root`. `stepS` is the expected interval of the usual director, null when nothing defines it. */
export function checkSchedule(root: string, stepS: number | null): Check {
  const all = [...schedulesOf(root, 'cron'), ...schedulesOf(root, 'systemd')];
  const twice = all.find(
    ({ kind, title }) => kind === 'systemd' && all.some((one) => one.kind === 'cron' && one.title === title),
  );
  if (twice !== undefined) {
    return warning(
      'schedule',
      'both cron and systemd collect: one of the two readings is refused each time',
      `lvs-stats setup --cron${instanceOf(twice)} --remove`,
    );
  }
  if (all.length === 0) {
    return fine(
      'schedule',
      '"lvs-stats setup" has installed no schedule; a server or a schedule of your own may collect',
    );
  }
  const problems = all.flatMap((schedule) => problemOf(root, schedule) ?? otherStep(root, schedule, stepS) ?? []);
  const [wrong] = problems;
  if (wrong !== undefined) return wrong;
  const found = Object.keys(places).filter((kind) => all.some((one) => one.kind === kind));
  const count = all.length === 1 ? '' : `, ${all.length} directors`;
  const steps = new Set(all.map((schedule) => stepOf(root, schedule)));
  const [foundS] = steps;
  const often =
    steps.size > 1 || typeof foundS !== 'number' ? 'on a schedule of your own' : `every ${lengthWords(foundS)}`;
  return fine('schedule', `${found.join(' or ')} collects ${often}${count}`);
}

/** The files that start a collector below `root`, and their names for setup. */
export function scheduleFiles(
  root: string,
): readonly { readonly kind: Kind; readonly path: string; readonly instance: string }[] {
  return [...schedulesOf(root, 'cron'), ...schedulesOf(root, 'systemd')].map((schedule) => {
    const { folder, end } = places[schedule.kind];
    return { kind: schedule.kind, path: `/${folder}/${schedule.title}${end}`, instance: instanceOf(schedule) };
  });
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

/** The fault that keeps a schedule from collecting; null when there is none. */
function problemOf(root: string, schedule: Schedule): Check | null {
  const { kind, title } = schedule;
  const { folder, end } = places[kind];
  const files = [`${title}${end}`, ...(kind === 'systemd' ? [`${title}.service`] : [])];
  const [gone] = files.flatMap((name) => missingPrograms(root, join(folder, name)));
  if (gone !== undefined) {
    const remedy = `lvs-stats setup --${kind}${instanceOf(schedule)}`;
    return problem('schedule', `${kind} runs ${gone}, which no longer exists`, remedy);
  }
  const timer = `${title}-collect.timer`;
  if (kind === 'cron' || existsSync(join(root, folder, 'timers.target.wants', timer))) return null;
  return problem('schedule', 'the systemd timer is not enabled', `systemctl enable --now ${timer}`);
}

/** Checks whether it collects at the interval in the settings, which belong to the usual director. */
function otherStep(root: string, schedule: Schedule, stepS: number | null): Check | null {
  const foundS = stepOf(root, schedule);
  if (schedule.title !== usualTitle || stepS === null || foundS === null || foundS === stepS) return null;
  return problem(
    'schedule',
    `${schedule.kind} collects every ${lengthWords(foundS)}, but the retention has a step of ${lengthWords(stepS)}`,
    `lvs-stats setup --${schedule.kind}`,
  );
}

/** Seconds between two cycles, when the time has a form that setup writes. */
function stepOf(root: string, { kind, title }: Schedule): number | null {
  const [name, pattern] =
    kind === 'cron'
      ? [title, /^(?:(0)|\*(?:\/(\d+))?) \* \* \* \* /m]
      : [`${title}-collect.timer`, /^OnCalendar=\*:0(?:(0)|\/(\d+))$/m];
  const path = join(root, places[kind].folder, name);
  if (!existsSync(path)) return null;
  const [line, hour, minutes = '1'] = pattern.exec(readFileSync(path, 'utf8')) ?? [];
  if (line === undefined) return null;
  return hour === undefined ? Number(minutes) * 60 : 3600;
}

function instanceOf({ title }: Schedule): string {
  return title === usualTitle ? '' : ` --instance ${title.slice(usualTitle.length + 1)}`;
}

/** Checks whether the file of settings is valid and safe; `wrong` says why it is not valid. */
export function checkSettings(file: string, wrong: string | null): Check {
  if (wrong !== null) return problem('settings', wrong, 'correct that line; until then, only "doctor" and "demo" run');
  if (!existsSync(file)) return fine('settings', `there is no ${file}: defaults, options and the environment apply`);
  const { mode, uid } = statSync(file);
  if ((mode & 0o022) !== 0 || uid !== 0) {
    return warning(
      'settings',
      `users other than root can write ${file}, which decides what root runs`,
      `chown root ${file}; chmod go-w ${file}`,
    );
  }
  return fine('settings', `${file} is valid`);
}

/** Checks whether the policy file, if there is one, is in force; `wrong` says why it is not. */
export function checkPolicy(wrong: string | null): Check {
  if (wrong !== null) return problem('policy', wrong, 'correct that line of the policy file');
  return fine('policy', 'nothing is wrong with the policy file, or there is none');
}

/** The missing programs of a line or unit: words that begin with a slash and end like a program of ours. */
function missingPrograms(root: string, path: string): readonly string[] {
  if (!existsSync(join(root, path))) return [];
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const run = lines.filter((line) => /^([*\d]|ExecStart=)/.test(line)).join(' ');
  const programs = run.match(/\/[^\s"']*\/(?:node|lvs-stats|setpriv)(?=[\s"']|$)/g) ?? [];
  return programs.filter((program) => !program.endsWith('/lib/lvs-stats') && !existsSync(join(root, program)));
}
