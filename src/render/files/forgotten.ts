// Removes pictures of archives that no longer exist. An archive expires with its last row, and its pictures with it; pictures
// of a forgotten archive, or of one whose retention changed, are removed at once.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { directorName, serviceOf } from '../../model/names/name.js';
import { periods } from '../define/graph-request.js';
import { dataTimeOf, pictureStem } from './picture-file.js';
import { dropProgress } from './stack-progress.js';

/** Seconds for which a picture's rows remain worth keeping: a recreated database does not know them. */
const sparedS = 100 * 86_400;

/** Removes the pictures of an archive and of its real servers or links, and the stacks that include it: they are obsolete. */
export function removePictures(folder: string, archive: string): void {
  const own = pictureStem(archive);
  for (const { path, stem } of standingPictures(folder)) {
    if (stem === own || stem === directorName || serviceOf(stem) === own) rmSync(path, { force: true });
  }
  for (const period of Object.keys(periods)) dropProgress(join(folder, period));
}

/** Removes the standing pictures of archives that no longer exist, once their rows are long past. */
export function removeForgotten(folder: string, archives: ReadonlySet<string>, nowS: number): void {
  const stems = new Set([...archives].map(pictureStem));
  for (const { path, stem } of standingPictures(folder)) {
    if (stems.has(stem)) continue;
    const dataS = dataTimeOf(path);
    if (dataS > 0 && nowS - dataS > sparedS) rmSync(path, { force: true });
  }
}

/** The paths of all standing pictures below their folder. */
export function* picturesBelow(folder: string): Generator<string> {
  for (const { path } of standingPictures(folder)) yield path;
}

function* standingPictures(folder: string): Generator<{ readonly path: string; readonly stem: string }> {
  for (const period of Object.keys(periods)) {
    for (const name of namesBelow(join(folder, period))) {
      const stem = /^(.+)-[a-z0-9_]+\.png$/.exec(name)?.[1];
      if (stem !== undefined) yield { path: join(folder, period, name), stem };
    }
  }
}

/** The names of all files below a folder, relative to it. The recursive form of `readdirSync` asks for the status of each of them. */
function* namesBelow(folder: string, within = ''): Generator<string> {
  if (!statSync(join(folder, within), { throwIfNoEntry: false })?.isDirectory()) return;
  for (const entry of readdirSync(join(folder, within), { withFileTypes: true })) {
    const name = `${within}${entry.name}`;
    if (entry.isDirectory()) yield* namesBelow(folder, `${name}/`);
    else yield name;
  }
}
