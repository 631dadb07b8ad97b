// Where Serf's RPC is (`--serf HOST:PORT`), and the key that it wants (`--serf-auth FILE`, Serf's `rpc_auth`).

import { statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { UserError } from '../../model/user-error.js';
import type { SerfAddress } from './connection.js';

/** Serf's own port for its RPC. */
const usualPort = 7373;

/** Parses `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`. Throws a `UserError`. */
export function parseSerfAddress(text: string): SerfAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? usualPort : Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new UserError('bad-command', `--serf ${text} is no address: write HOST:PORT, such as 127.0.0.1:${usualPort}`);
}

const mostBytes = 1024;
const othersMay = 0o007;

/** Reads the key. Throws a `UserError`, which does not show it. */
export function readSerfKey(file: string): string {
  try {
    if ((statSync(file).mode & othersMay) !== 0)
      throw new UserError('bad-config', `others may use the key of Serf in ${file}: chmod 600 ${file}`);
    const key = readBounded(file, mostBytes).toString('utf8').trim();
    if (key !== '' && !/\s/.test(key)) return key;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError('bad-config', `cannot read the key of Serf in ${file}: ${why}; correct --serf-auth`);
  }
  throw new UserError('bad-config', `${file} holds no key: write the value of Serf's rpc_auth into it, on one line`);
}
