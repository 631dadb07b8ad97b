// /proc/net/ip_vs_status for a collector that may not read it (0440, of root): whoever starts it as root reads the file and hands
// over the text. systemd does with LoadCredential= (systemd.exec(5)), cron's line in a variable. No capability and no group is
// given for it, since either would open much more. The text is of the moment the process began: it is not for servers.

import { join } from 'node:path';
import { statusFile, statusVariable } from '../../../model/status-file.js';
import { readOptional } from './read-optional.js';

/** The text that was handed to a process with this environment; null where none was. */
export function readHandedStatus(environment: Readonly<Record<string, string | undefined>>): string | null {
  const text = environment[statusVariable];
  if (text !== undefined) return text;
  const folder = environment['CREDENTIALS_DIRECTORY'];
  return folder === undefined ? null : readOptional(join(folder, statusFile));
}
