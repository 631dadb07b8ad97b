// A director on a usual day: four weeks of services behind it, whose traffic goes on as before and is shared evenly by their real servers, so
// that nothing is wrong and every comparison is made. Some services stand for many.

import { interpret } from '../src/interpret/interpret.js';
import { ipvsDataSources } from '../src/model/archive.js';
import { emptyState } from '../src/model/cycle.js';
import { directorName, realServerName, serviceName } from '../src/model/names/name.js';
import type { Counters, ServiceReading, Snapshot } from '../src/model/snapshot.js';
import type { ArchiveHistory } from '../src/store/backfill.js';
import { withStore } from '../src/store/open.js';
import { type PackedHistory, packHistory } from '../src/store/rows/pack-history.js';
import { stepS } from '../test/standard.js';
import { busyCounters, busyTable, startS, type TableSize } from './busy-table.js';

const dayS = 86_400;
const weeksS = 28 * dayS;

/** Services with traffic of their own; `busyCounters` repeats its rates after as many. */
const models = 50;

/** The table at a time, with the counters of four weeks. */
export function usualTable(size: TableSize, timeS: number): Snapshot {
  const { services, ...table } = busyTable(size, timeS);
  return { ...table, services: services.map((service, i) => withShares(service, countersAt(i, timeS))) };
}

/**
 * Loads a history up to `startS` into a data folder: four weeks of the director and the services, with their baselines, and a day of the real
 * servers, numbered as a collector would have done it.
 */
export async function makeWeeks(dataDir: string, size: TableSize): Promise<void> {
  const snapshot = usualTable(size, startS);
  const { table } = interpret(emptyState, snapshot);
  const histories = function* (): Generator<ArchiveHistory> {
    const kept = { lastS: null, goneS: null };
    const directorReadings = packed({ services: size.services, first: 0, spanS: weeksS });
    yield { name: directorName, about: { kind: 'director' }, ...kept, readings: directorReadings };
    const packs = Array.from({ length: Math.min(models, size.services) }, (_, first) => ({
      own: packed({ services: 1, first, spanS: weeksS }),
      share: packed({ services: 1 / size.realServersEach, first, spanS: dayS }),
    }));
    for (const [i, { id, scheduler, flags, realServers }] of snapshot.services.entries()) {
      const pack = packs[i % models];
      if (pack === undefined) throw new RangeError('a service without a model');
      const name = serviceName(id);
      yield { name, about: { kind: 'service', scheduler, flags }, ...kept, readings: pack.own };
      for (const { id: server, forwarding, weight } of realServers) {
        const about = { kind: 'real-server', forwarding, weight } as const;
        yield { name: `${name}/${realServerName(server)}`, about, ...kept, readings: pack.share };
      }
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

interface Packing {
  /** How many services the readings are the sum of, or the part of one. */
  readonly services: number;
  /** The model of the first. */
  readonly first: number;
  readonly spanS: number;
}

/** Readings up to `startS`. */
function packed({ services, first, spanS }: Packing): PackedHistory {
  const timesS = Float64Array.from({ length: spanS / stepS }, (_, i) => startS - spanS + (i + 1) * stepS);
  const sinceS = timesS.map((timeS) => timeS - stepS);
  const different = Math.max(1, Math.min(models, services));
  const of = (timeS: number): readonly number[] => {
    const own = Array.from({ length: different }, (_, i) => countersAt(first + i, timeS));
    return (own[0] ?? []).map((_, column) =>
      Math.floor((services / different) * own.reduce((sum, one) => sum + (one[column] ?? 0), 0)),
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
