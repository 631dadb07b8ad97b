// A simulated director: seeded, and a pure function of time. The same seed and time give the same table, in any order of calls.
// Its history is available reading by reading (snapshots) or a year at once (columns of growth), with one result. It continues
// after the end of the history for as long as needed, without further events.

import { counterList } from '../interpret/director/growth.js';
import { type DirectorPart, directorName, partName, serviceOf } from '../model/names/name.js';
import type { ServiceReading, Snapshot } from '../model/snapshot.js';
import { UserError } from '../model/user-error.js';
import { handMadeCast } from './cast/cast.js';
import type { Character } from './cast/character.js';
import { crowdMember } from './cast/crowd.js';
import { emptyColumns, type SimulatedService, simulateService } from './cast/simulated-service.js';
import { createKernel, type TallyRows } from './kernel.js';
import {
  createWorkspace,
  type GrowthColumns,
  type History,
  serviceGrowth,
  type Window,
  windowOf,
} from './past/growth-columns.js';
import { joinedPast, type Past, type ServicePast, servicePast } from './past/past.js';
import { addTally, tallyColumns } from './past/tally.js';
import { turningPoints, turningTimes } from './past/turning-point.js';
import { type Calendar, createCalendar, hostAt, readingTimes, type Span } from './traffic/calendar.js';

/** The options of a director. */
export interface DirectorOptions {
  /** Any whole number. */
  readonly seed: number;
  /** The number of services over the whole history; the first ones are hand-made. */
  readonly services: number;
  /** The start of the history: the first reading is at the next multiple of 300 s after it. */
  readonly epochS: number;
  /** The events of the history are placed before this time. */
  readonly endS: number;
  /** Seconds that local clocks are ahead of UTC; 0 by default. */
  readonly utcOffsetS?: number;
}

/** An archive of the history, and the spans of its server in the table (clipped to the history; an open end is infinite). */
export interface SimulatedArchive {
  readonly name: string;
  readonly kind: 'director' | 'director-part' | 'service' | 'real-server';
  readonly spans: readonly Span[];
}

/** A subset of a director's services. */
export interface Section {
  readonly pasts: readonly ServicePast[];
  /**
   * As the director's `history`; the last entry, under the director's name, is the contribution of these services to its sums
   * and its tally.
   */
  history(): Generator<GrowthColumns>;
}

/** The simulated director. */
export interface Director {
  /** Its services, in the order of the table. */
  readonly characters: readonly Character[];
  /** Spans in which nobody read the table; `growthColumns` has no readings there. */
  readonly gaps: readonly Span[];
  /** The table at a time, whether or not it was read then; empty before the machine existed. */
  snapshotAt(timeS: number): Snapshot;
  /** Times of the readings in (`fromS`, `toS`]: multiples of 300 s outside the gaps. */
  readingTimes(fromS: number, toS: number): Float64Array;
  /** The director, its kernel's parts, then each service followed by its real servers. */
  archives(): readonly SimulatedArchive[];
  /**
   * Times of the readings at which more than numbers changes, and of the two before each. `interpret` over the snapshots of
   * these alone, in order, yields every event and every change of an archive; with the newest reading added at the end, also
   * the table from which to continue. Their growth is useless: it spans the omitted readings.
   */
  turningTimes(): readonly number[];
  /** Services `from` up to `to` (positions in `characters`) up to the reading at `untilS`, for divided work. */
  section(span: { readonly from: number; readonly to: number }, untilS: number): Section;
  /** The results of `interpret` over all readings up to the one at `untilS`, besides numbers, joined from the pasts of all sections. */
  past(pasts: readonly ServicePast[], untilS: number): Past;
  /** Readings of one archive in (`fromS`, `toS`]. Throws a `UserError` with code `no-such-archive`. */
  growthColumns(name: string, fromS: number, toS: number): GrowthColumns;
  /**
   * Readings of every archive in (`fromS`, `toS`], in one pass; the director's and its kernel's come last. The arrays are
   * reused: each is valid until the next one is requested. Fastest a month at a time.
   */
  history(fromS: number, toS: number): Generator<GrowthColumns>;
  /** Readings of the kernel's counters, from the tally of all services. */
  kernelHistory(rows: TallyRows): Generator<GrowthColumns>;
}

