// Services of the older table that the newer one lacks: unread, missing for the first time, or gone.

import type { About } from '../../model/archive.js';
import type { ArchiveChange, KnownService } from '../../model/cycle.js';
import type { Draft } from './services-draft.js';

/** Was an existing entry left out of the previous reading, because its line could not be read? */
export function wasUnread(
  { lastS, absentS }: Pick<KnownService, 'lastS' | 'absentS'>,
  previousS: number | null,
): boolean {
  return absentS === null && lastS !== previousS;
}

interface UnreadService {
  readonly name: string;
  readonly before: KnownService;
  readonly previousS: number | null;
}

/** Its counters are kept, so that the next reading covers the growth meanwhile; counters from before an absence are not. */
export function addUnread(draft: Draft, { name, before, previousS }: UnreadService): void {
  const { isAbsenceSure: _, ...there } = before;
  draft.known.missing.set(name, before.absentS === null ? before : { ...there, absentS: null, counters: [] });
  draft.sum.values.fill(Number.NaN);
  draft.unknown.push(name);
  if (before.absentS !== null || wasUnread(before, previousS)) return;
  const { scheduler, flags, lastS } = before;
  draft.archives.push({ name, about: { kind: 'service', scheduler, flags }, lastS, goneS: null });
  for (const [server, old] of before.realServers) {
    if (old.absentS === null) draft.archives.push(realServerAway(`${name}/${server}`, old, null));
  }
}

interface AbsentService {
  readonly name: string;
  readonly before: KnownService;
  readonly timeS: number;
  readonly isSure: boolean;
}

/** A service missing once is not believed gone; missing twice in a row, it is gone since the first time. */
export function addAbsent(draft: Draft, { name, before, timeS, isSure }: AbsentService): void {
  const { scheduler, flags, lastS, absentS } = before;
  const about: About = { kind: 'service', scheduler, flags };
  if (absentS === null) {
    draft.sum.values.fill(Number.NaN);
    draft.unknown.push(name);
    draft.known.missing.set(name, { ...before, absentS: timeS, ...(isSure ? { isAbsenceSure: true } : {}) });
    draft.archives.push({ name, about, lastS, goneS: null });
    for (const [server, old] of before.realServers) {
      if (old.absentS === null) draft.archives.push(realServerAway(`${name}/${server}`, old, null));
    }
    return;
  }
  draft.events.push({ timeS, archive: name, kind: 'gone' });
  draft.archives.push({ name, about, lastS, goneS: absentS });
  draft.gone.set(name, lastS);
  for (const [server, old] of before.realServers) {
    draft.gone.set(`${name}/${server}`, old.lastS);
    if (old.absentS === null) draft.archives.push(realServerAway(`${name}/${server}`, old, absentS));
  }
}

/** The change of a real server's archive that is no longer read. */
export function realServerAway(
  name: string,
  old: { forwarding: string; weight: number; lastS: number },
  goneS: number | null,
): ArchiveChange {
  const { forwarding, weight, lastS } = old;
  return { name, about: { kind: 'real-server', forwarding, weight }, lastS, goneS };
}
