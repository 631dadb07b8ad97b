// One cycle of two sources: the kernel's table, and HAProxy. Each is judged on its own, and what one could not be read for keeps
// nothing of the other back. `Table.timeS` is the time of the newest reading of either; where that was of HAProxy alone, `Table.lvs`
// is when the kernel's table was read last, which is what the next reading of it is compared with.

import { isJump } from './admit.js';
import type { ArchiveChange, Cycle, Table } from './cycle.js';
import { interpret } from './interpret.js';
import { clockStepS } from './interpret-clock.js';
import { clockSet, directorChange, missed } from './interpret-director.js';
import { type CycleFault, interpretFailure } from './interpret-failure.js';
import { type HaproxyInput, interpretHaproxy } from './interpret-haproxy.js';
import { partName } from './name.js';
import { aboutOfName } from './parse-name.js';
import type { HostClock, Snapshot } from './snapshot.js';

/** What a cycle has found out. */
export interface Findings {
  readonly timeS: number;
  readonly host: HostClock | null;
  /** The kernel's table, or why it could not be read; null on a machine without it. */
  readonly lvs: Snapshot | CycleFault | null;
  readonly haproxy: HaproxyInput['read'];
}

/** Interprets what was found out, newer than the table before; `admit` has said so. A cycle may have readings of one source only. */
export function interpretCycle(previous: Table, findings: Findings): Cycle {
  const { timeS, host, haproxy: read } = findings;
  const base = ofLvs(previous, findings);
  const isClockSet = clockStepS(previous, { timeS, host }) !== 0;
  const haproxy = interpretHaproxy({ previous: { ...previous, gone: base.table.gone }, timeS, read, isClockSet });
  const isLvsRead = base.readings.length > 0;
  const isRead = isLvsRead || haproxy.readings.length > 0;
  return {
    ...base,
    timeS,
    previousS: previous.timeS,
    hasJumped: isRead && isJump(previous, { timeS, host }),
    readings: [...base.readings, ...haproxy.readings],
    archives: [...base.archives, ...(isRead ? [...pausedOrResumed(previous, base), ...haproxy.archives] : [])],
    events: [...base.events, ...haproxy.events],
    table: { ...timedTable(previous, base, { timeS, host, isRead }), gone: haproxy.gone, haproxy: haproxy.known },
  };
}

/** The kernel's part of the table, under the time of the newest reading. */
function timedTable(previous: Table, { readings, table }: Cycle, { timeS, host, isRead }: TimedReading): Table {
  const { lvs: _, ...rest } = table;
  if (readings.length > 0) return { ...rest, timeS, host };
  return isRead
    ? { ...rest, timeS, host, lvs: lvsOf(previous) }
    : { ...table, timeS: previous.timeS, host: previous.host };
}

type TimedReading = Pick<Findings, 'timeS' | 'host'> & { readonly isRead: boolean };

/** When the kernel's table was read last. */
function lvsOf({ lvs, timeS, host }: Table): Pick<Table, 'timeS' | 'host'> {
  return lvs ?? { timeS, host };
}

function ofLvs(previous: Table, { timeS, host, lvs }: Findings): Cycle {
  const before: Table = { ...previous, ...lvsOf(previous) };
  if (lvs !== null && 'code' in lvs) return interpretFailure(previous, lvs);
  if (lvs !== null && previous.lvs === undefined) return interpret(before, lvs);
  const steppedS = clockStepS(previous, { timeS, host });
  const gap = missed(previous, { timeS, host, steppedS });
  const events = [gap, steppedS === 0 ? null : clockSet(steppedS, timeS)].filter((event) => event !== null);
  if (lvs !== null) {
    // What was read of HAProxy meanwhile was no silence.
    const cycle = interpret(before, lvs);
    const own = cycle.events.filter(({ kind }) => kind !== 'cycle-missed' && kind !== 'clock-set');
    return { ...cycle, events: [...events, ...own] };
  }
  const archives = previous.timeS === null ? [directorChange] : [];
  const table = { ...previous, failure: null };
  return { timeS, previousS: previous.timeS, hasJumped: false, readings: [], archives, events, table };
}

/**
 * Archives that every cycle reads have the time of the newest reading. So where the kernel's table is left out of one, each is told
 * when it was read last; and where it is read again, that every cycle reads it.
 */
function pausedOrResumed(previous: Table, base: Cycle): readonly ArchiveChange[] {
  const isPaused = base.readings.length === 0;
  if (isPaused === (previous.lvs !== undefined)) return [];
  if (isPaused) return presentArchives(previous);
  const changed = new Set(base.archives.map(({ name }) => name));
  const read = new Set(base.readings.map(({ archive }) => archive));
  return presentArchives(base.table).flatMap((change) =>
    read.has(change.name) && !changed.has(change.name) ? [{ ...change, lastS: null }] : [],
  );
}

/** The archives of the kernel's table that are there, with the time of their last reading. */
function presentArchives({ timeS, services, kernel }: Table): readonly ArchiveChange[] {
  if (timeS === null) return [];
  const present: ArchiveChange[] = [{ ...directorChange, lastS: timeS }];
  for (const [part, { lastS, absentS }] of kernel.parts) {
    if (absentS === null)
      present.push({ name: partName(part), about: aboutOfName(partName(part)), lastS, goneS: null });
  }
  for (const [name, { scheduler, flags, lastS, absentS, realServers }] of services) {
    if (absentS !== null) continue;
    present.push({ name, about: { kind: 'service', scheduler, flags }, lastS, goneS: null });
    for (const [server, own] of realServers) {
      const about = { kind: 'real-server', forwarding: own.forwarding, weight: own.weight } as const;
      if (own.absentS === null) present.push({ name: `${name}/${server}`, about, lastS: own.lastS, goneS: null });
    }
  }
  return present;
}
