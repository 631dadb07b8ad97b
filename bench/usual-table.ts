// A director on a usual day: four weeks of services behind it, whose traffic goes on as before and is shared evenly by their real servers, so
// that nothing is wrong and every comparison is made. Some services stand for many.

import { interpret } from '../src/interpret/interpret.js';
import { ipvsDataSources } from '../src/model/archive.js';
import { emptyState } from '../src/model/cycle.js';
import { directorName, serviceName } from '../src/model/names/name.js';
import type { Counters, ServiceReading, Snapshot } from '../src/model/snapshot.js';
import type { ArchiveHistory } from '../src/store/backfill.js';
import { withStore } from '../src/store/open.js';
import { type PackedHistory, packHistory } from '../src/store/rows/pack-history.js';
import { stepS } from '../test/standard.js';
import { busyCounters, busyTable, startS, type TableSize } from './busy-table.js';

const weeksS = 28 * 86_400;

/** Services with traffic of their own; `busyCounters` repeats its rates after as many. */
const models = 50;

/** The table at a time, with the counters of four weeks. */
export function usualTable(size: TableSize, timeS: number): Snapshot {
  const { services, ...table } = busyTable(size, timeS);
  return { ...table, services: services.map((service, i) => withShares(service, countersAt(i, timeS))) };
}

/** Loads four weeks up to `startS` into a data folder: the archives of the director and of the services, and their baselines. */
export async function makeWeeks(dataDir: string, size: TableSize): Promise<void> {
  const { table } = interpret(emptyState, usualTable({ ...size, realServersEach: 0 }, startS));
  const histories = function* (): Generator<ArchiveHistory> {
    const kept = { lastS: null, goneS: null };
    yield { name: directorName, about: { kind: 'director' }, ...kept, readings: packedWeeks(size.services, 0) };
    const packed = Array.from({ length: Math.min(models, size.services) }, (_, model) => packedWeeks(1, model));
    for (const [i, { id, scheduler, flags }] of busyTable(size, startS).services.entries()) {
      const readings = packed[i % models];
      if (readings === undefined) throw new RangeError('a service without a model');
      yield { name: serviceName(id), about: { kind: 'service', scheduler, flags }, ...kept, readings };
    }
  };
  const outcome = () => ({ table, events: [] });
  await withStore(dataDir, (store) => store.backfill({ endS: startS, histories: histories(), outcome }));
}

/** Counters begin with the four weeks, where they are 0. */
function countersAt(service: number, timeS: number): readonly number[] {
  return busyCounters(service % models, timeS + weeksS);
}

/** Real servers share a service's counters down to the last byte. */
function withShares(service: ServiceReading, counters: readonly number[]): ServiceReading {
  const count = service.realServers.length;
  const share = (server: number): Counters => toCounters(counters.map((value) => Math.floor((value + server) / count)));
  const realServers = service.realServers.map((own, server) => ({ ...own, counters: share(server), activeConn: 20 }));
  return { ...service, counters: toCounters(counters), realServers };
}

function toCounters(values: readonly number[]): Counters {
  const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = values.map(BigInt);
  return { conns, inPkts, outPkts, inBytes, outBytes };
}

/** Four weeks of readings of as many services together, from the first one on. */
function packedWeeks(services: number, first: number): PackedHistory {
  const timesS = Float64Array.from({ length: weeksS / stepS }, (_, i) => startS - weeksS + (i + 1) * stepS);
  const sinceS = timesS.map((timeS) => timeS - stepS);
  const of = (timeS: number): readonly number[] => {
    const own = Array.from({ length: Math.min(models, services) }, (_, i) => countersAt(first + i, timeS));
    return (own[0] ?? []).map(
      (_, column) => (services / own.length) * own.reduce((sum, one) => sum + (one[column] ?? 0), 0),
    );
  };
  const before = Array.from(sinceS, of);
  const now = Array.from(timesS, of);
  const gauges = ipvsDataSources.length - (now[0]?.length ?? 0);
  const values = ipvsDataSources.map((_, source) =>
    Float64Array.from(now, (counters, row) => (counters[source - gauges] ?? 0) - (before[row]?.[source - gauges] ?? 0)),
  );
  return packHistory({ timesS, sinceS, values }, startS);
}
