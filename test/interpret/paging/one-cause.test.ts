// One cause, one page: real servers of racks of many shapes die in any order over two readings, by removal or by weight, while an unrelated
// service fails. The racks' own evidence comes first, last or never. Exactly one page goes out for each cause, none is repeated, and all are resolved. LVS_STATS_RACKS=1000 takes so many of each shape.

import { describe, expect, test } from 'vitest';
import type { OwnEvidence } from '../../../src/interpret/paging/own-evidence.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';
import { startS } from '../findings/cycles.js';
import { PagedDirector, type Rack, type Removal, racked } from './paged-director.js';

const rounds = Number(process.env['LVS_STATS_RACKS'] ?? 20);

interface Shape {
  readonly racks: readonly Rack[];
  /** Ports and the octets of their real servers; the first is the unrelated service. */
  readonly services: readonly (readonly [port: number, octets: readonly number[]])[];
  /** The racks that die, and the octets of them that do; null for all. */
  readonly dying: readonly (readonly [rack: string, octets: readonly number[] | null])[];
}

function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

const rackA: Rack = { rack: 'a', octets: range(1, 25) };
const rackB: Rack = { rack: 'b', octets: range(101, 5) };

const shapes: Readonly<Record<string, Shape>> = {
  'a rack of 25 hosts with 500 real servers of 20 services': {
    racks: [rackA, rackB],
    services: [
      [1, [101, 102, 103]],
      ...range(2, 20).map((port) => [port, [...rackA.octets, ...rackB.octets]] as const),
    ],
    dying: [['a', null]],
  },
  'a rack that holds all of some services, and parts of others': {
    racks: [rackA, rackB],
    services: [
      [1, [101, 102]],
      ...range(2, 10).map((port) => [port, rackA.octets] as const),
      ...range(12, 10).map((port) => [port, [port, port + 3, 101 + (port % 5)]] as const),
    ],
    dying: [['a', null]],
  },
  'two racks at once, of three': {
    racks: [
      { rack: 'a', octets: range(1, 8) },
      { rack: 'b', octets: range(101, 12) },
      { rack: 'c', octets: range(151, 8) },
    ],
    services: [
      [1, [151, 152, 153]],
      ...range(2, 6).map((port) => [port, [port, port + 1, 100 + port, 105 + port, 150 + port]] as const),
      ...range(20, 4).map((port) => [port, [...range(1, 8), ...range(101, 12), ...range(151, 8)]] as const),
    ],
    dying: [
      ['a', null],
      ['b', null],
    ],
  },
  'half a rack': {
    racks: [rackA, rackB],
    services: [
      [1, [101, 102, 103]],
      ...range(2, 12).map((port) => [port, [...rackA.octets, ...rackB.octets]] as const),
    ],
    dying: [['a', range(3, 12)]],
  },
  'a rack of hosts that carry one service each': {
    racks: [{ rack: 'a', octets: range(1, 9) }, rackB],
    services: [
      [1, [101, 102]],
      ...range(2, 3).map((port) => [port, [...range(3 * (port - 2) + 1, 3), 101 + port, 100 + port]] as const),
    ],
    dying: [['a', null]],
  },
  'a rack of two hosts': {
    racks: [{ rack: 'a', octets: [1, 2] }, rackB],
    services: [[1, [101, 102]], ...range(2, 6).map((port) => [port, [1, 2, 101, 102, 103]] as const)],
    dying: [['a', null]],
  },
};

describe('real servers die in any order, and an unrelated service fails:', () => {
  test.each(Object.entries(shapes))('%s', (_, shape) => {
    for (let round = 0; round < rounds; round += 1) playRound(shape, randomFrom(1000 * seed + round), `round ${round}`);
  });
});

function playRound({ racks, services, dying }: Shape, random: () => number, round: string): void {
  const director = new PagedDirector(racked(racks), services);
  const expected = ['service/192.0.2.1_1', ...dying.map(([rack]) => `rack/tx/${rack}`)].toSorted();
  const octets = dying.flatMap(([rack, some]) => some ?? racks.find((own) => own.rack === rack)?.octets ?? []);
  const unrelated = director.serversOn(services[0]?.[1] ?? []).filter((one) => one.startsWith('1/'));
  const removalOf = new Map(services.map(([port]) => [port, random() < 0.5 ? 'removed' : 'weight-0'] as const));
  const evidence = dying.map(([rack]) => reportOf(rack));
  const reported = ['never', 'first', 'last'][Math.floor(3 * random())];
  if (reported === 'first') {
    director.own = evidence;
    director.cycle();
  }
  inTurns(shuffled([...director.serversOn(octets), ...unrelated], random), {
    random,
    change: (one) => director.down.set(one, removalOf.get(Number(one.split('/')[0])) as Removal),
    read: () => director.cycle(),
  });
  if (reported === 'last') director.own = evidence;
  director.cycle(6);
  expect(director.paged, round).toEqual(expected);
  const open = [...director.director.open, ...director.own.map(({ finding }) => finding)];
  const listed = director.state.pages.flatMap(({ page }) => page.alerts.map(({ id }) => id));
  expect(new Set(listed), round).toEqual(
    new Set(open.map(({ kind, subject, sinceS }) => `${kind}/${subject}@${sinceS}`)),
  );
  director.own = [];
  // Back again, in any order, too.
  inTurns(shuffled(director.serversOn(octets), random), {
    random,
    change: (one) => director.down.delete(one),
    read: () => director.cycle(),
  });
  director.cycle(4);
  for (const one of unrelated) director.down.delete(one);
  director.cycle(4);
  expect(director.paged, round).toEqual(expected);
  expect(director.said.filter((one) => one.startsWith('resolved')).toSorted(), round).toEqual(
    expected.map((identity) => `resolved ${identity}`),
  );
  expect(director.state.pages, round).toEqual([]);
}

/** A report that a rack is dead. */
function reportOf(rack: string): OwnEvidence {
  const subject = `rack/tx/${rack}`;
  const finding = { kind: 'collecting', subject, archives: [subject], severity: 'critical', sinceS: startS } as const;
  return {
    level: 'rack',
    place: { rack: `tx/${rack}`, dc: 'tx' },
    finding: { ...finding, numbers: { state: 'stopped' } },
  };
}

interface Turns {
  readonly random: () => number;
  readonly change: (one: string) => void;
  readonly read: () => void;
}

/** Changes a part of them before one reading, and the others before the next. */
function inTurns(all: readonly string[], { random, change, read }: Turns): void {
  const cut = Math.floor(random() * (all.length + 1));
  for (const one of all.slice(0, cut)) change(one);
  read();
  for (const one of all.slice(cut)) change(one);
  read();
}

function shuffled<T>(all: readonly T[], random: () => number): readonly T[] {
  return all
    .map((one) => [random(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);
}