/** Creates a director; its data is computed on first use. */
export function createDirector(options: DirectorOptions): Director {
  const { seed, services: count, epochS, endS, utcOffsetS = 0 } = options;
  const calendar = createCalendar({ epochS, endS, utcOffsetS });
  const handMade = handMadeCast(calendar);
  const characters = Array.from(
    { length: count },
    (_, i) => handMade[i] ?? crowdMember(i - handMade.length, calendar, seed),
  );
  const services = characters.map((character) => simulateService(character, calendar, seed));
  const histories = new Map(services.map((service) => [service.name, memoized(calendar, service)]));

  const simulatedKernel = createKernel({ characters, calendar, seed, tallyAt });

  function* history(fromS: number, toS: number): Generator<GrowthColumns> {
    for (const own of historyOf(histories.values(), windowOf(calendar, fromS, toS))) {
      yield own;
      if (own.tally !== undefined) yield* simulatedKernel.history({ ...own, tally: own.tally });
    }
  }

  function tallyAt(timeS: number): readonly number[] {
    return tallyOf(services, readingsAt(timeS), timeS);
  }

  function readingsAt(timeS: number): readonly (ServiceReading | null)[] {
    return services.map((service) => service.readingAt(timeS));
  }

  function snapshotAt(timeS: number): Snapshot {
    const readings = readingsAt(timeS);
    const kernel = simulatedKernel.readingAt(timeS, tallyOf(services, readings, timeS));
    const there = readings.filter((reading) => reading !== null);
    return { timeS, host: hostAt(calendar, timeS), services: there, isAbsenceSure: true, kernel };
  }

  function growthColumns(name: string, fromS: number, toS: number): GrowthColumns {
    const serviceHistory = histories.get(serviceOf(name));
    const window = windowOf(calendar, fromS, toS);
    const { timesS } = window;
    if (!archives().some((archive) => archive.name === name)) throw noSuchArchive(name);
    if (timesS.length === 0) return { name, timesS, sinceS: timesS, columns: emptyColumns(0) };
    const all =
      serviceHistory === undefined
        ? history(fromS, toS)
        : serviceGrowth(serviceHistory(), window, createWorkspace(window));
    for (const columns of all) if (columns.name === name) return columns;
    throw noSuchArchive(name);
  }

  const archives = (): readonly SimulatedArchive[] => simulatedArchives(simulatedKernel.parts, services, epochS);

  return {
    characters,
    gaps: calendar.gaps,
    snapshotAt,
    readingTimes: (fromS, toS) => readingTimes(calendar, fromS, toS),
    archives,
    turningTimes: () => [...turningTimes(calendar, services).keys()],
    section: ({ from, to }, untilS) => sectionOf(characters.slice(from, to), { calendar, seed, untilS }),
    past: (pasts, untilS) => joinedPast(calendar, services, { pasts, now: { ...snapshotAt(untilS), services: [] } }),
    growthColumns,
    history,
    kernelHistory: simulatedKernel.history,
  };
}

/** Services are created anew, so that the data prepared by them is freed with the section. */
function sectionOf(
  characters: readonly Character[],
  { calendar, seed, untilS }: { readonly calendar: Calendar; readonly seed: number; readonly untilS: number },
): Section {
  const own = characters.map((character) => simulateService(character, calendar, seed));
  const pasts = own.map((service) => servicePast(calendar, service, untilS));
  const histories = own.map((service, i) => () => ({ service, turningPoints: pasts[i]?.turningPoints ?? [] }));
  return { pasts, history: () => historyOf(histories, windowOf(calendar, 0, untilS)) };
}

function simulatedArchives(
  parts: readonly DirectorPart[],
  services: readonly SimulatedService[],
  epochS: number,
): readonly SimulatedArchive[] {
  const always: readonly Span[] = [{ fromS: epochS, toS: Number.POSITIVE_INFINITY }];
  const clip = (spans: readonly Span[]): readonly Span[] =>
    spans.filter(({ toS }) => toS > epochS).map(({ fromS, toS }) => ({ fromS: Math.max(fromS, epochS), toS }));
  const found: SimulatedArchive[] = [{ name: directorName, kind: 'director', spans: always }];
  for (const part of parts) found.push({ name: partName(part), kind: 'director-part', spans: always });
  for (const { name, spans, realServerNames, realServerSpans } of services) {
    found.push({ name, kind: 'service', spans: clip(spans) });
    for (const [i, realServer] of realServerNames.entries()) {
      found.push({ name: realServer, kind: 'real-server', spans: clip(realServerSpans[i] ?? []) });
    }
  }
  return found.filter(({ spans }) => spans.length > 0);
}

function* historyOf(histories: Iterable<() => History>, window: Window): Generator<GrowthColumns> {
  if (window.timesS.length === 0) return;
  const workspace = createWorkspace(window);
  for (const serviceHistory of histories) yield* serviceGrowth(serviceHistory(), window, workspace);
  const { total: columns, tally } = workspace;
  yield { name: directorName, timesS: window.timesS, sinceS: window.previousS, columns, tally };
}

/** The services' contribution to the kernel at the time of these readings. */
function tallyOf(
  services: readonly SimulatedService[],
  readings: readonly (ServiceReading | null)[],
  timeS: number,
): readonly number[] {
  const tally = emptyColumns(1, tallyColumns);
  const timesS = Float64Array.of(timeS);
  for (const [i, service] of services.entries()) {
    const reading = readings[i];
    const shown = reading === null || reading === undefined ? emptyColumns(1) : shownIn(reading);
    addTally(tally, service.numbers().lives, { timesS, columns: shown });
  }
  return tally.map(([value = 0]) => value);
}

/** Seven columns of one row. */
function shownIn({ counters, realServers }: ServiceReading): readonly Float64Array[] {
  const active = realServers.reduce((sum, { activeConn }) => sum + activeConn, 0);
  const inactive = realServers.reduce((sum, { inActConn }) => sum + inActConn, 0);
  return [active, inactive, ...counterList(counters).map(Number)].map((value) => Float64Array.of(value));
}

/** A service's turning points are found when its history is first requested, and kept. */
function memoized(calendar: Calendar, service: SimulatedService): () => History {
  let history: History | null = null;
  return () => {
    history ??= { service, turningPoints: turningPoints(calendar, service) };
    return history;
  };
}

function noSuchArchive(name: string): UserError {
  return new UserError(
    'no-such-archive',
    `the simulated director never had "${name}"; "all" and the names that its archives() lists are there`,
  );
}
