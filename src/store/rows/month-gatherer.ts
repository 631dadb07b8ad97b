// Gathers months from data points that arrive some days at a time, oldest first. The result is what keep-months.ts would have stored.

import type { DataSource } from '../../model/archive.js';
import { trafficColumns } from '../../model/kinds/registry.js';
import { monthOf, monthStartS } from '../../model/time/month.js';
import { packMonth } from './month.js';
import { dayS, standardGrid } from './slot.js';

const { stepS, slotsPerDay } = standardGrid;
const longestMonth = 31 * slotsPerDay;

/** Combines days into months. */
export class MonthGatherer {
  readonly #columns: ReturnType<typeof trafficColumns>;
  readonly #inBytes = new Float64Array(longestMonth).fill(Number.NaN);
  readonly #outBytes = new Float64Array(longestMonth).fill(Number.NaN);

  constructor(dataSources: readonly DataSource[]) {
    this.#columns = trafficColumns(dataSources);
  }

  /** Adds a day's data points, which begin at `from`. Returns the month that the day ends, when anything is known of it. */
  add(
    day: number,
    pdps: readonly Float64Array[],
    from: number,
  ): { readonly month: number; readonly value: Buffer } | null {
    if (this.#columns === null) return null;
    const month = monthOf(day * dayS);
    const first = day * slotsPerDay - monthStartS(month) / stepS;
    const dayOf = (column: number): Float64Array =>
      pdps[column]?.subarray(from, from + slotsPerDay) ?? new Float64Array();
    this.#inBytes.set(dayOf(this.#columns.in), first);
    this.#outBytes.set(dayOf(this.#columns.out), first);
    const count = (monthStartS(month + 1) - monthStartS(month)) / stepS;
    if (first + slotsPerDay < count) return null;
    const value = packMonth(this.#inBytes.subarray(0, count), this.#outBytes.subarray(0, count));
    this.#inBytes.fill(Number.NaN);
    this.#outBytes.fill(Number.NaN);
    return value === null ? null : { month, value };
  }
}
