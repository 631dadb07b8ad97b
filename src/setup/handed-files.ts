// Which references of drift systemd can pass to the collector: files that only root may read, that stand alone, and that are far below the
// limit of credentials (1 MiB for all of a unit, systemd.exec(5)): a unit with a larger one would not start. The others need an access list.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { referenceCredentials } from '../model/installed-paths.js';
import { UserError } from '../model/user-error.js';
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

/** The files with keys of an agent, by the setting that names each, which is also its credential. */
const agentSecrets = ['serf-auth', 'probe-logins', 'mackerel-key'] as const;

/** The files to pass to an agent. Throws a `UserError` for one that the unit could not pass: it would not start. `isDry` looks at no file. */
export function handedSecrets(
  settingOf: (name: (typeof agentSecrets)[number]) => string | undefined,
  { root, isDry }: { root: string; isDry: boolean },
): readonly HandedFile[] {
  return agentSecrets.flatMap((credential) => {
    const file = settingOf(credential);
    if (file === undefined) return [];
    if (!plainPath.test(file))
      throw new UserError(
        'bad-config',
        `systemd cannot pass ${file} (${credential}): give it a path of letters, digits, ".", "_" and "-"`,
      );
    if (isDry) return [{ credential, file }];
    const stats = statSync(join(root, file), { throwIfNoEntry: false });
    if (stats === undefined)
      throw new UserError(
        'bad-config',
        `there is no ${file}, which the setting ${credential} names: create it, mode 600`,
      );
    if ((stats.mode & 0o077) !== 0)
      throw new UserError('bad-config', `users other than root may use ${file}: chmod 600 ${file}`);
    return [{ credential, file }];
  });
}

/** systemd takes the rest of the line as it stands, but for specifiers and quotes. */
const plainPath = /^\/[\w./+-]+$/;

function canHand(path: string, file: string): boolean {
  if (!plainPath.test(file)) return false;
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
