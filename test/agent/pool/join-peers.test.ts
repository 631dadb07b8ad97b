// Joining: hosts in connections over ports of services, in private networks, ten at a time, later and later.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConnectedPeers } from '../../../src/agent/host/connected-peers.js';
import { choose, joinPeers, type Tried } from '../../../src/agent/pool/join-peers.js';
import { machineClock } from '../../../src/agent/timing.js';
import { type Network, parseNetwork } from '../../../src/model/topology/network.js';
import { until } from '../../until.js';
import { answerBytes, startFakeSerf } from '../serf/fake-serf.js';

const networks: readonly Network[] = ['10.0.0.0/8', 'fc00::/7'].map((text) => {
  const network = parseNetwork(text);
  if ('problem' in network) throw new Error(network.problem);
  return network;
});

const known = { members: [], serfPorts: new Map(), problems: [] };

describe('connections', () => {
  test('show who uses a service here, and whose service is used from here', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lvs-stats-proc-'));
    mkdirSync(join(root, 'net'));
    const rest = '00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 4 30 10 -1';
    const lines = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      `   0: 00000000:18EB 00000000:0000 0A ${rest}`,
      `   1: 0100000A:18EB 0200000A:D431 01 ${rest}`,
      `   2: 0100000A:D432 0300000A:0CEA 01 ${rest}`,
      `   3: 0100000A:D433 0400000A:01BB 01 ${rest}`,
      `   4: 0100000A:18EB 0500000A:D434 06 ${rest}`,
      `   5: 0100007F:18EB 0100007F:D435 01 ${rest}`,
      `   6: 0100000A:18EB 0200000A:D436 01 ${rest}`,
      'garbage',
    ];
    writeFileSync(join(root, 'net/tcp'), `${lines.join('\n')}\n`);
    writeFileSync(
      join(root, 'net/tcp6'),
      `${lines[0]}\n   0: 0000000000000000FFFF00000100000A:18EB 0000000000000000FFFF00000700000A:D431 01 ${rest}\n`,
    );
    try {
      const read = (ports: readonly number[]) => readConnectedPeers(root, { ports: new Set(ports), networks });
      expect(await read([6379, 3306])).toEqual({ addresses: ['10.0.0.7', '10.0.0.2', '10.0.0.3'], isCut: false });
      expect(await read([443])).toEqual({ addresses: ['10.0.0.4'], isCut: false });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('a long table of connections', () => {
  const rest = '00000000:00000000 00:00000000 00000000     0        0 1 1 0 20 4 30 10 -1';
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lvs-stats-proc-'));
    mkdirSync(join(root, 'net'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Writes a line for each connection of the port 6379: the other end's digits. */
  const write = (peers: Iterable<string>): number => {
    const lines = [...peers].map((peer, i) => `${i}: 0100000A:18EB ${peer}:D431 01 ${rest}\n`);
    writeFileSync(join(root, 'net/tcp'), lines.join(''));
    return lines.join('').length;
  };
  const digitsOf = (i: number, last: string): string => `${i.toString(16).toUpperCase().padStart(6, '0')}${last}`;
  const search = { ports: new Set([6379]), networks };

  test('is read to its end, and other work gets a turn after each 64 KiB', async () => {
    // Customers come from 8.0.0.0/8, and a peer is the last of the lines.
    const customers = Array.from({ length: 150_000 }, (_, i) => digitsOf(i, '08'));
    const bytes = write([...customers, '0900000A']);
    let [turns, isOver] = [0, false];
    const takeTurn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(takeTurn);
    };
    setImmediate(takeTurn);
    const found = await readConnectedPeers(root, search);
    isOver = true;
    expect(found).toEqual({ addresses: ['10.0.0.9'], isCut: false });
    expect(turns).toBeGreaterThanOrEqual(Math.floor(bytes / 2 ** 16));
  });

  test('gives 10,000 peers at most, and says that there are more', async () => {
    write(Array.from({ length: 10_000 }, (_, i) => digitsOf(i, '0A')));
    const { addresses, isCut } = await readConnectedPeers(root, search);
    expect([addresses.length, isCut]).toEqual([10_000, false]);
    write(Array.from({ length: 10_001 }, (_, i) => digitsOf(i, '0A')));
    const more = await readConnectedPeers(root, search);
    expect([more.addresses.length, more.isCut]).toEqual([10_000, true]);
  });

  test('that takes long to read is read more rarely, so that it takes a hundredth of the time', async () => {
    write(['0900000A']);
    const abort = new AbortController();
    const sleeps: number[] = [];
    let nowMs = 0;
    const lasting = [1, 3000];
    await joinPeers({
      ...{ serf: { at: { host: '127.0.0.1', port: 1 }, authKey: null, timeoutMs: 1000 }, procRoot: root, ...search },
      clock: {
        nowMs: () => nowMs,
        // Between two looks at the clock, a table is read.
        steadyMs: () => {
          nowMs += lasting[sleeps.length] ?? 0;
          return nowMs;
        },
        sleep: (ms) => {
          if (sleeps.push(ms) === lasting.length) abort.abort();
          return Promise.resolve();
        },
      },
      say: () => {},
      signal: abort.signal,
      roundMs: 120_000,
      members: () => ({ read: known, self: 'a' }),
    });
    expect(sleeps).toEqual([120_000, 300_000]);
  });
});

describe('an agent that joins', () => {
  test('asks Serf for one address after the other, on its own port, and says how many came', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lvs-stats-proc-'));
    mkdirSync(join(root, 'net'));
    const peers = ['0200000A', '0300000A', '0400000A'];
    writeFileSync(
      join(root, 'net/tcp'),
      peers.map((peer, i) => `   ${i}: 0100000A:18EB ${peer}:D431 01 00000000:00000000\n`).join(''),
    );
    const fake = await startFakeSerf((request, socket) => {
      if (request['Command'] !== 'join') socket.write(answerBytes(request));
      else if (fake.arrived.filter(({ Command }) => Command === 'join').length !== 2)
        socket.write(answerBytes(request, { Num: 1 }));
      else socket.write(answerBytes(request, { Num: 0 }, 'connection refused'));
    });
    const abort = new AbortController();
    const lines: string[] = [];
    const running = joinPeers({
      serf: fake.place,
      procRoot: root,
      ports: new Set([6379]),
      networks,
      clock: machineClock,
      say: (text) => lines.push(text),
      signal: abort.signal,
      roundMs: 5,
      members: () => ({ read: { ...known, serfPorts: new Map([['a', 17_946]]) }, self: 'a' }),
    });
    try {
      await until('they have joined', () => lines.length > 0);
      expect(lines).toEqual(['joined 2 peers found in the connections of this host']);
      expect(fake.arrived.filter((one) => 'Existing' in one).map(({ Existing }) => Existing)).toEqual([
        ['10.0.0.2:17946'],
        ['10.0.0.3:17946'],
        ['10.0.0.4:17946'],
      ]);
      expect(fake.sockets).toHaveLength(1);
      fake.close();
      writeFileSync(join(root, 'net/tcp'), '   0: 0100000A:18EB 0500000A:D431 01 00000000:00000000\n');
      await until('an outage is reported', () => lines.some((line) => line.startsWith('peers cannot be joined')));
    } finally {
      abort.abort();
      await running;
      fake.close();
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('an agent that starts', () => {
  test('joins as soon as Serf has said who its members are, and does not wait for a round', async () => {
    const abort = new AbortController();
    const waits: number[] = [];
    const round = 120_000;
    await joinPeers({
      serf: { at: { host: '127.0.0.1', port: 1 }, authKey: null, timeoutMs: 1 },
      procRoot: '/nonexistent',
      ports: new Set([6379]),
      networks,
      clock: {
        ...machineClock,
        sleep: async (ms) => {
          waits.push(ms);
          if (ms === round) abort.abort();
        },
      },
      say: () => {},
      signal: abort.signal,
      roundMs: round,
      members: () => (waits.length < 3 ? null : { read: known, self: 'a' }),
    });
    expect(waits).toEqual([1000, 1000, 1000, round]);
  });
});

describe('who is joined', () => {
  test('is in the networks, and no member yet', () => {
    const member = { name: 'b', address: '10.1.1.1', status: 'failed', isAgent: true, services: [] } as const;
    const read = { ...known, members: [member] };
    const found = ['10.1.1.1', '192.0.2.7', '10.1.1.2', 'fd00::1', '2001:db8::1'];
    expect(choose(found, { networks, known: read, tried: new Map(), nowMs: 0 })).toEqual(['10.1.1.2', 'fd00::1']);
  });

  test('are ten in a round, and the others in the next ones', () => {
    const found = Array.from({ length: 25 }, (_, i) => `10.0.0.${i}`);
    const tried = new Map<string, Tried>();
    const rounds = [0, 1, 2, 3].map((nowMs) => choose(found, { networks, known, tried, nowMs }));
    expect(rounds.map((one) => one.length)).toEqual([10, 10, 5, 0]);
    expect(new Set(rounds.flat()).size).toBe(25);
  });

  test('is tried again after ten minutes, twenty, and so on up to a day', () => {
    const tried = new Map<string, Tried>();
    const times: number[] = [];
    for (let minute = 0; minute < 6000; minute += 1) {
      const chosen = choose(['10.0.0.1'], { networks, known, tried, nowMs: minute * 60_000 });
      if (chosen.length > 0) times.push(minute);
    }
    expect(times.slice(1).map((time, i) => time - (times[i] ?? 0))).toEqual([
      10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440,
    ]);
  });
});
