// A keeper and its socket, with honest, broken and hostile clients.

import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyState } from '../../../src/model/cycle.js';
import { totalsAlone, wholeTable } from '../../../src/model/links/view.js';
import { standardRetention } from '../../../src/model/retention.js';
import { maxRows } from '../../../src/model/series.js';
import { UserError } from '../../../src/model/user-error.js';
import type { OpenArchives } from '../../../src/store/archives.js';
import { openStore, withArchives, withWritableArchives } from '../../../src/store/open.js';
import { answerCalls, type ListeningSocket } from '../../../src/store/shared/answer-calls.js';
import { serverPid } from '../../../src/store/shared/connect.js';
import { type Keeper, openKeeper } from '../../../src/store/shared/keeper.js';
import type { CycleNews } from '../../../src/store/shared/lasting-store.js';
import { protocol } from '../../../src/store/shared/protocol.js';
import { connectArchives } from '../../../src/store/shared/remote-archives.js';
import { StoreError } from '../../../src/store/store-error.js';
import { shortFolder } from '../../short-folder.js';
import { patienceMs, until } from '../../until.js';
import { cycleAfter, firstS } from '../sample-cycles.js';

let folder: string;
let keeper: Keeper;
const open: { close(): unknown }[] = [];

beforeEach(async () => {
  folder = shortFolder('lvs-stats-keeper-');
  keeper = await openKeeper(folder);
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await keeper.close();
  rmSync(folder, { recursive: true, force: true });
});

const socketFile = (): string => join(folder, 'serve.sock');

async function remote(): Promise<OpenArchives> {
  const archives = await connectArchives(folder, patienceMs);
  if (archives === null) throw new Error('nobody listens');
  open.push(archives);
  return archives;
}

/** Waits for an event; ignores errors of the socket. */
function next(socket: Socket, event: 'readable' | 'close'): Promise<void> {
  return new Promise((resolve) => void socket.once(event, () => resolve()));
}

/** A client that can send any bytes. */
function stranger(path = socketFile()): { socket: Socket; closed: Promise<void> } {
  const socket = connect(path).on('error', () => {});
  socket.resume();
  open.push({ close: () => socket.destroy() });
  return { socket, closed: new Promise((resolve) => socket.on('close', () => resolve())) };
}

function framed(payload: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
}

const hello = framed(Buffer.from(JSON.stringify({ protocol, pid: 1 })));

async function storeSome(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await keeper.archives.append(cycleAfter(await keeper.archives.latest()));
}

