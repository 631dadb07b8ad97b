// The results of `interpret` over a history besides numbers: every event, the final state of each archive, the resulting table.
// Each service is processed alone, at its own turns only, so the work grows with the services, not with their square. A fact
// that only the whole table shows, a restart of all counters at once, is assembled from the results of each.

import { commonCause, missed, withCommonCause } from '../../interpret/director/interpret-director.js';
import { interpret } from '../../interpret/interpret.js';
import { type ArchiveChange, emptyState, type KnownService, type KnownState } from '../../model/cycle.js';
import type { LedgerEvent, ResetCause } from '../../model/ledger-event.js';
import { directorName } from '../../model/names/name.js';
import { standardRetention } from '../../model/retention.js';
import type { Snapshot } from '../../model/snapshot.js';
import { cloneable } from '../../model/table/known-table.js';
import type { SimulatedService } from '../cast/simulated-service.js';
import { type Calendar, hostAt, newestReadingS, readingTimes } from '../traffic/calendar.js';
import { type PastSum, pastSum, type UnknownReading } from './past-sum.js';
import { cycleAlone, type TurningPoint, turningPoint, turningTimes } from './turning-point.js';

const { stepS } = standardRetention;

/** The events in the order in which a collector would have written them; the last change of each archive, by name. */
export interface Past {
  readonly table: KnownState;
  readonly events: readonly LedgerEvent[];
  readonly archives: ReadonlyMap<string, ArchiveChange>;
}

/** The past of one service, as plain data. */
export interface ServicePast extends Past {
  /** By the times of the readings that a turn changes: whether its counters continued from above zero. */
  readonly continued: ReadonlyMap<number, boolean>;
  readonly turningPoints: readonly TurningPoint[];
  readonly name: string;
  /** The readings at which it was unknown to the director's sum. */
  readonly unknown: readonly UnknownReading[];
}

/** The past of a service up to the reading at `untilS`. */
export function servicePast(calendar: Calendar, service: SimulatedService, untilS: number): ServicePast {
  const events: LedgerEvent[] = [];
  const archives = new Map<string, ArchiveChange>();
  const continued = new Map<number, boolean>();
  const points: TurningPoint[] = [];
  const unknown: UnknownReading[] = [];
  let table = emptyState;
  const turns = turningTimes(calendar, [service]);
  for (const timeS of [...[...turns.keys()].filter((atS) => atS < untilS), untilS]) {
    const { reading, cycle } = cycleAlone(service, table, { timeS, host: hostAt(calendar, timeS) });
    if (turns.get(timeS)?.isAfter) {
      const isReset = cycle.events.some(isRestart);
      continued.set(timeS, reading !== null && !isReset && hasCounted(table.director.services.get(service.name)));
      points.push(turningPoint(cycle));
    }
    // Only the whole table describes the director; between turns no cycle was missed.
    events.push(...cycle.events.filter(({ archive }) => archive !== directorName));
    for (const change of cycle.archives) archives.set(change.name, change);
    table = cycle.table;
    if (table.director.sumIncompleteS !== undefined) unknown.push({ timeS, isAbsent: reading === null });
  }
  const own = { continued, turningPoints: points, name: service.name, unknown };
  return { table: cloneable(table), events, archives, ...own };
}

/** The pasts of all services up to the same reading, and the director's state then besides services. */
interface PastsToJoin {
  readonly pasts: readonly ServicePast[];
  readonly now: Snapshot;
}

/** The past of a director, joined from those of all its services, in the order of its table. */
export function joinedPast(
  calendar: Calendar,
  services: readonly SimulatedService[],
  { pasts, now }: PastsToJoin,
): Past {
  const untilS = now.timeS;
  const { archives: directorArchives, table: alone } = interpret(emptyState, now);
  const boots = bootEvents(calendar, untilS);
  const cleared = restarts(pasts, (i, timeS) => {
    const service = services[i];
    return service !== undefined && countsOn(calendar, service, timeS);
  });
  const together = [...boots, ...cleared];
  const causes = new Map(together.map(({ timeS, cause }) => [timeS, cause]));
  const own = pasts.flatMap(({ events }) =>
    events.map((event) => withCommonCause(event, causes.get(event.timeS) ?? null)),
  );
  const sum = pastSum(calendar, pasts, { untilS, isExplained: (timeS) => causes.has(timeS) });
  return {
    table: joinedTable(pasts, alone, sum),
    events: inOrder([...missedCycles(calendar, untilS), ...together, ...sum.events, ...own]),
    archives: new Map([
      ...directorArchives.map((change) => [change.name, change] as const),
      ...pasts.flatMap(({ archives }) => [...archives]),
    ]),
  };
}

