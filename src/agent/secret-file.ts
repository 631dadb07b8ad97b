// Files with a key on one line, which others must not read: Serf's `rpc_auth` (`--serf-auth`), Mackerel's API key (`--mackerel-key`). Under systemd a
// copy may stand for a file that only root may read (LoadCredential=, collect/handed-copy.ts).

import { statSync } from 'node:fs';
import { handedCopy } from '../collect/handed-copy.js';
import { readBounded } from '../files/read-file.js';
import { UserError } from '../model/user-error.js';

/** A file of a key. */
export interface SecretFile {
  readonly file: string;
  /** The program that the key is for, in messages. */
  readonly whose: string;
  /** The option that names it, without dashes, and the name of its credential. */
  readonly option: string;
  /** The content that it should have, in messages. */
  readonly content: string;
}

const mostBytes = 1024;
const othersMay = 0o007;

/** Reads the key. Throws a `UserError`, which does not show it. */
export function readSecret({ file: named, whose, option, content }: SecretFile, env: NodeJS.ProcessEnv): string {
  const file = handedCopy(named, option, env) ?? named;
  try {
    if ((statSync(file).mode & othersMay) !== 0)
      throw new UserError('bad-config', `others may use the key of ${whose} in ${file}: chmod 600 ${file}`);
    const key = readBounded(file, mostBytes).toString('utf8').trim();
    if (key !== '' && !/\s/.test(key)) return key;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('bad-config', `cannot read the key of ${whose} in ${file}: ${why}; correct --${option}`);
  }
  throw new UserError('bad-config', `${file} holds no key: write ${content} into it, on one line`);
}

/** The file of Serf's key. */
export function serfKeyFile(file: string): SecretFile {
  return { file, whose: 'Serf', option: 'serf-auth', content: "the value of Serf's rpc_auth" };
}

/** The file of the key of Mackerel's API. */
export function mackerelKeyFile(file: string): SecretFile {
  return { file, whose: 'Mackerel', option: 'mackerel-key', content: "the organization's API key" };
}
