// The table before and the table now, turned into what one cycle writes: readings, events, and what is known after it.
// Pure: resets, wraps, torn listings, what appeared and what is gone are decided here, and nowhere else.

import { isJump } from './admit.js';
import type { About } from './archive.js';
import { type Books, type Comparison, keepBooks, serviceComparison, totalsComparison } from './books.js';
import type { ArchiveChange, Cycle, KnownService, Reading, Table } from './cycle.js';
import { addToDirector, type DirectorSum, directorSum, gauges, membershipOf } from './director-sum.js';
import { clockStepS } from './interpret-clock.js';
import {
  clockSet,
  commonCause,
  directorChange,
  missed,
  type Restart,
  restartOf,
  resumed,
  totalsOf,
  withCommonCause,
} from './interpret-director.js';
import { interpretKernel, type KernelOutcome } from './interpret-kernel.js';
import { interpretService, type ServiceOutcome } from './interpret-service.js';
import type { LedgerEvent, ResetCause } from './ledger-event.js';
import { directorName, partName, serviceName } from './name.js';
import { archiveKeptS, heartbeatOf } from './retention.js';
import type { Snapshot } from './snapshot.js';

/** How much longer a name that is gone is remembered than its archive is kept, which is looked at once a day. */
const longerS = 2 * 86_400;

/** What a cycle collects while it goes through the table. */
interface Draft {
  readonly readings: Reading[];
  readonly archives: ArchiveChange[];
  readonly events: LedgerEvent[];
  readonly services: Map<string, KnownService>;
  readonly gone: Map<string, number>;
  /** Why the counters of services restarted; and whether those of others, which had counted, went on. */
  readonly resets: ResetCause[];
  readonly comparisons: (Comparison | null)[];
  hasCountedOn: boolean;
}

/** Interprets a snapshot that is newer than the table before it; `admit` has said so. */
export function interpret(previous: Table, snapshot: Snapshot): Cycle {
  const { timeS, host } = snapshot;
  const restart = restartOf(previous, snapshot);
  const draft: Draft = {
    readings: [],
    archives: [],
    events: [],
    services: new Map(),
    gone: remembered(previous, timeS),
    resets: [],
    comparisons: [],
    hasCountedOn: false,
  };
  const sum = judgeServices(draft, { previous, snapshot, restart });
  if (previous.timeS === null) draft.archives.push(directorChange);
  const readings: readonly Reading[] = [{ archive: directorName, ...sum, timeS }, ...draft.readings];
  const common = draft.hasCountedOn ? null : commonCause(draft.resets, totalsOf(previous, snapshot));
  const cause = restart ?? common;
  const kernel = interpretKernel({ previous, snapshot, isRestarted: restart !== null, isZeroed: cause === 'zeroed' });
  const books = booksOf(draft, { previous, timeS, sum, kernel });
  const steppedS = clockStepS(previous, snapshot);
  if (steppedS !== 0 || kernel.isFrozen) for (const { values } of readings) values.fill(Number.NaN, gauges);
  if (steppedS !== 0) forgetGrowth(kernel.readings);
  const ofDirector: readonly (LedgerEvent | null)[] = [
    previous.failure === null ? null : resumed(previous.failure, timeS),
    missed(previous, { timeS, host, steppedS }),
    cause === null ? null : { timeS, archive: directorName, kind: 'counters-reset', cause },
    steppedS === 0 ? null : clockSet(steppedS, timeS),
    ...kernel.events,
  ];
  const events = draft.events.map((event) => withCommonCause(event, cause));
  const { services, gone } = draft;
  return {
    timeS,
    previousS: previous.timeS,
    hasJumped: isJump(previous, snapshot),
    readings: [...readings, ...kernel.readings],
    archives: [...draft.archives, ...kernel.archives],
    events: [...ofDirector.filter((event) => event !== null), ...events, ...books.events],
    table: {
      retention: previous.retention,
      timeS,
      host,
      services,
      gone,
      kernel: kernel.known,
      books: books.accounts,
      failure: null,
      haproxy: previous.haproxy,
    },
  };
}

interface Judging {
  readonly previous: Table;
  readonly snapshot: Snapshot;
  readonly restart: Restart;
}

/** Judges each service, those that are missing too, and returns their sum. */
function judgeServices(draft: Draft, { previous, snapshot, restart }: Judging): DirectorSum {
  const { timeS } = snapshot;
  const heartbeatS = heartbeatOf(previous.retention);
  const sum = directorSum(previous, timeS);
  for (const now of snapshot.services) {
    const name = serviceName(now.id);
    const before = previous.services.get(name);
    const outcome = interpretService({ name, timeS, now, before, restart, heartbeatS, lastS: previous.gone });
    if (outcome.reset !== null) draft.resets.push(outcome.reset);
    else draft.hasCountedOn ||= before?.counters.some((value) => value > 0n) ?? false;
    addService(draft, { name, before, outcome, timeS });
    draft.comparisons.push(serviceComparison(before, outcome));
    addToDirector(sum, outcome, membershipOf(previous, name));
  }
  for (const [name, before] of previous.services) {
    if (draft.services.has(name)) continue;
    if (before.absentS === null) sum.values.fill(Number.NaN);
    addAbsent(draft, { name, before, timeS });
  }
  return sum;
}

interface Bookkeeping {
  readonly previous: Table;
  readonly timeS: number;
  readonly sum: DirectorSum;
  readonly kernel: KernelOutcome;
}

/** Compares each service with its real servers, and their sum with the totals; not frozen counters, which do not run again all at once. */
function booksOf({ comparisons, services }: Draft, { previous, timeS, sum, kernel }: Bookkeeping): Books {
  const total = kernel.readings.find(({ archive }) => archive === partName('total'));
  const all = [...comparisons, totalsComparison({ archive: directorName, ...sum, timeS }, total, kernel.ratesPerS)];
  const present = (archive: string): boolean => archive === directorName || services.has(archive);
  const comparable = kernel.isFrozen ? [] : all.filter((one) => one !== null);
  return keepBooks(previous.books, comparable, { timeS, present });
}

/** Growth by a clock that was set has no rate; the connection table, which has only gauges, is as it was read. */
function forgetGrowth(ofKernel: readonly Reading[]): void {
  for (const { archive, values } of ofKernel) if (archive !== partName('table')) values.fill(Number.NaN);
}

function remembered({ gone, retention }: Table, timeS: number): Map<string, number> {
  const [serviceS, serverS] = [archiveKeptS(retention, false) + longerS, archiveKeptS(retention, true) + longerS];
  return new Map([...gone].filter(([name, lastS]) => timeS - lastS <= (name.includes('/') ? serverS : serviceS)));
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
