// Probes of the real servers of Debian: the states, what the servers log of 100 probes, that none blocks a prober, and that no connection stays.

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ApplicationTarget,
  type ProbeKind,
  probeApplication,
  type Verdict,
} from '../../../src/agent/peers/application.js';
import { kinds } from '../../agent/peers/cases.js';
import { targetOf } from '../../agent/peers/scripted-server.js';
import { hasOpenssl } from '../../collect/haproxy/certificates.js';
import { patienceMs, until } from '../../until.js';
import { hasProgram } from '../engine.js';
import {
  postgresPrograms,
  type RunningServer,
  startMariadb,
  startNginx,
  startPostgresql,
  startRabbitmq,
  startRedis,
} from './start-servers.js';

const hasAll =
  hasOpenssl && postgresPrograms() !== null && ['nginx', 'redis-server', 'mariadbd', 'epmd'].every(hasProgram);

const probes = 100;
const atOnce = 10;

/** Time of a probe that meets silence, ms. */
const shortMs = 300;

const stateOf = async (target: ApplicationTarget, timeoutMs = patienceMs): Promise<Verdict['state']> =>
  (await probeApplication(target, timeoutMs)).state;

const handles = (): number => process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS)/.test(name)).length;

describe.skipIf(!hasAll)('real servers (skipped without all of them)', () => {
  let folder = '';
  const servers = new Map<ProbeKind, RunningServer>();
  let sql: (text: string) => string = () => '';

  const serverOf = (kind: ProbeKind): RunningServer => {
    const server = servers.get(kind === 'tcp' ? 'redis' : kind);
    if (server === undefined) throw new Error(`no server of ${kind}`);
    return server;
  };
  const at = (kind: ProbeKind, tls = false, more: Partial<ApplicationTarget> = {}): ApplicationTarget => {
    const { port, tlsPort, path } = serverOf(kind);
    return targetOf(kind, tls ? tlsPort : port, { tls, ...(path !== undefined && { path }), ...more });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-applications-'));
    const mariadb = await startMariadb(folder);
    sql = mariadb.sql;
    // Without any account for an address, MariaDB does not even greet it.
    sql("create user application@'127.0.0.%' identified by 'secret'");
    for (const server of [mariadb, await startNginx(folder), await startRedis(folder), await startPostgresql(folder)])
      servers.set(server.kind, server);
    for (const server of await startRabbitmq(folder)) servers.set(server.kind, server);
  });
  afterAll(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(kinds)('%s', (kind) => {
    test.each([
      ['in clear text', false],
      ['in TLS', true],
    ])('is up %s, and no connection stays open', async (_, tls) => {
      const before = handles();
      const { state, detail } = await probeApplication(at(kind, tls), patienceMs);
      expect([state, detail]).toEqual(['up', expect.stringMatching(/./)]);
      await until('the handles are closed', () => handles() <= before);
    });

    test('says nothing while it is stopped, and is up again afterwards', async () => {
      const server = serverOf(kind);
      server.signal('SIGSTOP');
      try {
        // The kernel accepts in its name: that is all that plain TCP asks for.
        if (kind === 'tcp') expect(await stateOf(at(kind))).toBe('up');
        else await until('it is silent', async () => (await stateOf(at(kind), shortMs)) === 'down');
        await until('it is silent in TLS', async () => (await stateOf(at(kind, true), shortMs)) === 'down');
      } finally {
        server.signal('SIGCONT');
      }
      expect(await stateOf(at(kind))).toBe('up');
    });
  });

  test('plain TCP is down once the queue of connections is full', async () => {
    serverOf('redis').signal('SIGSTOP');
    try {
      // Each probe takes a place in the queue of the stopped server.
      await until('the queue is full', async () => (await stateOf(at('tcp'), shortMs)) === 'down');
    } finally {
      serverOf('redis').signal('SIGCONT');
    }
    await until('the queue is taken', async () => (await stateOf(at('tcp'))) === 'up');
  });

  test.each([
    ['tcp', false, 0, {}],
    ['http', false, 0, {}],
    ['redis', false, 0, {}],
    ['redis', true, 0, {}],
    ['postgresql', false, 0, {}],
    ['postgresql', true, 0, {}],
    // Its rules know one user of one database, and it logs everybody else.
    ['postgresql', false, 0, { login: { user: 'app', password: '', database: 'app' } }],
    ['postgresql', true, 0, { login: { user: 'app', password: '', database: 'app' } }],
    ['postgresql', false, probes, { login: { user: 'app', password: '' } }],
    // RabbitMQ warns of who leaves without a login.
    ['amqp', false, probes, {}],
    ['amqp', false, 0, { login: { user: 'guest', password: 'guest' } }],
    ['websocket', false, 0, {}],
  ] as const)('%s (TLS: %s) logs %i warnings and errors of 100 probes', async (kind, tls, expected, more) => {
    const server = serverOf(kind);
    const before = server.log().length;
    const troubles = (): readonly string[] =>
      server
        .log()
        .slice(before)
        .split('\n')
        .filter((line) => /\[(warn|warning|error|crit|alert)\]|^.* # |\b(FATAL|ERROR|LOG):/i.test(line))
        .filter((line) => !line.includes('client unexpectedly closed') && !/^\S*\s*$/.test(line));
    for (let i = 0; i < probes; i += atOnce) {
      const states = Array.from({ length: atOnce }, () => stateOf(at(kind, tls, more)));
      expect(await Promise.all(states)).toEqual(new Array(atOnce).fill('up'));
    }
    await until('the log is written', () => troubles().length >= expected);
    await pause(500);
    expect(troubles()).toHaveLength(expected);
  });

  test('PostgreSQL without TLS logs nothing of 100 probes', async () => {
    const server = await startPostgresql(folder, { hasTls: false });
    try {
      const before = server.log();
      for (let i = 0; i < probes; i++)
        expect(await probeApplication(targetOf('postgresql', server.port), patienceMs)).toMatchObject({
          state: 'up',
          detail: 'offers no TLS',
        });
      // Its line about a login without a rule follows any lines about the probes before.
      const login = { user: 'app', password: '' };
      expect(await stateOf(targetOf('postgresql', server.port, { login }))).toBe('up');
      const said = (): readonly string[] => server.log().slice(before.length).split('\n').slice(0, -1);
      await until('it logs the last one', () => said().length > 0);
      expect(said()).toEqual([expect.stringContaining('FATAL:  no pg_hba.conf entry')]);
    } finally {
      await server.stop();
    }
  });

  /** A way to MariaDB from an address that is not 127.0.0.1, which it never blocks. Resets are passed on. */
  const fromAddress = async (localAddress: string) => {
    let open = 0;
    const relay = createServer((near) => {
      const far = connect({ host: '127.0.0.1', port: serverOf('mysql').port, localAddress });
      open += 1;
      far.on('close', () => {
        open -= 1;
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on('data', (bytes) => other.write(bytes)).on('end', () => other.end());
        one.on('error', () => other.resetAndDestroy());
      }
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const { port } = relay.address() as AddressInfo;
    return { port, open: () => open, close: () => new Promise((resolve) => relay.close(resolve)) };
  };
  const errorsOf = (address: string): number =>
    Number(
      sql(`select coalesce(max(sum_connect_errors), 0) from performance_schema.host_cache where ip = '${address}'`),
    );

  test('MariaDB blocks an address that only connects 101 times', async () => {
    for (let i = 0; i < 110; i++) {
      const socket = connect({ host: '127.0.0.1', port: serverOf('mysql').port, localAddress: '127.0.0.2' });
      await new Promise((resolve) => socket.once('data', resolve));
      socket.end();
      await new Promise((resolve) => socket.once('close', resolve));
    }
    const relay = await fromAddress('127.0.0.2');
    const { state, detail } = await probeApplication(targetOf('mysql', relay.port), patienceMs);
    expect([state, detail]).toEqual(['refused', expect.stringMatching(/^1129 Host .127\.0\.0\.2. is blocked/)]);
    await relay.close();
  });

  test.each([
    ['without an account', '127.0.0.3', 'mysql', false],
    ['in TLS', '127.0.0.4', 'mysql', true],
    ['as plain TCP', '127.0.0.5', 'tcp', false],
  ] as const)('MariaDB does not block an address after 500 probes %s', async (_, address, kind, tls) => {
    const relay = await fromAddress(address);
    for (let i = 0; i < 500; i++) expect(await stateOf(targetOf(kind, relay.port, { tls }), patienceMs)).toBe('up');
    expect(errorsOf(address)).toBe(0);
    await until('the connections are closed', () => sql("show status like 'Threads_connected'").endsWith('\t1'));
    await relay.close();
  });

  test('MariaDB with an account for probes logs and counts none of 500', async () => {
    sql("create user lvs_stats@'127.0.0.%'");
    const counted = (): string =>
      sql("show global status where variable_name in ('Aborted_connects', 'Aborted_clients')");
    const [before, log] = [counted(), serverOf('mysql').log().length];
    const relay = await fromAddress('127.0.0.8');
    for (let i = 0; i < 500; i++) expect(await stateOf(targetOf('mysql', relay.port), patienceMs)).toBe('up');
    expect(counted()).toBe(before);
    const lines = serverOf('mysql')
      .log()
      .slice(log)
      .split('\n')
      .filter((line) => line !== '' && !line.includes('could not be resolved'));
    expect(lines).toEqual([]);
    await relay.close();
  });

  test('MariaDB does not block an address that probed it 150 times while it hung', async () => {
    const relay = await fromAddress('127.0.0.6');
    serverOf('mysql').signal('SIGSTOP');
    try {
      const asked = Array.from({ length: 150 }, () => stateOf(targetOf('mysql', relay.port), 2000));
      expect(new Set(await Promise.all(asked))).toEqual(new Set(['down']));
      // MariaDB must find that the probes have left, as it would without a relay.
      await until('the relay has passed on their ends', () => relay.open() === 0);
    } finally {
      serverOf('mysql').signal('SIGCONT');
    }
    expect(await probeApplication(targetOf('mysql', relay.port), patienceMs)).toMatchObject({ state: 'up' });
    expect(errorsOf('127.0.0.6')).toBeLessThan(5);
    await relay.close();
  });

  test('each kind recognises the others', async () => {
    const found: string[] = [];
    for (const server of kinds.filter((kind) => kind !== 'tcp')) {
      for (const kind of kinds.filter((one) => one !== 'tcp' && one !== server)) {
        const isSilent = silent.includes(`${kind} at ${server}`);
        const state = await stateOf({ ...at(server), kind }, isSilent ? shortMs : patienceMs);
        found.push(`${kind} at ${server}: ${state}`);
      }
    }
    // Redis and PostgreSQL hang up on strange words; others wait for the end of them. The WebSocket server speaks HTTP.
    expect(found).toEqual([
      'websocket at http: wrong-protocol',
      'redis at http: wrong-protocol',
      'mysql at http: down',
      'postgresql at http: wrong-protocol',
      'amqp at http: wrong-protocol',
      'http at websocket: up',
      'redis at websocket: wrong-protocol',
      'mysql at websocket: down',
      'postgresql at websocket: down',
      'amqp at websocket: down',
      'http at redis: refused',
      'websocket at redis: refused',
      'mysql at redis: down',
      'postgresql at redis: down',
      'amqp at redis: down',
      'http at mysql: wrong-protocol',
      'websocket at mysql: wrong-protocol',
      'redis at mysql: wrong-protocol',
      'postgresql at mysql: wrong-protocol',
      'amqp at mysql: wrong-protocol',
      'http at postgresql: refused',
      'websocket at postgresql: refused',
      'redis at postgresql: refused',
      'mysql at postgresql: down',
      'amqp at postgresql: refused',
      'http at amqp: wrong-protocol',
      'websocket at amqp: wrong-protocol',
      'redis at amqp: wrong-protocol',
      'mysql at amqp: down',
      'postgresql at amqp: wrong-protocol',
    ]);
  });

  test('killed ones refuse', async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    for (const kind of kinds)
      expect(await probeApplication(at(kind), patienceMs)).toMatchObject({
        state: 'refused',
        detail: 'connection refused',
      });
  });
});

/** Words that a server of another kind waits to see the end of, or who wait for its own. */
const silent: readonly string[] = [
  ...['http', 'redis', 'postgresql', 'amqp', 'websocket'].map((server) => `mysql at ${server}`),
  'amqp at redis',
  'postgresql at redis',
  'amqp at websocket',
  'postgresql at websocket',
];