type RestartEvent = LedgerEvent & { readonly cause: ResetCause };

/** The first readings after boots of the machine. */
function bootEvents(calendar: Calendar, untilS: number): readonly RestartEvent[] {
  return calendar.bootsS.flatMap((bootS): RestartEvent[] => {
    const [timeS] = readingTimes(calendar, bootS - 1, untilS);
    if (timeS === undefined || newestReadingS(calendar, bootS - 1) === null) return [];
    return [{ timeS, archive: directorName, kind: 'counters-reset', cause: 'machine-restarted' }];
  });
}

/** Restarts of all counters at once that no boot explains: at least two services restarted, and none counted on. */
function restarts(
  pasts: readonly ServicePast[],
  countsOnAway: (service: number, timeS: number) => boolean,
): readonly RestartEvent[] {
  const resets = new Map<number, LedgerEvent['cause'][]>();
  for (const event of pasts.flatMap(({ events }) => events)) {
    if (!isRestart(event) || event.cause === undefined) continue;
    const causes = resets.get(event.timeS);
    if (causes === undefined) resets.set(event.timeS, [event.cause]);
    else causes.push(event.cause);
  }
  return [...resets].flatMap(([timeS, causes]): RestartEvent[] => {
    const cause = commonCause(causes);
    if (cause === null || cause === 'machine-restarted') return [];
    if (pasts.some(({ continued }, i) => continued.get(timeS) ?? countsOnAway(i, timeS))) return [];
    return [{ timeS, archive: directorName, kind: 'counters-reset', cause }];
  });
}

/** The silences of the collector up to a time. */
function missedCycles(calendar: Calendar, untilS: number): readonly LedgerEvent[] {
  return calendar.gaps.flatMap(({ fromS, toS }) => {
    const beforeS = newestReadingS(calendar, fromS - 1);
    const [timeS] = readingTimes(calendar, fromS, Math.min(untilS, toS + stepS));
    if (beforeS === null || timeS === undefined) return [];
    const before = { ...emptyState, timeS: beforeS, host: hostAt(calendar, beforeS) };
    return missed(before, { timeS, host: hostAt(calendar, timeS), steppedS: 0 }) ?? [];
  });
}

/** Outside its turns, a service was there at the previous reading if it is there now. */
function countsOn(calendar: Calendar, service: SimulatedService, timeS: number): boolean {
  const reading = service.readingAt(newestReadingS(calendar, timeS - 1) ?? timeS);
  return reading !== null && Object.values(reading.counters).some((value) => value > 0n);
}

/** Did the counters of a service restart, rather than those of one of its real servers? */
function isRestart({ kind, realServer }: LedgerEvent): boolean {
  return kind === 'counters-reset' && realServer === undefined;
}

function hasCounted(known: KnownService | undefined): boolean {
  return known?.counters.some((value) => value > 0n) === true;
}

/** A cycle lists the director first, then the services in the order of its table, then those that are gone. */
function inOrder(events: readonly LedgerEvent[]): readonly LedgerEvent[] {
  const isGone = ({ kind }: LedgerEvent): number => Number(kind === 'gone');
  return events.toSorted((a, b) => a.timeS - b.timeS || isGone(a) - isGone(b));
}

/** Missing services follow those of the newest reading; among gone ones, the first to leave comes first. */
function joinedTable(
  pasts: readonly ServicePast[],
  alone: KnownState,
  { sumIncompleteS }: Pick<PastSum, 'sumIncompleteS'>,
): KnownState {
  const services = pasts.flatMap(({ table }) => [...table.director.services]);
  const isMissing = (known: KnownService): number => Number(known.absentS !== null);
  return {
    ...alone,
    director: {
      ...alone.director,
      services: new Map(services.sort(([, a], [, b]) => isMissing(a) - isMissing(b))),
      ...(sumIncompleteS !== undefined && { sumIncompleteS }),
    },
    gone: new Map(pasts.flatMap(({ table }) => [...table.gone]).sort(([, a], [, b]) => a - b)),
  };
}
