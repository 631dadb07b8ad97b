// The source of HAProxy's statistics.

import { parseShowStat } from '../collect/haproxy/parse-show-stat.js';
import { haproxySourceText, readHaproxy } from '../collect/haproxy/read-haproxy.js';
import { writeHaproxyRecording } from '../collect/recording.js';
import { nothingReported } from '../interpret/haproxy/haproxy-unread.js';
import type { KnownHaproxy } from '../model/cycle.js';
import type { HaproxyReading } from '../model/snapshot.js';
import { UserError } from '../model/user-error.js';
import { NoProxyError, orError, type Source } from './source.js';

/** Where HAProxy is read. */
export interface HaproxyOptions {
  /** Socket, URL or file of its statistics (collect/haproxy/source.ts). */
  readonly haproxy: string;
  /** The certificates that are trusted with its `https://`; null, or missing, for those that Node.js trusts. */
  readonly haproxyCa?: string | null;
}

/** The source. */
export function haproxySource({ haproxy, haproxyCa }: HaproxyOptions): Source<'haproxy'> {
  return {
    name: 'haproxy',
    read: async (previous) => {
      const nothing = { notes: [], moment: null, record: null };
      const text = await orError(() => readHaproxy(haproxy, { caFile: haproxyCa ?? null }));
      if (text instanceof UserError) return { ...nothing, read: text };
      const record = (dir: string, timeS: number): Promise<void> => writeHaproxyRecording(dir, timeS, text);
      const name = haproxySourceText(haproxy);
      const parsed = await orError(() => parseShowStat(text, name));
      if (parsed instanceof UserError) return { ...nothing, read: parsed, record };
      const { reading, notes } = parsed;
      return { read: believedOf(reading, previous.haproxy, name), notes, moment: null, record };
    },
  };
}

/** A reading of HAProxy as it is judged (haproxy-unread.ts): an error where it reports no proxy, though it had some. */
export function believedOf(read: HaproxyReading, known: KnownHaproxy, source: string): HaproxyReading | UserError {
  const fault = nothingReported(known, read);
  return fault === null ? read : new NoProxyError(fault.code, `${source}: ${fault.message}`);
}
