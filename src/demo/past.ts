// What `interpret` makes of a history besides numbers: every event, what became of each archive, the table it leads to.
// Each service is gone through alone, at its own turns only, so the work grows with the services, not with their square.
// What only the whole table shows, that all counters restarted at once, is put together from what was found for each.

import { type ArchiveChange, emptyTable, type KnownService, type Table } from '../model/cycle.js';
import { commonCause, interpret } from '../model/interpret.js';
import type { LedgerEvent, ResetCause } from '../model/ledger-event.js';
import { directorName } from '../model/name.js';
import { type Calendar, newestReadingS } from './calendar.js';
import type { SimulatedService } from './simulated-service.js';
import { turningTimes } from './turning-point.js';

/** The events in the order in which a collector would have written them; the last change of each archive, by name. */
export interface Past {
  readonly table: Table;
  readonly events: readonly LedgerEvent[];
  readonly archives: ReadonlyMap<string, ArchiveChange>;
}

/** The past of one service. */
interface OwnPast extends Past {
  readonly service: SimulatedService;
  /** By the times of the readings that a turn changes: whether its counters went on from above zero. */
  readonly countedOn: ReadonlyMap<number, boolean>;
}

/** The past of services up to the reading at `untilS`; `progress` is told of each that is done. */
export function pastOf(
  calendar: Calendar,
  services: readonly SimulatedService[],
  { untilS, progress }: { readonly untilS: number; readonly progress: (done: number) => void },
): Past {
  const pasts = services.map((service, i) => {
    const own = ownPast(calendar, service, untilS);
    progress(i + 1);
    return own;
  });
  const { archives: ofDirector } = interpret(emptyTable, { timeS: untilS, host: null, services: [] });
  return {
    table: joinedTable(pasts, untilS),
    events: inOrder([...restarts(calendar, pasts), ...pasts.flatMap(({ events }) => events)]),
    archives: new Map([
      ...ofDirector.map((change) => [change.name, change] as const),
      ...pasts.flatMap(({ archives }) => [...archives]),
    ]),
  };
}

function ownPast(calendar: Calendar, service: SimulatedService, untilS: number): OwnPast {
  const events: LedgerEvent[] = [];
  const archives = new Map<string, ArchiveChange>();
  const countedOn = new Map<number, boolean>();
  let table = emptyTable;
  const turns = turningTimes(calendar, [service]);
  for (const timeS of [...[...turns.keys()].filter((atS) => atS < untilS), untilS]) {
    const reading = service.readingAt(timeS);
    const cycle = interpret(table, { timeS, host: null, services: reading === null ? [] : [reading] });
    if (turns.get(timeS)?.isAfter) {
      const isReset = cycle.events.some(isRestart);
      countedOn.set(timeS, reading !== null && !isReset && hasCounted(table.services.get(service.name)));
    }
    events.push(...cycle.events);
    for (const change of cycle.archives) archives.set(change.name, change);
    table = cycle.table;
  }
  return { service, table, events, archives, countedOn };
}

/** The restarts of all counters at once: at least two of them, and no service that counted on. */
function restarts(calendar: Calendar, pasts: readonly OwnPast[]): LedgerEvent[] {
  const resets = new Map<number, ResetCause[]>();
  for (const event of pasts.flatMap((past) => past.events)) {
    if (!isRestart(event) || event.cause === undefined) continue;
    resets.set(event.timeS, [...(resets.get(event.timeS) ?? []), event.cause]);
  }
  return [...resets].flatMap(([timeS, causes]): LedgerEvent[] => {
    const cause = commonCause(causes);
    if (cause === null || pasts.some((past) => countsOn(calendar, past, timeS))) return [];
    return [{ timeS, archive: directorName, kind: 'counters-reset', cause }];
  });
}

/** Away from its turns a service was there at the reading before where it is there now. */
function countsOn(calendar: Calendar, { service, countedOn }: OwnPast, timeS: number): boolean {
  const known = countedOn.get(timeS);
  if (known !== undefined) return known;
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

/** A cycle tells first of the director, then of the services in the order of its table, then of those that are gone. */
function inOrder(events: readonly LedgerEvent[]): readonly LedgerEvent[] {
  const isGone = ({ kind }: LedgerEvent): number => Number(kind === 'gone');
  return events.toSorted((a, b) => a.timeS - b.timeS || isGone(a) - isGone(b));
}

/** Services that are missing come behind those of the newest reading; who left first is the first of those that are gone. */
function joinedTable(pasts: readonly OwnPast[], timeS: number): Table {
  const services = pasts.flatMap(({ table }) => [...table.services]);
  const isMissing = (known: KnownService): number => Number(known.absentS !== null);
  return {
    ...emptyTable,
    timeS,
    services: new Map(services.sort(([, a], [, b]) => isMissing(a) - isMissing(b))),
    gone: new Map(pasts.flatMap(({ table }) => [...table.gone]).sort(([, a], [, b]) => a - b)),
  };
}
