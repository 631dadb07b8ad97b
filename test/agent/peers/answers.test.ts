// The answers that are particular to a kind, and what a probe does in order not to be locked out.

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { type ApplicationTarget, type ProbeKind, probeApplication } from '../../../src/agent/peers/application.js';
import { CannotProbe, endOf } from '../../../src/agent/peers/wire/failures.js';
import { patienceMs } from '../../until.js';
import { amqpStart, greetingOf, mysqlOk } from './right-servers.js';
import { type Script, type ScriptedServer, startScripted, targetOf } from './scripted-server.js';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.untilLeft();
    await server.close();
  }
});

const start = async (script: Script): Promise<ScriptedServer> => {
  const server = await startScripted(script);
  servers.push(server);
  return server;
};

const ask = async (kind: ProbeKind, script: Script, more: Partial<ApplicationTarget> = {}) => {
  const { state, detail } = await probeApplication(targetOf(kind, (await start(script)).port, more), patienceMs);
  return [state, detail] as const;
};

/** A server that answers once. */
const answering =
  (answer: Uint8Array | string): Script =>
  async (line) => {
    await line.hear();
    line.say(answer);
  };

const postgresError = (code: string, text: string): Buffer => {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const mysqlError = (sequence: number, code: number, text: string): Buffer => {
  const body = Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from(text)]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, sequence]), body]);
};

