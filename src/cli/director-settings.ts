// The settings of a director as its file below a root folder has them, for `setup`: the file is not the one that this process was given.

import { join } from 'node:path';
import { readSettingsFile } from './configure.js';
import { parseSettings } from './settings-file.js';

/** A setting in `/etc/TITLE.yaml`; undefined if it, or the file, is missing. Throws a `UserError` for a file that is wrong. */
export function directorSetting(root: string, title: string, name: string): string | undefined {
  const file = join(root, `/etc/${title}.yaml`);
  const text = readSettingsFile(file, false);
  return text === null ? undefined : parseSettings(text, file).find((one) => one.name === name)?.text;
}
