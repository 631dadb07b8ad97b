// The agent's probes with real programs: fping in network namespaces, between which packets are lost; HAProxy's socket; nginx's status page and log.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { haproxyImport } from '../../src/agent/imports/haproxy-socket.js';
import { accessLogRates } from '../../src/agent/nginx/access-log.js';
import { stubStatusRates } from '../../src/agent/nginx/stub-status.js';
import { ping } from '../../src/agent/probes/ping.js';
import { probeLinks } from '../../src/agent/probes/probe-links.js';
import { type Clock, machineClock, type RoundTiming } from '../../src/agent/timing.js';
import { targetText } from '../../src/model/links/target.js';
import { until } from '../until.js';
import { freePort, hasProgram } from './engine.js';
import { canMakeNamespaces } from './peers/namespaces.js';

const signal = new AbortController().signal;

/** Short rounds; the limits of a slow machine are wide. */
const timing: RoundTiming = { lengthS: 120, phaseS: 0, probes: 5, spacingS: 0.4, timeoutMs: 400 };

describe.skipIf(!hasProgram('fping'))('fping (skipped without it)', () => {
  test('pings addresses of both families, and this host', async () => {
    const { results, problem } = await probeLinks(
      [
        { address: '127.0.0.2', port: null },
        { address: '::1', port: null },
      ],
      { timing, clock: machineClock, signal },
    );
    expect(problem).toBeNull();
    expect(results.map(({ to, outcomes }) => [to, outcomes])).toEqual([
      ['127.0.0.1', '11111'],
      ['127.0.0.2', '11111'],
      ['::1', '11111'],
    ]);
    for (const { rtt, rttMax } of results) expect(rttMax).toBeGreaterThanOrEqual(rtt ?? Number.NaN);
  });

  test('pings 500 addresses, fewer times as the round is too short for more', async () => {
    const addresses = Array.from({ length: 500 }, (_, i) => `127.1.${Math.floor(i / 250)}.${i % 250}`);
    const { times, problem } = await ping(['127.0.0.1', ...addresses], {
      timing: { ...timing, spacingS: 1.2 },
      signal,
    });
    expect(problem).toBeNull();
    expect(times.size).toBe(501);
    expect(new Set([...times.values()].map((one) => one.length))).toEqual(new Set([2]));
  });
});

const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'ignore' });

const noTests = (_name: string, _make: () => void): void => {};

// A machine that lets nobody make namespaces, such as some containers, has no such tests.
const canCut = canMakeNamespaces();
if (!canCut) console.log('links between network namespaces are not tested: nobody may make them here');

(canCut ? describe.skipIf(!hasProgram('fping')) : noTests)('links between two network namespaces', () => {
  const [near, far] = ['lvs-stats-near', 'lvs-stats-far'];
  let folder = '';
  let fping = '';
  const on = (netns: string, ...args: readonly string[]): void => ip('-n', netns, ...args);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-netns-'));
    for (const name of [near, far]) ip('netns', 'add', name);
    ip('link', 'add', 'lvs0', 'netns', near, 'type', 'veth', 'peer', 'name', 'lvs0', 'netns', far);
    for (const [i, name] of [near, far].entries()) {
      on(name, 'addr', 'add', `10.99.0.${i + 1}/24`, 'dev', 'lvs0');
      on(name, 'addr', 'add', `fd00:99::${i + 1}/64`, 'dev', 'lvs0', 'nodad');
      on(name, 'link', 'set', 'lvs0', 'up');
      on(name, 'link', 'set', 'lo', 'up');
    }
    fping = join(folder, 'fping');
    writeFileSync(fping, `#!/bin/sh\nexec ip netns exec ${near} fping "$@"\n`, { mode: 0o755 });
  });
  afterAll(() => {
    for (const name of [near, far]) ip('netns', 'del', name);
    rmSync(folder, { recursive: true, force: true });
  });

  const outcomesOf = async (addresses: readonly string[]): Promise<readonly (readonly [string, string])[]> => {
    const targets = addresses.map((address) => ({ address, port: null }));
    const { results, problem } = await probeLinks(targets, { timing, clock: machineClock, signal, fping });
    expect(problem).toBeNull();
    return results.map(({ to, outcomes }) => [to, outcomes]);
  };

  test('answer, and are lost while the way back is cut', async () => {
    const addresses = ['10.99.0.2', 'fd00:99::2', '10.99.0.77'];
    // The first packet to a neighbour waits for its address.
    await outcomesOf(addresses);
    expect(await outcomesOf(addresses)).toEqual([
      ['127.0.0.1', '11111'],
      ['10.99.0.2', '11111'],
      ['fd00:99::2', '11111'],
      ['10.99.0.77', '00000'],
    ]);
    on(far, 'route', 'add', 'blackhole', '10.99.0.1/32');
    try {
      expect(await outcomesOf(addresses)).toEqual([
        ['127.0.0.1', '11111'],
        ['10.99.0.2', '00000'],
        ['fd00:99::2', '11111'],
        ['10.99.0.77', '00000'],
      ]);
    } finally {
      on(far, 'route', 'del', 'blackhole', '10.99.0.1/32');
    }
    expect((await outcomesOf(addresses))[1]).toEqual(['10.99.0.2', '11111']);
  });

  test('without loopback show that the losses mean nothing', async () => {
    on(near, 'link', 'set', 'lo', 'down');
    try {
      const { times, problem } = await ping(['127.0.0.1', '10.99.0.2'], { timing, signal, fping });
      expect(problem?.text).toMatch(/reports 127\.0\.0\.1 as lost/);
      expect(times.get('127.0.0.1')).toEqual([null, null, null, null, null]);
    } finally {
      on(near, 'link', 'set', 'lo', 'up');
    }
  });
});

