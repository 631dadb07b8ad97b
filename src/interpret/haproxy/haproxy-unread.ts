// Gaps in a reading of HAProxy: rows whose values could not be read, rows that name no entry, answers without a proxy. None of
// them makes an entry absent or gone, or restarts a counter.

import type { KnownHaproxy } from '../../model/cycle.js';
import { haproxyColumns } from '../../model/haproxy.js';
import { haproxyName, parseHaproxyName } from '../../model/names/haproxy-name.js';
import type { HaproxyEntry, HaproxyReading } from '../../model/snapshot.js';
import type { SourceFault } from '../judge.js';

/**
 * HAProxy as known after an answer without a proxy: counters of proxies that were away may have restarted, and climbed past
 * their old values.
 */
export function withoutCounters(known: KnownHaproxy): KnownHaproxy {
  return { ...known, entries: new Map([...known.entries].map(([name, own]) => [name, { ...own, counters: [] }])) };
}

/**
 * The fault of a reading without a proxy if there were some before: HAProxy always has at least one, so they cannot all be
 * gone. Null if nothing is wrong, or if none was ever seen.
 */
export function nothingReported({ entries: known }: KnownHaproxy, read: HaproxyReading): SourceFault | null {
  const { entries, unread, isAbsenceSure } = read;
  if (known.size === 0 || entries.length > 0 || unread !== undefined || isAbsenceSure === false) return null;
  return {
    code: 'reported-nothing',
    hasNoProxy: true,
    message: `HAProxy reported nothing: its statistics have a header, but none of the ${known.size} proxies and servers it had; is it being reloaded?`,
  };
}

/** The reading, completed with entries that are there, or may be, but could not be read: all of their values are unknown. */
export function withUnread(read: HaproxyReading, known: KnownHaproxy): HaproxyReading {
  const unread = read.unread ?? new Set();
  // An unread row with a name never seen before may belong to another entry: its name may be the damaged part.
  const isAbsenceSure = read.isAbsenceSure !== false && [...unread].every((name) => known.entries.has(name));
  if (unread.size === 0 && isAbsenceSure) return read;
  const names = new Set(read.entries.map(({ id }) => haproxyName(id)));
  const others = [...known.entries].flatMap(([name, { mode, status, weight, absentS }]): HaproxyEntry[] => {
    const isThere = unread.has(name) || (!isAbsenceSure && absentS === null);
    const id = isThere && !names.has(name) ? parseHaproxyName(name) : null;
    if (id === null) return [];
    return [{ id, values: haproxyColumns[id.kind].map(() => null), mode, status, weight, check: '' }];
  });
  return { ...read, entries: [...read.entries, ...others], isAbsenceSure };
}
