// Where Serf's RPC is (`--serf HOST:PORT`).

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
