// Readings around a moment at which more than numbers changes (a service or a real server comes or goes, counters restart)
// follow the rules of `interpret`, so `interpret` itself computes them: it reads a service's history without the uneventful
// stretches, which changes none of the readings kept here. A reading and the two before it decide everything.

import { interpret } from '../../interpret/interpret.js';
import { type Cycle, emptyState, type KnownState, type Reading } from '../../model/cycle.js';
import type { ServiceReading, Snapshot } from '../../model/snapshot.js';
import type { SimulatedService } from '../cast/simulated-service.js';
import { type Calendar, dayS, hostAt, readingTimes } from '../traffic/calendar.js';

/** A cycle in which some values are not plain differences. */
export interface TurningPoint {
  readonly timeS: number;
  /** The readings of the service and its real servers, by archive; an archive without a reading has no entry. */
  readonly readings: ReadonlyMap<string, Reading>;
  /** The service's contribution to the director's sums. */
  readonly contribution: Float64Array;
}

/** Readings before and after a turn that `interpret` needs to see. */
const readingsBefore = 2;
const readingsAfter = 4;

/** Times of the readings around turns, oldest first, of all services given; `isAfter` marks those that turns change. */
export function turningTimes(
  calendar: Calendar,
  services: readonly SimulatedService[],
): ReadonlyMap<number, { readonly isAfter: boolean }> {
  const times = new Map<number, { isAfter: boolean }>();
  const turnsS = [calendar.epochS, ...services.flatMap((service) => service.turnsS)];
  for (const turnS of new Set(turnsS.filter((atS) => atS >= calendar.epochS))) {
    const around = readingTimes(calendar, turnS - 4 * dayS, turnS + 4 * dayS);
    const first = around.findIndex((timeS) => timeS >= turnS);
    const from = first < 0 ? around.length : first;
    for (const timeS of around.subarray(Math.max(0, from - readingsBefore), from)) {
      if (!times.has(timeS)) times.set(timeS, { isAfter: false });
    }
    for (const timeS of around.subarray(from, from + readingsAfter)) times.set(timeS, { isAfter: true });
  }
  return new Map([...times].sort(([a], [b]) => a - b));
}

/** The turning points of a service over its whole history, oldest first. */
export function turningPoints(calendar: Calendar, service: SimulatedService): readonly TurningPoint[] {
  const points: TurningPoint[] = [];
  let table = emptyState;
  for (const [timeS, { isAfter }] of turningTimes(calendar, [service])) {
    const { cycle } = cycleAlone(service, table, { timeS, host: hostAt(calendar, timeS) });
    table = cycle.table;
    if (isAfter) points.push(turningPoint(cycle));
  }
  return points;
}

/** The result of `interpret` for a director that has only this service; null if it is not in the table. */
export function cycleAlone(
  service: SimulatedService,
  table: KnownState,
  { timeS, host }: Pick<Snapshot, 'timeS' | 'host'>,
): { readonly reading: ServiceReading | null; readonly cycle: Cycle } {
  const reading = service.readingAt(timeS);
  const services = reading === null ? [] : [reading];
  return { reading, cycle: interpret(table, { timeS, host, services, isAbsenceSure: true }) };
}

/** The turning point of such a cycle. */
export function turningPoint({ timeS, readings }: Cycle): TurningPoint {
  const [director, ...own] = readings;
  return {
    timeS,
    readings: new Map(own.map((reading) => [reading.archive, reading])),
    contribution: director?.values ?? new Float64Array(0),
  };
}
