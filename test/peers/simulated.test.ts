// Peers in simulated networks: dead ones are named, and no others. `LVS_STATS_PEERS=1000` runs so many networks of each kind.

import { describe, expect, test } from 'vitest';
import { seed } from '../seed.js';
import { type Network, openNetwork, type ServiceState } from './network.js';

const networks = Number(process.env['LVS_STATS_PEERS'] ?? 8);
const seeds = Array.from({ length: networks }, (_, i) => seed * 1_000_003 + i);

const poolOf = (size: number): readonly string[] => Array.from({ length: size }, (_, i) => `n${i + 1}`);

/** When everybody knows everybody, and has polled, ms. */
const settledMs = 30_000;

/** A settled pool of 5 to 12 members. */
function settled(one: number, { size = 5 + (one % 8), services = 'redis/6379' } = {}): Network {
  const network = openNetwork(one, poolOf(size), services);
  // Clocks are set by NTP, more or less.
  for (const host of network.hosts.values()) host.skewMs = (network.random() - 0.5) * 1200;
  network.time.runUntil(settledMs);
  expect(network.namedSince(0)).toEqual([]);
  return network;
}

const victimOf = ({ random, hosts }: Network): string => [...hosts.keys()][Math.floor(random() * hosts.size)] ?? '';

/** Names of a network in two parts, the first of which has `size`. */
function parted({ hosts, random }: Network, size: number): readonly [readonly string[], readonly string[]] {
  const shuffled = [...hosts.keys()].map((name) => ({ name, at: random() })).sort((a, b) => a.at - b.at);
  const names = shuffled.map(({ name }) => name);
  return [names.slice(0, size), names.slice(size)];
}

const waysBetween = (a: readonly string[], b: readonly string[]): readonly (readonly [string, string])[] =>
  a.flatMap((x) => b.flatMap((y) => [[x, y] as const, [y, x] as const]));

/** Everything is over: nobody suspects or names anybody. */
function expectPeace(network: Network): void {
  expect(network.verdicts()).toEqual([]);
  for (const { state, isUp } of network.hosts.values()) if (isUp) expect([...state.watches.keys()]).toEqual([]);
}

