// An hour of a large table, captured from a real kernel, whose counters only grow: nothing must be reported.

import { describe, expect, test } from 'vitest';
import { parseListings } from '../../src/collect/ipvs/join.js';
import { interpret } from '../../src/interpret/interpret.js';
import { emptyState } from '../../src/model/cycle.js';
import type { Counters, ServiceReading } from '../../src/model/snapshot.js';
import { capture } from '../collect/capture.js';

const startS = 1_763_700_000;
const cycles = 12;

const read = (stats: string, table: string): readonly ServiceReading[] =>
  parseListings({ statsText: capture(`scale/${stats}.txt`), tableText: capture(`scale/${table}.txt`) }).services;

const countersOf = (counters: Counters, n: bigint): Counters => {
  const { conns, inPkts, outPkts, inBytes, outBytes } = counters;
  return { conns: conns * n, inPkts: inPkts * n, outPkts: outPkts * n, inBytes: inBytes * n, outBytes: outBytes * n };
};

/** The table after `n` times the traffic. */
function times(services: readonly ServiceReading[], n: number): readonly ServiceReading[] {
  return services.map((service) => ({
    ...service,
    counters: countersOf(service.counters, BigInt(n)),
    realServers: service.realServers.map((one) => ({ ...one, counters: countersOf(one.counters, BigInt(n)) })),
  }));
}

describe('a quiet hour of 2,000 services', () => {
  test('has no event after they appeared', () => {
    const [before, after] = [
      read('001-before-stats-exact', '002-before-list'),
      read('003-after-stats-exact', '004-after-list'),
    ];
    expect(after).toHaveLength(2000);
    let table = interpret(emptyState, { timeS: startS, host: null, services: before }).table;
    for (let n = 1; n <= cycles; n += 1) {
      // The order of a listing is arbitrary.
      const services = n % 2 === 0 ? times(after, n) : times(after, n).toReversed();
      const host = { bootId: 'a', uptimeS: 1000 + 300 * n, moduleId: '4711' };
      const cycle = interpret(table, { timeS: startS + 300 * n, host, services });
      expect(cycle.events).toEqual([]);
      table = cycle.table;
    }
  });
});
