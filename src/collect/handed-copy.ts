// Files that the collector may not read, such as keepalived.conf with its passwords: systemd, which starts the collector, passes a copy as a
// credential (LoadCredential= in systemd.exec(5)). It dates from the start of the process, so it is not for servers.

import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

/** The credential with the content of a file; null if the file itself can be read, is missing, or was not passed. */
export function handedCopy(
  file: string,
  credential: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | null {
  const folder = environment['CREDENTIALS_DIRECTORY'];
  if (folder === undefined || !isForbidden(file)) return null;
  const copy = join(folder, credential);
  return existsSync(copy) ? copy : null;
}

function isForbidden(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}