describe.each(seeds)('in network %i', (one) => {
  test('nobody is named while packets are lost, and members are slow and doubted', () => {
    const network = settled(one);
    const { time, hosts, random } = network;
    network.setLoss(0.02 + 0.1 * random());
    for (const host of hosts.values()) if (random() < 0.3) host.slowMs = 1500 * random();
    for (let atMs = settledMs; atMs < 600_000; atMs += 20_000) {
      time.runUntil(atMs);
      const [by, about] = [victimOf(network), victimOf(network)];
      if (by !== about) network.doubt(by, about);
    }
    expect(network.namedSince(0)).toEqual([]);
  });

  test('a killed application is named within ten seconds by two observers, and cleared when it is back', () => {
    const network = settled(one);
    const victim = victimOf(network);
    network.time.runUntil(settledMs + 5000 * network.random());
    const killedMs = network.time.nowMs();
    network.setService(victim, 'redis/6379', 'killed');
    network.time.runUntil(killedMs + 10_000);
    const named = network.namedSince(killedMs);
    expect(new Set(named.map(({ key }) => key))).toEqual(new Set([`${victim} redis/6379`]));
    expect(new Set(named.map(({ agent }) => agent)).size).toBeGreaterThanOrEqual(2);
    for (const { verdict, agent } of named) {
      expect(verdict.outcome).toBe('closed');
      expect(verdict.witnesses[0]).toBe(agent);
      expect(new Set(verdict.witnesses).size).toBeGreaterThanOrEqual(2);
      expect(verdict.witnesses).not.toContain(victim);
    }
    network.setService(victim, 'redis/6379', 'up');
    network.time.runUntil(killedMs + 20_000);
    expectPeace(network);
  });

  test('a hung application is named after the hold, and its host is not', () => {
    const network = settled(one);
    const victim = victimOf(network);
    network.setService(victim, 'redis/6379', 'hung');
    network.time.runUntil(settledMs + 30_000);
    expect(network.namedSince(0)).toEqual([]);
    network.time.runUntil(settledMs + 60_000);
    const named = network.namedSince(0);
    expect(new Set(named.map(({ key, verdict }) => `${key} ${verdict.outcome}`))).toEqual(
      new Set([`${victim} redis/6379 silent`]),
    );
    expect(new Set(named.map(({ agent }) => agent)).size).toBeGreaterThanOrEqual(2);
  });

  test.each(['redis/6379,http/80', ''])(
    'a dead host with services "%s" is named as one thing, until it boots',
    (services) => {
      const network = settled(one, { services });
      const victim = victimOf(network);
      network.kill(victim);
      network.time.runUntil(settledMs + 30_000);
      const named = network.namedSince(0);
      expect(new Set(named.map(({ key }) => key))).toEqual(new Set([victim]));
      expect(new Set(named.map(({ agent }) => agent)).size).toBeGreaterThanOrEqual(2);
      network.boot(victim);
      network.time.runUntil(settledMs + 80_000);
      expectPeace(network);
    },
  );

  test('a cut between two members is no death, in one direction or in both', () => {
    const network = settled(one);
    const [[a = '', b = '']] = parted(network, 2);
    network.cut(network.random() < 0.5 ? [[a, b]] : waysBetween([a], [b]));
    network.time.runUntil(settledMs + 300_000);
    expect(network.namedSince(0)).toEqual([]);
    expect(network.noted.some(({ effect }) => effect.type === 'outvoted')).toBe(true);
    network.heal();
    network.time.runUntil(settledMs + 340_000);
    expectPeace(network);
  });

  test('the smaller side of a partition judges nobody, and everything converges after it', () => {
    const network = settled(one);
    const size = Math.floor((network.hosts.size - 1) / 2);
    const [small, large] = parted(network, 1 + Math.floor(network.random() * size));
    network.cut(waysBetween(small, large));
    network.time.runUntil(settledMs + 180_000);
    const named = network.namedSince(0);
    expect(named.filter(({ agent }) => small.includes(agent))).toEqual([]);
    expect(new Set(named.map(({ key }) => key))).toEqual(new Set(small));
    network.heal();
    network.time.runUntil(settledMs + 260_000);
    expectPeace(network);
    expect(network.namedSince(settledMs + 180_000)).toEqual([]);
  });

  test('neither half of a pool judges the other', () => {
    const network = settled(one, { size: 4 + 2 * (one % 4) });
    const [left, right] = parted(network, network.hosts.size / 2);
    network.cut(waysBetween(left, right));
    network.time.runUntil(settledMs + 180_000);
    expect(network.namedSince(0)).toEqual([]);
    network.heal();
    network.time.runUntil(settledMs + 260_000);
    expectPeace(network);
  });

  test('with clocks that are off by hours, a killed application is named all the same', () => {
    const network = settled(one);
    for (const host of network.hosts.values()) host.skewMs = (network.random() - 0.5) * 20_000_000;
    network.time.runUntil(settledMs + 20_000);
    const victim = victimOf(network);
    network.setService(victim, 'redis/6379', 'killed');
    // Each round, a target that has no common ring is missed by all with the probability 1/e².
    network.time.runUntil(settledMs + 70_000);
    const named = network.namedSince(0);
    expect(new Set(named.map(({ key }) => key))).toEqual(new Set([`${victim} redis/6379`]));
    expect(new Set(named.map(({ agent }) => agent)).size).toBeGreaterThanOrEqual(2);
  });

  test('whatever happens, every named target was down or out of reach, and peace returns', () => {
    const network = settled(one, { services: 'redis/6379,http/80' });
    const { time, random } = network;
    network.setLoss(0.05 * random());
    for (let i = 0; i < 12; i += 1) {
      time.runUntil(time.nowMs() + 40_000 * random());
      disturb(network);
    }
    const endMs = time.nowMs();
    network.setLoss(0);
    network.heal();
    for (const host of network.hosts.values()) {
      if (!host.isUp) network.boot(host.name);
      for (const service of host.services.keys()) network.setService(host.name, service, 'up');
    }
    time.runUntil(endMs + 120_000);
    expect(network.noted.filter(({ isRight }) => !isRight)).toEqual([]);
    expectPeace(network);
  });
});

/** Does something to a random member. */
function disturb(network: Network): void {
  const { hosts, random } = network;
  const name = victimOf(network);
  const host = hosts.get(name);
  const kind = Math.floor(random() * 8);
  if (host === undefined) return;
  if (!host.isUp) network.boot(name);
  else if (kind === 0) network.kill(name);
  else if (kind <= 2) network.setService(name, random() < 0.5 ? 'redis/6379' : 'http/80', brokenState(random()));
  else if (kind === 3) {
    const [few, most] = parted(network, 1 + Math.floor(random() * 3));
    network.cut(waysBetween(few, most));
  } else if (kind === 4) network.heal();
  else if (kind === 5) network.restartAgent(name);
  else if (kind === 6) network.leave(name);
  else host.skewMs = (random() - 0.5) * 100_000;
}

function brokenState(at: number): ServiceState {
  return (['killed', 'hung', 'wrong'] as const)[Math.floor(at * 3)] ?? 'killed';
}
