// The table before and the table now, turned into what one cycle writes: readings, events, and what is known after it.
// Pure: resets, wraps, torn listings, what appeared and what is gone are decided here, and nowhere else.

import { isJump } from './admit.js';
import { type About, ipvsDataSources } from './archive.js';
import type { ArchiveChange, Cycle, Failure, KnownService, Reading, Table } from './cycle.js';
import { clockStepS } from './interpret-clock.js';
import { interpretService, type ServiceOutcome } from './interpret-service.js';
import type { LedgerEvent, ResetCause } from './ledger-event.js';
import { directorName, serviceName } from './name.js';
import type { Snapshot } from './snapshot.js';

/** How long a name that is gone is remembered: longer than its archive is kept, which is looked at once a day. */
const rememberedS = { service: 799 * 86400, realServer: 102 * 86400 } as const;

/** How many of the data sources, the first ones, are gauges. */
const gauges = ipvsDataSources.filter(({ kind }) => kind === 'GAUGE').length;

/** The director's own archive, which is always there. */
const director: ArchiveChange = { name: directorName, about: { kind: 'director' }, lastS: null, goneS: null };

/** What a cycle collects while it goes through the table. */
interface Draft {
  readonly readings: Reading[];
  readonly archives: ArchiveChange[];
  readonly events: LedgerEvent[];
  readonly services: Map<string, KnownService>;
  readonly gone: Map<string, number>;
}

/** Interprets a snapshot that is newer than the table before it; `admit` has said so. */
export function interpret(previous: Table, snapshot: Snapshot): Cycle {
  const { timeS } = snapshot;
  const draft: Draft = {
    readings: [],
    archives: [],
    events: [],
    services: new Map(),
    gone: remembered(previous.gone, timeS),
  };
  const sum = directorSum(previous, timeS);
  const restarted = isRestarted(previous, snapshot);
  const resets: ResetCause[] = [];
  let countedOn = 0;
  for (const now of snapshot.services) {
    const name = serviceName(now.id);
    const before = previous.services.get(name);
    const outcome = interpretService({ name, timeS, now, before, restarted, lastS: previous.gone });
    if (outcome.reset !== null) resets.push(outcome.reset);
    else if (before?.counters.some((value) => value > 0n)) countedOn += 1;
    addService(draft, { name, before, outcome, timeS });
    addToDirector(sum, outcome, membershipOf(previous, name));
  }
  for (const [name, before] of previous.services) {
    if (draft.services.has(name)) continue;
    if (before.absentS === null) sum.values.fill(Number.NaN);
    addAbsent(draft, { name, before, timeS });
  }
  if (previous.timeS === null) {
    draft.archives.push(director);
  }
  const readings: readonly Reading[] = [{ archive: directorName, ...sum, timeS }, ...draft.readings];
  const steppedS = clockStepS(previous, snapshot);
  if (steppedS !== 0) {
    for (const { values } of readings) values.fill(Number.NaN, gauges);
    draft.events.unshift(clockSet(steppedS, timeS));
  }
  const cause = countedOn === 0 ? commonCause(resets) : null;
  if (cause !== null) draft.events.unshift({ timeS, archive: directorName, kind: 'counters-reset', cause });
  if (previous.failure !== null) draft.events.unshift(resumed(previous.failure, timeS));
  return {
    timeS,
    previousS: previous.timeS,
    hasJumped: isJump(previous, snapshot),
    readings,
    archives: draft.archives,
    events: draft.events,
    table: { timeS, host: snapshot.host, services: draft.services, gone: draft.gone, failure: null },
  };
}

/** Why all services restarted at once; null where that was one at the most, and so its own affair. */
export function commonCause(resets: readonly ResetCause[]): ResetCause | null {
  if (resets.includes('machine-restarted')) return 'machine-restarted';
  if (resets.length < 2) return null;
  return resets.includes('zeroed') ? 'zeroed' : 'table-cleared';
}

/** What went wrong with a cycle that has no snapshot. */
export interface CycleFault {
  readonly timeS: number;
  readonly code: string;
  readonly message: string;
}

/** A cycle without a reading: an event when failing begins or its kind changes, a count while it goes on. */
export function interpretFailure(previous: Table, fault: CycleFault): Cycle {
  const { failure } = previous;
  const continues = failure !== null && failure.code === fault.code;
  const events: LedgerEvent[] = continues
    ? []
    : [{ timeS: fault.timeS, archive: directorName, kind: 'cycle-failed', to: fault.code, detail: fault.message }];
  const counted: Failure = {
    code: fault.code,
    sinceS: failure?.sinceS ?? fault.timeS,
    lastS: fault.timeS,
    cycles: (failure?.cycles ?? 0) + 1,
  };
  const table: Table = { ...previous, failure: counted };
  const archives: ArchiveChange[] = previous.timeS === null ? [director] : [];
  const { timeS } = fault;
  return { timeS, previousS: previous.timeS, hasJumped: false, readings: [], archives, events, table };
}

