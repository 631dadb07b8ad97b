// Judges one service and its real servers, before and now: their readings, their known state, their events. They are
// judged together, because they explain each other: a service keeps the share of a real server that left, and counts that its
// real servers cannot account for reveal a restart that no single counter shows.

import type { KnownRealServer, KnownService, Reading } from '../../model/cycle.js';
import type { EventKind, LedgerEvent, ResetCause } from '../../model/ledger-event.js';
import { realServerName } from '../../model/names/name.js';
import type { RealServerReading, ServiceReading } from '../../model/snapshot.js';
import { counterList, type Growth, growthOf, growthOfRealServer, hasWrapped, inBytesAt } from './growth.js';
import { unknownValues } from './interpret-values.js';

/**
 * The input of the judgement. `restart`: why the counters restarted, or may have, if they do not show it themselves. `unread`:
 * archives whose values could not be read. `lastS`: times of the last readings of archives that are gone.
 */
export interface ServiceInput {
  readonly name: string;
  readonly timeS: number;
  readonly now: ServiceReading;
  readonly before: KnownService | undefined;
  readonly restart: ResetCause | null;
  readonly unread: ReadonlySet<string>;
  readonly heartbeatS: number;
  readonly lastS: ReadonlyMap<string, number>;
}

/** The judgement; readings start with the service's own. `reset` is null if the counters continued. */
export interface ServiceOutcome {
  readonly known: KnownService;
  readonly readings: readonly Reading[];
  readonly events: readonly LedgerEvent[];
  /** Its connections now, summed over its real servers. */
  readonly open: { readonly active: number; readonly inactive: number };
  readonly reset: ResetCause | null;
}

interface RealServerState {
  readonly name: string;
  readonly now: RealServerReading;
  readonly counters: readonly bigint[];
  readonly before: KnownRealServer | undefined;
  readonly growth: Growth;
}

/** Judges one service and its real servers. Pure. */
export function interpretService(input: ServiceInput): ServiceOutcome {
  const { name, timeS, now, before, restart } = input;
  const counters = counterList(now.counters);
  const states = now.realServers.map((server) => realServerState(server, before));
  const growth = before === undefined ? null : growthOf(before.counters, counters);
  const servers = growth === null || before === undefined ? null : judgeShares(input, growth, states);
  const isComparable = before !== undefined && before.counters.length > 0;
  const reset = isComparable && (restart !== null || servers === null || before.absentS !== null);
  const serviceGrowth = reset ? null : growth;

  const isPartial = now.lacks !== undefined || hasUnreadServer(input);
  const open = isPartial ? unknownConns : openConns(now.realServers);
  // A reading covers all the time since the last one; the time in which a service was missing is unknown.
  const wasMissing = before !== undefined && before.absentS !== null;
  const readings: Reading[] = [
    reading(input, name, before?.lastS, { growth: serviceGrowth, ...(wasMissing ? unknownConns : open) }),
  ];
  for (const { name: server, now: own, before: old, growth: ownGrowth } of states) {
    const known = reset || servers?.has(server) ? null : ownGrowth;
    const conns = wasMissing ? unknownConns : { active: own.activeConn, inactive: own.inActConn };
    const measured = { growth: known, ...conns };
    readings.push(reading(input, `${name}/${server}`, old?.lastS, measured));
  }
  const cause = reset ? resetCause(input, before, growth) : null;
  const events: LedgerEvent[] = [];
  if (cause !== null) events.push({ timeS, archive: name, kind: 'counters-reset', cause });
  for (const realServer of reset ? [] : (servers ?? [])) {
    events.push({ timeS, archive: name, kind: 'counters-reset', realServer, cause: 'real-server-re-added' });
  }
  if (before !== undefined) events.push(...changes(input, before, states));
  const realServers = knownRealServers(states, input);
  const known = { counters, scheduler: now.scheduler, flags: now.flags, lastS: timeS, absentS: null, realServers };
  return { known, readings, events, open, reset: cause };
}

const unknownConns = { active: Number.NaN, inactive: Number.NaN };

/** Is there a real server in the table whose connections are unknown? */
function hasUnreadServer({ name, unread }: ServiceInput): boolean {
  for (const archive of unread) if (archive.startsWith(`${name}/`)) return true;
  return false;
}

function openConns(servers: readonly RealServerReading[]): { active: number; inactive: number } {
  let active = 0;
  let inactive = 0;
  for (const server of servers) {
    active += server.activeConn;
    inactive += server.inActConn;
  }
  return { active, inactive };
}

function realServerState(now: RealServerReading, service: KnownService | undefined): RealServerState {
  const name = realServerName(now.id);
  const counters = counterList(now.counters);
  const before = service?.realServers.get(name);
  return {
    name,
    now,
    counters,
    before,
    growth: before === undefined ? null : growthOfRealServer(before.counters, counters),
  };
}

/** Lines of a listing are read one by one: up to 1/64 of a service's growth may fall between two of them. */
const skewPart = 64n;

/**
 * The real servers that restarted while their service continued; null if the service restarted too. A service grows by at least
 * the growth of its real servers. If one fell and the service did not keep its old share, the service restarted with it. If one
 * came back and the service grew by that share more than its real servers, it came back at zero and has since climbed past its
 * old value. Measured in incoming bytes, which are complete in both.
 */
