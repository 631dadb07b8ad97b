// The logins of probes: a file that only its owner may read, with one line for each kind, `KIND USER PASSWORD`; the password is the rest of the
// line, and may be missing. For PostgreSQL the user may be `USER/DATABASE`. Tags of Serf are known to every member, so that no password may stand in them.

import { statSync } from 'node:fs';
import { handedCopy } from '../../collect/handed-copy.js';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import type { Login } from './kinds/dialogue.js';
import type { ProbeKind } from './kinds/registry.js';

const maxBytes = 4096;

/** The kinds of which a probe may log in; PostgreSQL needs the user only. */
const kinds: readonly ProbeKind[] = ['mysql', 'postgresql', 'amqp'];

/** The credential of systemd that passes the file on. */
const loginsCredential = 'probe-logins';

/** Reads the logins of a file, or of the copy that systemd passed, by kind. Throws a `UserError` (`bad-logins`) that shows none of them. */
export function readLogins(named: string, env: NodeJS.ProcessEnv = {}): ReadonlyMap<ProbeKind, Login> {
  const copy = handedCopy(named, loginsCredential, env);
  const path = copy ?? named;
  // systemd passes a credential by an access list, which shows as rights of the group to read.
  const forbidden = copy === null ? 0o077 : 0o037;
  const bad = (why: string): UserError =>
    new UserError(
      'bad-logins',
      `${path}: ${why}; write lines such as "mysql lvs_stats PASSWORD", and chmod 600 ${path}`,
    );
  let text: string;
  try {
    text = readBounded(path, maxBytes).toString();
    if ((statSync(path).mode & forbidden) !== 0) throw bad('others than its owner may read or write it');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw bad(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const logins = new Map<ProbeKind, Login>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const [, word = '', user = '', password = ''] = /^\s*(\S+)\s+(\S+)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    const kind = kinds.find((one) => one === word);
    if (kind === undefined) throw bad(`line ${i + 1} does not begin with one of ${kinds.join(', ')} and a user`);
    if (logins.has(kind)) throw bad(`line ${i + 1} is the second one for ${kind}`);
    logins.set(kind, { ...(kind === 'postgresql' ? userAndDatabase(user) : { user }), password });
  }
  return logins;
}

/** The database follows the last slash. */
function userAndDatabase(text: string): Omit<Login, 'password'> {
  const [, user, database] = /^(.+)\/([^/]+)$/.exec(text) ?? [];
  return user === undefined || database === undefined ? { user: text } : { user, database };
}