describe('HAProxy and nginx', () => {
  let folder = '';
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-proxies-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(!hasProgram('haproxy'))(
    'HAProxy names its servers on a socket without rights (skipped without it)',
    async () => {
      const [config, socket] = [join(folder, 'haproxy.cfg'), join(folder, 'user.sock')];
      writeFileSync(
        config,
        `global
  stats socket ${socket} level user
defaults
  mode tcp
  timeout connect 1s
  timeout client 1s
  timeout server 1s
backend web
  server web01 10.1.2.3:8080
  server web02 [2001:db8::7]:8080
  server own 127.0.0.1:9000
`,
      );
      children.push(spawn('haproxy', ['-f', config, '-db'], { stdio: 'ignore' }));
      const haproxy = haproxyImport(socket);
      await until('HAProxy answers', async () => (await haproxy.targets()).length > 0);
      expect((await haproxy.targets()).map(targetText)).toEqual(['10.1.2.3:8080', '[2001:db8::7]:8080']);
    },
  );

  test.skipIf(!hasProgram('nginx'))('nginx counts requests and errors (skipped without it)', async () => {
    const port = await freePort();
    const [config, log] = [join(folder, 'nginx.conf'), join(folder, 'access.log')];
    writeFileSync(
      config,
      `daemon off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
  log_format lvs_stats '$msec $status';
  access_log ${log} lvs_stats;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "fine"; }
    location /none { return 404; }
    location /late { return 504; }
    location = /nginx_status { stub_status; access_log off; }
  }
}
`,
    );
    children.push(spawn('nginx', ['-c', config, '-g', 'master_process off;'], { stdio: 'ignore' }));
    const base = `http://127.0.0.1:${port}`;
    const ask = (path: string) =>
      new Promise((resolve, reject) => {
        get(`${base}${path}`, (response) => response.resume().once('end', resolve)).once('error', reject);
      });
    await until('nginx answers', async () => (await ask('/')) === undefined);
    let timeMs = 0;
    const clock: Clock = { ...machineClock, steadyMs: () => timeMs };
    const [status, access] = [stubStatusRates(`${base}/nginx_status`, clock), accessLogRates(log, clock)];
    expect([await status.read(), await access.read()]).toEqual([{}, {}]);
    for (const path of [...new Array(5).fill('/'), '/none', '/none', '/late']) await ask(path);
    timeMs = 1000;
    // The page counts the request for itself.
    expect(await status.read()).toEqual({ nginxAccessRate: 9 });
    expect(await access.read()).toEqual({ nginxAccessRate: 8, nginxErrRate: 3, nginx4xx: 2, nginx5xx: 1, nginx504: 1 });
  });
});
