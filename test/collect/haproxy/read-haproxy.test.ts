// HAProxy's statistics from a socket, over HTTP and from a file: what goes wrong is one clear error, and no password is in it.

import { rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { haproxySourceText, readHaproxy } from '../../../src/collect/haproxy/read-haproxy.js';
import { shortFolder } from '../../short-folder.js';
import { patienceMs } from '../../until.js';

const limits = { timeoutMs: patienceMs, bytes: 2000 };
let folder: string;
let server: Server | null = null;

beforeEach(() => {
  folder = shortFolder('lvs-stats-haproxy-');
});

afterEach(() => {
  server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

describe('what a source is called in messages', () => {
  test.each([
    ['/run/haproxy/admin.sock', '/run/haproxy/admin.sock'],
    ['http://127.0.0.1:8404/stats', 'http://127.0.0.1:8404/stats'],
    ['http://user:secret@127.0.0.1/stats', 'http://…@127.0.0.1/stats'],
    ['http://user:se@cret@127.0.0.1/stats', 'http://…@127.0.0.1/stats'],
    ['http://user:se/cret@127.0.0.1/stats', 'http://…@127.0.0.1/stats'],
    ['HTTPS://user:se?#cret@lb1/stats', 'HTTPS://…@lb1/stats'],
  ])('%s is called %s', (source, text) => {
    expect(haproxySourceText(source)).toBe(text);
  });
});

/** A stats socket that answers so. */
async function socketThat(answer: (socket: Socket) => void): Promise<string> {
  const path = join(folder, 'admin.sock');
  const made = createServer(answer);
  server = made;
  await new Promise<void>((resolve) => made.listen(path, resolve));
  return path;
}

/** A master's: it knows neither command, and keeps the connection. */
function masterAnswer(socket: Socket): Socket {
  const refusal =
    'Unknown command, but maybe one of the following ones is a better match:\n  show proc : show processes status\n';
  socket.write(refusal);
  socket.write(`\n${refusal}\n`);
  return socket;
}

/** A port of the loopback interface that answers so. */
async function portThat(answer: (socket: Socket) => void): Promise<number> {
  const made = createServer((socket) => answer(socket.on('error', () => {})));
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const address = made.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** A page of statistics on the loopback interface. */
async function pageThat(
  answer: (login: string | undefined, path: string) => [number, string, Record<string, string>?],
): Promise<string> {
  const made = createHttpServer((request, response) => {
    const [status, text, headers] = answer(request.headers.authorization, request.url ?? '');
    response.writeHead(status, headers).end(text);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const address = made.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('reading the statistics', () => {
  test('asks a socket for both, and takes the whole answer', async () => {
    const path = await socketThat((socket) => {
      socket.on('data', (asked) => socket.end(`${asked.toString().trim()}\n\n`));
    });
    expect(await readHaproxy(path, limits)).toBe('show info;show stat\n\n');
  });

  test.each([
    ['is the master process', masterAnswer, 'failed', /master process .*"stats socket"/],
    ['is a master that ends', (socket: Socket) => masterAnswer(socket).end(), 'failed', /master process/],
    ['does not permit it', (socket: Socket) => socket.write('Permission denied\n\n'), 'not-permitted', /level "user"/],
    [
      'speaks HTTP',
      (socket: Socket) => socket.end('HTTP/1.1 400 Bad request\r\n\r\n<html>'),
      'no-header',
      /http:\/\/HOST/,
    ],
    ['is closed without a byte', (socket: Socket) => socket.end(), 'reported-nothing', /without an answer/],
    ['is closed in the middle', (socket: Socket) => socket.end('# pxname,svname\nweb,FRON'), 'cut-off', /reloaded/],
    ['does not end', (socket: Socket) => socket.write('x'.repeat(3000)), 'too-much-output', /is it HAProxy/],
  ])('from a socket that %s is an error', async (_title, answer, code, message) => {
    const path = await socketThat(answer);
    await expect(readHaproxy(path, limits)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('from a socket that does not answer ends with the time limit', async () => {
    const path = await socketThat(() => {});
    await expect(readHaproxy(path, { ...limits, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringContaining('has not answered within 0.02 s'),
    });
  });

  test('from a socket that is not there, and from a folder, is an error', async () => {
    await expect(readHaproxy(join(folder, 'none.sock'), limits)).rejects.toMatchObject({ code: 'no-haproxy' });
    await expect(readHaproxy(folder, limits)).rejects.toMatchObject({ code: 'failed' });
  });

  test('from a file takes its text, unless there is far too much', async () => {
    const path = join(folder, 'stats.csv');
    writeFileSync(path, '# pxname\n');
    expect(await readHaproxy(path, limits)).toBe('# pxname\n');
    writeFileSync(path, 'x'.repeat(3000));
    await expect(readHaproxy(path, limits)).rejects.toMatchObject({ code: 'too-much-output' });
  });

  test('over HTTP sends user and password as a header, and asks for CSV', async () => {
    const host = await pageThat((login, path) => [200, `${path} ${login}`]);
    const login = `Basic ${Buffer.from('operator:50%@home').toString('base64')}`;
    expect(await readHaproxy(`http://operator:50%25%40home@${host}/stats`, limits)).toBe(`/stats;csv ${login}`);
    expect(await readHaproxy(`http://${host}/stats;csv;norefresh`, limits)).toBe('/stats;csv;norefresh undefined');
  });

  test.each([
    [401, 'not-permitted', 'has another user or password'],
    [403, 'not-permitted', 'rejects this machine or user'],
    [404, 'failed', 'is it the address of "stats uri"?'],
    [503, 'failed', 'no server answers it'],
  ])('over HTTP an answer of %i is an error without the password', async (status, code, text) => {
    const host = await pageThat(() => [status, 'no']);
    const error = await readHaproxy(`http://operator:secret@${host}/stats`, limits).catch((problem) => problem);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(error.message).not.toMatch(/operator|secret/);
  });

  test('over HTTP an answer that no one may see without a login says so', async () => {
    const host = await pageThat(() => [401, 'no']);
    const message = expect.stringContaining('http://USER:PASSWORD@HOST');
    await expect(readHaproxy(`http://${host}/stats`, limits)).rejects.toMatchObject({ code: 'not-permitted', message });
  });

  test.each([
    ['https://lb2/stats', '"https://lb2/stats"'],
    ['http://operator:secret@lb2/stats?token=secret#secret', '"http://lb2/stats"'],
    ['/else?secret', '"/else"'],
    ['//operator:secret@lb2/', 'another place'],
    ['http://[operator:secret@', 'another place'],
  ])('over HTTP a redirect to %s is named and not followed', async (location, where) => {
    let asked = 0;
    const host = await pageThat(() => {
      asked += 1;
      return [302, '', { location }];
    });
    const error = await readHaproxy(`http://operator:secret@${host}/stats`, limits).catch((problem) => problem);
    expect(error).toMatchObject({ code: 'failed', message: expect.stringContaining(`redirect to ${where}`) });
    expect(error.message).not.toMatch(/operator|secret/);
    expect(asked).toBe(1);
  });

  test('over HTTP from a stats socket, and over TLS from what speaks none, says what to write', async () => {
    const port = await portThat((socket) => socket.end('Unknown command\n\n'));
    await expect(readHaproxy(`http://127.0.0.1:${port}/`, limits)).rejects.toMatchObject({
      message: expect.stringContaining('tcp@HOST:PORT'),
    });
    await expect(readHaproxy(`https://127.0.0.1:${port}/`, limits)).rejects.toMatchObject({
      message: expect.stringContaining('http://'),
    });
  });

  test('over HTTP is cut off where the connection ends before the text does', async () => {
    const port = await portThat((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n# pxname,'));
    await expect(readHaproxy(`http://127.0.0.1:${port}/`, limits)).rejects.toMatchObject({ code: 'cut-off' });
  });

  test.each(['tcp@', '', 'ipv4@'])('from a stats socket over TCP, as %s127.0.0.1:PORT, is the same', async (prefix) => {
    const port = await portThat((socket) => {
      socket.on('data', (asked) => socket.end(`# pxname,${asked.toString().trim()}\n\n`));
    });
    expect(await readHaproxy(`${prefix}127.0.0.1:${port}`, limits)).toBe('# pxname,show info;show stat\n\n');
  });

  test('from where nothing listens any more says so', async () => {
    const port = await portThat(() => {});
    await new Promise((resolve) => server?.close(resolve));
    for (const source of [`tcp@127.0.0.1:${port}`, `http://operator:secret@127.0.0.1:${port}/`]) {
      const error = await readHaproxy(source, limits).catch((problem) => problem);
      expect(error).toMatchObject({ code: 'no-haproxy', message: expect.stringContaining('nothing listens') });
      expect(error.message).not.toMatch(/operator|secret/);
    }
  });

  test.each(['http://operator:50%@127.0.0.1/stats', 'http://operator:se/cret@127.0.0.1/stats'])(
    'from %s is an error without the password',
    async (source) => {
      const error = await readHaproxy(source, limits).catch((problem) => problem);
      expect(error).toMatchObject({ code: 'bad-command' });
      expect(error.message).not.toMatch(/50%@|cret/);
    },
  );
});
