// The ids of a user whose rights a probe has, from /etc/passwd (passwd(5)). Users of directory services are named as UID:GID.

import type { Identity } from '../../files/controller.js';
import { readBounded } from '../../files/read-file.js';

/** No such user, or one with the rights of root. */
export class NoUserError extends Error {}

const maxBytes = 2 ** 22;

/** The ids of a user, given as a name or as `UID:GID`. Throws a `NoUserError`. */
export function findUser(user: string, passwdFile = '/etc/passwd'): Identity {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(user) ?? lineOf(user, passwdFile);
  const identity = { uid: Number(uid), gid: Number(gid) };
  if (identity.uid > 0 && identity.gid > 0) return identity;
  throw new NoUserError(
    `the user ${user} has rights of root, which a probe never has: name another user in the policy`,
  );
}

function lineOf(user: string, passwdFile: string): readonly string[] {
  for (const line of textOf(passwdFile).split('\n')) {
    const [name, , uid = '', gid = ''] = line.split(':');
    if (name === user && /^\d+$/.test(uid) && /^\d+$/.test(gid)) return ['', uid, gid];
  }
  throw new NoUserError(`there is no user ${user} in ${passwdFile}: name another one in the policy, or write UID:GID`);
}

function textOf(passwdFile: string): string {
  try {
    return readBounded(passwdFile, maxBytes).toString('latin1');
  } catch (error) {
    throw new NoUserError(`cannot read ${passwdFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
