// HAProxy's statistics from a socket, over HTTP and from a file: what goes wrong is one clear error, and no password is in it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { haproxySourceText, readHaproxy } from '../../src/collect/read-haproxy.js';
import { patienceMs } from '../until.js';

const limits = { timeoutMs: patienceMs, bytes: 2000 };
let folder: string;
let server: Server | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-haproxy-'));
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

/** A page of statistics on the loopback interface. */
async function pageThat(answer: (login: string | undefined, path: string) => [number, string]): Promise<string> {
  const made = createHttpServer((request, response) => {
    const [status, text] = answer(request.headers.authorization, request.url ?? '');
    response.writeHead(status).end(text);
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
    ['is closed in the middle', (socket: Socket) => socket.end('# pxname,svname\nweb,FRON'), 'cut-off', /reloaded/],
    ['does not end', (socket: Socket) => socket.write('x'.repeat(3000)), 'too-much-output', /is it HAProxy/],
  ])('from a socket that %s is an error', async (_title, answer, code, message) => {
    const path = await socketThat(answer);
    await expect(readHaproxy(path, limits)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('from a socket that does not answer is an error when its time is up', async () => {
    const path = await socketThat(() => {});
    await expect(readHaproxy(path, { ...limits, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timed-out',
      message: expect.stringMatching(/has not answered within 0\.3 s/),
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
    [401, 'not-permitted'],
    [404, 'failed'],
  ])('over HTTP an answer of %i is an error without the password', async (status, code) => {
    const host = await pageThat(() => [status, 'no']);
    const error = await readHaproxy(`http://operator:secret@${host}/stats`, limits).catch((problem) => problem);
    expect(error).toMatchObject({ code });
    expect(error.message).not.toContain('secret');
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
