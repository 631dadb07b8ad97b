// A director with one service that follows a story (sequence.ts), in a store.

import { interpret } from '../../src/interpret/interpret.js';
import type { Retention } from '../../src/model/retention.js';
import type { Series } from '../../src/model/series.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Store } from '../../src/store/store.js';
import type { StoryReading } from './sequence.js';

/** The archive name of a story's service. */
export const storyName = '192.0.2.1_80';

/** Snapshots of a director with one service that follows the story; its counters restart at small values. */
export function* snapshotsOf(story: readonly StoryReading[]): Generator<Snapshot> {
  let counters = [0n, 0n, 0n, 0n, 0n];
  for (const { timeS, gauges, growth } of story) {
    // After a restart one counter has already passed its old value: all five are unknown nevertheless.
    counters = counters.map((value, i) =>
      growth === null ? (i === 4 ? value + 1n : value / 2n) : value + (growth[i] ?? 0n),
    );
    const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = counters;
    const [activeConn, inActConn] = gauges;
    const shared = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };
    const server = { id: { address: '10.0.0.1', port: 80 }, counters: shared, weight: 1, activeConn, inActConn };
    yield {
      timeS,
      host: null,
      services: [
        {
          id: { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 },
          counters: { conns, inPkts, outPkts, inBytes, outBytes },
          scheduler: 'wlc',
          flags: '',
          realServers: [{ ...server, forwarding: 'Masq' }],
        },
      ],
    };
  }
}

/** Stores a story's readings; `retention` applies to an empty store. */
export async function live(store: Store, story: readonly StoryReading[], retention?: Retention): Promise<void> {
  await readAll(store, snapshotsOf(story), retention);
}

/** Stores snapshots, in the order of time. */
export async function readAll(store: Store, snapshots: Iterable<Snapshot>, retention?: Retention): Promise<void> {
  const latest = await store.latest();
  let table = retention === undefined ? latest : { ...latest, retention };
  for (const snapshot of snapshots) {
    const cycle = interpret(table, snapshot);
    await store.append(cycle, false);
    table = cycle.table;
  }
}

/** Rows as rrdtool's fetch prints them: time, then a value per data source. */
export function rowsOf(series: Series): number[][] {
  return Array.from({ length: (series.endS - series.startS) / series.stepS }, (_, i) => [
    series.startS + (i + 1) * series.stepS,
    ...series.columns.map((column) => column[i] ?? Number.NaN),
  ]);
}