function judgeShares(
  input: ServiceInput,
  growth: readonly bigint[],
  states: readonly RealServerState[],
): ReadonlySet<string> | null {
  const { name: service, before, lastS } = input;
  const grown = growth[inBytesAt] ?? 0n;
  let unexplained = grown;
  let fallenShare = 0n;
  let returnedShare = 0n;
  const fallen = new Set<string>();
  const returned: string[] = [];
  for (const { name, counters, before: old, growth: own } of states) {
    // A real server that returns after a long time may resume any counters.
    if (old === undefined && lastS.has(`${service}/${name}`)) continue;
    if (old?.counters.length === 0) continue;
    const share = old?.counters[inBytesAt] ?? 0n;
    unexplained -= own?.[inBytesAt] ?? counters[inBytesAt] ?? 0n;
    if (old !== undefined && own === null) {
      fallen.add(name);
      fallenShare += share;
    } else if (old !== undefined && old.absentS !== null) {
      returned.push(name);
      returnedShare += share;
    }
  }
  const isSeen = (bytes: bigint, share: bigint): boolean => bytes * 2n > share && bytes * skewPart > grown;
  // The unread one may account for the excess.
  if (fallen.size > 0 && (before?.absentS !== null || hasUnreadServer(input))) return null;
  if (fallenShare > 0n && isSeen(-unexplained, fallenShare)) return null;
  if (returnedShare > 0n && isSeen(unexplained, returnedShare)) for (const name of returned) fallen.add(name);
  return fallen;
}

interface Measurement {
  readonly growth: Growth;
  readonly active: number;
  readonly inactive: number;
}

/** An archive begins a second before its first reading; after a return, the time away is unknown. */
function reading(input: ServiceInput, archive: string, beforeS: number | undefined, measured: Measurement): Reading {
  const { timeS, lastS } = input;
  const values = unknownValues();
  const goneS = beforeS === undefined ? lastS.get(archive) : undefined;
  if (goneS === undefined) {
    values[0] = measured.active;
    values[1] = measured.inactive;
    const growth = measured.growth ?? [];
    for (let i = 0; i < growth.length; i += 1) values[2 + i] = Number(growth[i]);
  }
  return { archive, sinceS: beforeS ?? goneS ?? timeS - 1, timeS, values };
}

/**
 * A service that is deleted and soon added again keeps its open connections, as one that is zeroed does. A service missing from
 * a reading was added again if its counters fell, or if that reading was certain. Otherwise the listing may have been torn.
 */
function resetCause({ restart }: ServiceInput, before: KnownService | undefined, growth: Growth): ResetCause {
  if (restart !== null) return restart;
  if (before === undefined || before.absentS === null) return 're-added-or-zeroed';
  return before.isAbsenceSure || growth === null ? 'service-re-added' : 'missing-once';
}

const wrapDetail = 'ipvsadm shows only the lower 32 bits: growth is still known, and further wraps are not reported';

/**
 * A busy real server wraps every hour. The first wrap since its counters began is reported, for people who compare them with
 * ipvsadm's.
 */
function isFirstWrap({ before, counters, growth }: RealServerState): boolean {
  return before !== undefined && growth !== null && !before.hasWrapped && hasWrapped(before.counters, counters);
}

function changes(input: ServiceInput, before: KnownService, states: readonly RealServerState[]): LedgerEvent[] {
  const { name: archive, timeS, now, unread } = input;
  const events: LedgerEvent[] = [];
  const note = (kind: EventKind, rest: Partial<LedgerEvent>): number => events.push({ timeS, archive, kind, ...rest });
  if (now.scheduler !== before.scheduler) note('scheduler-changed', { from: before.scheduler, to: now.scheduler });
  if (now.flags !== before.flags) note('flags-changed', { from: before.flags, to: now.flags });
  for (const state of states) {
    const { name, now: server, before: old } = state;
    if (isFirstWrap(state)) note('counters-wrapped', { realServer: name, detail: wrapDetail });
    if (old === undefined || old.absentS !== null) {
      note('real-server-added', { realServer: name, to: `${server.forwarding}, weight ${server.weight}` });
    }
    if (old === undefined) continue;
    if (server.weight !== old.weight) {
      note('weight-changed', { realServer: name, from: String(old.weight), to: String(server.weight) });
    }
    if (server.forwarding !== old.forwarding) {
      note('forwarding-changed', { realServer: name, from: old.forwarding, to: server.forwarding });
    }
  }
  const present = new Set(states.map(({ name }) => name));
  for (const [name, old] of before.realServers) {
    if (old.absentS === null && !present.has(name) && !unread.has(`${archive}/${name}`)) {
      note('real-server-removed', { realServer: name, from: `${old.forwarding}, weight ${old.weight}` });
    }
  }
  return events;
}

/** The real servers in the table, unread ones too, and those that left so recently that a return would continue their counters. */
function knownRealServers(
  states: readonly RealServerState[],
  { name: service, before, timeS, heartbeatS, unread }: ServiceInput,
): ReadonlyMap<string, KnownRealServer> {
  const known = new Map<string, KnownRealServer>();
  for (const state of states) {
    const { name, now, counters, before: old, growth } = state;
    const { forwarding, weight } = now;
    const wrapped = growth !== null && (old?.hasWrapped || isFirstWrap(state));
    const own = { counters, forwarding, weight, lastS: timeS, absentS: null };
    known.set(name, wrapped ? { ...own, hasWrapped: true } : own);
  }
  for (const [name, old] of before?.realServers ?? []) {
    if (known.has(name)) continue;
    if (unread.has(`${service}/${name}`)) known.set(name, old);
    else if (timeS - old.lastS <= heartbeatS) known.set(name, { ...old, absentS: old.absentS ?? timeS });
  }
  return known;
}