describe('through the socket', () => {
  test("queries return the same as in the keeper's process", async () => {
    await storeSome(5);
    const archives = await remote();
    const query = { name: '192.0.2.1_80', startS: firstS - 600, endS: firstS + 3000, stepS: 300 };
    expect(await archives.latest()).toEqual(await keeper.archives.latest());
    expect(await archives.list()).toEqual(await keeper.archives.list());
    expect(await archives.fetch({ ...query, cf: 'MAX' })).toEqual(await keeper.archives.fetch({ ...query, cf: 'MAX' }));
    expect(await archives.fetchBoth(query)).toEqual(await keeper.archives.fetchBoth(query));
    expect((await archives.fetchBoth(query)).AVERAGE.columns[0]?.[0]).toBeNaN();
    const many = { ...query, names: ['all', query.name], cf: 'MAX' } as const;
    expect(await archives.fetchMany(many)).toEqual(await keeper.archives.fetchMany(many));
    expect(await archives.events({})).toEqual(await keeper.archives.events({}));
    expect(await archives.baselines(firstS)).toEqual(await keeper.archives.baselines(firstS));
    await archives.patrol();
  });

  test('a stored cycle notifies listeners; a sync notifies once of the cycles before it', async () => {
    const news: CycleNews[] = [];
    const stop = keeper.onCycle((one) => news.push(one));
    const archives = await remote();
    await archives.append(cycleAfter(await archives.latest()));
    expect(await archives.appendToExisting(cycleAfter(await archives.latest(), 4))).toBe(4);
    expect(news.map(({ timeS }) => timeS)).toEqual([firstS, firstS + 300]);
    for (let i = 0; i < 3; i += 1) await archives.append(cycleAfter(await archives.latest()), false);
    await archives.sync();
    expect(news.map(({ timeS }) => timeS)).toEqual([firstS, firstS + 300, firstS + 1200]);
    expect(await archives.rewind(firstS)).toEqual({ fromS: firstS + 1200, toS: firstS, archives: 0 });
    expect(news.at(-1)).toEqual({
      retention: standardRetention,
      isReplaced: true,
      timeS: firstS,
      failure: null,
      haproxyFailure: null,
      frozen: null,
      syncDaemons: null,
    });
    stop();
    await archives.append(cycleAfter(await archives.latest()));
    expect(news).toHaveLength(4);
  });

  test('the table of links comes in the part that is asked for, and whole to clients that do not say', async () => {
    const asked: unknown[] = [];
    const watching = shortFolder('lvs-stats-keeper-');
    const view = { timeS: firstS, agents: [], links: [], findings: [] };
    const own = await openKeeper(watching, {
      links: (part) => {
        asked.push(part);
        return view;
      },
    });
    try {
      const archives = await connectArchives(watching, patienceMs);
      open.push({ close: () => archives?.close() });
      expect(await archives?.links(totalsAlone)).toEqual(view);
      await archives?.links();
      expect(asked).toEqual([totalsAlone, wholeTable]);
      const wrong = archives?.links({ mostAgents: -1, mostLinks: 0 });
      await expect(wrong).rejects.toMatchObject({ code: 'connection-lost' });
    } finally {
      await own.close();
      rmSync(watching, { recursive: true, force: true });
    }
  });

  test('errors keep their class and code', async () => {
    await storeSome(2);
    const archives = await remote();
    const unknown = await archives
      .fetch({ name: '203.0.113.1_1', cf: 'MAX', startS: 0, endS: 1, stepS: 300 })
      .catch((error: unknown) => error);
    expect(unknown).toBeInstanceOf(StoreError);
    expect(unknown).toMatchObject({ code: 'no-such-archive', message: expect.stringContaining('203.0.113.1_1') });
    const overtaken = archives.append(cycleAfter({ ...(await archives.latest()), timeS: firstS }));
    await expect(overtaken).rejects.toMatchObject({ code: 'overtaken', name: 'StoreError' });
    expect(await archives.latest()).toMatchObject({ timeS: firstS + 300 });
  });

  test('calls are answered in order, and writers take turns', async () => {
    await storeSome(1);
    const [one, other] = [await remote(), await remote()];
    const latest = await one.latest();
    const answers = await Promise.allSettled([
      one.append(cycleAfter(latest)),
      one.latest(),
      other.append(cycleAfter(latest)),
      keeper.archives.append(cycleAfter(latest)),
    ]);
    expect(answers[1]).toMatchObject({ value: { timeS: firstS + 300 } });
    const writes = [answers[0], answers[2], answers[3]].map((answer) => answer?.status);
    expect(writes.sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await one.latest()).timeS).toBe(firstS + 300);
  });

  test("readers and writers use the keeper's archives, in its own process too", async () => {
    await withWritableArchives(folder, async (archives) => archives.append(cycleAfter(await archives.latest())));
    expect(await withArchives(folder, (archives) => archives.list())).toHaveLength(5);
    await expect(openStore(folder)).rejects.toMatchObject({ code: 'served' });
    await expect(openKeeper(folder)).rejects.toThrow(`another lvs-stats serve (pid ${process.pid}) has ${folder} open`);
    expect(await serverPid(folder)).toBe(process.pid);
  });
});

/** A list without elements; v8.serialize writes its length in a few bytes. */
function sparse(length: number): unknown[] {
  const list: unknown[] = [];
  list.length = length;
  return list;
}

