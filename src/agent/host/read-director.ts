// The hosts of this machine's own real servers, where it is a director: /proc/net/ip_vs, which anybody may read.

import { join } from 'node:path';
import { parseIpVs } from '../../collect/ipvs/proc/parse-ip-vs.js';
import { readBounded } from '../../files/read-file.js';
import { canonicalAddress, type LinkTarget } from '../../model/links/target.js';

/** A real server has a line of some 80 bytes. */
const mostBytes = 2 ** 24;

/** The hosts, each once; null where there is no table. Throws what Node throws. */
export function readDirectorTargets(procRoot: string): readonly LinkTarget[] | null {
  const services = parseIpVs(textOf(join(procRoot, 'net/ip_vs')) ?? '');
  if (services === null) return null;
  const addresses = services.flatMap(({ realServers }) =>
    realServers.filter(({ forwarding }) => forwarding !== 'Local').map(({ id }) => canonicalAddress(id.address)),
  );
  return [...new Set(addresses)].filter((one) => one !== null).map((address) => ({ address, port: null }));
}

function textOf(path: string): string | null {
  try {
    return readBounded(path, mostBytes).toString('latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
