// The books: real servers against their service, services against the kernel's totals.

import { beforeAll, describe, expect, test } from 'vitest';
import { createDirector } from '../../../src/demo/director.js';
import { counterList } from '../../../src/interpret/director/growth.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { type Cycle, emptyState, type KnownState } from '../../../src/model/cycle.js';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import type { Counters, KernelReading, ServiceReading, Snapshot } from '../../../src/model/snapshot.js';
import { randomFrom } from '../../random.js';

const web = '192.0.2.1_80';
const startS = 1_763_700_000;

function counted(conns: number): Counters {
  const n = BigInt(conns);
  return { conns: n, inPkts: 8n * n, outPkts: 10n * n, inBytes: 800n * n, outBytes: 10_000n * n };
}

function countersOf([conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n]: readonly bigint[]): Counters {
  return { conns, inPkts, outPkts, inBytes, outBytes };
}

function kernel(totals: Counters, rest: Partial<KernelReading> = {}): KernelReading {
  const nothing = { ratesPerS: null, laterTotals: null, tableSize: null, tableEntries: null, isEstimating: true };
  return { totals, processors: new Map(), syncDaemons: null, ...nothing, ...rest };
}

/** Three counters at a reading: those of a service, of its two real servers together, and of the director. */
interface Moment {
  readonly service: number;
  readonly servers: number;
  readonly total: number;
  readonly without?: true;
  readonly rest?: Partial<KernelReading>;
}

function run(moments: readonly Moment[]): readonly Cycle[] {
  const cycles: Cycle[] = [];
  let table: KnownState = emptyState;
  for (const [i, { service, servers, total, without, rest }] of moments.entries()) {
    const realServers = [1, 2].map((number) => ({
      id: { address: `10.0.0.${number}`, port: 80 },
      counters: counted(servers / 2),
      forwarding: 'Masq' as const,
      weight: 1,
      activeConn: 1,
      inActConn: 1,
    }));
    const reading: ServiceReading = {
      id: { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 },
      counters: counted(service),
      scheduler: 'wlc',
      flags: '',
      realServers: without ? realServers.slice(1) : realServers,
    };
    const snapshot = { timeS: startS + 300 * i, host: null, services: [reading], kernel: kernel(counted(total), rest) };
    const cycle = interpret(table, snapshot);
    cycles.push(cycle);
    table = cycle.table;
  }
  return cycles;
}

function bookEvents(cycles: readonly Cycle[]): readonly string[] {
  const kinds = ({ events }: Cycle): string[] =>
    events.filter(({ kind }) => kind.startsWith('books')).map(({ archive, kind }) => `${archive} ${kind}`);
  return cycles.map((cycle) => kinds(cycle).join());
}

/** Counters that agree on 100,000 new connections per cycle. */
function balanced(n: number): Moment {
  return { service: 100_000 * n, servers: 100_000 * n, total: 100_000 * n };
}

const n = [0, 1, 2, 3, 4, 5, 6];

describe('the books', () => {
  test('balance if all counters agree', () => {
    expect(bookEvents(run(n.map(balanced)))).toEqual(n.map(() => ''));
  });

  test('are reported once when they stop balancing, and once when they balance again', () => {
    const lost = [0, 0, 20_000, 40_000, 60_000, 60_000, 60_000];
    const cycles = run(n.map((i) => ({ ...balanced(i), servers: 100_000 * i - (lost[i] ?? 0) })));
    expect(bookEvents(cycles)).toEqual(['', '', '', `${web} books-unbalanced`, '', `${web} books-balanced`, '']);
    const event = cycles[3]?.events.find(({ kind }) => kind === 'books-unbalanced');
    // The detail names the counter that exceeds its tolerance most.
    expect(event?.detail).toBe('its real servers counted 20000 connections less than the service itself in 300 s');
  });

  test('are reported again if a second difference follows the first', () => {
    // 30,000 are missing, then 50,000 more, and finally there are 60,000 too many.
    const lost = [0, 0, 30_000, 30_000, 80_000, 80_000, 20_000, 20_000];
    const cycles = run(lost.map((own, i) => ({ ...balanced(i), total: 100_000 * i + own })));
    const events = cycles.flatMap((cycle, i) =>
      cycle.events.filter(({ kind }) => kind.startsWith('books')).map(({ kind, detail }) => [i, kind, detail]),
    );
    expect(events).toEqual([
      [
        3,
        'books-unbalanced',
        'its services counted 30000 connections less than the director itself up to the reading before',
      ],
      [4, 'books-unbalanced', 'its services counted 50000 connections less than the director itself in 300 s'],
      [5, 'books-balanced', undefined],
      [
        7,
        'books-unbalanced',
        'its services counted 60000 connections more than the director itself up to the reading before',
      ],
    ]);
  });

  test('of the director report how much less its services counted', () => {
    const cycles = run(n.map((i) => ({ ...balanced(i), total: 110_000 * i })));
    expect(bookEvents(cycles)).toEqual(['', '', 'all books-unbalanced', '', '', '', '']);
    const event = cycles[2]?.events.find(({ kind }) => kind === 'books-unbalanced');
    expect(event?.detail).toMatch(/^its services counted \d+ \S+ \S+ less than the director itself in 300 s$/);
  });

  test('of the director do not balance after a service that came and went between two readings', () => {
    const cycles = run(n.map((i) => ({ ...balanced(i), total: 100_000 * i + (i > 2 ? 30_000 : 0) })));
    expect(bookEvents(cycles)).toEqual(['', '', '', '', 'all books-unbalanced', 'all books-balanced', '']);
    expect(cycles[4]?.events[0]?.detail).toBe(
      'its services counted 30000 connections less than the director itself up to the reading before',
    );
  });
});

