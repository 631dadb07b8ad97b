// Files belong to the owner of their folder, even when root runs the command: root's process takes the rights of the user who controls the
// data folder (files/controller.ts) while it works there, and does the same wherever else it writes. It uses its own rights to read the
// table, and in folders that are root's all the way. Links, pipes and hard links that this user puts in the way lead to nothing that the
// user cannot write. See credentials(7), seteuid(2), setgroups(2).

import { controllerOf, type Identity } from '../files/controller.js';
import { UserError } from '../model/user-error.js';

/** The rights of this process, which can change for a moment. Uses of them must not overlap. */
export interface Owner {
  asRoot<T>(use: () => Promise<T>): Promise<T>;
  /** With the rights of the user who controls a path; the caller's when that is root. */
  asOwnerOf<T>(path: string, use: () => Promise<T>): Promise<T>;
  /** With the rights of the data folder's owner, within one of the others. */
  asOwner<T>(use: () => Promise<T>): Promise<T>;
  /** Restores root's rights for good, if it was root. */
  release(): void;
}

/** Takes the rights of the data folder's owner when root runs and the folder belongs to another user. Throws a `UserError`. */
export function workAsOwner(dataDir: string): Owner {
  if (process.getuid?.() !== 0) {
    const direct = <T>(use: () => Promise<T>): Promise<T> => use();
    return { asRoot: direct, asOwnerOf: (_, use) => use(), asOwner: direct, release: () => {} };
  }
  const own = seenByRoot(() => controllerOf(dataDir), dataDir);
  become(own, dataDir);
  const as = async <T>(identity: Identity | null, path: string, use: () => Promise<T>): Promise<T> => {
    const before = current;
    become(identity, path);
    try {
      return await use();
    } finally {
      become(before, dataDir);
    }
  };
  return {
    asRoot: (use) => as(null, dataDir, use),
    asOwnerOf: (path, use) =>
      as(
        seenByRoot(() => controllerOf(path), dataDir),
        path,
        use,
      ),
    asOwner: (use) => as(own, dataDir, use),
    release: () => become(null, dataDir),
  };
}

/**
 * Takes the rights of the owner of several data folders when root runs. Throws a `UserError` if they have different owners: a process cannot
 * write the files of both.
 */
export function workAsOwnerOfAll(dataDirs: readonly string[]): void {
  const [first] = dataDirs;
  if (first === undefined) return;
  const uidOf = (dataDir: string): number => seenByRoot(() => controllerOf(dataDir), dataDir)?.uid ?? 0;
  const other = process.getuid?.() === 0 ? dataDirs.find((dataDir) => uidOf(dataDir) !== uidOf(first)) : undefined;
  if (other !== undefined) {
    throw new UserError(
      'bad-command',
      `${first} and ${other} belong to different users: run the viewer as a user who can write both`,
    );
  }
  workAsOwner(first);
}

/** The user whose rights are in force; null for root. */
let current: Identity | null = null;

/** Root's groups, dropped along with its rights: with them another user could write those groups' files. */
let groupsOfRoot: readonly number[] | null = null;

/** Folders on the way may be closed to the user whose rights are in force. */
function seenByRoot<T>(look: () => T, dataDir: string): T {
  const before = current;
  become(null, dataDir);
  try {
    return look();
  } finally {
    become(before, dataDir);
  }
}

function become(identity: Identity | null, path: string): void {
  const { seteuid, setegid, setgroups, getgroups } = process;
  if (identity?.uid === current?.uid && identity?.gid === current?.gid) return;
  if (!seteuid || !setegid || !setgroups || !getgroups) return;
  groupsOfRoot ??= getgroups();
  seteuid(0);
  current = null;
  try {
    setegid(identity?.gid ?? 0);
    setgroups(identity === null ? [...groupsOfRoot] : [identity.gid]);
    if (identity !== null) seteuid(identity.uid);
    current = identity;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'cannot-take-rights',
      `user ${identity?.uid} controls ${path}, and root cannot switch to that user here (${why}): run the command as that user, ` +
        'or let root own the folder and those above it',
      { cause: error },
    );
  }
}
