// Judges all services of a table, before and now: each by itself, also if missing or unread, then the director's sum and what
// they have in common.

import type { About } from '../../model/archive.js';
import type { ArchiveChange, DirectorBefore, KnownService, Reading } from '../../model/cycle.js';
import { kindOfName } from '../../model/kinds/registry.js';
import type { LedgerEvent, ResetCause } from '../../model/ledger-event.js';
import { serviceName } from '../../model/names/name.js';
import { archiveKeptS, heartbeatOf } from '../../model/retention.js';
import type { Snapshot } from '../../model/snapshot.js';
import { type Comparison, serviceComparison } from './books.js';
import { addToDirector, type DirectorSum, directorSum, membershipOf } from './director-sum.js';
import { interpretService, type ServiceOutcome } from './interpret-service.js';
import type { Restart } from './restart.js';
import type { Suspects } from './suspects.js';

/** How much longer the name of a gone archive is remembered than the archive is kept; expiry runs once a day. */
const longerS = 2 * 86_400;

/** The judgement of all services. */
export interface ServicesOutcome {
  readonly readings: Reading[];
  readonly archives: ArchiveChange[];
  readonly events: LedgerEvent[];
  readonly services: Map<string, KnownService>;
  readonly gone: Map<string, number>;
  /** Why the counters of services restarted, and whether those of other services, which had counted, continued. */
  readonly resets: ResetCause[];
  readonly comparisons: (Comparison | null)[];
  hasCountedOn: boolean;
  readonly sum: DirectorSum;
  /** Services whose growth is missing from the sum. */
  readonly unknown: string[];
}

/** The input of the judgement. */
export interface ServicesInput {
  readonly previous: DirectorBefore;
  readonly snapshot: Snapshot;
  readonly restart: Restart;
  readonly suspects: Suspects;
}

const nothing: ReadonlySet<string> = new Set();

/** Judges each service. Pure. */
export function interpretServices({ previous, snapshot, restart, suspects }: ServicesInput): ServicesOutcome {
  const { timeS, unread = nothing } = snapshot;
  const heartbeatS = heartbeatOf(previous.retention);
  const draft: ServicesOutcome = {
    readings: [],
    archives: [],
    events: [],
    services: new Map(),
    gone: remembered(previous, timeS),
    resets: [],
    comparisons: [],
    hasCountedOn: false,
    sum: directorSum(previous, timeS),
    unknown: [],
  };
  const suspicion = suspects.isWholeTable ? 're-added-or-zeroed' : 'perhaps-restarted';
  for (const now of snapshot.services) {
    const name = serviceName(now.id);
    const before = previous.services.get(name);
    const own = restart ?? (suspects.names.has(name) ? suspicion : null);
    const lastS = previous.gone;
    const outcome = interpretService({ name, timeS, now, before, restart: own, unread, heartbeatS, lastS });
    if (outcome.reset !== null && !isDoubtful(outcome.reset)) draft.resets.push(outcome.reset);
    else draft.hasCountedOn ||= before?.counters.some((value) => value > 0n) ?? false;
    addService(draft, { name, before, outcome, timeS, previousS: previous.timeS });
    draft.comparisons.push(serviceComparison(before, outcome));
    if (!addToDirector(draft.sum, outcome, membershipOf(previous, name))) draft.unknown.push(name);
  }
  for (const [name, before] of previous.services) {
    if (draft.services.has(name)) continue;
    if (unread.has(name)) addUnread(draft, { name, before, previousS: previous.timeS });
    else addAbsent(draft, { name, before, timeS, isSure: isAbsenceSure(snapshot) });
  }
  return draft;
}

/** Causes that only say that a restart cannot be ruled out. */
function isDoubtful(cause: ResetCause): boolean {
  return cause === 'perhaps-restarted' || cause === 'missing-once';
}

/** If the reader does not say, a table without services does not count as torn. */
function isAbsenceSure({ services, unread = nothing, isAbsenceSure: isSure }: Snapshot): boolean {
  return isSure ?? (services.length === 0 && unread.size === 0);
}

