// A year of plain services through the reducers of findings: the table never changes, so each cycle is the first one with other numbers.

import { withFindings } from '../../../src/interpret/findings/find.js';
import { restTimes, type UsualWeek, usualWeek } from '../../../src/interpret/findings/usual.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { baselineOf, baselineWeeks, byRate, type HourBaseline, hourOf } from '../../../src/model/baseline/baseline.js';
import { type Cycle, emptyState, type KnownState } from '../../../src/model/cycle.js';
import type { ServiceReading } from '../../../src/model/snapshot.js';
import { cycleOf, newRowReadings, type RowReadings, valuesPerRow } from '../../../src/model/table/row-readings.js';
import { type ArchiveBaselines, columnsOf } from '../../model/baseline/archive-baselines.js';
import { randomFrom } from '../../random.js';
import { isSummer, localMoment, PlainService, plainTraits, stepS } from './plain-service.js';

/** Real servers of each service. */
const realServers = 4;

/** Monday 2025-01-06 00:00 UTC. */
const startS = 1_736_121_600;

const [hourSteps, weekHours, rates] = [12, 168, 5];

/** How many services are simulated, for how many weeks, and the seed. */
export interface PlainYear {
  readonly services: number;
  readonly weeks: number;
  readonly seed: number;
}

/** A finding that opened, although nothing was wrong. */
export interface FalseFinding {
  readonly timeS: number;
  readonly kind: string;
  readonly archive: string;
  readonly detail: string;
}

/** The findings that open in plain weeks; the first four are history. */
export function falseFindings({ services, weeks, seed }: PlainYear): readonly FalseFinding[] {
  const random = randomFrom(seed);
  const plain = Array.from({ length: services }, () => new PlainService(plainTraits(random), 2 ** 32 * random()));
  const first = firstCycle(services);
  const rows = first.columns?.rows;
  if (rows === undefined) throw new TypeError('the judge made no columns');
  const memory = new HourMemory(services);
  const found: FalseFinding[] = [];
  let summer = isSummer(startS);
  let findings: KnownState['findings'];
  for (let timeS = startS + stepS; timeS <= startS + (weeks + 4) * 604_800; timeS += stepS) {
    const own = {
      ...newRowReadings(rows.columns, timeS),
      sinceS: new Float64Array(rows.sinceS.length).fill(timeS - stepS),
    };
    if (timeS % 3600 === 0) summer = isSummer(timeS);
    const moment = localMoment(timeS - stepS / 2, summer);
    for (const [i, service] of plain.entries()) {
      const step = service.next(moment);
      memory.add(i, timeS, step);
      deal(own, { service: i, step, random });
    }
    if (timeS <= startS + 4 * 604_800) continue;
    const known = { ...first.table, timeS, director: { ...first.table.director, timeS } };
    const before = { ...known, timeS: timeS - stepS, ...(findings !== undefined && { findings }) };
    const cycle = cycleOf({ ...fieldsOf(first), timeS, events: [], table: known }, [{ readings: [], rows: own }]);
    const judged = withFindings(before, cycle, { usual: memory.usual(timeS) });
    findings = judged.table.findings;
    for (const { kind, archive, to = '', detail = '' } of judged.events)
      if (kind === 'finding-opened') found.push({ timeS, kind: to, archive, detail });
  }
  return found;
}

function fieldsOf({ readings: _, columns: __, ...fields }: Cycle): Omit<Cycle, 'readings' | 'columns'> {
  return fields;
}

function firstCycle(services: number): Cycle {
  const readings = Array.from({ length: services }, (_, i) => serviceReading(i));
  return interpret(emptyState, { timeS: startS, host: null, services: readings, isAbsenceSure: true });
}

const zero = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };

