// /proc/net/ip_vs_status for a collector that may not read it (mode 0440, root's): the root process that starts the collector reads the
// file and passes the text. systemd does so with LoadCredential= (systemd.exec(5)), the cron line in a variable. No capability or group is
// granted for it, since either would allow much more. The text dates from the start of the process, so it is not for servers.

import { join } from 'node:path';
import { statusFile, statusVariable } from '../../../model/installed-paths.js';
import { readOptional } from './read-optional.js';

/** The text passed to a process with this environment; null when there is none. */
export function readHandedStatus(environment: Readonly<Record<string, string | undefined>>): string | null {
  const text = environment[statusVariable];
  if (text !== undefined) return text;
  const folder = environment['CREDENTIALS_DIRECTORY'];
  return folder === undefined ? null : readOptional(join(folder, statusFile));
}
