// Addresses of the command line: where Serf's RPC is (`--serf HOST:PORT`), and where to listen (`--peer-metrics HOST:PORT`).

import { UserError } from '../../model/user-error.js';
import type { SerfAddress } from './connection.js';

/** Serf's own port for its RPC. */
const usualPort = 7373;

/** Parses `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`. Throws a `UserError`. */
export function parseSerfAddress(text: string): SerfAddress {
  return parseAddress(text, { option: '--serf', usualPort, example: `127.0.0.1:${usualPort}` });
}

/** Parses `HOST:PORT` or `[ADDRESS]:PORT` of the agent's own metrics: no port is usual. Throws a `UserError`. */
export function parseMetricsAddress(text: string): SerfAddress {
  return parseAddress(text, { option: '--peer-metrics', usualPort: null, example: '127.0.0.1:9747' });
}

function parseAddress(
  text: string,
  { option, usualPort: usual, example }: { option: string; usualPort: number | null; example: string },
): SerfAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? usual : Number(digits);
  if (host !== undefined && port !== null && port >= 1 && port <= 65_535) return { host, port };
  throw new UserError('bad-command', `${option} ${text} is no address: write HOST:PORT, such as ${example}`);
}
