// Reads HAProxy's statistics: from its stats socket (with "show info", which identifies its process), from its statistics page over HTTP,
// or from a file. Bounded in size and time: a process that is being replaced may be slow, or gone. See "stats socket", "stats uri" in its
// configuration manual.

import { existsSync, type Stats, statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { patiently } from '../../model/patience.js';
import { CollectError } from '../collect-error.js';
import { decodeOddBytes } from '../odd-bytes.js';
import { type HaproxyLimits, readFailed, tooMuch } from './failure.js';
import { readHaproxySocket } from './read-socket.js';
import { parseHaproxySource } from './source.js';

export { haproxySourceText } from './source.js';

/** A line has some 600 bytes: enough for a hundred thousand servers. */
const usualLimits: HaproxyLimits = { timeoutMs: 10_000, bytes: 64 * 2 ** 20 };

/** Options for a source that differ from the defaults. */
export interface HaproxyAccess extends Partial<HaproxyLimits> {
  /** A file of certificates in PEM form, the only ones trusted with `https://`; null for those that Node.js trusts. */
  readonly caFile?: string | null;
}

/** Reads the text of the statistics from a socket, a URL or a file (haproxy/source.ts). Throws a `CollectError`. */
export async function readHaproxy(source: string, how: HaproxyAccess = {}): Promise<string> {
  const { caFile = null, ...said } = how;
  const limits = { ...usualLimits, timeoutMs: patiently(usualLimits.timeoutMs), ...said };
  const parsed = parseHaproxySource(source);
  if (parsed.kind === 'page') {
    const { readHaproxyPage } = await import('./read-page.js');
    return decodeOddBytes(await readHaproxyPage(parsed, { ...limits, caFile }));
  }
  if (parsed.kind === 'tcp') {
    const { host, port, family, text } = parsed;
    return decodeOddBytes(await readHaproxySocket({ to: { host, port, family }, name: text, limits }));
  }
  const { path, text: name } = parsed;
  const stats = sourceStats(path, name);
  if (stats === undefined) throw notThere(name);
  if (stats.isSocket()) return decodeOddBytes(await readHaproxySocket({ to: { path }, name, limits }));
  if (!stats.isFile()) {
    const found = stats.isDirectory() ? 'a folder' : 'neither a socket nor a file';
    throw new CollectError(
      'failed',
      `${name} is ${found}: name the "stats socket" itself, or a file of the statistics`,
    );
  }
  if (stats.size > limits.bytes) throw tooMuch(name, limits);
  try {
    return decodeOddBytes(readBounded(path, limits.bytes));
  } catch (error) {
    throw readFailed(name, error);
  }
}

function sourceStats(path: string, name: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw readFailed(name, error);
  }
}

/** The paths in distributions: Debian's, Red Hat's, and the one in HAProxy's documentation. */
const usualPlaces = ['/run/haproxy/admin.sock', '/var/lib/haproxy/stats', '/run/haproxy.sock', '/var/run/haproxy.sock'];

function notThere(name: string): CollectError {
  const found = usualPlaces.filter((place) => existsSync(place));
  const hint =
    found.length > 0 ? `there is ${found.join(', ')}` : `usual places are ${usualPlaces.slice(0, 2).join(' and ')}`;
  return new CollectError(
    'no-haproxy',
    `there is no ${name}: is HAProxy running, and is that its "stats socket" (${hint}), a URL (http://…) or a file of its statistics?`,
  );
}
