// Peers with real members of Serf on loopback: the commands of its RPC, a killed application, a dead host, a member that leaves.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tryPool } from '../../src/agent/pool/examine-pool.js';
import { type Journal, openJournal } from '../../src/agent/pool/journal.js';
import { serviceProbe } from '../../src/agent/pool/probe-service.js';
import { runPeers } from '../../src/agent/pool/run-peers.js';
import { openSerf, type SerfConnection, SerfRefusal } from '../../src/agent/serf/connection.js';
import {
  agentTag,
  parseMembers,
  parseOwnName,
  parseQueryRecord,
  parseQuestion,
  questionQuery,
  questionText,
} from '../../src/agent/serf/messages.js';
import { mostTagBytes, tagBytes } from '../../src/agent/serf/tag-size.js';
import { machineClock } from '../../src/agent/timing.js';
import { until } from '../until.js';
import { hasProgram } from './engine.js';
import { type SerfMember, startSerf } from './serf.js';

/** A member with a service and an agent. */
interface Watched {
  readonly serf: SerfMember;
  readonly service: { readonly close: () => void };
  readonly lines: readonly string[];
  readonly journal: Journal;
  readonly end: () => Promise<void>;
}

describe.skipIf(!hasProgram('serf'))('Serf (skipped without it)', () => {
  let folder = '';
  const members: SerfMember[] = [];
  const connections: SerfConnection[] = [];
  const servers: Server[] = [];
  const ending: (() => Promise<void>)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-serf-'));
  });
  afterEach(async () => {
    for (const end of ending.splice(0)) await end();
    for (const connection of connections.splice(0)) connection.close();
    for (const member of members.splice(0)) await member.kill();
    for (const server of servers.splice(0)) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (name: string, given: Omit<Parameters<typeof startSerf>[1], 'folder'>): Promise<SerfMember> => {
    const member = await startSerf(name, { ...given, folder });
    members.push(member);
    return member;
  };

  const open = async ({ place }: SerfMember): Promise<SerfConnection> => {
    const connection = await openSerf(place);
    connections.push(connection);
    return connection;
  };

  /** Something that listens, and keeps quiet. */
  const listen = (address: string): Promise<{ port: number; close: () => void }> =>
    new Promise((resolve) => {
      const server = createServer((socket) => socket.on('error', () => {}));
      servers.push(server);
      server.listen(0, address, () => {
        const at = server.address();
        resolve({ port: typeof at === 'object' && at !== null ? at.port : 0, close: () => server.close() });
      });
    });

  const watch = (serf: SerfMember) => {
    const lines: string[] = [];
    const journal = openJournal((text) => lines.push(text));
    const abort = new AbortController();
    const plan = {
      serf: serf.place,
      probe: serviceProbe(new Map()),
      holdMs: 30_000,
      clock: machineClock,
      journal,
      leaves: true,
    };
    const running = runPeers({
      ...plan,
      say: (text) => lines.push(text),
      signal: abort.signal,
      retryMs: 100,
      kindProblems: () => [],
      onMembers: () => {},
    });
    const end = (): Promise<void> => {
      abort.abort();
      return running;
    };
    ending.push(end);
    return { lines, journal, end };
  };

  describe('through its RPC', () => {
    test('says its name and its members, takes tags, and tells of changes', async () => {
      const a = await start('a', { address: '127.0.0.2', tags: { svc: 'redis/6379,http/80' } });
      const connection = await open(a);
      expect(parseOwnName(await connection.request('stats'))).toBe('a');
      let events = 0;
      await connection.subscribe('stream', { Type: 'member-join,member-update' }, () => {
        events += 1;
      });
      await connection.request('tags', { Tags: { [agentTag]: '1' }, DeleteTags: ['none'] });
      await until('an event tells of the tag', () => events > 0);
      const one = await connection.request('members');
      expect(parseMembers(one)).toMatchObject({
        members: [{ name: 'a', address: '127.0.0.2', status: 'alive', isAgent: true }],
        problems: [],
      });
      expect(parseMembers(one).serfPorts.get('a')).toBe(a.port);
      expect(parseMembers(one).members[0]?.services.map(({ text }) => text)).toEqual(['redis/6379', 'http/80']);
    });

    test('carries queries, answers and acknowledgements between members, and joins and leaves', async () => {
      const [a, b] = [await start('a', { address: '127.0.0.2' }), await start('b', { address: '127.0.0.3' })];
      const [near, far] = [await open(a), await open(b)];
      expect(await near.request('join', { Existing: [`${b.address}:${b.port}`], Replay: false })).toEqual({ Num: 1 });
      await until('both know each other', async () => {
        const all = [await near.request('members'), await far.request('members')].map((one) => parseMembers(one));
        return all.every((one) => one.members.length === 2);
      });
      const target = { member: 'b', service: 'redis/6379' };
      await far.subscribe('stream', { Type: `query:${questionQuery}` }, (record) => {
        const question = parseQuestion(record);
        if (question !== null) far.request('respond', { ID: question.id, Payload: Buffer.from('1 closed') });
      });
      const records: string[] = [];
      const body = { Name: questionQuery, Payload: Buffer.from(questionText(target)), FilterNodes: ['b'] };
      await near.subscribe(
        'query',
        { ...body, RequestAck: true, RelayFactor: 2, Timeout: 2_000_000_000 },
        (record, stop) => {
          const parsed = parseQueryRecord(record);
          records.push(
            parsed?.type === 'done' || parsed === null
              ? String(parsed?.type)
              : `${parsed.type} ${parsed.from} ${parsed.text}`,
          );
          if (parsed?.type === 'done') stop();
        },
      );
      await until('the query is over', () => records.includes('done'));
      // Serf passes on what arrives: datagrams, in any order.
      expect(records.toSorted()).toEqual(['ack b ', 'done', 'response b 1 closed']);
      expect(records.at(-1)).toBe('done');
      await far.request('leave');
      await far.ended;
      await until('the other has left', async () =>
        parseMembers(await near.request('members')).members.some(
          ({ name, status }) => name === 'b' && status === 'left',
        ),
      );
    });

    test('lets nobody in without its key, and says why', async () => {
      const a = await start('a', { address: '127.0.0.2', authKey: 'open sesame' });
      expect(parseOwnName(await (await open(a)).request('stats'))).toBe('a');
      const stranger = await openSerf({ ...a.place, authKey: null });
      connections.push(stranger);
      await expect(stranger.request('members')).rejects.toThrow(new SerfRefusal('Authentication required'));
      await expect(openSerf({ ...a.place, authKey: 'wrong' })).rejects.toThrow('Invalid authentication token');
    });

    test.each([
      ['few', 3],
      ['many', 20],
    ])('takes tags of as many bytes as are counted, and refuses more: %s', async (_, count) => {
      const a = await start('a', { address: '127.0.0.2' });
      const connection = await open(a);
      const short = Object.fromEntries(Array.from({ length: count }, (__, i) => [`tag${i}`, 'x'.repeat(i)]));
      const room = mostTagBytes - tagBytes({ ...short, svc: 'x'.repeat(100) });
      const tagsWith = (more: number) => ({ ...short, svc: 'x'.repeat(100 + room + more) });
      expect(tagBytes(tagsWith(0))).toBe(mostTagBytes);
      await connection.request('tags', { Tags: tagsWith(0), DeleteTags: [] });
      await expect(connection.request('tags', { Tags: tagsWith(1), DeleteTags: [] })).rejects.toThrow(
        /exceeds limit of 512/,
      );
      expect((await tryPool(a.place)).tagExcess).toBeGreaterThan(0);
    });

    test.each([
      ['wants a key', { authKey: 'open sesame' }, {}, /refuses \(Authentication required; name the file/],
      [
        'has no room for a tag',
        {},
        { svc: `http/80,${'x'.repeat(490)}` },
        /refuses \(.*exceeds limit.*; its tags have no room/,
      ],
    ])('refuses an agent if it %s', async (_, more, tags, line) => {
      const a = await start('a', { address: '127.0.0.2', tags, ...more });
      const { lines } = watch({ ...a, place: { ...a.place, authKey: null } });
      await until('the agent has said it', () => lines.length > 0);
      expect(lines).toEqual([expect.stringMatching(line)]);
    });

    test('refuses an unknown command, and a join of nobody, by their names', async () => {
      const a = await start('a', { address: '127.0.0.2' });
      const connection = await open(a);
      await expect(connection.request('join', { Existing: ['127.0.0.9:1'], Replay: false })).rejects.toThrow(/refused/);
      expect(parseOwnName(await connection.request('stats'))).toBe('a');
      await expect(connection.request('dance')).rejects.toThrow('Unsupported command');
    });
  });

  describe('with an agent beside each member', () => {
    /** Starts `count` members with an agent and, but for one, a service each, and waits until all know all. */
    const pool = async (count: number, silent: number) => {
      const all: Watched[] = [];
      for (let i = 0; i < count; i += 1) {
        const address = `127.0.0.${2 + i}`;
        const service = await listen(address);
        const serf = await start(`n${i}`, {
          address,
          tags: i === silent ? {} : { svc: `tcp/${service.port}` },
          join: members.slice(0, 1),
        });
        all.push({ serf, service, ...watch(serf) });
      }
      await until('all reach a majority and know all agents', () =>
        all.every(({ journal }) => {
          const { hasQuorum, members: known } = journal.findings(machineClock.steadyMs());
          return hasQuorum && known['alive'] === count;
        }),
      );
      return all;
    };

    test('a killed application is named by two observers, then a dead host, and a member that leaves is not', async () => {
      const all = await pool(5, 1);
      const [app, host, leaver, ...others] = all;
      if (app === undefined || host === undefined || leaver === undefined) throw new Error('the pool is too small');
      const saying = (pattern: RegExp): number =>
        all.filter(({ lines }) => lines.some((one) => pattern.test(one))).length;

      app.service.close();
      await until(
        'two observers name the application',
        () => saying(/^n0 tcp\/\d+ is down: it refuses clients .*seen by n\d, n\d/) >= 2,
      );
      expect(saying(/is dead/)).toBe(0);

      await leaver.end();
      await until('the others have seen it leave', async () => {
        const read = await Promise.all(
          others.map(async ({ serf }) => parseMembers(await (await open(serf)).request('members'))),
        );
        return read.every(({ members: known }) => known.some(({ name, status }) => name === 'n2' && status === 'left'));
      });

      // Its agent, which loses its Serf, knows nobody from then on.
      await host.serf.kill();
      await until('two observers name the host', () => saying(/^n1 is dead: Serf has lost it/) >= 2);
      expect(host.lines.join('\n')).toMatch(/Serf at .* (has closed|cannot be reached)/);
      expect(saying(/^n[234]/)).toBe(0);
    });
  });
});
