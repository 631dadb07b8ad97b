// The judge of HAProxy: readings of its proxies and servers, their known state, their events. All its counters restart with its
// process, at every reload: any evidence of that makes the growth of all of them unknown in that interval.

import type { ArchiveChange, KnownEntry, KnownHaproxy, Reading } from '../../model/cycle.js';
import { haproxyColumns } from '../../model/haproxy.js';
import { haproxyAbout } from '../../model/kinds/haproxy.js';
import type { LedgerEvent, ResetCause } from '../../model/ledger-event.js';
import { haproxyName } from '../../model/names/haproxy-name.js';
import { directorName, serviceOf } from '../../model/names/name.js';
import type { HaproxyEntry, HaproxyReading } from '../../model/snapshot.js';
import { isFault, type Judge, type JudgeInput, type Judgement, type SourceFault, withFailure } from '../judge.js';
import { type EntryComparison, entryEvents, goneEvent, haproxyResumed } from './haproxy-events.js';
import { nothingReported, withoutCounters, withUnread } from './haproxy-unread.js';

type HaproxyInput = JudgeInput<HaproxyReading, KnownHaproxy>;
type HaproxyOutcome = Judgement<KnownHaproxy>;

/** The judge of HAProxy. */
export const haproxyJudge: Judge<HaproxyReading, KnownHaproxy> = {
  place: { in: ({ haproxy }) => haproxy, put: (table, haproxy) => ({ ...table, haproxy }) },
  judge: (input) => {
    const { previous, read } = input;
    if (read === null) return unasked(input);
    if (isFault(read)) return judgeFault(input, read);
    const fault = nothingReported(previous, read);
    return fault === null ? judge(input, withUnread(read, previous)) : judgeFault(input, fault);
  },
  present: ({ entries }) =>
    [...entries].flatMap(([name, own]) =>
      own.absentS === null ? [changeOf(name, own, { lastS: own.lastS, goneS: null })] : [],
    ),
};

/** HAProxy's archives are gone if nobody asked for it for this many seconds. */
const forgottenS = 86_400;

function judgeFault({ known, previous, timeS }: HaproxyInput, fault: SourceFault): HaproxyOutcome {
  const { code: to, message: detail } = fault;
  const { failure, isNews } = withFailure(known.failure, { code: to, timeS });
  const event: LedgerEvent = { timeS, archive: directorName, kind: 'haproxy-failed', to, detail };
  return {
    known: { ...(fault.hasNoProxy === true ? withoutCounters(known) : known), failure },
    readings: [],
    archives: [],
    events: isNews ? [event] : [],
    gone: previous.gone,
  };
}

/** A single cycle run by hand without HAProxy does not mean that it was given up. */
function unasked({ known, previous, timeS }: HaproxyInput): HaproxyOutcome {
  const { timeS: lastS, entries, gone } = previous;
  if (lastS === null || entries.size === 0 || timeS - lastS <= forgottenS) {
    return { known, readings: [], archives: [], events: [], gone };
  }
  const detail = 'HAProxy is no longer collected';
  const names = [...entries].map(([name, own]) => [name, own.lastS] as const);
  const proxies = names.filter(([name]) => name === serviceOf(name));
  return {
    known: { ...known, entries: new Map(), process: null, failure: null },
    readings: [],
    archives: [...entries].map(([name, own]) => changeOf(name, own, { lastS: own.lastS, goneS: lastS })),
    events: proxies.map(([archive]) => ({ timeS, archive, kind: 'gone', detail })),
    gone: new Map([...gone, ...names]),
  };
}

interface EntryJudgement extends EntryComparison {
  readonly counters: readonly (bigint | null)[];
}

function judge(input: HaproxyInput, read: HaproxyReading): HaproxyOutcome {
  const { previous: known, timeS } = input;
  const judged = read.entries.map((now) => judgedOf(now, known));
  const cause = restartOf(input, read, judged);
  const gone = new Map(known.gone);
  const events: LedgerEvent[] = known.failure === null ? [] : [haproxyResumed(known.failure, timeS)];
  const archives: ArchiveChange[] = [];
  const entries = new Map<string, KnownEntry>();
  for (const one of judged) {
    const own = entryOf(one, timeS);
    entries.set(one.name, own);
    const hadProxy = known.entries.get(serviceOf(one.name))?.absentS === null;
    events.push(...entryEvents(one, { timeS, hasBeen: known.gone.has(one.name), cause, hadProxy }));
    const wasAway = one.before === undefined || one.before.absentS !== null;
    if (wasAway || !isSameAbout(one.before, own)) archives.push(changeOf(one.name, own, { lastS: null, goneS: null }));
    gone.delete(one.name);
  }
  const readings = judged.map((one) => readingOf(one, input, cause !== null));
  for (const [name, own] of known.entries) {
    if (entries.has(name)) continue;
    // An entry that HAProxy does not list no longer exists: if it returns, its counters began anew.
    if (own.absentS === null) entries.set(name, { ...own, counters: [], absentS: timeS });
    else if (read.isAbsenceSure === false) entries.set(name, own);
    else {
      gone.set(name, own.lastS);
      events.push(...goneEvent(name, { timeS, entries, known }));
    }
    archives.push(changeOf(name, own, { lastS: own.lastS, goneS: own.absentS }));
  }
  return { known: { entries, timeS, process: read.process, failure: null }, readings, archives, events, gone };
}

