// Connections to Serf's RPC that go wrong: bytes in pieces, garbage, silence, an end in the middle. What the real one says is in test/engines.

import { encode } from '@msgpack/msgpack';
import { afterEach, describe, expect, test } from 'vitest';
import { openSerf, type SerfConnection, SerfRefusal } from '../../../src/agent/serf/connection.js';
import {
  answerText,
  parseAnswer,
  parseMembers,
  parseOwnName,
  parseQueryRecord,
  parseQuestion,
  questionText,
} from '../../../src/agent/serf/messages.js';
import { parseSerfAddress } from '../../../src/agent/serf/serf-address.js';
import { type Arrived, answerBytes, type FakeSerf, startFakeSerf } from './fake-serf.js';

const fakes: FakeSerf[] = [];
const connections: SerfConnection[] = [];
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
  for (const fake of fakes.splice(0)) fake.close();
});

/** A connection to a fake that greets, and then answers by `answer`. */
async function connectionTo(
  answer: (request: Arrived, socket: FakeSerf['sockets'][number]) => void,
  timeoutMs?: number,
): Promise<{ connection: SerfConnection; fake: FakeSerf }> {
  const fake = await startFakeSerf((request, socket) => {
    if (request['Command'] === 'handshake') socket.write(answerBytes(request));
    else answer(request, socket);
  }, timeoutMs);
  fakes.push(fake);
  const connection = await openSerf(fake.place);
  connections.push(connection);
  return { connection, fake };
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('a connection', () => {
  test('greets, and gives its key, before anything else', async () => {
    const fake = await startFakeSerf((request, socket) => socket.write(answerBytes(request)));
    fakes.push(fake);
    const connection = await openSerf({ ...fake.place, authKey: 'sesame' });
    connections.push(connection);
    await connection.request('tags', { Tags: {} });
    expect(fake.arrived).toEqual([
      { Command: 'handshake', Seq: 0 },
      { Version: 1 },
      { Command: 'auth', Seq: 1 },
      { AuthKey: 'sesame' },
      { Command: 'tags', Seq: 2 },
      { Tags: {} },
    ]);
  });

  test('takes answers and records that arrive byte by byte', async () => {
    const { connection } = await connectionTo(async (request, socket) => {
      socket.setNoDelay(true);
      const records = request['Command'] === 'stream' ? [answerBytes(request, { Event: 'member-join' })] : [];
      const body = request['Command'] === 'members' ? { Members: [] } : undefined;
      for (const byte of Buffer.concat([answerBytes(request, body), ...records])) {
        socket.write(Buffer.of(byte));
        await tick();
      }
    });
    const records: unknown[] = [];
    const isRecorded = new Promise<void>((resolve) => {
      void connection.subscribe('stream', { Type: '*' }, (record) => {
        records.push(record);
        resolve();
      });
    });
    await isRecorded;
    expect(await connection.request('members')).toEqual({ Members: [] });
    expect(records).toEqual([{ Event: 'member-join' }]);
  });

  test('keeps answers apart that arrive in one piece and in another order', async () => {
    const asked: Arrived[] = [];
    const { connection } = await connectionTo((request, socket) => {
      asked.push(request);
      const [first, second] = asked;
      if (first === undefined || second === undefined) return;
      socket.write(
        Buffer.concat([answerBytes(second, { Members: null }), answerBytes(first, { agent: { name: 'a' } })]),
      );
    });
    const [stats, members] = await Promise.all([connection.request('stats'), connection.request('members')]);
    expect(parseOwnName(stats)).toBe('a');
    expect(() => parseOwnName(members)).toThrow(/not Serf/);
    expect(parseMembers(members).members).toEqual([]);
  });

  test('stays after a refusal, whether a body follows or not', async () => {
    const { connection } = await connectionTo((request, socket) => {
      if (request['Command'] === 'join') socket.write(answerBytes(request, { Num: 0 }, 'nobody\n there'));
      else if (request['Command'] === 'query') socket.write(answerBytes(request, undefined, 'too long'));
      else socket.write(answerBytes(request, { Members: [] }));
    });
    await expect(connection.request('join', { Existing: ['x'] })).rejects.toThrow(new SerfRefusal('nobody there'));
    await expect(connection.subscribe('query', {}, () => {})).rejects.toThrow(new SerfRefusal('too long'));
    expect(await connection.request('members')).toEqual({ Members: [] });
  });

  test('takes no more records of a stream that was stopped', async () => {
    let write = (): void => {};
    const { connection } = await connectionTo((request, socket) => {
      socket.write(answerBytes(request, request['Command'] === 'members' ? { Members: [] } : undefined));
      if (request['Command'] === 'query') write = () => void socket.write(answerBytes(request, { Type: 'done' }));
    });
    let count = 0;
    await connection.subscribe('query', {}, (_record, stop) => {
      count += 1;
      stop();
    });
    write();
    write();
    await connection.request('members');
    expect(count).toBe(1);
  });

  test.each([
    ['an object that is none', Buffer.of(0x01), /not Serf/],
    ['a body without a header', Buffer.from(encode({ Members: [] })), /not Serf/],
    ['bytes that MessagePack does not have', Buffer.of(0xc1), /./],
    ['a text of four gigabytes', Buffer.of(0xdb, 0xff, 0xff, 0xff, 0xff), /./],
    ['a list of four thousand million', Buffer.of(0xdd, 0xff, 0xff, 0xff, 0xff), /./],
    ['the answer of a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /./],
  ])('ends at %s, and says so to all who wait', async (_title, bytes, why) => {
    const { connection } = await connectionTo((_request, socket) => void socket.write(bytes));
    await expect(connection.request('tags', {})).rejects.toThrow(why);
    expect((await connection.ended).message).toMatch(why);
    await expect(connection.request('members')).rejects.toThrow(why);
  });

  test('ends when Serf closes it in the middle of an object', async () => {
    const { connection } = await connectionTo((request, socket) => {
      socket.end(answerBytes(request, { Members: [{ Name: 'a' }] }).subarray(0, -3));
    });
    await expect(connection.request('members')).rejects.toThrow(/./);
    expect(await connection.ended).toBeInstanceOf(Error);
  });

  test('ends when an answer does not come in time', async () => {
    const { connection } = await connectionTo(() => {}, 50);
    await expect(connection.request('members')).rejects.toThrow('no answer to "members" within 0.05 s');
    expect((await connection.ended).message).toMatch(/no answer/);
  });

  test('cannot be opened where nobody listens, or where something else greets', async () => {
    const fake = await startFakeSerf((_request, socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    fakes.push(fake);
    await expect(openSerf(fake.place)).rejects.toThrow(/./);
    fake.close();
    await expect(openSerf(fake.place)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('what Serf says', () => {
  const addr = Buffer.of(10, 1, 2, 3);

  test('gives members with addresses of both families, their services and their problems', () => {
    const mapped = Buffer.from('00000000000000000000ffff0a010204', 'hex');
    const six = Buffer.from('20010db8000000000000000000000001', 'hex');
    const { members, problems } = parseMembers({
      Members: [
        { Name: 'a', Addr: addr, Port: 7946, Status: 'alive', Tags: { svc: 'redis/6379 what', 'lvs-stats': '1' } },
        { Name: 'b', Addr: mapped, Port: 7946, Status: 'failed', Tags: {} },
        { Name: 'c', Addr: six, Port: 7946, Status: 'left', Tags: null },
        { Name: 'd e', Addr: addr, Port: 7946, Status: 'alive', Tags: {} },
        { Name: 'f', Addr: 'x', Port: 7946, Status: 'alive', Tags: {} },
        { Name: 'g', Addr: addr, Port: 7946, Status: 'none', Tags: {} },
        'nothing',
      ],
    });
    expect(members.map(({ name, address, status, isAgent }) => [name, address, status, isAgent])).toEqual([
      ['a', '10.1.2.3', 'alive', true],
      ['b', '10.1.2.4', 'failed', false],
      ['c', '2001:db8::1', 'left', false],
    ]);
    expect(members[0]?.services.map(({ text }) => text)).toEqual(['redis/6379']);
    expect(problems).toHaveLength(3);
    expect(() => parseMembers({ Peers: [] })).toThrow(/not Serf/);
  });

  test.each([
    ['1 db1 redis/6379', { id: 7, target: { member: 'db1', service: 'redis/6379' } }],
    ['2 db1 redis/6379', null],
    ['1 db1', null],
    ['', null],
  ])('gives the question "%s"', (text, question) => {
    const record = { Event: 'query', Name: 'lvs-stats-probe', ID: 7, Payload: Buffer.from(text) };
    expect(parseQuestion(record)).toEqual(question);
    expect(parseQuestion({ ...record, Name: 'deploy' })).toBeNull();
    if (question !== null) expect(questionText(question.target)).toBe(text);
    expect(parseQueryRecord({ Type: 'log', From: 'a', Payload: null })).toBeNull();
  });

  test('gives the answer that another agent has sent, and nothing for one that is not understood', () => {
    for (const outcome of ['alive', 'closed', 'wrong', 'silent', 'unknown'] as const)
      expect(parseAnswer(answerText(outcome))).toBe(outcome);
    for (const text of ['', 'closed', '2 closed', '1 dead']) expect(parseAnswer(text)).toBe('unknown');
  });

  test.each([
    ['127.0.0.1:7373', '127.0.0.1', 7373],
    ['localhost', 'localhost', 7373],
    ['[::1]:17373', '::1', 17_373],
  ])('is at %s', (text, host, port) => {
    expect(parseSerfAddress(text)).toEqual({ host, port });
  });

  test.each(['', 'a:b', '127.0.0.1:0', '127.0.0.1:70000', 'tcp://x', '::1:7373'])('is not at "%s"', (text) => {
    expect(() => parseSerfAddress(text)).toThrow(/write HOST:PORT/);
  });
});
