// Puts the files of a setup in their places, and takes them away again. What a person wrote or changed is left as it is.

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readBounded } from '../files/read-file.js';
import { writeWhole } from '../files/whole-file.js';
import { UserError } from '../model/user-error.js';
import type { PlannedFile } from './installation.js';
import { authorOf } from './signature.js';

/** What became, or would become, of a file. */
export interface FilePlacement {
  /** As the machine sees it, without the folder that stands for its root. */
  readonly path: string;
  readonly outcome: 'written' | 'unchanged' | 'replaced' | 'removed' | 'left' | 'absent';
}

/** Where files go; nothing is written where it is `dry`. */
export interface Placing {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly isDry: boolean;
}

/**
 * Writes the files. Throws a `UserError` before anything is written where a person wrote or changed one of them; forced, theirs is kept
 * beside it as `NAME.orig`.
 */
export function placeFiles(files: readonly PlannedFile[], { root, isDry, isForced }: Placing & { isForced: boolean }) {
  const theirs = files.filter(({ path, text }) => {
    const there = readThere(root, path);
    return there !== null && there !== text && authorOf(there) === 'person';
  });
  if (theirs.length > 0 && !isForced) throw changed(theirs.map(({ path }) => path));
  return files.map(({ path, text }): FilePlacement => {
    const there = readThere(root, path);
    if (there === text) return { path, outcome: 'unchanged' };
    if (!isDry) {
      const target = join(root, path);
      if (there !== null && authorOf(there) === 'person') renameSync(target, `${target}.orig`);
      mkdirSync(dirname(target), { recursive: true });
      // cron and systemd may read at any moment.
      writeWhole(target, text, { mode: 0o644 });
    }
    return { path, outcome: there === null ? 'written' : 'replaced' };
  });
}

/** Removes those of the files that setup wrote. */
export function removeFiles(paths: readonly string[], { root, isDry }: Placing): readonly FilePlacement[] {
  return paths.map((path) => {
    const there = readThere(root, path);
    if (there === null) return { path, outcome: 'absent' };
    if (authorOf(there) === 'person') return { path, outcome: 'left' };
    if (!isDry) rmSync(join(root, path));
    return { path, outcome: 'removed' };
  });
}

/** More than anybody writes into such a file. */
const mostBytes = 2 ** 20;

function readThere(root: string, path: string): string | null {
  const target = join(root, path);
  return existsSync(target) ? readBounded(target, mostBytes).toString() : null;
}

function changed(paths: readonly string[]): UserError {
  return new UserError(
    'changed-by-hand',
    `${paths.join(' and ')} was written or changed by hand, and is left as it is: --force replaces it and keeps yours beside it, as NAME.orig`,
  );
}
