// Files belong to the owner of the folder that they lie in, even when root runs the command: root's process takes the rights of whoever
// decides what the data folder is (files/controller.ts) while it works there, and likewise wherever else it writes. Its own it uses
// for reading the table, and in folders that are root's all the way. Links, pipes and hard links that such a user puts into the way lead
// to nothing that this user cannot write. See credentials(7), seteuid(2), setgroups(2).

import { controllerOf, type Identity } from '../files/controller.js';
import { UserError } from '../model/user-error.js';

/** Rights of this process, which can be others for a moment. Uses of them must not overlap. */
export interface Owner {
  asRoot<T>(use: () => Promise<T>): Promise<T>;
  /** With the rights of whoever decides what lies at a path, the caller's where that is root. */
  asOwnerOf<T>(path: string, use: () => Promise<T>): Promise<T>;
  /** With the rights of the data folder's owner, within one of the others. */
  asOwner<T>(use: () => Promise<T>): Promise<T>;
  /** Is root for good again, where it was. */
  release(): void;
}

/** Takes the rights of the data folder's owner, where root runs and the folder is somebody else's. Throws a `UserError`. */
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

/** Whose rights are in force; null for root's. */
let current: Identity | null = null;

/** Groups of root, which go with its rights: with them another user could write what is theirs. */
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
      `${path} is decided on by user ${identity?.uid}, whose rights root cannot take here (${why}): run the command as that user, ` +
        'or let root own the folder and those above it',
      { cause: error },
    );
  }
}
