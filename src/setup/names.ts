// Names and paths that can be written into files of cron and systemd.

import { UserError } from '../model/user-error.js';

/** cron skips names with a dot in them; with "collect" at its end a viewer would have the name of a collector. */
export function requireInstanceName(instance: string | undefined): void {
  if (instance === undefined || (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(instance) && !/(^|-)collect$/.test(instance)))
    return;
  throw new UserError(
    'bad-command',
    `"${instance}" cannot name a director's files: write letters, digits, "-" and "_", such as lb2`,
  );
}

/** A line break would start a new cron line or unit setting, and neither format can escape one. */
export function requirePrintable(text: string): void {
  if (!/[\p{Cc}\u2028\u2029]/u.test(text)) return;
  throw new UserError(
    'bad-command',
    `"${text}" cannot be written into a file of cron or systemd: write a path without line breaks and other control characters`,
  );
}
