// Bodies in pieces: the client's pace sets how much is made, and a body that fails is cut off.

import { connect } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { createClientOf, createProxies } from '../../../src/web/limits/client.js';
import { deliverBytes, deliverText } from '../../../src/web/limits/deliver.js';
import { createTurnstiles } from '../../../src/web/limits/turnstile.js';
import { createUnread } from '../../../src/web/limits/unread.js';
import { formatUrl, type ListeningServer, listen } from '../../../src/web/listen.js';
import { randomFrom } from '../../random.js';

let listening: ListeningServer | null = null;
afterEach(async () => {
  await listening?.stop(50);
  listening = null;
});

const limits = { stallMs: 20_000, slowMs: 4000, bytesPerClient: 2 ** 20, bytes: 2 ** 25 };

/** A server whose long answers have this many pieces of 32 kB that do not compress well. */
async function startServer(pieces: number) {
  const clock = { nowMs: 0 };
  const unread = createUnread(limits, () => clock.nowMs);
  const { answers } = createTurnstiles({ clientOf: createClientOf(createProxies([])), unread });
  const state = { made: 0, ended: 0, errors: 0 };
  const random = randomFrom(7);
  const piece = Array.from({ length: 2048 }, () => String(random()).slice(2, 18).padEnd(16, '0')).join('');
  async function* long(breaksAt: number): AsyncGenerator<string> {
    try {
      for (let n = 0; n < pieces; n += 1) {
        if (n === breaksAt) throw new Error('cannot be read');
        state.made += 1;
        yield piece;
      }
    } finally {
      state.ended += 1;
    }
  }
  const app = express();
  app.get(
    '/long',
    answers((_request, response) => deliverText(response.type('text'), long(pieces + 1))),
  );
  app.get(
    '/broken',
    answers((_request, response) => deliverText(response.type('text'), long(3))),
  );
  app.get(
    '/bytes',
    answers((_request, response) => deliverBytes(response.type('png'), Buffer.alloc(100_000, 7))),
  );
  app.get(
    '/small',
    answers((_request, response) => deliverText(response.type('text'), ['a', 'b', 'c'])),
  );
  app.use((_error: unknown, request: express.Request, _response: express.Response, _next: express.NextFunction) => {
    state.errors += 1;
    request.socket.destroy();
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = formatUrl(listening.address);
  return { url, port: listening.address.port, state, clock, unread, whole: piece.repeat(pieces) };
}

/** Waits for a condition; each try takes a few milliseconds of the event loop. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A client that asks and never reads. */
function idleClient(port: number, path: string) {
  const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)).pause();
  socket.on('error', () => {});
  return socket;
}

describe('a body', () => {
  test('arrives whole, compressed or not', async () => {
    const { url, whole } = await startServer(50);
    const plain = await fetch(`${url}/long`, { headers: { 'Accept-Encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect((await plain.text()) === whole).toBe(true);
    const packed = await fetch(`${url}/long`, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect((await packed.text()) === whole).toBe(true);
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
    expect(Buffer.from(await (await fetch(`${url}/bytes`)).arrayBuffer())).toEqual(Buffer.alloc(100_000, 7));
    expect(await (await fetch(`${url}/small`)).text()).toBe('abc');
  });

  test.each(['/long', '/bytes', '/small'])('is omitted for a HEAD request to %s', async (path) => {
    const { url, state } = await startServer(50);
    const response = await fetch(`${url}${path}`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(state.made).toBeLessThan(5);
    await until(() => path !== '/long' || state.ended === 1);
  });

  test('is cut off when it fails, so that half of it does not look whole', async () => {
    const { url, state } = await startServer(50);
    await expect(fetch(`${url}/broken`).then((response) => response.text())).rejects.toThrow();
    expect([state.errors, state.ended]).toEqual([1, 1]);
  });

  test('is made only a little ahead of a client that does not read', async () => {
    const { port, state, clock, unread } = await startServer(4000);
    const client = idleClient(port, '/long');
    let [before, still] = [-1, 0];
    await until(() => {
      still = state.made === before ? still + 1 : 0;
      before = state.made;
      return state.made > 20 && still > 40;
    });
    // 128 MB in all; the system buffers up to 10 MB per connection.
    expect(state.made).toBeLessThan(1000);
    expect(state.ended).toBe(0);
    clock.nowMs += limits.stallMs;
    unread.check();
    // The first look sees what the client took since, the second that it took nothing.
    clock.nowMs += limits.stallMs;
    unread.check();
    await until(() => state.ended === 1);
    expect(state.errors).toBe(0);
    client.destroy();
  });

  test('gives up its turn while its client does not read, so that others are answered', async () => {
    const { url, port, state, whole } = await startServer(1000);
    const clients = Array.from({ length: 20 }, () => idleClient(port, '/long'));
    await until(() => state.made > 40);
    expect(await (await fetch(`${url}/small`)).text()).toBe('abc');
    const response = await fetch(`${url}/long`, { headers: { 'Accept-Encoding': 'identity' } });
    expect((await response.text()) === whole).toBe(true);
    for (const client of clients) client.destroy();
    await until(() => state.ended === 21);
    expect(state.errors).toBe(0);
  });
});
