// Host names of addresses, for the headings of pictures: the hosts(5) file, read again when it changes.
//
//   192.0.2.1   www.example.com www   # comment
//   2001:db8::1 www6.example.com
//
// An address may be on several lines and have any number of names; malformed lines are skipped, since a picture without a host
// name is better than none.

import { statSync } from 'node:fs';
import { readBounded } from '../../files/read-file.js';
import { canonicalAddress } from '../../model/names/name.js';
import { identify } from '../../model/names/parse-name.js';

/** Names by canonical address, in the order of the file, each once. */
export type HostNames = ReadonlyMap<string, readonly string[]>;

/** Some hundred thousand lines. */
const maxBytes = 2 ** 24;

const none: HostNames = new Map();
const cache = new Map<string, { readonly stamp: string; readonly hosts: HostNames }>();

/** The names in the text of a hosts file. */
export function parseHosts(text: string): HostNames {
  const hosts = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [addressText = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const address = canonicalAddress(addressText);
    if (address === null || names.length === 0) continue;
    hosts.set(address, [...new Set([...(hosts.get(address) ?? []), ...names])]);
  }
  return hosts;
}

/** The host names of an archive's address; for a real server, its own address. */
export function hostsOf(name: string, hosts: HostNames): readonly string[] {
  const own = identify(name);
  const address = own?.kind.addressOf?.(own.parts) ?? null;
  return (address === null ? undefined : hosts.get(address)) ?? [];
}

/** The names in a hosts file, empty if it cannot be read; parsed again when its time or size changes. */
export function readHosts(path: string): HostNames {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    const kept = cache.get(path);
    if (kept?.stamp === stamp) return kept.hosts;
    const hosts = parseHosts(readBounded(path, maxBytes).toString());
    cache.set(path, { stamp, hosts });
    return hosts;
  } catch {
    cache.delete(path);
    return none;
  }
}
