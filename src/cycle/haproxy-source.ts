// The source of HAProxy's statistics.

import { parseShowStat } from '../collect/haproxy/parse-show-stat.js';
import { haproxySourceText, readHaproxy } from '../collect/haproxy/read-haproxy.js';
import { writeHaproxyRecording } from '../collect/recording.js';
import { nothingReported } from '../interpret/haproxy/haproxy-unread.js';
import type { KnownHaproxy } from '../model/cycle.js';
import type { HaproxyReading } from '../model/snapshot.js';
import { UserError } from '../model/user-error.js';
import { NoProxyError, orError, type Source } from './source.js';

/** The location of HAProxy's statistics. */
export interface HaproxyOptions {
  /** Socket, URL or file of the statistics (collect/haproxy/source.ts). */
  readonly haproxy: string;
  /** The certificates to trust for its `https://`; null or omitted for those that Node.js trusts. */
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

/** A reading of HAProxy as judged (haproxy-unread.ts): an error when it reports no proxy although it had some. */
export function believedOf(read: HaproxyReading, known: KnownHaproxy, source: string): HaproxyReading | UserError {
  const fault = nothingReported(known, read);
  return fault === null ? read : new NoProxyError(fault.code, `${source}: ${fault.message}`);
}