describe('the books tolerate', () => {
  test('a burst that reaches the totals before the service', () => {
    const burst = [0, 50_000, 0, 0, 50_000, 0, 0];
    expect(bookEvents(run(n.map((i) => ({ ...balanced(i), total: 100_000 * i + (burst[i] ?? 0) }))))).toEqual(
      n.map(() => ''),
    );
  });

  test('a few packets of a service with little traffic', () => {
    const few = n.map((i) => ({ service: 10 * i, servers: 10 * i + (i % 3) * 40, total: 10 * i }));
    expect(bookEvents(run(few))).toEqual(n.map(() => ''));
  });

  test('differences that current rates explain', () => {
    const rest = { ratesPerS: counted(20_000) };
    expect(bookEvents(run(n.map((i) => ({ ...balanced(i), total: 120_000 * i, rest }))))).toEqual(n.map(() => ''));
  });

  test('counters that cannot be compared: of an absent real server, frozen or zeroed', () => {
    const away = n.map(
      (i): Moment => (i % 2 === 0 ? balanced(i) : { ...balanced(i), servers: 40_000 * i, without: true }),
    );
    expect(bookEvents(run(away))).toEqual(n.map(() => ''));
    const frozen = n.map((i) => ({ ...balanced(i), total: 0, rest: { isEstimating: false } }));
    expect(bookEvents(run(frozen))).toEqual(n.map(() => ''));
    const zeroed = n.map((i) => ({ ...balanced(i), service: 100_000 * (i % 2), servers: 100_000 * (i % 2) }));
    expect(bookEvents(run(zeroed))).toEqual(n.map(() => ''));
  });
});

describe('a quiet hour of 2,000 services', () => {
  const endS = startS + 3 * 86_400;
  const director = createDirector({ seed: 5, services: 2000, epochS: startS, endS });
  const random = randomFrom(11);
  const snapshots: Snapshot[] = [];

  /** Counters as of `lagS` before a reading, interpolated from the previous reading. */
  const late = (lagS: number, now: Counters, was: Counters = now): Counters => {
    const old = counterList(was);
    return countersOf(counterList(now).map((value, c) => value - ((value - (old[c] ?? value)) * BigInt(lagS)) / 300n));
  };
  const anyLagS = (): number => Math.floor(random() * 3);

  /** Services, real servers and totals each have their own lag. */
  beforeAll(() => {
    let earlier = director.snapshotAt(endS + 3300).services;
    for (let i = 0; i <= 12; i += 1) {
      const timeS = endS + 3600 + 300 * i;
      const { services } = director.snapshotAt(timeS);
      const read = services.map((service, at): ServiceReading => {
        const was = earlier[at];
        const counters = late(anyLagS(), service.counters, was?.counters);
        const realServers = service.realServers.map((server, number) => ({
          ...server,
          counters: late(anyLagS(), server.counters, was?.realServers[number]?.counters),
        }));
        return { ...service, counters, realServers };
      });
      const lagS = anyLagS();
      const all = services.map(({ counters }, at) => counterList(late(lagS, counters, earlier[at]?.counters)));
      const totals = countersOf(all.reduce((sum, own) => sum.map((value, c) => value + (own[c] ?? 0n))));
      snapshots.push({ timeS, host: null, services: read, kernel: kernel(totals) });
      earlier = services;
    }
  });

  function events(change: (snapshot: Snapshot, i: number) => Snapshot): readonly LedgerEvent[] {
    let table: KnownState = emptyState;
    return snapshots.flatMap((snapshot, i) => {
      const cycle = interpret(table, change(snapshot, i));
      table = cycle.table;
      return cycle.events.filter(({ kind }) => kind.startsWith('books'));
    });
  }

  test('has balanced books although its counters refresh at different moments', () => {
    expect(snapshots[0]?.services.length).toBeGreaterThan(1500);
    expect(events((snapshot) => snapshot)).toEqual([]);
  });

  test('does not hide a service whose traffic is missing from the totals', () => {
    const [first] = snapshots[0]?.services ?? [];
    const grown = (i: number): Counters =>
      countersOf(counterList(counted(3_000_000)).map((value) => value * BigInt(i)));
    const found = events((snapshot, i) => ({
      ...snapshot,
      services: snapshot.services.map((service) =>
        service.id === first?.id ? { ...service, counters: grown(i) } : service,
      ),
    }));
    expect(found.map(({ kind }) => kind)).toContain('books-unbalanced');
  });
});
