// Pictures of archives that are no more. An archive goes when its last row has, and its pictures go with it.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { periods } from './graph-request.js';
import { dataTimeOf } from './picture-file.js';

/** Seconds for which a picture's rows stay worth seeing: where a database was begun anew, it knows nothing of them. */
const sparedS = 100 * 86_400;

/** Removes the standing pictures of archives that are not among those that exist, once their rows are long past. */
export function removeForgotten(folder: string, archives: ReadonlySet<string>, nowS: number): void {
  for (const period of Object.keys(periods)) {
    const pictures = join(folder, period);
    if (!statSync(pictures, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const file of readdirSync(pictures, { recursive: true, encoding: 'utf8' })) {
      const name = /^(.+)-[a-z0-9_]+\.png$/.exec(file)?.[1];
      if (name === undefined || archives.has(name)) continue;
      const dataS = dataTimeOf(join(pictures, file));
      if (dataS > 0 && nowS - dataS > sparedS) rmSync(join(pictures, file), { force: true });
    }
  }
}
