// Finds the user who controls the target of a path. The owner of a folder on the way can replace its contents at any moment by another
// folder, or by a link to anywhere. Root must therefore write there with only that user's rights: then a link leads only to places that the
// user could write anyway. The path is resolved by hand, name by name, as path_resolution(7) describes.

import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Ids of a user and a group. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** A group that owns nothing: nogroup, nobody. */
const noGroup = 65_534;

/** The kernel's limit of links. */
const maxLinks = 40;

/**
 * The user other than root who controls a path: the owner of its last folder, unless another user's link or folder leads there. Null when
 * only root does. A path that does not exist yet is controlled by its future folder's owner.
 */
export function controllerOf(path: string): Identity | null {
  let controller: Identity | null = null;
  let isLinked = false;
  let links = 0;
  let at = '/';
  const names = namesOf(resolve(path));
  while (names.length > 0) {
    const name = names.shift() ?? '';
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const stats = statsOrNull(next);
    if (stats === null) break;
    if (stats.isSymbolicLink()) {
      links += 1;
      if (links > maxLinks) break;
      if (controller === null && stats.uid !== 0) controller = identityOf(stats);
      if (controller !== null) isLinked = true;
      const target = targetOf(next);
      if (isAbsolute(target)) at = '/';
      names.unshift(...namesOf(target));
      continue;
    }
    if (stats.isDirectory() && stats.uid !== 0 && !isLinked) controller = identityOf(stats);
    at = next;
  }
  return controller;
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** A folder given to a user alone still has root's group, to which this user does not belong. */
function identityOf({ uid, gid }: Stats): Identity {
  return { uid, gid: gid === 0 ? noGroup : gid };
}

/** Null when the path is not visible: using it reports why. */
function statsOrNull(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