function serviceReading(i: number): ServiceReading {
  const servers = Array.from({ length: realServers }, (_, n) => ({
    id: { address: `10.0.${i}.${n}`, port: 80 },
    counters: zero,
    forwarding: 'Masq',
    weight: 1,
    activeConn: 0,
    inActConn: 0,
  }));
  const id = { kind: 'address', protocol: 'tcp', address: `192.0.2.${i}`, port: 80 } as const;
  return { id, counters: zero, scheduler: i % 2 === 0 ? 'wrr' : 'wlc', flags: '', realServers: servers };
}

interface Dealt {
  readonly service: number;
  readonly step: readonly number[];
  readonly random: () => number;
}

/** Writes a step as the growth of a service, and deals its connections to its real servers by chance. */
function deal({ values }: RowReadings, { service, step, random }: Dealt): void {
  const start = service * (realServers + 1) * valuesPerRow;
  const [conns = 0] = step;
  for (let rate = 0; rate < rates; rate += 1) values[start + 2 + rate] = step[rate] ?? 0;
  let left = conns;
  for (let server = 1; server <= realServers; server += 1) {
    const row = start + server * valuesPerRow;
    const even = left / (realServers - server + 1);
    const own = server === realServers ? left : Math.round(even + Math.sqrt(even) * 1.5 * (random() - 0.5));
    left -= own;
    values[row] = own;
    values[row + 2] = own;
  }
}

/** Remembers five weeks of rates, and derives the baselines of an hour once. */
class HourMemory {
  readonly #rows: readonly Float64Array[];
  readonly #names: readonly string[];
  #hour = 0;
  #known = usualWeek(columnsOf([]));
  readonly #kept = new Map<number, readonly HourBaseline[]>();

  constructor(services: number) {
    const length = (baselineWeeks + 1) * weekHours * hourSteps * rates;
    this.#rows = Array.from({ length: services }, () => new Float64Array(length).fill(Number.NaN));
    this.#names = Array.from({ length: services }, (_, i) => `192.0.2.${i}_80`);
  }

  add(service: number, timeS: number, step: readonly number[]): void {
    const at = this.#placeOf(timeS);
    for (let rate = 0; rate < rates; rate += 1) {
      const rows = this.#rows[service];
      if (rows !== undefined) rows[at + rate] = (step[rate] ?? 0) / stepS;
    }
  }

  usual(timeS: number): UsualWeek {
    const hour = hourOf(timeS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      const [own, ...atRest] = [timeS, ...restTimes(timeS)].map((atS) =>
        usualWeek(columnsOf(this.#around(hourOf(atS)))),
      );
      this.#known = { ...(own ?? this.#known), atRest };
      for (const kept of this.#kept.keys()) if (kept < hour - (baselineWeeks + 1) * weekHours) this.#kept.delete(kept);
    }
    return this.#known;
  }

  #around(hour: number): readonly ArchiveBaselines[] {
    const [before, at, after] = [-1, 0, 1].map((by) => this.#baselines(hour + by));
    return this.#names.flatMap((name, i) => {
      const [a, b, c] = [before?.[i], at?.[i], after?.[i]];
      return a && b && c ? [{ name, before: a, at: b, after: c }] : [];
    });
  }

  #placeOf(timeS: number): number {
    const step = timeS / stepS - 1;
    return (step % ((baselineWeeks + 1) * weekHours * hourSteps)) * rates;
  }

  #baselines(hour: number): readonly HourBaseline[] {
    const known = this.#kept.get(hour) ?? this.#rows.map((rows) => this.#derive(rows, hour));
    this.#kept.set(hour, known);
    return known;
  }

  #derive(rows: Float64Array, hour: number): HourBaseline {
    return byRate((_, rate) => {
      const weeks: Float64Array[] = [];
      for (let week = 1; week <= baselineWeeks; week += 1) {
        const own = new Float64Array(hourSteps);
        const at = this.#placeOf((hour - weekHours * week) * 3600 + stepS) + rate;
        for (let row = 0; row < hourSteps; row += 1) own[row] = rows[at + row * rates] ?? Number.NaN;
        weeks.push(own);
      }
      return baselineOf(weeks);
    });
  }
}
