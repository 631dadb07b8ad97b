// Peers beside a Serf that comes and goes, what the log says, and the series.

import { afterEach, describe, expect, test } from 'vitest';
import { openChecks } from '../../../src/agent/mackerel/checks.js';
import { type Journal, openJournal } from '../../../src/agent/pool/journal.js';
import { openPeers } from '../../../src/agent/pool/open-peers.js';
import { peerMetrics } from '../../../src/agent/pool/peer-metrics.js';
import type { PeerProbe } from '../../../src/agent/pool/pool-session.js';
import { runPeers } from '../../../src/agent/pool/run-peers.js';
import { type Clock, machineClock } from '../../../src/agent/timing.js';
import { type MemberStatus, parseServices } from '../../../src/peers/member.js';
import { until } from '../../until.js';
import { answerBytes, type FakeSerf, startFakeSerf } from '../serf/fake-serf.js';

const target = { member: 'db1', service: 'redis/6379' };

function journalWithLines(): { journal: Journal; lines: string[] } {
  const lines: string[] = [];
  return { journal: openJournal((text, level) => lines.push(`${level}: ${text}`)), lines };
}

describe('the journal', () => {
  test('has a line for each change, with what the probe said and how long it lasted', () => {
    const { journal, lines } = journalWithLines();
    const verdict = { target, outcome: 'closed', witnesses: ['a', 'c'], sinceMs: 0 } as const;
    journal.effect({ type: 'quorum', isHeld: true, reached: 3, expected: 3 }, 0);
    journal.effect({ type: 'held', target: { ...target, member: 'db2' }, untilMs: 30_000 }, 0);
    journal.probed(target, '10.0.0.1', { outcome: 'closed', ms: 1, detail: 'connection refused', atMs: 1 });
    journal.effect({ type: 'named', verdict }, 1000);
    journal.effect({ type: 'outvoted', target: { ...target, member: 'db3' } }, 2000);
    journal.effect({ type: 'cleared', target, why: 'back' }, 36_000);
    const host = { member: 'db2', service: null };
    journal.effect(
      { type: 'named', verdict: { ...verdict, target: host, outcome: 'silent', witnesses: ['a'] } },
      40_000,
    );
    journal.effect({ type: 'cleared', target: host, why: 'gone' }, 50_000);
    journal.effect({ type: 'quorum', isHeld: false, reached: 1, expected: 3 }, 60_000);
    expect(lines).toEqual([
      'notice: reached 3 of 3 members of the Serf pool: peers are judged',
      'notice: db2 redis/6379 does not answer: held while Serf decides about its host',
      'error: db1 redis/6379 is down: it refuses clients (connection refused); seen by a, c',
      'warning: db3 redis/6379 is out of reach from here only: others reach it',
      'notice: db1 redis/6379 is back after 35 s',
      'error: db2 is dead: Serf has lost it, and a majority of the others is there; seen by a',
      'notice: db2 is no longer offered',
      'warning: reached only 1 of 3 members of the Serf pool, which is no majority: no peer is judged',
    ]);
  });

  test('gives series of the newest probes and the verdicts in force, and forgets old probes', () => {
    const { journal } = journalWithLines();
    const read = (svc: string, status: MemberStatus = 'alive'): void =>
      journal.members({
        members: [{ name: 'db1', address: '10.0.0.1', status, isAgent: true, services: parseServices(svc).services }],
        serfPorts: new Map(),
        problems: [],
      });
    read('redis/6379,http/80');
    journal.probed(target, '10.0.0.1', { outcome: 'closed', ms: 250, detail: '', atMs: 0 });
    journal.probed({ ...target, service: 'http/80' }, '10.0.0.1', {
      outcome: 'alive',
      ms: 5,
      detail: '',
      atMs: 600_000,
    });
    journal.probed({ ...target, service: 'x/1' }, '10.0.0.1', {
      outcome: 'unknown',
      ms: Number.NaN,
      detail: '',
      atMs: 0,
    });
    journal.effect({ type: 'named', verdict: { target, outcome: 'closed', witnesses: ['a'], sinceMs: 0 } }, 0);
    const seriesAt = (nowMs: number): readonly string[] =>
      peerMetrics(journal.findings(nowMs))
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
    expect(seriesAt(600_000)).toEqual([
      'lvs_peer_up{peer="db1",svc="redis/6379"} 0',
      'lvs_peer_up{peer="db1",svc="http/80"} 1',
      'lvs_peer_probe_seconds{peer="db1",svc="redis/6379"} 0.25',
      'lvs_peer_probe_seconds{peer="db1",svc="http/80"} 0.005',
      'lvs_peer_named{peer="db1",svc="redis/6379",outcome="closed"} 1',
      'lvs_peer_members{status="alive"} 1',
      'lvs_peer_quorum 0',
    ]);
    const upAt = (nowMs: number): readonly string[] => seriesAt(nowMs).filter((line) => line.startsWith('lvs_peer_up'));
    expect(upAt(1_000_000)).toEqual(['lvs_peer_up{peer="db1",svc="http/80"} 1']);
    read('http/80');
    expect(upAt(1_000_000)).toEqual(['lvs_peer_up{peer="db1",svc="http/80"} 1']);
    read('http/81');
    expect(upAt(1_000_000)).toEqual([]);
  });

  test('has no series of what is not known: of members that have left, and of nobody while Serf is away', () => {
    const { journal } = journalWithLines();
    const read = (status: MemberStatus): void =>
      journal.members({
        members: [
          { name: 'db1', address: '10.0.0.1', status, isAgent: true, services: parseServices('redis/6379').services },
        ],
        serfPorts: new Map(),
        problems: [],
      });
    const probe = (): void => journal.probed(target, '10.0.0.1', { outcome: 'closed', ms: 1, detail: '', atMs: 0 });
    const found = (): readonly [number, object] => {
      const { probes, members } = journal.findings(0);
      return [probes.length, members];
    };
    read('failed');
    probe();
    expect(found()).toEqual([1, { failed: 1 }]);
    read('left');
    expect(found()).toEqual([0, { left: 1 }]);
    read('alive');
    probe();
    journal.away();
    expect(found()).toEqual([0, {}]);
    expect(peerMetrics(journal.findings(0))).not.toMatch(/^lvs_peer_(up|members)/m);
  });
});

