// Whether something collects by itself, and with this program: what lies in the places that "lvs-stats setup" writes to. A line or unit
// whose program is gone (after an upgrade of Node.js into another folder) would fail at every cycle.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, fine, problem, warning } from './check.js';

const places = {
  cron: 'etc/cron.d/lvs-stats',
  systemd: 'etc/systemd/system/lvs-stats-collect.service',
  viewer: 'etc/systemd/system/lvs-stats.service',
  enabled: 'etc/systemd/system/timers.target.wants/lvs-stats-collect.timer',
} as const;

/** What lies below `root` and collects every five minutes. */
export function checkSchedule(root: string): Check {
  const [cron, systemd] = [places.cron, places.systemd].map((path) => existsSync(join(root, path)));
  if (cron && systemd) {
    return warning(
      'schedule',
      'both cron and systemd collect: one reading is left out each time',
      'lvs-stats setup --cron --remove',
    );
  }
  const kind = cron ? 'cron' : systemd ? 'systemd' : null;
  if (kind === null) {
    return fine(
      'schedule',
      'neither cron nor systemd collects by what "lvs-stats setup" writes; a server, or a line of yours, may',
    );
  }
  const gone = [places.cron, places.systemd, places.viewer].flatMap((path) => missingPrograms(root, path));
  if (gone.length > 0) {
    return problem('schedule', `${kind} runs ${gone[0]}, which is not there any more`, `lvs-stats setup --${kind}`);
  }
  if (systemd && !existsSync(join(root, places.enabled))) {
    return problem('schedule', 'the timer of systemd is not enabled', 'systemctl enable --now lvs-stats-collect.timer');
  }
  return fine('schedule', `${kind} collects every five minutes`);
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
