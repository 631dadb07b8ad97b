// HAProxy's statistics from a socket, over HTTP and from a file: each failure is one clear error without a password.

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

describe('the name of a source in messages', () => {
  test.each([
    ['/run/haproxy/admin.sock', '/run/haproxy/admin.sock'],
    ['http://127.0.0.1:8404/stats', 'http://127.0.0.1:8404/stats'],
    ['http://user:secret@127.0.0.1/stats', 'http://…@127.0.0.1/stats'],
    ['http://user:se@cret@127.0.0.1/stats', 'http://…@127.0.0.1/stats'],
    ['http://user:se/cret@127.0.0.1/stats', 'http://…@127.0.0.1/stats'],
    ['HTTPS://user:se?#cret@lb1/stats', 'HTTPS://…@lb1/stats'],
  ])('of %s is %s', (source, text) => {
    expect(haproxySourceText(source)).toBe(text);
  });
});

/** A stats socket with this answer. */
async function socketThat(answer: (socket: Socket) => void): Promise<string> {
  const path = join(folder, 'admin.sock');
  const made = createServer(answer);
  server = made;
  await new Promise<void>((resolve) => made.listen(path, resolve));
  return path;
}

/** The answer of a master process: it knows neither command, and keeps the connection open. */
function masterAnswer(socket: Socket): Socket {
  const refusal =
    'Unknown command, but maybe one of the following ones is a better match:\n  show proc : show processes status\n';
  socket.write(refusal);
  socket.write(`\n${refusal}\n`);
  return socket;
}

/** A port of the loopback interface with this answer. */
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
  test('sends both commands to a socket and reads the whole answer', async () => {
    const path = await socketThat((socket) => {
      socket.on('data', (asked) => socket.end(`${asked.toString().trim()}\n\n`));
    });
    expect(await readHaproxy(path, limits)).toBe('show info;show stat\n\n');
  });

  test.each([
    ['is the master process', masterAnswer, 'failed', /master process .*"stats socket"/],
    ['is a master that disconnects', (socket: Socket) => masterAnswer(socket).end(), 'failed', /master process/],
    ['denies permission', (socket: Socket) => socket.write('Permission denied\n\n'), 'not-permitted', /level "user"/],
    [
      'speaks HTTP',
      (socket: Socket) => socket.end('HTTP/1.1 400 Bad request\r\n\r\n<html>'),
      'no-header',
      /http:\/\/HOST/,
    ],
    ['closes without a byte', (socket: Socket) => socket.end(), 'reported-nothing', /without an answer/],
    ['closes in the middle', (socket: Socket) => socket.end('# pxname,svname\nweb,FRON'), 'cut-off', /reloaded/],
    ['sends too much', (socket: Socket) => socket.write('x'.repeat(3000)), 'too-much-output', /is it HAProxy/],
  ])('rejects a socket that %s', async (_title, answer, code, message) => {
    const path = await socketThat(answer);
    await expect(readHaproxy(path, limits)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('times out if a socket does not answer', async () => {
    const path = await socketThat(() => {});
    await expect(readHaproxy(path, { ...limits, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringContaining('has not answered within 0.02 s'),
    });
  });

  test('rejects a missing socket and a folder', async () => {
    await expect(readHaproxy(join(folder, 'none.sock'), limits)).rejects.toMatchObject({ code: 'no-haproxy' });
    await expect(readHaproxy(folder, limits)).rejects.toMatchObject({ code: 'failed' });
  });

  test('reads a file up to the size limit', async () => {
    const path = join(folder, 'stats.csv');
    writeFileSync(path, '# pxname\n');
    expect(await readHaproxy(path, limits)).toBe('# pxname\n');
    writeFileSync(path, 'x'.repeat(3000));
    await expect(readHaproxy(path, limits)).rejects.toMatchObject({ code: 'too-much-output' });
  });

  test('requests CSV over HTTP, with user and password in a header', async () => {
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
  ])('reports status %i without the password', async (status, code, text) => {
    const host = await pageThat(() => [status, 'no']);
    const error = await readHaproxy(`http://operator:secret@${host}/stats`, limits).catch((problem) => problem);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect(error.message).not.toMatch(/operator|secret/);
  });

  test('asks for a login if the page requires one', async () => {
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
  ])('reports a redirect to %s without following it', async (location, where) => {
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

  test('suggests the right form if a stats socket is read over HTTP, or a port without TLS over HTTPS', async () => {
    const port = await portThat((socket) => socket.end('Unknown command\n\n'));
    await expect(readHaproxy(`http://127.0.0.1:${port}/`, limits)).rejects.toMatchObject({
      message: expect.stringContaining('tcp@HOST:PORT'),
    });
    await expect(readHaproxy(`https://127.0.0.1:${port}/`, limits)).rejects.toMatchObject({
      message: expect.stringContaining('http://'),
    });
  });

  test('reports a truncated HTTP answer', async () => {
    const port = await portThat((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n# pxname,'));
    await expect(readHaproxy(`http://127.0.0.1:${port}/`, limits)).rejects.toMatchObject({ code: 'cut-off' });
  });

  test.each(['tcp@', '', 'ipv4@'])('reads a stats socket over TCP, as %s127.0.0.1:PORT', async (prefix) => {
    const port = await portThat((socket) => {
      socket.on('data', (asked) => socket.end(`# pxname,${asked.toString().trim()}\n\n`));
    });
    expect(await readHaproxy(`${prefix}127.0.0.1:${port}`, limits)).toBe('# pxname,show info;show stat\n\n');
  });

  test('reports that nothing listens', async () => {
    const port = await portThat(() => {});
    await new Promise((resolve) => server?.close(resolve));
    for (const source of [`tcp@127.0.0.1:${port}`, `http://operator:secret@127.0.0.1:${port}/`]) {
      const error = await readHaproxy(source, limits).catch((problem) => problem);
      expect(error).toMatchObject({ code: 'no-haproxy', message: expect.stringContaining('nothing listens') });
      expect(error.message).not.toMatch(/operator|secret/);
    }
  });

  test.each(['http://operator:50%@127.0.0.1/stats', 'http://operator:se/cret@127.0.0.1/stats'])(
    'rejects %s without showing the password',
    async (source) => {
      const error = await readHaproxy(source, limits).catch((problem) => problem);
      expect(error).toMatchObject({ code: 'bad-command' });
      expect(error.message).not.toMatch(/50%@|cret/);
    },
  );
});