describe('a client that', () => {
  const call = framed(serialize(['latest']));
  const calling = (parts: readonly unknown[]): Buffer => Buffer.concat([hello, framed(serialize(parts))]);
  const rows = { name: 'all', cf: 'AVERAGE', startS: 0, endS: 1, stepS: 300 };
  const cycle = cycleAfter(emptyState);
  const wide = { archive: 'all', sinceS: firstS, timeS: firstS, values: new Float64Array(1e6) };
  test.each<[string, Buffer]>([
    ['speaks HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['sends noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
    ['greets with noise', framed(Buffer.from('{"protocol":'))],
    ['sends a long greeting', framed(Buffer.alloc(5000, '{'))],
    ['has another version', framed(Buffer.from('{"protocol":"lvs-stats 0.1","pid":1}'))],
    ['calls without a greeting', call],
    ['calls an unknown verb', Buffer.concat([hello, framed(serialize(['close']))])],
    ['calls an inherited method', Buffer.concat([hello, framed(serialize(['toString']))])],
    ['calls nothing', Buffer.concat([hello, framed(serialize(null))])],
    ['calls noise', Buffer.concat([hello, framed(Buffer.from('noise'))])],
    ['fetches an archive without a name', Buffer.concat([hello, framed(serialize(['fetch', { name: 1 }]))])],
    [
      'fetches from a time that is text',
      Buffer.concat([hello, framed(serialize(['fetchBoth', { name: 'all', startS: 'x' }]))]),
    ],
    [
      'appends an incomplete cycle',
      Buffer.concat([hello, framed(serialize(['append', { timeS: 1, previousS: null, table: {} }]))]),
    ],
    ['calls with a sparse list', calling(sparse(2 ** 32 - 1))],
    ['fetches beyond the last date', calling(['fetch', { ...rows, endS: 1e15 }])],
    ['fetches up to infinity', calling(['fetchBoth', { ...rows, endS: Number.POSITIVE_INFINITY }])],
    ['fetches from NaN', calling(['fetchBoth', { ...rows, startS: Number.NaN }])],
    ['fetches rows with a step of zero', calling(['fetchBoth', { ...rows, stepS: 0 }])],
    ['requests rows of archives without a list', calling(['fetchMany', { ...rows, names: 'all' }])],
    ['requests rows of a sparse list of archives', calling(['fetchMany', { ...rows, names: sparse(2 ** 31) }])],
    ['requests baselines beyond 32 bits', calling(['baselines', 2 ** 32])],
    ['requests endless months', calling(['percentiles', { name: 'all', startS: 0, endS: 1e12 }])],
    ['requests events up to infinity', calling(['events', { untilS: Number.POSITIVE_INFINITY }])],
    ['requests a negative number of events', calling(['events', { newest: -1 }])],
    ['requests half an event', calling(['events', { newest: 0.5 }])],
    ['requests an archive with an endless name', calling(['dump', 'x'.repeat(5000)])],
    ['rewinds to a negative time', calling(['rewind', -1e300])],
    ['appends a time beyond 32 bits', calling(['append', { ...cycle, timeS: 2 ** 32 }])],
    ['appends a fractional time', calling(['append', { ...cycle, timeS: firstS + 0.5 }])],
    ['appends a sparse list of readings', calling(['append', { ...cycle, readings: sparse(2 ** 31) }])],
    ['appends a sparse list of events', calling(['append', { ...cycle, events: sparse(2 ** 31) }])],
    ['appends a reading with too many values', calling(['append', { ...cycle, readings: [wide] }])],
    ['announces a frame above the limit', Buffer.concat([hello, Buffer.from([0xff, 0xff, 0xff, 0xff])])],
  ])('%s is dropped, and other clients are unaffected', async (_, bytes) => {
    await storeSome(1);
    const archives = await remote();
    const { socket, closed } = stranger();
    socket.write(bytes);
    await closed;
    expect(await archives.latest()).toMatchObject({ timeS: firstS });
    await storeSome(1);
    expect(await archives.latest()).toMatchObject({ timeS: firstS + 300 });
  });

  test('fetches more rows than allowed gets an error', async () => {
    await storeSome(1);
    const archives = await remote();
    const query = { name: 'all', startS: firstS - 8e12, endS: firstS, stepS: 300 };
    await expect(archives.fetchBoth(query)).rejects.toMatchObject({ code: 'too-much' });
    await expect(keeper.archives.fetchBoth(query)).rejects.toMatchObject({ code: 'too-much' });
    expect((await archives.fetchBoth({ ...query, startS: firstS - 86_400 })).AVERAGE.lastS).toBe(firstS);
    const names = Array.from({ length: Math.floor(maxRows / 288) + 1 }, () => 'all');
    const day = { cf: 'MAX', startS: firstS - 86_400, endS: firstS - 1, stepS: 300 } as const;
    expect(await archives.fetchMany({ ...day, names: names.slice(1) })).toHaveLength(names.length - 1);
    await expect(archives.fetchMany({ ...day, names })).rejects.toMatchObject({
      code: 'too-much',
      message: expect.stringContaining('fewer archives'),
    });
  });

  test('disconnects during a call or an answer has no effect', async () => {
    await storeSome(3);
    for (let i = 0; i < 30; i += 1) {
      const { socket } = stranger();
      socket.write(Buffer.concat([hello, call, call, call.subarray(0, i % call.length)]));
      if (i % 3 > 0) await pause(i % 5);
      socket.destroy();
    }
    await storeSome(1);
    expect(await (await remote()).latest()).toMatchObject({ timeS: firstS + 900 });
  });
});

describe('a keeper', () => {
  let answering: ListeningSocket;
  let other: string;

  beforeEach(async () => {
    other = join(folder, 'other');
    mkdirSync(other);
  });

  afterEach(() => answering.close(0));

  /** A client that requests much and reads nothing. Retries until the keeper has noticed that the previous client is gone. */
  async function greedyClient(): Promise<Socket> {
    for (;;) {
      const greedy = connect(join(other, 'serve.sock')).on('error', () => {});
      greedy.write(Buffer.concat([hello, ...Array.from({ length: 20 }, () => framed(serialize(['list'])))]));
      const [readable, closed] = [next(greedy, 'readable'), next(greedy, 'close')];
      await Promise.race([readable, closed]);
      if (greedy.readableLength > 0) return greedy;
      await closed;
    }
  }

  test('drops clients that do not greet, call or read their answers', async () => {
    await keeper.archives.append(cycleAfter(await keeper.archives.latest(), 2000));
    const patience = { helloMs: 500, callMs: 500, answerMs: 500, connections: 1 };
    answering = await answerCalls(other, keeper.archives, patience);
    const mute = stranger(join(other, 'serve.sock'));
    await mute.closed;
    const idle = stranger(join(other, 'serve.sock'));
    idle.socket.write(hello);
    await idle.closed;
    const greedy = await greedyClient();
    // Only one client may connect, so the next is rejected until this one is dropped.
    await expect.poll(() => serverPid(other)).toBe(process.pid);
    let bytes = 0;
    greedy.on('data', (part) => {
      bytes += part.length;
    });
    const closed = next(greedy, 'close');
    greedy.resume();
    await closed;
    expect(bytes).toBeLessThan(10 * serialize(await keeper.archives.list()).length);
  });

  test('drops clients, with the bytes they sent, when together they exceed its memory', async () => {
    const mine = join(other, 'mine');
    mkdirSync(mine);
    const bounded = await answerCalls(mine, keeper.archives, {
      ...{ helloMs: 60_000, callMs: 60_000, answerMs: 60_000, connections: 8 },
      heldBytes: 2 ** 20,
    });
    open.push({ close: () => bounded.close(0) });
    const announced = Buffer.alloc(4);
    announced.writeUInt32BE(2 ** 27);
    const clients = [0, 1, 2, 3].map(() => {
      const client = stranger(join(mine, 'serve.sock'));
      client.socket.write(Buffer.concat([hello, announced, Buffer.alloc(400_000)]));
      return client;
    });
    await Promise.any(clients.map(({ closed }) => closed));
    for (const { socket } of clients) socket.destroy();
    await expect.poll(() => serverPid(mine)).toBe(process.pid);
    const honest = await connectArchives(mine, 10_000);
    expect(await honest?.list()).toEqual([]);
    await honest?.close();
  });

  test('rejects clients above its limit until others leave', async () => {
    const patience = { helloMs: patienceMs, callMs: patienceMs, answerMs: patienceMs, connections: 2 };
    answering = await answerCalls(other, keeper.archives, patience);
    const first = [await connectArchives(other, patienceMs), await connectArchives(other, patienceMs)];
    expect(await connectArchives(other, patienceMs)).toBe(null);
    expect(first).not.toContain(null);
    await first[0]?.close();
    await expect.poll(() => serverPid(other)).toBe(process.pid);
    await first[1]?.close();
  });
});

describe('the socket', () => {
  test('is accessible to the owner only, and disappears with the keeper', async () => {
    expect(statSync(socketFile()).mode & 0o777).toBe(0o600);
    await keeper.close();
    expect(existsSync(socketFile())).toBe(false);
    expect(await serverPid(folder)).toBe(null);
  });

  test('replaces an ordinary file of its name', async () => {
    await keeper.close();
    writeFileSync(socketFile(), 'nothing');
    expect(await withWritableArchives(folder, (archives) => archives.latest())).toMatchObject({ timeS: null });
    keeper = await openKeeper(folder);
    expect(await serverPid(folder)).toBe(process.pid);
  });
});

describe('connecting to a keeper', () => {
  let server: Server;

  async function answering(answer: (socket: Socket) => void): Promise<void> {
    await keeper.close();
    server = createServer((socket) => {
      socket.on('error', () => {});
      answer(socket);
    });
    await new Promise<void>((resolve) => server.listen(socketFile(), () => resolve()));
    open.push({ close: () => server.close() });
  }

  test('of another version fails with its process and version', async () => {
    await answering((socket) => socket.write(framed(Buffer.from('{"protocol":"lvs-stats 7.1","pid":42}'))));
    const asked = withArchives(folder, (archives) => archives.list());
    await expect(asked).rejects.toThrow(
      /^lvs-stats serve \(pid 42\) has .* open and is another version .*"lvs-stats 7\.1"/,
    );
    await expect(asked).rejects.toMatchObject({ code: 'other-version' });
  });

  test('that does not greet times out', async () => {
    await answering(() => {});
    await expect(connectArchives(folder, 200)).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('has not answered for'),
    });
  });

  test.each(['', 'noise that is not framed at all, and longer than a greeting'])(
    'that says "%s" and leaves opens the database instead',
    async (text) => {
      await answering((socket) => socket.end(text));
      expect(await withWritableArchives(folder, (archives) => archives.list())).toEqual([]);
    },
  );

  test('that keeps dying during a call fails after five tries', async () => {
    let calls = 0;
    await answering((socket) => {
      socket.write(framed(Buffer.from(JSON.stringify({ protocol, pid: 42 }))));
      let bytes = 0;
      socket.on('data', (part) => {
        bytes += part.length;
        if (bytes <= hello.length + 4) return;
        calls += 1;
        socket.destroy();
      });
    });
    await expect(withWritableArchives(folder, (archives) => archives.latest())).rejects.toMatchObject({
      code: 'connection-lost',
      message: 'lvs-stats serve (pid 42) ended before it answered: try again',
    });
    expect(calls).toBe(5);
  });
});