function resumed(failure: Failure, timeS: number): LedgerEvent {
  const cycles = failure.cycles === 1 ? '1 cycle' : `${failure.cycles} cycles`;
  const detail = `${cycles} failed, the last with "${failure.code}"`;
  return { timeS, archive: directorName, kind: 'cycle-resumed', from: failure.code, detail };
}

function clockSet(steppedS: number, timeS: number): LedgerEvent {
  const to = `${steppedS > 0 ? '+' : ''}${steppedS} s`;
  const detail = 'since the last reading, as the uptime tells: the growth of that time has no known rate';
  return { timeS, archive: directorName, kind: 'clock-set', to, detail };
}

function isRestarted(previous: Table, snapshot: Snapshot): boolean {
  const before = previous.host?.bootId ?? null;
  const now = snapshot.host?.bootId ?? null;
  return before !== null && now !== null && before !== now;
}

function remembered(gone: ReadonlyMap<string, number>, timeS: number): Map<string, number> {
  const keptS = (name: string): number => (name.includes('/') ? rememberedS.realServer : rememberedS.service);
  return new Map([...gone].filter(([name, lastS]) => timeS - lastS <= keptS(name)));
}

interface Judged {
  readonly name: string;
  readonly before: KnownService | undefined;
  readonly outcome: ServiceOutcome;
  readonly timeS: number;
}

function addService(draft: Draft, { name, before, outcome, timeS }: Judged): void {
  const { known } = outcome;
  draft.services.set(name, known);
  draft.readings.push(...outcome.readings);
  if (before === undefined) {
    const wasGone = draft.gone.delete(name);
    draft.events.push({ timeS, archive: name, kind: wasGone ? 'back' : 'appeared' });
  }
  draft.events.push(...outcome.events);
  const { scheduler, flags } = known;
  if (before?.scheduler !== scheduler || before.flags !== flags || before.absentS !== null) {
    draft.archives.push({ name, about: { kind: 'service', scheduler, flags }, lastS: null, goneS: null });
  }
  for (const [server, now] of known.realServers) {
    const archive = `${name}/${server}`;
    const old = before?.realServers.get(server);
    const about: About = { kind: 'real-server', forwarding: now.forwarding, weight: now.weight };
    const isSame = old !== undefined && old.weight === now.weight && old.forwarding === now.forwarding;
    if (!isSame || old.absentS !== now.absentS || before?.absentS !== null) {
      const lastS = now.absentS === null ? null : now.lastS;
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

interface Absent {
  readonly name: string;
  readonly before: KnownService;
  readonly timeS: number;
}

/** Missing once is not believed; missing twice in a row is gone, since the first time. */
function addAbsent(draft: Draft, { name, before, timeS }: Absent): void {
  const { scheduler, flags, lastS, absentS } = before;
  const about: About = { kind: 'service', scheduler, flags };
  if (absentS === null) {
    draft.services.set(name, { ...before, absentS: timeS });
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

/** The director's reading while it is summed up. */
interface DirectorSum {
  readonly values: Float64Array;
  readonly sinceS: number;
}

function directorSum(previous: Table, timeS: number): DirectorSum {
  const values = new Float64Array(ipvsDataSources.length);
  if (previous.timeS === null) values.fill(Number.NaN, gauges);
  return { values, sinceS: previous.timeS ?? timeS - 1 };
}

/** What a service was in the table before: there, gone from it, or never seen. */
type Membership = 'known' | 'gone' | 'new';

function membershipOf(previous: Table, name: string): Membership {
  if (previous.services.has(name)) return 'known';
  return previous.gone.has(name) ? 'gone' : 'new';
}

/**
 * Adds a service to the director's sum. One that was never seen before was added since the last reading, so what it has
 * counted is its growth. One whose growth is unknown makes that of the director unknown: a sum of a part would be drawn as
 * a fall.
 */
function addToDirector({ values, sinceS }: DirectorSum, outcome: ServiceOutcome, membership: Membership): void {
  const { open, known, readings } = outcome;
  values[0] = at(values, 0) + open.active;
  values[1] = at(values, 1) + open.inactive;
  const growth = readings[0]?.values ?? values;
  const isWhole = membership === 'known' && readings[0]?.sinceS === sinceS;
  for (let i = gauges; i < values.length; i += 1) {
    const added = membership === 'new' ? Number(known.counters[i - gauges]) : isWhole ? at(growth, i) : Number.NaN;
    values[i] = at(values, i) + added;
  }
}

function at(values: Float64Array, i: number): number {
  return values[i] ?? Number.NaN;
}
