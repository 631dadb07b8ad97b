// A usual week from the readings themselves: what maintenance keeps in the archives, remembered hour by hour.

import { restTimes, type UsualWeek, usualWeek } from '../../../src/interpret/findings/usual.js';
import { ipvsDataSources } from '../../../src/model/archive.js';
import {
  baselineOf,
  baselineRates,
  baselineWeeks,
  byRate,
  type HourBaseline,
  hourOf,
} from '../../../src/model/baseline/baseline.js';
import type { Cycle } from '../../../src/model/cycle.js';
import { kindOfName } from '../../../src/model/kinds/registry.js';
import { type ArchiveBaselines, columnsOf } from '../../model/baseline/archive-baselines.js';

const places = baselineRates.map((rate) => ipvsDataSources.findIndex(({ name }) => name === rate));

/** Remembers the rates of services; `usual` is their week as of a time. */
export class RememberedWeek {
  readonly #kept = new Map<string, HourBaseline>();
  readonly #hours = new Map<string, Map<number, number[][]>>();
  #known = { hour: -1, services: 0, usual: usualWeek(columnsOf([])) };

  add({ readings }: Pick<Cycle, 'readings'>): void {
    for (const { archive, sinceS, timeS, values } of readings) {
      if (kindOfName(archive)?.kind !== 'service') continue;
      const rows = this.#rowsOf(archive, hourOf(timeS));
      for (const [i, place] of places.entries()) rows[i]?.push((values[place] ?? Number.NaN) / (timeS - sinceS));
    }
  }

  usual(timeS: number): UsualWeek {
    const hour = hourOf(timeS);
    if (this.#known.hour === hour && this.#known.services === this.#hours.size) return this.#known.usual;
    const [own, ...atRest] = [timeS, ...restTimes(timeS)].map((atS) => {
      const all = [...this.#hours.keys()].map((service) => this.#baselines(service, hourOf(atS)));
      return usualWeek(columnsOf(all));
    });
    const usual = { ...(own ?? usualWeek(columnsOf([]))), atRest };
    this.#known = { hour, services: this.#hours.size, usual };
    return usual;
  }

  #rowsOf(archive: string, hour: number): number[][] {
    const hours = this.#hours.get(archive) ?? new Map<number, number[][]>();
    this.#hours.set(archive, hours);
    const rows = hours.get(hour) ?? baselineRates.map(() => []);
    hours.set(hour, rows);
    return rows;
  }

  #baselines(name: string, hour: number): ArchiveBaselines {
    const [before, at, after] = [-1, 0, 1].map((by) => this.#baseline(name, hour + by));
    if (before === undefined || at === undefined || after === undefined) throw new RangeError('three hours');
    return { name, before, at, after };
  }

  #baseline(name: string, hour: number): HourBaseline {
    const key = `${name} ${hour}`;
    const known = this.#kept.get(key) ?? this.#derive(name, hour);
    this.#kept.set(key, known);
    return known;
  }

  #derive(name: string, hour: number): HourBaseline {
    const weeks = Array.from({ length: baselineWeeks }, (_, i) => this.#hours.get(name)?.get(hour - 168 * (i + 1)));
    return byRate((_, rate) => baselineOf(weeks.flatMap((week) => Float64Array.from(week?.[rate] ?? []))));
  }
}
