// An agent against a server that checks its signatures. Time passes only where the agent waits, so rounds of two minutes take no time.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type AgentPlan, type Host, runAgent } from '../../src/agent/run-agent.js';
import { parseServerUrl } from '../../src/agent/server/server-url.js';
import { type Clock, roundNumber, timingOf } from '../../src/agent/timing.js';
import { agentKey } from '../../src/links/protocol/authorization.js';
import type { AgentReport, PeerConnections } from '../../src/model/links/report.js';
import { hasOpenssl, makeCertificate } from '../collect/haproxy/certificates.js';
import { type FakeServer, fakeServer, secret } from './fake-server.js';

const name = 'web01';
const timing = timingOf(name);
const program = (file: string): string => fileURLToPath(new URL(`bin/${file}`, import.meta.url));

const connections: readonly PeerConnections[] = [{ dir: 'out', local: '10.0.0.1', peer: '10.0.0.2', port: 80, n: 3 }];
const host: Host = {
  targets: async () => [{ address: '10.0.0.7', port: null }],
  about: async () => ({ role: 'web', load: 0.5 }),
  names: () => [],
  connections: async () => connections,
};

/** Some moment in the middle of a round. */
const beginMs = 1_800_000_000_000;

interface Rig {
  readonly clock: Clock & { readonly passedS: () => number };
  readonly said: string[];
  readonly server: FakeServer;
  /** Runs the agent until the server has so many reports, or so many rounds have passed. */
  readonly run: (change?: Partial<AgentPlan>, rounds?: number) => Promise<boolean>;
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function rig(): Promise<Rig> {
  let timeMs = beginMs;
  const clock = {
    nowMs: () => timeMs,
    steadyMs: () => timeMs - beginMs,
    passedS: () => (timeMs - beginMs) / 1000,
    sleep: async (ms: number) => {
      await new Promise((resolve) => setImmediate(resolve));
      timeMs += ms;
    },
  };
  const server = await fakeServer(timing, clock.nowMs);
  open.push(() => server.close());
  const said: string[] = [];
  return {
    clock,
    said,
    server,
    run: (change = {}, rounds = 1) => {
      const ending = new AbortController();
      const untilS = (rounds === 1 ? 3 : rounds) * timing.lengthS;
      const limited: Clock = {
        ...clock,
        sleep: async (ms) => {
          await clock.sleep(ms);
          if (clock.passedS() > untilS) ending.abort();
        },
      };
      return runAgent({
        login: { name, key: agentKey(secret, name), ca: null },
        servers: [parseServerUrl(server.url)],
        host,
        timing,
        clock: limited,
        say: (text) => said.push(text),
        signal: ending.signal,
        isOnce: rounds === 1,
        timeoutMs: 60_000,
        retryMs: 1000,
        fping: program('fping'),
        ...change,
      });
    },
  };
}

/** An address on loopback where nothing listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('an agent', () => {
  test('reports the links of the server, those of its host and 127.0.0.1 in the round in which it probed them', async () => {
    const { server, run, clock } = await rig();
    server.links = ['10.0.0.5', '2001:db8::5', '10.0.0.7'];
    expect(await run()).toBe(true);
    const all = { outcomes: '1111111111', rtt: 0.55, rttMax: 0.9 };
    expect(server.reports).toEqual([
      {
        round: roundNumber(timing, clock.nowMs() / 1000),
        about: { role: 'web', load: 0.5 },
        results: ['127.0.0.1', '10.0.0.5', '2001:db8::5', '10.0.0.7'].map((to) => ({
          to,
          ...all,
          rtt: expect.any(Number),
          rttMax: expect.any(Number),
        })),
        imports: ['10.0.0.7'],
        connections,
      },
    ]);
  });

  test('reports the names of its host with their addresses, if there are any', async () => {
    const { server, run } = await rig();
    const names = [{ name: 'lb.example.com', addresses: ['203.0.113.1', '203.0.113.2'] }];
    await run({ host: { ...host, names: () => names } });
    expect(server.reports.map((report) => report.names)).toEqual([names]);
  });

  test('reports verdicts on peers as of the end of the round, if it watches peers', async () => {
    const { server, run, clock } = await rig();
    const peer = { member: 'db3', svc: '', outcome: 'silent' as const, witnesses: ['web01'] };
    await run({ peers: (nowS) => [{ ...peer, sinceS: Math.floor(nowS) - 60 }] });
    const [reported] = server.reports.map(({ peers }) => peers);
    expect(reported).toEqual([{ ...peer, sinceS: expect.any(Number) }]);
    const agoS = clock.nowMs() / 1000 - (reported?.[0]?.sinceS ?? 0);
    expect(agoS).toBeGreaterThanOrEqual(60);
    expect(agoS).toBeLessThan(60 + timing.lengthS);
  });

  test('opens one connection in a round, and closes it', async () => {
    const { server, run } = await rig();
    await run({}, 4);
    expect(server.reports.length).toBeGreaterThanOrEqual(3);
    // One more at its start, for the first list.
    expect(server.connections.all).toBe(server.reports.length + 1);
    expect(new Set(server.reports.map(({ round }) => round)).size).toBe(server.reports.length);
    await expect.poll(() => server.connections.open.size).toBe(0);
  });

  test('connects to links with a port: an answer and a refusal both show that the way works', async () => {
    const { server, run } = await rig();
    const dead = (await deadUrl()).slice('http://'.length);
    const own = server.url.slice('http://'.length);
    server.links = [own, dead];
    await run();
    const outcomes = server.reports.flatMap(({ results }) => results).filter(({ to }) => to.startsWith('127.0.0.1:'));
    expect(outcomes).toEqual([
      { to: own, outcomes: '1111111111', rtt: expect.any(Number), rttMax: expect.any(Number) },
      { to: dead, outcomes: '1111111111', rtt: expect.any(Number), rttMax: expect.any(Number) },
    ]);
  });

  test('is held up neither by a server that is away nor by one that hangs', async () => {
    const { server, run, said } = await rig();
    const hanging = await fakeServer(timing);
    open.push(() => hanging.close());
    hanging.refuse = () => true;
    const away = await deadUrl();
    const servers = [away, hanging.url, server.url].map(parseServerUrl);
    await run({ servers, timeoutMs: 300 }, 3);
    expect(server.reports.length).toBeGreaterThanOrEqual(2);
    expect(said.filter((line) => line.startsWith(away))).toEqual([
      `${away} cannot be reached (ECONNREFUSED): results are dropped until it answers`,
    ]);
    expect(said.filter((line) => line.startsWith(hanging.url))).toEqual([
      `${hanging.url} cannot be reached (no answer within 0.3 s): results are dropped until it answers`,
    ]);
  });

  test('takes the links of all its servers, and reports all to each', async () => {
    const { server, run } = await rig();
    const second = await fakeServer(timing, () => beginMs);
    open.push(() => second.close());
    [server.links, second.links] = [
      ['10.0.0.5', '10.0.0.6'],
      ['10.0.0.6', '10.0.0.8'],
    ];
    // The clock of the second stands still, which the agent corrects.
    await run({ servers: [server.url, second.url].map(parseServerUrl) });
    for (const { reports } of [server, second]) {
      expect(reports[0]?.results.map(({ to }) => to)).toEqual([
        '127.0.0.1',
        '10.0.0.5',
        '10.0.0.6',
        '10.0.0.8',
        '10.0.0.7',
      ]);
    }
  });

  test.each([3600, -3600, 86_400 * 400])(
    'whose clock is wrong by %i s uses the time of the server, and says so once',
    async (aheadS) => {
      const { server, run, said, clock } = await rig();
      server.aheadS = aheadS;
      await run({}, 4);
      expect(server.reports.length).toBeGreaterThanOrEqual(2);
      expect(server.reports.at(-1)?.round).toBeGreaterThanOrEqual(
        roundNumber(timing, clock.nowMs() / 1000 + aheadS) - 1,
      );
      expect(said.filter((line) => line.includes('clock'))).toEqual([
        expect.stringMatching(
          new RegExp(
            `^this clock is \\d+ seconds ${aheadS > 0 ? 'behind' : 'ahead of'} that of http.*: its time is used`,
          ),
        ),
      ]);
    },
  );

  test('whose key is refused says so once, and stays', async () => {
    const { server, run, said } = await rig();
    await run({ login: { name, key: 'f'.repeat(64), ca: null } }, 4);
    expect(server.reports).toEqual([]);
    expect(said.filter((line) => line.includes('refuses the key'))).toEqual([
      `${server.url} refuses the key ("another signature"): get the key of web01 with "lvs-stats links --token web01 --agents FILE" on the server, and put it into the file of --key`,
    ]);
    expect(said.join('\n')).not.toContain('ffff');
  });

  test('repeats a report that failed while the round lasts', async () => {
    const { server, run, said } = await rig();
    let left = 2;
    server.refuse = (request, response) => {
      if (request.method !== 'POST' || left-- <= 0) return false;
      response.writeHead(503).end('starting\n');
      return true;
    };
    expect(await run()).toBe(true);
    expect(server.reports).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('http'))).toEqual([
      `${server.url} answers 503 (starting): results are dropped until it takes them`,
      `${server.url} takes reports again`,
    ]);
  });

  test('waits as long as the server asks for', async () => {
    const { server, run, clock } = await rig();
    const timesS: number[] = [];
    server.refuse = (request, response) => {
      if (request.method !== 'POST') return false;
      timesS.push(clock.passedS());
      if (timesS.length > 1) return false;
      response.writeHead(429, { 'Retry-After': '9' }).end('slowly\n');
      return true;
    };
    expect(await run()).toBe(true);
    expect((timesS[1] ?? 0) - (timesS[0] ?? 0)).toBeGreaterThanOrEqual(9);
  });

  test('drops what no attempt within the round delivers, and says so once in an outage', async () => {
    const { server, run, said, clock } = await rig();
    server.refuse = (request, response) => {
      if (clock.passedS() > 5 * timing.lengthS) return false;
      if (request.method !== 'POST') return false;
      request.socket.destroy();
      response.destroy();
      return true;
    };
    await run({}, 9);
    const firstRound = roundNumber(timing, beginMs / 1000 + 4.9 * timing.lengthS);
    expect(server.reports.length).toBeGreaterThanOrEqual(2);
    expect(server.reports.every(({ round }) => round >= firstRound)).toBe(true);
    expect(said.filter((line) => line.startsWith('http'))).toEqual([
      `${server.url} cannot be reached (ECONNRESET): results are dropped until it answers`,
      `${server.url} takes reports again`,
    ]);
  });

  test('takes a refused repetition for a report whose answer was lost', async () => {
    const { server, run, said } = await rig();
    let isFirst = true;
    server.refuse = (request, response) => {
      if (request.method !== 'POST' || !isFirst) return false;
      isFirst = false;
      // The report is taken, but nobody hears of it.
      response.writeHead = ((): typeof response => response) as typeof response.writeHead;
      response.end = (() => {
        request.socket.destroy();
        return response;
      }) as typeof response.end;
      return false;
    };
    expect(await run()).toBe(true);
    expect(server.reports).toHaveLength(1);
    expect(server.seen.filter((line) => line.startsWith('POST'))).toEqual(['POST /api/v1/agents/web01/results 409']);
    expect(said.at(-1)).toMatch(/1 of 1 server took the report/);
  });

  test('whose name another agent uses says so', async () => {
    const { server, run, said } = await rig();
    server.refuse = (request, response) => {
      if (request.method !== 'POST') return false;
      response.writeHead(409).end('round 3 is reported already\n');
      return true;
    };
    expect(await run()).toBe(false);
    expect(said).toContain(
      `${server.url} already has the report about this round ("round 3 is reported already"): does another agent have the name web01?`,
    );
  });

  test('reports thousands of links in parts, each of which the server takes', async () => {
    const { server, run } = await rig();
    server.links = Array.from({ length: 3000 }, (_, i) => `10.1.${Math.floor(i / 250)}.${i % 250}`);
    const many = Array.from({ length: 1000 }, (_, i) => ({ ...connections[0], port: i + 1 }) as PeerConnections);
    expect(await run({ host: { ...host, connections: async () => many } })).toBe(true);
    const { reports } = server;
    expect(reports.map(({ part }) => part)).toEqual(reports.map((_, i) => i));
    expect(reports.flatMap(({ results }) => results).map(({ to }) => to)).toEqual([
      '127.0.0.1',
      ...server.links,
      '10.0.0.7',
    ]);
    expect(reports.flatMap((one: AgentReport) => one.connections)).toEqual(many);
    expect(reports.every(({ about }) => about.role === 'web')).toBe(true);
    expect(server.connections.all).toBe(2);
  });

  test('ends at once in the middle of a round', async () => {
    const { run } = await rig();
    const ending = new AbortController();
    const running = run({ fping: program('fping-endless'), signal: ending.signal });
    setTimeout(() => ending.abort(), 300);
    expect(await running).toBe(false);
  });
});

describe.skipIf(!hasOpenssl)('an agent over TLS (skipped without openssl)', () => {
  test('reports to a server whose certificate it trusts, and to no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-tls-'));
    open.push(async () => rmSync(folder, { recursive: true, force: true }));
    const { run, said, clock } = await rig();
    const certificate = makeCertificate({ folder, name: 'server' });
    const server = await fakeServer(timing, clock.nowMs, certificate);
    open.push(() => server.close());
    const key = agentKey(secret, name);
    const servers = [parseServerUrl(server.url)];
    expect(await run({ servers, login: { name, key, ca: null } })).toBe(false);
    expect(server.seen).toEqual([]);
    expect(said.filter((line) => line.startsWith('https'))).toEqual([
      `${server.url} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT; name the certificates that you trust with --ca FILE): results are dropped until it answers`,
    ]);
    expect(await run({ servers, login: { name, key, ca: certificate.cert } }, 4)).toBeDefined();
    expect(server.reports.length).toBeGreaterThanOrEqual(1);
  });
});

describe('an agent without pings', () => {
  test.each([
    ['fping-denied', /fping-denied exited with status 4, so links are not pinged: give it CAP_NET_RAW/],
    [
      'fping-deaf',
      /fping-deaf reports 127\.0\.0\.1 as lost.*on unprivileged ping sockets fping 5\.1 loses all answers/,
    ],
    ['no-such-fping', /there is no .*no-such-fping, which pings links: install it/],
  ])('says why once, and reports what it has: %s', async (file, expected) => {
    const { server, run, said } = await rig();
    await run({ fping: program(file) }, 4);
    expect(said.filter((line) => expected.test(line))).toHaveLength(1);
    expect(server.reports.length).toBeGreaterThanOrEqual(2);
    expect(server.reports[0]?.connections).toEqual(connections);
    const lost = file === 'fping-deaf' ? ['127.0.0.1', '10.0.0.7'] : [];
    expect(server.reports[0]?.results.map(({ to, outcomes }) => [to, outcomes])).toEqual(lost.map((to) => [to, '00']));
  });
});