/** The place of an agent that ends at once. */
const nowhere = () => ({
  journal: journalWithLines().journal,
  checks: openChecks(),
  say: () => {},
  signal: AbortSignal.abort(),
  timeoutMs: 100,
  retryMs: 5,
});

describe('an agent beside Serf', () => {
  const fakes: FakeSerf[] = [];
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    for (const fake of fakes.splice(0)) fake.close();
  });

  const start = async (clock: Clock = machineClock, refusalOf: (command: string) => string = () => '') => {
    const { journal, lines } = journalWithLines();
    const commands: string[] = [];
    const probes: ((probed: PeerProbe) => void)[] = [];
    const fake = await startFakeSerf((request, socket) => {
      const command = String(request['Command']);
      commands.push(command);
      if (refusalOf(command) !== '') socket.write(answerBytes(request, undefined, refusalOf(command)));
      else if (command === 'stats') socket.write(answerBytes(request, { agent: { name: 'a' } }));
      else if (command === 'members') {
        const member = {
          Name: 'a',
          Addr: Buffer.of(127, 0, 0, 1),
          Port: 7946,
          Status: 'alive',
          Tags: { svc: 'soap/80' },
        };
        socket.write(answerBytes(request, { Members: [member] }));
      } else socket.write(answerBytes(request));
      if (command === 'query') socket.write(answerBytes(request, { Type: 'done', From: '', Payload: null }));
    });
    fakes.push(fake);
    const abort = new AbortController();
    const running = runPeers({
      serf: fake.place,
      probe: () => new Promise((resolve) => probes.push(resolve)),
      holdMs: 30_000,
      clock,
      journal,
      signal: abort.signal,
      leaves: true,
      kindProblems: () => ['the kind soap is not known'],
      onMembers: () => {},
      say: (text, level) => lines.push(`${level}: ${text}`),
      retryMs: 5,
    });
    const end = (): Promise<void> => {
      abort.abort();
      return running;
    };
    ends.push(end);
    return { fake, lines, commands, journal, probes, end };
  };

  test('connects again when Serf closes the connection, and reports each outage once', async () => {
    const { fake, lines } = await start();
    const reached = (): number => lines.filter((line) => line.includes('reached 1 of 1 member')).length;
    await until('it judges', () => reached() === 1);
    fake.sockets.at(-1)?.destroy();
    await until('it judges again', () => reached() === 2);
    fake.sockets.at(-1)?.write('garbage');
    await until('it judges once more', () => reached() === 3);
    expect(lines.filter((line) => line.includes('peers are not watched'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('answers again'))).toHaveLength(2);
    expect(lines).toContain('warning: the kind soap is not known');
  });

  test.each([
    ['stats', 'Authentication required', '--serf-auth'],
    ['tags', 'Encoded length of tags exceeds limit of 512 bytes', 'shorten them'],
  ])('reports once that Serf refuses %s, and once that it does no longer', async (refused, why, remedy) => {
    let isRefusing = true;
    const { lines, commands } = await start(machineClock, (command) => (isRefusing && command === refused ? why : ''));
    await until('it has tried four times', () => commands.filter((one) => one === refused).length >= 4);
    expect(lines).toEqual([expect.stringMatching(/^warning: Serf at \S+ refuses .*: peers are not watched/)]);
    expect(lines[0]).toContain(`refuses (${why}; `);
    expect(lines[0]).toContain(remedy);
    isRefusing = false;
    await until('it judges', () => lines.some((line) => line.includes('reached 1 of 1 member')));
    expect(lines.filter((line) => line.includes('Serf at'))).toEqual([
      lines[0],
      expect.stringMatching(/^notice: .* answers again$/),
    ]);
  });

  test('knows nobody once Serf has closed the connection, and takes no probe that began before', async () => {
    const { fake, lines, journal, probes } = await start();
    const found = () => journal.findings(machineClock.steadyMs());
    await until('it judges', () => lines.some((line) => line.includes('reached 1 of 1 member')));
    expect(found()).toMatchObject({ members: { alive: 1 }, hasQuorum: true });
    const at = fake.arrived.findIndex(({ Command }) => Command === 'stream');
    const question = { Event: 'query', Name: 'lvs-stats-probe', ID: 7, Payload: Buffer.from('1 a soap/80') };
    fake.sockets.at(-1)?.write(answerBytes({ Seq: fake.arrived[at]?.['Seq'] }, question));
    await until('it probes', () => probes.length > 0);
    fake.close();
    await until('it has lost Serf', () => lines.some((line) => line.includes('peers are not watched')));
    for (const answer of probes) answer({ outcome: 'alive', ms: 1, detail: '' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(found()).toEqual({ probes: [], verdicts: [], members: {}, hasQuorum: false });
  });

  test('reads the members once while many events come, and again after a rest', async () => {
    let endRest = (): void => {};
    const rest = new Promise<void>((resolve) => {
      endRest = resolve;
    });
    const { fake, commands } = await start({ ...machineClock, sleep: () => rest });
    const lists = (): number => commands.filter((command) => command === 'members').length;
    await until('it has read the members', () => lists() === 1 && commands.includes('query'));
    const at = fake.arrived.findIndex(({ Command }) => Command === 'stream');
    const event = (body: object): Buffer => answerBytes({ Seq: fake.arrived[at]?.['Seq'] }, body);
    const question = { Event: 'query', Name: 'lvs-stats-probe', ID: 7, Payload: Buffer.from('1 a http/80') };
    const socket = fake.sockets.at(-1);
    for (let i = 0; i < 100; i += 1) socket?.write(event({ Event: 'member-update', Members: [] }));
    // Whoever has answered the question has read the events before it.
    socket?.write(event(question));
    await until('it has answered', () => commands.includes('respond'));
    expect(lists()).toBe(1);
    endRest();
    await until('it reads them again', () => lists() === 2);
  });

  test('puts its tag on, and takes it off and lets Serf leave when it ends', async () => {
    const { fake, lines, commands, end } = await start();
    await until('it judges', () => lines.some((line) => line.includes('reached')));
    await end();
    expect(commands.at(-1)).toBe('leave');
    const tags = fake.arrived.filter((one) => 'DeleteTags' in one);
    expect(tags).toEqual([
      { Tags: { 'lvs-stats': '1' }, DeleteTags: [] },
      { Tags: {}, DeleteTags: ['lvs-stats'] },
    ]);
    expect(lines.filter((line) => line.includes('unknown'))).toEqual([]);
  });

  test.each([
    [{ serfWan: true }, /--serf-wan is about peers/],
    [{ peerMetrics: '127.0.0.1:1' }, /--peer-metrics is about peers/],
    [{ mackerelKey: '/nonexistent' }, /--mackerel-key is about peers/],
    [{ mackerelHost: 'x' }, /--mackerel-host is about peers/],
    [{ mackerelUrl: 'https://x' }, /--mackerel-url is about peers/],
    [{ serf: '127.0.0.1', peerMetrics: '127.0.0.1' }, /--peer-metrics 127.0.0.1 is no address: .* 127.0.0.1:9747/],
    [{ serf: '127.0.0.1:x' }, /--serf 127.0.0.1:x is no address/],
    [{ serf: '127.0.0.1', serfAuth: '/nonexistent' }, /cannot read the key of Serf in \/nonexistent/],
    [{ serf: '127.0.0.1', joinFrom: '6379,redis' }, /--join-from has "redis"/],
    [{ serf: '127.0.0.1', joinCidr: '10.0.0.0/8' }, /--join-from/],
    [{ serf: '127.0.0.1', joinFrom: '1', joinCidr: '10.0.0.1/8' }, /--join-cidr has "10.0.0.1\/8"/],
  ])('refuses the options %j', async (options, why) => {
    await expect(openPeers(options, nowhere())).rejects.toThrow(why);
  });

  test('says which option to change if something else listens on the port of its metrics', async () => {
    const other = await startFakeSerf(() => {});
    fakes.push(other);
    const peerMetrics = `127.0.0.1:${other.place.at.port}`;
    await expect(openPeers({ serf: '127.0.0.1', peerMetrics }, nowhere())).rejects.toThrow(
      `cannot listen on ${peerMetrics} for /metrics (EADDRINUSE): choose another --peer-metrics HOST:PORT`,
    );
  });
});
