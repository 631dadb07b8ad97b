// Which references of drift systemd can pass to the collector: files that only root may read, that stand alone, and that are far below the
// limit of credentials (1 MiB for all of a unit, systemd.exec(5)): a unit with a larger one would not start. The others need an access list.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { referenceCredentials } from '../model/installed-paths.js';
import type { HandedFile } from './installation.js';

/** The largest file that setup hands over: there may be two, and each may double. */
const mostHandedBytes = 2 ** 18;

/** The files of the settings, by the name of the setting without `drift-`. */
export type ReferenceFiles = Readonly<Partial<Record<keyof typeof referenceCredentials, string | undefined>>>;

/** The files to pass. `root` is the folder below which the machine's files are. */
export function handedFiles(files: ReferenceFiles, root: string): readonly HandedFile[] {
  return (['keepalived', 'golden'] as const).flatMap((kind) => {
    const file = files[kind];
    return file !== undefined && canHand(join(root, file), file)
      ? [{ credential: referenceCredentials[kind], file }]
      : [];
  });
}

function canHand(path: string, file: string): boolean {
  // systemd takes the rest of the line as it stands, but for specifiers and quotes.
  if (!/^\/[\w./+-]+$/.test(file)) return false;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || stats.size > mostHandedBytes || (stats.mode & 0o004) !== 0)
    return false;
  try {
    return !/^\s*include/m.test(readFileSync(path, 'latin1'));
  } catch {
    // Only root can tell: a dry run of another user shows the unit without it.
    return false;
  }
}
