// Options of a setup that fit together, and names and paths that can be written into files of cron and systemd.

import { UserError } from '../model/user-error.js';

/** The options that choose what is installed. */
interface ChosenSetup {
  readonly cron?: boolean;
  readonly systemd?: boolean;
  readonly agent?: boolean;
  readonly reader?: boolean;
  readonly instance?: string;
  readonly name?: string;
  readonly serf?: string;
  readonly serfWan?: boolean;
  readonly serfLeave?: boolean;
  readonly user: string;
}

/** Throws a `UserError` for options that contradict each other, and for names that no file can have. */
export function requireFittingOptions(chosen: ChosenSetup): void {
  const { cron = false, systemd = false, agent = false, reader = false, instance, name, user } = chosen;
  const refuse = (why: string): never => {
    throw new UserError('bad-command', why);
  };
  if ([cron, systemd, agent].filter(Boolean).length !== 1) refuse('use one of --cron, --systemd and --agent');
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) refuse(`"${user}" is not a user name: write one such as lvs-stats`);
  if (agent && instance !== undefined) refuse('a host has one agent, without --instance');
  if (!agent && name !== undefined) refuse('--name belongs to --agent');
  const aboutSerf = [chosen.serf, chosen.serfWan, chosen.serfLeave];
  if (!agent && aboutSerf.some((one) => one !== undefined))
    refuse('--serf, --serf-wan and --serf-leave belong to --agent');
  if (reader && (!systemd || instance !== undefined)) {
    refuse('--reader belongs to --systemd, and to the director of this machine');
  }
  requireInstanceName(instance);
}

/** cron skips names with a dot in them; with "collect" at its end a viewer would have the name of a collector. */
function requireInstanceName(instance: string | undefined): void {
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
