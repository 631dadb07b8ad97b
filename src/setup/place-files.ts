// Puts generated files in place, and removes them. Files that a person wrote or changed are left alone.

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readBounded } from '../files/read-file.js';
import { writeWhole } from '../files/whole-file.js';
import { UserError } from '../model/user-error.js';
import type { PlannedFile } from './installation.js';
import { authorOf } from './signature.js';

/** The actual or planned outcome for a file. */
export interface FilePlacement {
  /** The path without the folder that stands for the root. */
  readonly path: string;
  readonly outcome: 'written' | 'unchanged' | 'replaced' | 'removed' | 'left' | 'absent';
}

/** The destination of the files; with `isDry` nothing is written. */
export interface PlacementRoot {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly isDry: boolean;
}

/**
 * Writes the files. Throws a `UserError` before anything is written when a person wrote or changed one of them; when forced, keeps theirs
 * beside it as `NAME.orig`.
 */
export function placeFiles(
  files: readonly PlannedFile[],
  { root, isDry, isForced }: PlacementRoot & { isForced: boolean },
) {
  const theirs = files.filter(({ path, text }) => {
    const there = readThere(root, path);
    return there !== null && there !== text && authorOf(there) === 'person';
  });
  if (theirs.length > 0 && !isForced) throw changed(theirs.map(({ path }) => path));
  return files.map(({ path, text, mode = 0o644 }): FilePlacement => {
    const there = readThere(root, path);
    if (there === text) return { path, outcome: 'unchanged' };
    if (!isDry) {
      const target = join(root, path);
      if (there !== null && authorOf(there) === 'person') renameSync(target, `${target}.orig`);
      mkdirSync(dirname(target), { recursive: true });
      // cron, systemd and Prometheus may read at any moment.
      writeWhole(target, text, { mode });
    }
    return { path, outcome: there === null ? 'written' : 'replaced' };
  });
}

/** Removes those of the files that setup wrote. */
export function removeFiles(paths: readonly string[], { root, isDry }: PlacementRoot): readonly FilePlacement[] {
  return paths.map((path) => {
    const there = readThere(root, path);
    if (there === null) return { path, outcome: 'absent' };
    if (authorOf(there) === 'person') return { path, outcome: 'left' };
    if (!isDry) rmSync(join(root, path));
    return { path, outcome: 'removed' };
  });
}

/** Larger than any file of this kind. */
const maxBytes = 2 ** 20;

function readThere(root: string, path: string): string | null {
  const target = join(root, path);
  return existsSync(target) ? readBounded(target, maxBytes).toString() : null;
}

function changed(paths: readonly string[]): UserError {
  return new UserError(
    'changed-by-hand',
    `${paths.join(' and ')} was written or changed by hand, and stays as it is: --force replaces it and keeps a copy as NAME.orig`,
  );
}