describe('an answer', () => {
  test.each([
    ['-NOAUTH Authentication required.', 'up'],
    ['-DENIED Redis is running in protected mode', 'up'],
    ["-NOPERM this user has no permissions to run the 'ping' command", 'up'],
    ["-ERR unknown command 'PING'", 'up'],
    ['-LOADING Redis is loading the dataset in memory', 'refused'],
    ["-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'refused'],
    ['-MISCONF Redis is configured to save RDB snapshots', 'refused'],
    ['-ERR max number of clients reached', 'refused'],
    ['+OK POP3 ready', 'wrong-protocol'],
    ['+PONGO', 'wrong-protocol'],
  ])('of Redis: %s', async (line, state) => {
    expect(await ask('redis', answering(`${line}\r\n`))).toEqual([state, expect.stringContaining(line.slice(1, 50))]);
  });

  test.each([
    ['204 No Content', 'up'],
    ['301 Moved Permanently', 'up'],
    ['401 Unauthorized', 'up'],
    ['404 Not Found', 'up'],
    ['501 Not Implemented', 'up'],
    ['500 Internal Server Error', 'refused'],
    ['502 Bad Gateway', 'refused'],
    ['503 Service Unavailable', 'refused'],
    ['504 Gateway Timeout', 'refused'],
  ])('of HTTP: %s', async (status, state) => {
    const answer = answering(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 ${status}\r\n\r\n`);
    expect(await ask('http', answer)).toEqual([state, `HTTP ${status.slice(0, 3)}`]);
  });

  test.each([
    ['401 Unauthorized', 'up'],
    ['403 Forbidden', 'up'],
    ['200 OK', 'wrong-protocol'],
    ['404 Not Found', 'wrong-protocol'],
    ['503 Service Unavailable', 'refused'],
    ['101 Switching Protocols\r\nSec-WebSocket-Accept: wrong', 'wrong-protocol'],
  ])('to a WebSocket: %s', async (status, state) => {
    expect((await ask('websocket', answering(`HTTP/1.1 ${status}\r\n\r\n`)))[0]).toBe(state);
  });

  test.each([
    ['57P03', 'the database system is starting up', 'refused'],
    ['53300', 'sorry, too many clients already', 'refused'],
    ['57P01', 'terminating connection due to administrator command', 'refused'],
    ['28000', 'no pg_hba.conf entry for host', 'up'],
    ['28P01', 'password authentication failed', 'up'],
    ['3D000', 'database "postgres" does not exist', 'up'],
  ])('of PostgreSQL: %s %s', async (code, text, state) => {
    for (const login of [{}, { login: { user: 'probe', password: '' } }]) {
      const [found, detail] = await ask('postgresql', answering(postgresError(code, text)), login);
      expect([found, detail]).toEqual([state, `${code} ${text.replaceAll('"', '.')}`]);
    }
  });

  test.each([
    ['N', ['up', 'offers no TLS']],
    // The bytes that follow are no TLS, but it has answered.
    ['Sorry, what follows is no TLS', ['up', expect.stringMatching(/^offers TLS \(/)]],
    ['ERROR\r\n', ['wrong-protocol', expect.stringContaining('ERROR')]],
    ['220 mx1 ESMTP Postfix\r\n', ['wrong-protocol', expect.stringContaining('220 mx1')]],
  ])('of PostgreSQL to a request for TLS: %j', async (answer, expected) => {
    expect(await ask('postgresql', answering(answer))).toEqual(expected);
  });

  test.each([
    [1040, 'Too many connections', 'refused'],
    [1129, "Host '10.1.2.3' is blocked because of many connection errors", 'refused'],
    [1130, "Host '10.1.2.3' is not allowed to connect to this MariaDB server", 'up'],
  ])('of MySQL instead of a greeting: %i %s', async (code, text, state) => {
    expect(await ask('mysql', (line) => line.say(mysqlError(0, code, text)))).toEqual([
      state,
      `${code} ${text}`.slice(0, 65),
    ]);
  });

  test.each([
    ['a denied login that nobody gave', undefined, 'up'],
    ['a denied login that was given', { user: 'probe', password: 'wrong' }, 'refused'],
  ])('of MySQL to %s', async (_, login, state) => {
    const script: Script = async (line) => {
      line.say(greetingOf(false));
      await line.hear();
      line.say(mysqlError(2, 1045, '#28000Access denied'));
    };
    const [found, detail] = await ask('mysql', script, login === undefined ? {} : { login });
    expect([found, detail]).toEqual([state, expect.stringContaining('1045 Access denied')]);
  });

  test('of AMQP with another version', async () => {
    expect(await ask('amqp', answering('AMQP\0\u0001\0\0'))).toEqual(['up', 'speaks AMQP 1.0.0']);
  });
});

describe('a login', () => {
  test.each([
    [undefined, null],
    [{ user: 'probe', password: 'secret' }, 'user\0probe\0database\0postgres\0'],
    [{ user: 'probe', password: 'secret', database: 'app' }, 'user\0probe\0database\0app\0'],
  ])('of PostgreSQL names a user and a database only if it is given: %j', async (login, expected) => {
    let heard: Buffer = Buffer.alloc(0);
    const script: Script = async (line) => {
      heard = await line.hear();
      line.say(login === undefined ? 'N' : postgresError('28000', 'no pg_hba.conf entry'));
    };
    expect((await ask('postgresql', script, login === undefined ? {} : { login }))[0]).toBe('up');
    if (expected === null) expect(heard).toEqual(Buffer.from('0000000804d2162f', 'hex'));
    else expect(heard.subarray(8).toString()).toBe(`${expected}application_name\0lvs-stats\0\0`);
  });

  test('of MySQL proves the password, in the way that the server asks for', async () => {
    const heard: Buffer[] = [];
    const nonce = Buffer.from('01234567890123456789');
    const [state] = await ask(
      'mysql',
      async (line) => {
        line.say(greetingOf(false));
        heard.push(await line.hear());
        line.say(
          Buffer.concat([
            Buffer.from([44, 0, 0, 2, 0xfe]),
            Buffer.from('caching_sha2_password\0'),
            nonce,
            Buffer.alloc(1),
          ]),
        );
        heard.push(await line.hear());
        line.say(Buffer.from('020000040103', 'hex'));
        line.say(Buffer.from('0700000500000002000000', 'hex'));
        heard.push(await line.hear());
      },
      { login: { user: 'probe', password: 'secret' } },
    );
    expect(state).toBe('up');
    const sha1 = (...parts: Buffer[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest();
    const once = sha1(Buffer.from('secret'));
    const native = sha1(Buffer.from('d](IyG5q]\\8B!{k(#tB.'), sha1(once)).map((byte, i) => byte ^ (once[i] ?? 0));
    expect(heard[0]?.includes(Buffer.concat([Buffer.from('probe\0\x14'), native]))).toBe(true);
    const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
    const first = sha256(Buffer.from('secret'));
    const proof = sha256(sha256(first), nonce).map((byte, i) => byte ^ (first[i] ?? 0));
    expect(heard[1]).toEqual(Buffer.concat([Buffer.from([32, 0, 0, 3]), proof]));
    // COM_QUIT.
    expect(heard[2]).toEqual(Buffer.from('0100000001', 'hex'));
    expect(Buffer.concat(heard).includes('secret')).toBe(false);
  });

  test('of AMQP opens the connection and closes it in order', async () => {
    const heard: Buffer[] = [];
    const script: Script = async (line) => {
      await line.hear();
      for (const answer of [
        amqpStart,
        '0100000000000c000a001e07ff00020000003cce',
        '01000000000005000a002900ce',
        '01000000000004000a0033ce',
      ]) {
        line.say(typeof answer === 'string' ? Buffer.from(answer, 'hex') : answer);
        heard.push(await line.hear());
      }
    };
    expect(await ask('amqp', script, { login: { user: 'probe', password: 'secret' } })).toEqual([
      'up',
      'AMQP 0-9-1: logged in',
    ]);
    expect(heard[0]?.includes('\0probe\0secret')).toBe(true);
    expect(heard[2]?.subarray(7, 11).toString('hex')).toBe('000a0032');
  });
});

describe('a MySQL server', () => {
  /** A server that notes which clients sent something that is no login, as a real one counts them. */
  const counting = async () => {
    let broken = 0;
    const server = await start(async (line) => {
      line.say(greetingOf(false));
      const heard = await line.hear();
      if (heard.readUIntLE(0, 3) + 4 !== heard.length || heard[3] !== 1) broken++;
      line.say(mysqlOk);
    });
    return { port: server.port, broken: () => broken };
  };

  test('gets a whole login of a probe of plain TCP', async () => {
    const { port, broken } = await counting();
    for (let i = 0; i < 5; i++)
      expect(await probeApplication(targetOf('tcp', port), patienceMs)).toMatchObject({ state: 'up' });
    expect(broken()).toBe(0);
  });

  test.each([
    ['http', false],
    ['redis', false],
    ['redis', true],
    ['postgresql', false],
    ['amqp', false],
    ['websocket', false],
  ] as const)('gets wrong words once only from probes of %s (TLS: %s)', async (kind, tls) => {
    const { port, broken } = await counting();
    for (let i = 0; i < 5; i++)
      expect(await probeApplication(targetOf(kind, port, { tls }), patienceMs)).toMatchObject({
        state: 'wrong-protocol',
      });
    expect(broken()).toBeLessThanOrEqual(1);
  });
});

describe('an error of a connection', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'refused'],
    ['EHOSTUNREACH', 'down'],
    ['ENETUNREACH', 'down'],
    ['ETIMEDOUT', 'down'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong-protocol'],
    ['EPROTO', 'wrong-protocol'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'refused'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'up'],
  ])('is an answer: %s', (code, state) => {
    expect(endOf(Object.assign(new Error(code), { code }), 'redis')).toMatchObject({ state });
  });

  test.each(['EMFILE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'])('says nothing about the application: %s', (code) => {
    expect(endOf(Object.assign(new Error(code), { code }), 'redis')).toBeInstanceOf(CannotProbe);
  });

  test('of a name that does not resolve ends the probe with an error', async () => {
    const target = { ...targetOf('redis', 6379), host: 'no such host' };
    await expect(probeApplication(target, patienceMs)).rejects.toThrow(/^cannot probe redis: .*no such host/);
  });
});