describe('closing a keeper', () => {
  test('answers only calls that are in progress', async () => {
    await storeSome(1);
    const [busy, idle] = [await remote(), await remote()];
    const answers = [busy.append(cycleAfter(await busy.latest())), busy.latest()].map((answer) =>
      answer.then(
        () => 'answered',
        (error: unknown) => (error instanceof UserError ? error.code : error),
      ),
    );
    await pause(0);
    await keeper.close();
    const [append = '', later = ''] = await Promise.all(answers);
    expect(['answered', 'connection-lost']).toContain(append);
    expect(['answered', 'connection-lost']).toContain(later);
    await expect(idle.latest()).rejects.toMatchObject({ code: 'connection-lost' });
    await expect(keeper.archives.latest()).rejects.toMatchObject({ code: 'busy' });
    const stored = await withWritableArchives(folder, async (archives) => (await archives.latest()).timeS);
    if (append === 'answered') expect(stored).toBe(firstS + 300);
    keeper = await openKeeper(folder);
  });

  test('under load loses no cycle', async () => {
    await storeSome(1);
    let [isOver, stored] = [false, 0];
    const work = (async () => {
      for (; !isOver; stored += 1) {
        await withWritableArchives(folder, async (archives) => archives.append(cycleAfter(await archives.latest())));
      }
    })();
    for (let i = 0; i < 5; i += 1) {
      // A caller that is disconnected five times in one call gives up, so let it store some first.
      const before = stored;
      await until('more is stored', () => stored > before + 1);
      await keeper.close();
      keeper = await openKeeper(folder);
    }
    isOver = true;
    await work;
    expect((await keeper.archives.latest()).timeS).toBe(firstS + stored * 300);
  });
});

test('many keepers of a process share one listener for its exit', async () => {
  const before = process.listenerCount('exit');
  const others = await Promise.all([1, 2, 3].map((number) => openKeeper(join(folder, `other-${number}`))));
  expect(process.listenerCount('exit')).toBe(before);
  await Promise.all(others.map((one) => one.close()));
  expect(process.listenerCount('exit')).toBe(before);
  expect(existsSync(socketFile())).toBe(true);
});