function remembered({ gone, retention }: DirectorBefore, timeS: number): Map<string, number> {
  const [serviceS, serverS] = [archiveKeptS(retention, false) + longerS, archiveKeptS(retention, true) + longerS];
  return new Map(
    [...gone].filter(([name, lastS]) => timeS - lastS <= (kindOfName(name)?.level === 'member' ? serverS : serviceS)),
  );
}

interface ServiceJudgement {
  readonly name: string;
  readonly before: KnownService | undefined;
  readonly outcome: ServiceOutcome;
  readonly timeS: number;
  /** Time of the previous reading. */
  readonly previousS: number | null;
}

/** Was an existing entry left out of the previous reading, because its line could not be read? */
function wasUnread({ lastS, absentS }: Pick<KnownService, 'lastS' | 'absentS'>, previousS: number | null): boolean {
  return absentS === null && lastS !== previousS;
}

function addService(draft: ServicesOutcome, { name, before, outcome, timeS, previousS }: ServiceJudgement): void {
  const { known } = outcome;
  draft.services.set(name, known);
  draft.readings.push(...outcome.readings);
  if (before === undefined) {
    const wasGone = draft.gone.delete(name);
    draft.events.push({ timeS, archive: name, kind: wasGone ? 'back' : 'appeared' });
  }
  draft.events.push(...outcome.events);
  const { scheduler, flags } = known;
  const isSameSetup = before?.scheduler === scheduler && before.flags === flags;
  if (!isSameSetup || before.absentS !== null || wasUnread(before, previousS)) {
    draft.archives.push({ name, about: { kind: 'service', scheduler, flags }, lastS: null, goneS: null });
  }
  for (const [server, now] of known.realServers) {
    const archive = `${name}/${server}`;
    const old = before?.realServers.get(server);
    const about: About = { kind: 'real-server', forwarding: now.forwarding, weight: now.weight };
    const isSame = old !== undefined && old.weight === now.weight && old.forwarding === now.forwarding;
    const isUnread = wasUnread(now, timeS);
    if (!isSame || old.absentS !== now.absentS || before?.absentS !== null || isUnread !== wasUnread(old, previousS)) {
      const lastS = now.absentS === null && !isUnread ? null : now.lastS;
      draft.archives.push({ name: archive, about, lastS, goneS: now.absentS });
    }
    draft.gone.delete(archive);
  }
  for (const [server, old] of before?.realServers ?? []) {
    if (known.realServers.has(server)) continue;
    draft.gone.set(`${name}/${server}`, old.lastS);
    if (old.absentS === null) draft.archives.push(realServerAway(`${name}/${server}`, old, timeS));
  }
}

interface UnreadService {
  readonly name: string;
  readonly before: KnownService;
  readonly previousS: number | null;
}

/** Its counters are kept, so that the next reading covers the growth meanwhile; counters from before an absence are not. */
function addUnread(draft: ServicesOutcome, { name, before, previousS }: UnreadService): void {
  const { isAbsenceSure: _, ...there } = before;
  draft.services.set(name, before.absentS === null ? before : { ...there, absentS: null, counters: [] });
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
function addAbsent(draft: ServicesOutcome, { name, before, timeS, isSure }: AbsentService): void {
  const { scheduler, flags, lastS, absentS } = before;
  const about: About = { kind: 'service', scheduler, flags };
  if (absentS === null) {
    draft.sum.values.fill(Number.NaN);
    draft.unknown.push(name);
    draft.services.set(name, { ...before, absentS: timeS, ...(isSure ? { isAbsenceSure: true } : {}) });
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

function realServerAway(
  name: string,
  old: { forwarding: string; weight: number; lastS: number },
  goneS: number | null,
): ArchiveChange {
  const { forwarding, weight, lastS } = old;
  return { name, about: { kind: 'real-server', forwarding, weight }, lastS, goneS };
}
