// The secrets of agents' keys, one in each line of a file: the first makes new keys, and a second one is still accepted, so that keys can be
// replaced host by host.

import { statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import { agentKey } from './authorization.js';

/** Fewest characters of a secret, and the most secrets. */
const leastLength = 16;
const mostSecrets = 2;

const maxBytes = 4096;

/** Reads the secrets of a file. Throws a `UserError` (`bad-secret`) that shows none of them. */
export function readSecrets(path: string): readonly string[] {
  const bad = (why: string): UserError =>
    new UserError('bad-secret', `${path}: ${why}; make one with "openssl rand -hex 32 > ${path}; chmod 600 ${path}"`);
  let text: string;
  try {
    text = readBounded(path, maxBytes).toString();
    if ((statSync(path).mode & 0o007) !== 0) throw bad('everybody on this machine may read or write it');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw bad(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const secrets = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (secrets.length === 0) throw bad('holds no secret');
  if (secrets.length > mostSecrets)
    throw bad(`holds ${secrets.length} secrets, and at most ${mostSecrets} are valid at a time`);
  if (secrets.some((secret) => secret.length < leastLength))
    throw bad(`a secret is shorter than ${leastLength} characters`);
  return secrets;
}

/** Keys of agents by secret, remembered: they are compared at every request. */
export function keyring(secrets: readonly string[]): (name: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (name) => {
    const own = known.get(name) ?? secrets.map((secret) => agentKey(secret, name));
    if (known.size > 50_000) known.clear();
    known.set(name, own);
    return own;
  };
}
