// Who decides what a path leads to. Whoever owns a folder on the way can put another folder, or a link to anywhere, in the place of what
// lies in it, at any moment. Root must therefore write there with that user's rights only: then a link leads it to nothing that
// this user could not write without it. The way is followed by hand, one name after the other, as path_resolution(7) says.

import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Numbers of a user and a group. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** A group that owns nothing: nogroup, nobody. */
const noGroup = 65_534;

/** As many links as the kernel follows. */
const mostLinks = 40;

/**
 * The user other than root who decides what lies at a path: the owner of the last folder on the way, unless another user's link or folder
 * leads there. Null where only root decides. What is not there yet is decided by the folder that it would be in.
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
    const stats = statOf(next);
    if (stats === null) break;
    if (stats.isSymbolicLink()) {
      links += 1;
      if (links > mostLinks) break;
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

/** Of a folder that was given to a user alone, the group is still root's, which this user has no part in. */
function identityOf({ uid, gid }: Stats): Identity {
  return { uid, gid: gid === 0 ? noGroup : gid };
}

/** Null where nothing can be seen: the use of the path reports why. */
function statOf(path: string): Stats | null {
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
