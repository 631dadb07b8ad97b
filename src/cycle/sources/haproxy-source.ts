// The source of HAProxy's statistics.

import { parseShowStat } from '../../collect/haproxy/parse-show-stat.js';
import { haproxySourceText, readHaproxy } from '../../collect/haproxy/read-haproxy.js';
import { writeHaproxyRecording } from '../../collect/recording.js';
import { nothingReported } from '../../interpret/haproxy/haproxy-unread.js';
import { haproxyJudge } from '../../interpret/haproxy/judge-haproxy.js';
import type { KnownHaproxy } from '../../model/cycle.js';
import type { HaproxyReading } from '../../model/snapshot.js';
import { UserError } from '../../model/user-error.js';
import { NoProxyError, orError, type SourceResult, sourceOf } from './source.js';

/** The location of HAProxy's statistics. */
export interface HaproxyOptions {
  /** Socket, URL or file of the statistics (collect/haproxy/source.ts); null when they are not requested. */
  readonly haproxy: string | null;
  /** The certificates to trust for its `https://`; null or omitted for those that Node.js trusts. */
  readonly haproxyCa?: string | null;
}

/** The source. */
export const haproxySource = sourceOf(
  { name: 'haproxy', judge: haproxyJudge },
  ({ haproxy, haproxyCa = null }: HaproxyOptions) =>
    haproxy === null ? null : ({ previous }) => readStatistics(haproxy, { caFile: haproxyCa, known: previous.haproxy }),
);

async function readStatistics(
  haproxy: string,
  { caFile, known }: { readonly caFile: string | null; readonly known: KnownHaproxy },
): Promise<SourceResult<HaproxyReading>> {
  const nothing = { notes: [], moment: null, record: null };
  const text = await orError(() => readHaproxy(haproxy, { caFile }));
  if (text instanceof UserError) return { ...nothing, read: text };
  const record = (dir: string, timeS: number): Promise<void> => writeHaproxyRecording(dir, timeS, text);
  const name = haproxySourceText(haproxy);
  const parsed = await orError(() => parseShowStat(text, name));
  if (parsed instanceof UserError) return { ...nothing, read: parsed, record };
  return { read: believedOf(parsed.reading, known, name), notes: parsed.notes, moment: null, record };
}

/** A reading of HAProxy as judged (haproxy-unread.ts): an error when it reports no proxy although it had some. */
export function believedOf(read: HaproxyReading, known: KnownHaproxy, source: string): HaproxyReading | UserError {
  const fault = nothingReported(known, read);
  return fault === null ? read : new NoProxyError(fault.code, `${source}: ${fault.message}`);
}
