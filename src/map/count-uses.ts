// The director's own counters of services whose users agents cannot see: they say whether a service is in use.

import type { SeriesSource } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import type { AskedService, AskedVip } from './choose/uses.js';

/** Means over the last `countedS` before a moment; NaN if unknown. */
export interface UseCounts {
  /** Entries of the connection table, active and inactive. */
  readonly connections: number;
  readonly connsPerS: number;
  readonly packetsPerS: number;
}

/** A service with the director's counters of it; null if agents see its users. */
export interface CountedService extends AskedService {
  readonly counts: UseCounts | null;
}

/** The answer to a question about users, beside the map. */
export interface UsesReport extends Pick<AskedVip, 'vip' | 'absent'> {
  readonly services: readonly CountedService[];
  readonly isNow: boolean;
}

/** The archives with the director's counters, and the moment of a question, epoch seconds. */
export interface CountGround {
  readonly source: Pick<SeriesSource, 'fetch'>;
  readonly timeS: number;
  readonly isNow: boolean;
}

/** Seconds over which use is counted: two readings, even where there is one in five minutes. */
export const countedS = 600;

const dataSources = ['ActiveConn', 'InActConn', 'Conns', 'InPkts'] as const;

/** Counts the use of services up to a moment. */
export async function countUses(
  { vip, services, absent }: AskedVip,
  { source, timeS, isNow }: CountGround,
): Promise<UsesReport> {
  const counted: CountedService[] = [];
  for (const service of services) {
    counted.push({ ...service, counts: service.unseen === null ? null : await countsOf(service, source, timeS) });
  }
  return { vip, absent, services: counted, isNow };
}

const unknown: UseCounts = { connections: Number.NaN, connsPerS: Number.NaN, packetsPerS: Number.NaN };

async function countsOf(
  { archive }: AskedService,
  source: Pick<SeriesSource, 'fetch'>,
  timeS: number,
): Promise<UseCounts> {
  const query = { name: archive, cf: 'AVERAGE', startS: timeS - countedS, endS: timeS, stepS: 1, dataSources } as const;
  try {
    const series = await source.fetch(query);
    const [active, inactive, connsPerS, packetsPerS] = dataSources.map((name) =>
      meanOf(series.columns[series.dataSources.indexOf(name)] ?? new Float64Array(0)),
    );
    const connections = (active ?? Number.NaN) + (inactive ?? Number.NaN);
    return { connections, connsPerS: connsPerS ?? Number.NaN, packetsPerS: packetsPerS ?? Number.NaN };
  } catch (error) {
    // A service of the newest table may have no archive yet.
    if (error instanceof UserError && error.code === 'no-such-archive') return unknown;
    throw error;
  }
}

/** The mean of the known rows; NaN if there is none. */
function meanOf(rows: Float64Array): number {
  const known = rows.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Whether counters show that a service is in use; null if they are unknown. */
export function isInUse({ connections, connsPerS, packetsPerS }: UseCounts): boolean | null {
  const all = [connections, connsPerS, packetsPerS];
  if (all.some((value) => value > 0)) return true;
  return all.some(Number.isNaN) ? null : false;
}
