// One cycle as the reducers of findings see it: the known state before and after, and each service with its newest growth. Services are
// read from the columns of the cycle, without an object for each real server.

import { ipvsDataSources } from '../../model/archive.js';
import type { BaselineRate } from '../../model/baseline/baseline.js';
import type { ServicePeak } from '../../model/capacity/loss.js';
import type { Cycle, KnownState } from '../../model/cycle.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { serviceOf } from '../../model/names/name.js';
import type { Redundancy } from '../../model/policy/redundancy.js';
import { type RowReadings, valuesPerRow } from '../../model/table/row-readings.js';
import {
  forwardingAt,
  realServerNameAt,
  rowsOf,
  serviceCount,
  serviceNameAt,
  setUpAt,
} from '../../model/table/table-columns.js';
import type { Topology } from '../../model/topology/topology.js';
import { type JudgedDrift, judgeDrift, type ReferenceReading } from '../drift/judge-drift.js';
import { type ComparedService, compareAll, type UsualWeek } from './usual.js';

/** Peaks of services, by name. */
export type Peaks = ReadonlyMap<string, ServicePeak | null>;

/** The redundancy that the operator requires, and where hosts stand. */
export interface RedundancyGround {
  readonly rules: Redundancy;
  readonly topology: Topology;
}

/** An observation. */
export interface Observation {
  readonly timeS: number;
  readonly before: KnownState;
  readonly table: KnownState;
  readonly events: readonly LedgerEvent[];
  /** The services that the newest reading found; made once, when a reducer asks. */
  readonly services: () => readonly ObservedService[];
  /** Those of them that can be compared with their usual week; made once, too. */
  readonly comparisons: () => readonly ComparedService[];
  /** The usual hours of days of rest, if a service may have collapsed. */
  readonly atRest: readonly UsualWeek[];
  /** The peaks of the services whose turn it is, by name; null where one is unknown. */
  readonly peaks: Peaks;
  readonly redundancy: RedundancyGround;
  /** The table against its references; null if it is not compared. */
  readonly drift: JudgedDrift | null;
  /** The growth of parts of the director, by archive, in the order of their data sources. */
  readonly parts: ReadonlyMap<string, Float64Array>;
}

/** The places of the rates in a reading. */
const ratePlaces = Object.fromEntries(ipvsDataSources.map(({ name }, place) => [name, place])) as Readonly<
  Record<BaselineRate, number>
>;

/** A service of the newest reading; its real servers are numbered from 0. */
export class ObservedService {
  readonly name: string;
  readonly #rows: RowReadings;
  readonly #service: number;
  readonly #first: number;
  readonly realServers: number;
  /** Whether entries of it could not be read. */
  readonly isPartial: boolean;

  constructor(rows: RowReadings, service: number) {
    const [start, end] = rowsOf(rows.columns, service);
    this.name = serviceNameAt(rows.columns, service);
    this.#rows = rows;
    this.#service = service;
    this.#first = start + 1;
    this.realServers = end - start - 1;
    this.isPartial = rows.columns.lacks.has(service);
  }

  get setUp(): { readonly scheduler: string; readonly flags: string } {
    return setUpAt(this.#rows.columns, rowsOf(this.#rows.columns, this.#service)[0]);
  }

  /** The rate of one of its data sources in the newest interval, per second; NaN if unknown. */
  rateOf(rate: BaselineRate): number {
    const { values, sinceS, timeS } = this.#rows;
    const own = this.#first - 1;
    return (values[own * valuesPerRow + ratePlaces[rate]] ?? Number.NaN) / (timeS - (sinceS[own] ?? Number.NaN));
  }

  weightAt(server: number): number {
    return this.#rows.columns.weights[this.#first + server] ?? 0;
  }

  forwardingAt(server: number): string {
    return forwardingAt(this.#rows.columns, this.#first + server).forwarding;
  }

  /** The name of a real server within the service. */
  nameAt(server: number): string {
    return realServerNameAt(this.#rows.columns, this.#first + server);
  }

  /** A value of a real server, by the number of its data source (`ipvsDataSources`); NaN if unknown. */
  valueAt(server: number, source: number): number {
    return this.#rows.values[(this.#first + server) * valuesPerRow + source] ?? Number.NaN;
  }
}

/** Knowledge beside the readings. */
export interface ObservationGround {
  readonly usual: UsualWeek | null;
  readonly peaks: Peaks;
  readonly redundancy: RedundancyGround;
  /** The references of the table; null if it is not compared with any. */
  readonly references: readonly ReferenceReading[] | null;
}

/** Observes a cycle; null if it did not read the director. */
export function observe(
  before: KnownState,
  cycle: Cycle,
  { usual, peaks, redundancy, references }: ObservationGround,
): Observation | null {
  const { timeS, table, events, columns } = cycle;
  if (table.director.timeS !== timeS || table.director.failure !== null || columns === undefined) return null;
  const { rows, others } = columns;
  const services = once(() =>
    Array.from({ length: serviceCount(rows.columns) }, (_, service) => new ObservedService(rows, service)),
  );
  const ground = { timeS, before: before.drift };
  return {
    timeS,
    before,
    table,
    events,
    peaks,
    redundancy,
    services,
    comparisons: once(() => compareAll(services(), usual)),
    atRest: usual?.atRest ?? [],
    drift:
      references && judgeDrift(references, { ...ground, actual: { services: services(), mayExist: mayExist(table) } }),
    parts: new Map(others.map(({ archive, values }) => [archive, values])),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whether a service that was not listed may exist: it was left out, some lines name none, or its absence is not certain yet. */
function mayExist({ leftOut, director }: KnownState): (service: string) => boolean {
  const named = new Set(leftOut?.entries.map(({ entry }) => serviceOf(entry)));
  const hasUnnamed = (leftOut?.count ?? 0) > (leftOut?.entries.length ?? 0);
  return (service) => {
    const known = director.services.get(service);
    return hasUnnamed || named.has(service) || (known?.absentS != null && known.isAbsenceSure !== true);
  };
}
