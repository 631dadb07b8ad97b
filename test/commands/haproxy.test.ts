// A real HAProxy (Debian's), read in all three ways, with traffic, a failing server, and a reload.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseShowStat } from '../../src/collect/haproxy/parse-show-stat.js';
import { readHaproxy } from '../../src/collect/haproxy/read-haproxy.js';
import { interpretCycle } from '../../src/interpret/interpret.js';
import { emptyState } from '../../src/model/cycle.js';
import { type Certificate, hasOpenssl, makeCertificate } from '../collect/haproxy/certificates.js';
import { shortFolder } from '../short-folder.js';
import { patienceMs, until } from '../until.js';
import { run } from './program.js';

const haproxy = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find(existsSync);
if (haproxy === undefined) console.warn('skipped: there is no haproxy here to be read');

const dir = shortFolder('lvs-stats-haproxy-');
const [socket, config, pidFile] = ['h.sock', 'h.cfg', 'h.pid'].map((name) => join(dir, name)) as [
  string,
  string,
  string,
];
const limits = { timeoutMs: patienceMs, bytes: 2 ** 20 };
const servers: Server[] = [];
let [front, page, tls, cli] = [0, 0, 0, 0];
let certificate: Certificate | null = null;

function listenAnywhere(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenAnywhere(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function readNow() {
  return parseShowStat(await readHaproxy(socket, limits), socket).reading;
}

function start(...args: readonly string[]): void {
  execFileSync(haproxy ?? '', ['-D', '-p', pidFile, '-f', config, ...args], { stdio: 'ignore' });
}

/** Sends each request on its own connection: HAProxy counts a session per connection. */
async function ask(times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await new Promise((resolve, reject) => {
      get({ port: front, host: '127.0.0.1', agent: false }, (response) => response.resume().on('end', resolve)).on(
        'error',
        reject,
      );
    });
  }
  await until('HAProxy has closed the sessions', async () => {
    const { entries } = await readNow();
    return entries.every(({ id, values: [open] }) => id.proxy === 'page' || open === 0n);
  });
}

/** Waits for these states of the two servers. */
async function untilServers(...expected: readonly string[]): Promise<void> {
  await until(`the servers are ${expected.join(' and ')}`, async () => {
    const { entries } = await readNow();
    const found = entries.filter(({ id }) => id.kind === 'server').map(({ status }) => status);
    return found.join() === expected.join();
  });
}

function configure(a: number, b: number): void {
  writeFileSync(
    config,
    `global
  stats socket ${socket} mode 600 level admin
  stats socket ipv4@127.0.0.1:${cli} level user
defaults
  mode http
  timeout connect 20m
  timeout client 20m
  timeout server 20m
  timeout check 20m
  option http-server-close
frontend web-1:a.b_c
  bind 127.0.0.1:${front}
  default_backend web-1:a.b_c
backend web-1:a.b_c
  option httpchk GET /
  server .s-1 127.0.0.1:${a} check inter 100ms fall 2 rise 1
  server s:2 127.0.0.1:${b} check inter 100ms fall 2 rise 1
listen page
  bind 127.0.0.1:${page}
  ${certificate === null ? '' : `bind 127.0.0.1:${tls} ssl crt ${join(dir, 'both.pem')}`}
  stats enable
  stats uri /stats
  stats auth user:p@ss
`,
  );
}

beforeAll(async () => {
  if (haproxy === undefined) return;
  for (let i = 0; i < 2; i += 1) servers.push(createServer((_, response) => response.end('x'.repeat(1000))));
  const [a, b] = [await listenAnywhere(servers[0] as Server), await listenAnywhere(servers[1] as Server)];
  if (hasOpenssl) {
    certificate = makeCertificate({ folder: dir, name: 'page' });
    writeFileSync(join(dir, 'both.pem'), certificate.cert + certificate.key);
  }
  for (let triesLeft = 20; ; triesLeft -= 1) {
    front = await freePort();
    page = await freePort();
    tls = await freePort();
    cli = await freePort();
    configure(a, b);
    try {
      start();
      break;
    } catch (error) {
      // Another process may have taken one of the ports since.
      if (triesLeft === 0) throw error;
    }
  }
  await untilServers('UP', 'UP');
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  if (existsSync(pidFile))
    for (const pid of readFileSync(pidFile, 'utf8').trim().split('\n')) process.kill(Number(pid));
  rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(haproxy === undefined)('a real HAProxy', () => {
  test('gives the same over its socket, over HTTP with a password, and from a file', async () => {
    await ask(5);
    const ofSocket = parseShowStat(await readHaproxy(socket, limits), 'socket').reading;
    const text = await readHaproxy(`http://user:p%40ss@127.0.0.1:${page}/stats`, limits);
    writeFileSync(join(dir, 'stats.csv'), text);
    const ofFile = parseShowStat(await readHaproxy(join(dir, 'stats.csv')), 'file').reading;
    const stable = ({ entries }: typeof ofSocket) =>
      entries.filter(({ id }) => id.proxy !== 'page').map(({ id, values, mode }) => ({ id, values, mode }));
    expect(stable(ofFile)).toEqual(stable(ofSocket));
    expect(ofSocket.process?.pid).toBeGreaterThan(1);
    expect(ofFile.process).toBeNull();
    expect(ofSocket.entries[0]).toMatchObject({ id: { kind: 'frontend', proxy: 'web-1:a.b_c' } });
    expect(ofSocket.entries[0]?.values[1]).toBe(5n);
    await expect(readHaproxy(`http://127.0.0.1:${page}/stats`, limits)).rejects.toMatchObject({
      code: 'not-permitted',
    });
    await expect(readHaproxy(`http://127.0.0.1:${page}/else`, limits)).rejects.toMatchObject({ code: 'failed' });
    await expect(readHaproxy(join(dir, 'none'))).rejects.toMatchObject({ code: 'no-haproxy' });
    await expect(readHaproxy(dir)).rejects.toMatchObject({ code: 'failed' });
    const small = { ...limits, bytes: 100 };
    await expect(readHaproxy(socket, small)).rejects.toMatchObject({ code: 'too-much-output' });
  });

  test('is read over TCP from the address in its own configuration', async () => {
    const expected = parseShowStat(await readHaproxy(socket, limits), 'socket').reading;
    for (const source of [`ipv4@127.0.0.1:${cli}`, `tcp@127.0.0.1:${cli}`, `127.0.0.1:${cli}`, `unix@${socket}`]) {
      const { reading, notes } = parseShowStat(await readHaproxy(source, limits), source);
      expect(reading.process?.pid).toBe(expected.process?.pid);
      expect(reading.entries.map(({ id }) => id)).toEqual(expected.entries.map(({ id }) => id));
      expect(notes).toEqual([]);
    }
    const message = expect.stringContaining('tcp@HOST:PORT');
    await expect(readHaproxy(`http://127.0.0.1:${cli}/stats`, limits)).rejects.toMatchObject({
      code: 'failed',
      message,
    });
    const other = expect.stringContaining('http://HOST:PORT/PATH');
    await expect(readHaproxy(`tcp@127.0.0.1:${page}`, limits)).rejects.toMatchObject({
      code: 'no-header',
      message: other,
    });
  });

  test.skipIf(!hasOpenssl)('is read over TLS with a private certificate', async () => {
    const url = `https://user:p%40ss@127.0.0.1:${tls}/stats`;
    const named = await run([
      'doctor',
      '--haproxy',
      url,
      '--haproxy-ca',
      certificate?.certFile ?? '',
      '--data',
      join(dir, 'none'),
    ]);
    expect(named.stdout).toMatch(/ok\s+HAProxy\s+https:\/\/…@127\.0\.0\.1:\d+\/stats can be read/);
    const settings = join(dir, 'lvs-stats.yaml');
    writeFileSync(settings, `haproxy: ${url}\nhaproxy-ca: ${certificate?.certFile}\n`);
    const set = await run(['collect', '--config', settings, '--no-pictures', '--data', join(dir, 'tls')]);
    expect(set.stdout).toContain('HAProxy proxies');
    const bare = await run(['collect', '--haproxy', url, '--no-pictures', '--data', join(dir, 'tls')]);
    expect(bare).toMatchObject({ status: 1, stderr: expect.stringMatching(/self-signed; .*--haproxy-ca FILE/) });
    expect(named.stdout + named.stderr + bare.stdout + bare.stderr).not.toMatch(/user:|p%40ss|p@ss/);
    const plain = expect.stringContaining('https://');
    await expect(readHaproxy(`http://user:p%40ss@127.0.0.1:${tls}/stats`, limits)).rejects.toMatchObject({
      message: plain,
    });
    const wrong = expect.stringContaining('http://');
    await expect(readHaproxy(`https://127.0.0.1:${page}/stats`, limits)).rejects.toMatchObject({ message: wrong });
  });

  test('is reported as a master process, which has no statistics', async () => {
    const [master, masterConfig, masterPid] = ['m.sock', 'm.cfg', 'm.pid'].map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(
      masterConfig,
      `defaults\n  mode http\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s
listen stats\n  bind 127.0.0.1:${await freePort()}\n  stats enable\n`,
    );
    execFileSync(haproxy ?? '', ['-W', '-D', '-p', masterPid, '-S', master, '-f', masterConfig], { stdio: 'ignore' });
    try {
      // A time limit that is not reached: the master answers at once, when it has started.
      const problem = () => readHaproxy(master, limits).catch((error: Error) => error.message);
      await until('the master answers', async () => (await problem()).includes('master'));
      expect(await problem()).toMatch(/is the socket of HAProxy's master process .*"stats socket".*"@1 show stat"/);
      const asked = await run(['collect', '--haproxy', master, '--no-pictures', '--data', join(dir, 'master')]);
      expect(asked).toMatchObject({ status: 1, stderr: expect.stringContaining("HAProxy's master process") });
    } finally {
      for (const pid of readFileSync(masterPid, 'utf8').trim().split('\n')) process.kill(Number(pid));
    }
  });

  test('shows the loss of a server and a reload, and no false rate', async () => {
    const readings = [await readNow()];
    servers[1]?.closeAllConnections();
    servers[1]?.close();
    await untilServers('UP', 'DOWN');
    await ask(7);
    readings.push(await readNow());
    start('-sf', readFileSync(pidFile, 'utf8').trim());
    await until('another process answers', async () => {
      const { process } = await readNow();
      return process?.pid !== readings[0]?.process?.pid;
    });
    await ask(30);
    readings.push(await readNow());
    let table = emptyState;
    const cycles = readings.map((read, i) => {
      const cycle = interpretCycle(table, { timeS: 1_763_700_000 + i, host: null, director: null, haproxy: read });
      table = cycle.table;
      return cycle;
    });
    const sessions = cycles.map(
      ({ readings: all }) => all.find(({ archive }) => archive.includes('_fe_web'))?.values[1],
    );
    expect(sessions).toEqual([Number.NaN, 7, Number.NaN]);
    const archive = 'haproxy_be_web%2D1%3Aa.b_c';
    expect(cycles[1]?.events).toContainEqual(
      expect.objectContaining({ archive, kind: 'status-changed', realServer: 's%3A2', from: 'UP', to: 'DOWN' }),
    );
    expect(cycles[2]?.events).toContainEqual(
      expect.objectContaining({ archive, kind: 'counters-reset', cause: 'haproxy-reloaded' }),
    );
  });

  test('is collected by the program, alone and recorded, and replayed', async () => {
    const [data, record] = [join(dir, 'data'), join(dir, 'record')];
    const collected = await run(['collect', '--haproxy', socket, '--no-pictures', '--record', record, '--data', data]);
    // If there is a table, this user may lack permission to read it.
    if (!existsSync('/proc/net/ip_vs')) expect(collected).toMatchObject({ status: 0, stderr: '' });
    expect(collected.stdout).toContain('4 HAProxy proxies, 2 servers');
    expect(readdirSync(record).filter((name) => name.endsWith('.haproxy.csv'))).toHaveLength(1);
    const again = join(dir, 'again');
    expect((await run(['replay', record, '--data', again])).stdout).toContain('1 stored');
    const list = JSON.parse((await run(['list', '--format', 'json', '--data', again])).stdout) as { name: string }[];
    expect(list.map(({ name }) => name)).toContain('haproxy_be_web%2D1%3Aa.b_c/%2Es%2D1');
    const fetched = await run(['fetch', 'haproxy_be_web-1:a.b_c/.s-1', '--format', 'csv', '--data', again]);
    expect(fetched.stdout).toMatch(/^time,CurSessions,Queue,Sessions,InBytes,OutBytes,/);
  });
});