function judgedOf(now: HaproxyEntry, known: KnownHaproxy): EntryJudgement {
  const name = haproxyName(now.id);
  const before = known.entries.get(name);
  const columns = haproxyColumns[now.id.kind];
  const counters = now.values.filter((_, i) => columns[i]?.measure.type === 'DERIVE');
  return { name, now, before, counters, growth: entryGrowth(before?.counters ?? [], counters) };
}

function entryGrowth(
  before: readonly (bigint | null)[],
  now: readonly (bigint | null)[],
): readonly (bigint | null)[] | null {
  if (before.length === 0) return null;
  const growth = now.map((value, i) => {
    const was = before[i] ?? null;
    return value === null || was === null ? null : value - was;
  });
  return growth.some((value) => value !== null && value < 0n) ? null : growth;
}

/** Seconds by which a process may seem younger than before: both times are whole seconds, read one after the other. */
const ageSlackS = 10;

/**
 * Why all counters restarted; null if they continued. The process decides. If it is unknown, any proxy that counts less than
 * before shows a restart, since none of them restarts alone; others may have climbed past their old values.
 */
function restartOf(
  { previous, timeS, isClockSet }: HaproxyInput,
  { process }: HaproxyReading,
  judged: readonly EntryJudgement[],
): ResetCause | null {
  const { process: before, timeS: lastS } = previous;
  const hasFallen = judged.some(({ now, growth, before: old }) => {
    return now.id.kind !== 'server' && growth === null && (old?.counters.length ?? 0) > 0;
  });
  if (process === null || before === null || lastS === null) return hasFallen ? 'haproxy-reloaded-or-cleared' : null;
  const agedS = process.uptimeS - before.uptimeS;
  const isYounger = agedS < 0 || (!isClockSet && agedS + ageSlackS < timeS - lastS);
  if (process.pid !== before.pid || isYounger) return 'haproxy-reloaded';
  return hasFallen ? 'haproxy-cleared' : null;
}

/** An archive begins a second before its first reading; after a return, the time away is unknown. */
function readingOf(
  { name, now, before, growth }: EntryJudgement,
  { previous, timeS, isClockSet }: HaproxyInput,
  isRestarted: boolean,
): Reading {
  const columns = haproxyColumns[now.id.kind];
  const values = new Float64Array(columns.length).fill(Number.NaN);
  const goneS = before === undefined ? previous.gone.get(name) : undefined;
  const sinceS = before?.lastS ?? goneS ?? timeS - 1;
  if (goneS !== undefined) return { archive: name, sinceS, timeS, values };
  const isKnown = growth !== null && !isRestarted && !isClockSet;
  let counter = 0;
  for (const [i, { measure }] of columns.entries()) {
    const isGauge = measure.type === 'GAUGE';
    const value = isGauge ? now.values[i] : isKnown ? growth[counter] : null;
    if (!isGauge) counter += 1;
    if (value !== null && value !== undefined) values[i] = Number(value);
  }
  return { archive: name, sinceS, timeS, values };
}

function entryOf({ now, before, counters }: EntryJudgement, lastS: number): KnownEntry {
  const { mode } = now;
  const status = now.status || (before?.status ?? '');
  return { counters, mode, status, weight: now.weight ?? before?.weight ?? null, lastS, absentS: null };
}

function isSameAbout(before: KnownEntry | undefined, { mode, status, weight }: KnownEntry): boolean {
  return before?.mode === mode && before.status === status && before.weight === weight;
}

function changeOf(name: string, own: KnownEntry, at: Pick<ArchiveChange, 'lastS' | 'goneS'>): ArchiveChange {
  return { name, about: haproxyAbout(name, own), ...at };
}
