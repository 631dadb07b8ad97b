// Judges all services of a table, before and now: each by itself, also if missing or unread, then the director's sum and what
// they have in common. Calm ones are judged in columns (rows/calm.ts), the others as objects.

import type { About } from '../../model/archive.js';
import type { DirectorBefore, KnownService } from '../../model/cycle.js';
import { kindOfName } from '../../model/kinds/registry.js';
import type { ResetCause } from '../../model/ledger-event.js';
import { serviceOf } from '../../model/names/name.js';
import { archiveKeptS, heartbeatOf } from '../../model/retention.js';
import type { Snapshot } from '../../model/snapshot.js';
import { columnsOf } from '../../model/table/column-snapshot.js';
import { serviceFinder } from '../../model/table/find-service.js';
import { KnownTable } from '../../model/table/known-table.js';
import { newRowReadings, valuesPerRow } from '../../model/table/row-readings.js';
import { rowsOf, serviceAt, serviceCount, serviceNameAt } from '../../model/table/table-columns.js';
import { serviceComparison } from './books.js';
import { addRowToDirector, addToDirector, directorSum, membershipOf } from './director-sum.js';
import { interpretService, type ServiceOutcome } from './interpret-service.js';
import { addAbsent, addUnread, realServerAway, wasUnread } from './missing-services.js';
import { calmComparison, compareRows, hadCounted, readCalm } from './rows/calm.js';
import { carryOverAll, carryOverArchives, keepOutcome, newRowsOf } from './rows/known-rows.js';
import type { Draft, ServicesInput, ServicesOutcome } from './services-draft.js';

/** How much longer the name of a gone archive is remembered than the archive is kept; expiry runs once a day. */
const longerS = 2 * 86_400;

const nothing: ReadonlySet<string> = new Set();

/** Judges each service. Pure. */
export function interpretServices(input: ServicesInput): ServicesOutcome {
  const { previous, snapshot } = input;
  const { timeS } = snapshot;
  const rows = newRowReadings(columnsOf(snapshot), timeS);
  const draft: Draft = {
    input,
    rows,
    before: KnownTable.of(previous.services),
    known: newRowsOf(rows.columns),
    archives: [],
    events: [],
    gone: remembered(previous, timeS),
    resets: [],
    comparisons: [],
    haveSomeContinued: false,
    sum: directorSum(previous, timeS),
    unknown: [],
  };
  const seen = judgeListed(draft);
  for (const [name, before] of unseen(draft, seen)) {
    if (snapshot.unread?.has(name)) addUnread(draft, { name, before, previousS: previous.timeS });
    else addAbsent(draft, { name, before, timeS, isSure: isAbsenceSure(snapshot) });
  }
  return { ...draft, services: new KnownTable({ ...draft.known, columns: rows.columns, timeS }) };
}

/** Judges the services that the table has; returns which places of the older one they had. */
function judgeListed(draft: Draft): Uint8Array {
  const { input, rows, before } = draft;
  const { previous, snapshot, restart, suspects } = input;
  const comparison = compareRows(before.rows, rows);
  const find = serviceFinder(before.rows.columns, rows.columns);
  const seen = new Uint8Array(serviceCount(before.rows.columns));
  const mayBeCalm = restart === null && before.rows.timeS === previous.timeS;
  const apart = new Set([...suspects.names, ...partlyUnread(snapshot)]);
  for (let service = 0; service < serviceCount(rows.columns); service += 1) {
    const was = find(service);
    if (was >= 0) seen[was] = 1;
    const isApart = apart.size > 0 && apart.has(serviceNameAt(rows.columns, service));
    if (was >= 0 && mayBeCalm && !isApart && readCalm(comparison, service, was)) addCalm(draft, service, was);
    else judgeOne(draft, service, was);
  }
  return seen;
}

/** Services that were not read, or not all of whose real servers were. */
function partlyUnread({ unread = nothing }: Snapshot): readonly string[] {
  return Array.from(unread, serviceOf);
}

function addCalm(draft: Draft, service: number, was: number): void {
  const { rows, before, sum, known } = draft;
  carryOverAll(known, service, { rows, before: before.rows, was });
  draft.haveSomeContinued ||= hadCounted(before.rows, was);
  draft.comparisons.push(calmComparison(rows, service, () => serviceNameAt(rows.columns, service)));
  addRowToDirector(sum, rows.values, rowsOf(rows.columns, service)[0] * valuesPerRow);
}

/** Judges a service by its objects; `was` is its place in the older table, or negative. */
function judgeOne(draft: Draft, service: number, was: number): void {
  const { input, rows, known } = draft;
  const { previous, snapshot, restart, suspects } = input;
  const { timeS, unread = nothing } = snapshot;
  const name = serviceNameAt(rows.columns, service);
  const now = serviceAt(rows.columns, service);
  const before = was >= 0 ? draft.before.at(was) : draft.before.rows.missing.get(name);
  const suspicion = suspects.isWholeTable ? 're-added-or-zeroed' : 'perhaps-restarted';
  const outcome = interpretService({
    ...{ name, timeS, now, before, unread, heartbeatS: heartbeatOf(previous.retention), lastS: previous.gone },
    restart: restart ?? (suspects.names.has(name) ? suspicion : null),
  });
  if (outcome.reset !== null && !isDoubtful(outcome.reset)) draft.resets.push(outcome.reset);
  else draft.haveSomeContinued ||= before?.counters.some((value) => value > 0n) ?? false;
  const [start] = rowsOf(rows.columns, service);
  for (const [i, { sinceS, values }] of outcome.readings.entries()) {
    rows.sinceS[start + i] = sinceS;
    rows.values.set(values, (start + i) * valuesPerRow);
  }
  if (was >= 0) carryOverArchives(known, service, { rows, before: draft.before.rows, was });
  keepOutcome(known, rows.columns, service, outcome.known);
  addService(draft, { name, before, outcome, timeS, previousS: previous.timeS });
  draft.comparisons.push(serviceComparison(before, outcome));
  if (!addToDirector(draft.sum, outcome, membershipOf(previous, name, before))) draft.unknown.push(name);
}

/** The services of the older table that the newer one lacks. */
function* unseen({ before, rows, known }: Draft, seen: Uint8Array): Generator<readonly [string, KnownService]> {
  const { columns, missing } = before.rows;
  for (let place = 0; place < seen.length; place += 1) {
    if (seen[place] === 0) yield [serviceNameAt(columns, place), before.at(place)];
  }
  if (missing.size === 0) return;
  const listed = new Set(
    Array.from({ length: serviceCount(rows.columns) }, (_, service) => serviceNameAt(rows.columns, service)),
  );
  for (const [name, service] of missing) if (!listed.has(name) && !known.missing.has(name)) yield [name, service];
}

/** Causes that only say that a restart cannot be ruled out. */
function isDoubtful(cause: ResetCause): boolean {
  return cause === 'perhaps-restarted' || cause === 'missing-once';
}

/** If the reader does not say, a table without services does not count as torn. */
function isAbsenceSure(snapshot: Snapshot): boolean {
  const { unread = nothing, isAbsenceSure: isSure } = snapshot;
  return isSure ?? (serviceCount(columnsOf(snapshot)) === 0 && unread.size === 0);
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

function addService(draft: Draft, { name, before, outcome, timeS, previousS }: ServiceJudgement): void {
  const { known } = outcome;
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
