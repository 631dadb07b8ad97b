// How the traffic of a group's archives is carried: from which rate on a director carries one, and whether several do at the same time.

import { setImmediate } from 'node:timers/promises';
import type { ArchiveInfo } from '../model/archive.js';
import { directorName, serviceOf } from '../model/names/name.js';
import type { ManyQuery, Series } from '../model/series.js';
import { isShared, leastRate, witness } from './carriers.js';
import type { CarriedHow } from './combine-rows.js';

/** By service, and by the name of the director's own archive for the sum of all. */
export type CarriedByService = ReadonlyMap<string, CarriedHow>;

/** The rows that each director has of some archives. */
export type ReadMembers = (query: ManyQuery) => Promise<ReadonlyMap<string, ReadonlyMap<string, Series>>>;

const dayS = 86_400;

/** Days of which the usual rate is taken. */
const usualDays = 14;

/** Archives whose rows are read at once. */
const atOnce = 16;

/** The assumption before any observation: one director at a time, from the first packet on. */
const nothingKnown: CarriedHow = { isShared: false, least: 0 };

/** How an archive is carried. A real server is carried like its service, with a part of its rate. */
export function carriedHow(known: CarriedByService, name: string): CarriedHow {
  const own = known.get(serviceOf(name)) ?? nothingKnown;
  return name === serviceOf(name) ? own : { ...own, least: 0.1 * own.least };
}

/** The circumstances of an observation. */
export interface Observation {
  readonly archives: readonly ArchiveInfo[];
  /** The newest reading of each director. */
  readonly newest: readonly number[];
  readonly before: CarriedByService;
  readonly read: ReadMembers;
}

/**
 * Observes how archives are carried: the usual rate from the last two weeks, and whether directors share them from the last day of which two
 * or more are known. Where that says nothing, the earlier answer stays.
 */
export async function observeCarried({ archives, newest, before, read }: Observation): Promise<CarriedByService> {
  const names = archives.map(({ name }) => name).filter((name) => name === serviceOf(name));
  const stepS = archives[0]?.retention.stepS ?? dayS;
  const [lastS = 0, bothS = lastS] = newest.toSorted((a, b) => b - a);
  const common = { cf: 'AVERAGE', dataSources: [witness] } as const;
  const found = new Map<string, CarriedHow>();
  for (let i = 0; i < names.length; i += atOnce) {
    const some = names.slice(i, i + atOnce);
    const days = await read({ ...common, names: some, startS: lastS - usualDays * dayS, endS: lastS, stepS: dayS });
    const rows = await read({ ...common, names: some, startS: bothS - dayS, endS: bothS, stepS });
    for (const name of some) {
      const [own, recent] = [days, rows].map((all) => [...(all.get(name)?.values() ?? [])]);
      const usual = Math.max(0, ...[...(own ?? []), ...(recent ?? [])].map(meanOf).filter((mean) => mean > 0));
      const least = leastRate(usual);
      const isSharedNow = (recent?.length ?? 0) > 1 ? isShared(recent ?? [], least) : null;
      found.set(name, { least, isShared: isSharedNow ?? before.get(name)?.isShared ?? false });
    }
    await setImmediate();
  }
  return found;
}

function meanOf({ columns: [column = new Float64Array()] }: Series): number {
  const known = column.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Does the director as a whole carry traffic with others? */
export function isSharedWhole(known: CarriedByService): boolean {
  return carriedHow(known, directorName).isShared;
}
