// Requests to receivers that are slow, talk garbage, or are not there: each ends in time, with a sentence.

import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { parseEngineAddress } from '../../../src/engine/connection/engine-address.js';
import { connectEngine, PassingError } from '../../../src/engine/connection/http.js';

let close: (() => Promise<void>) | null = null;

afterEach(() => close?.());

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (listener: RequestListener) => listening(createHttp(listener));

function sender(base: string, { limitMs = 60_000, signal = new AbortController().signal } = {}) {
  const address = parseEngineAddress(base, { option: '--to', login: 'lvs:secret', ca: null });
  const { send, close: end } = connectEngine(address, { signal, limitMs });
  return async () => {
    try {
      return await send({ url: address.writeUrl, body: 'rows', mostBytes: 100 });
    } finally {
      end();
    }
  };
}

test('a request has a body, its length and the login, and an answer its status and wait', async () => {
  const seen: unknown[] = [];
  const base = await answering((request, response) => {
    seen.push(request.method, request.headers['content-length'], request.headers.authorization);
    response.writeHead(429, { 'Retry-After': '7' }).end('slow down');
  });
  expect(await sender(base)()).toEqual({ status: 429, text: 'slow down', retryAfterS: 7 });
  expect(seen).toEqual(['POST', '4', `Basic ${Buffer.from('lvs:secret').toString('base64')}`]);
});

test('nobody waits for hours because a receiver says so', async () => {
  const base = await answering((_, response) => response.writeHead(503, { 'Retry-After': '86400' }).end());
  expect(await sender(base)()).toMatchObject({ status: 503, retryAfterS: 300 });
});

test.each([
  ['never answers', () => answering(() => {}), 50, /^did not answer within 0.05 s$/],
  [
    'stops amid its answer',
    () => answering((_, response) => void response.writeHead(200).write('x')),
    50,
    /within 0.05 s/,
  ],
  [
    'sends too much',
    () => answering((_, response) => response.end('x'.repeat(200))),
    60_000,
    /answer of over 100 bytes/,
  ],
  [
    'talks garbage',
    () => listening(createServer((socket) => socket.end('SSH-2.0-x\r\n'))),
    60_000,
    /something other than HTTP/,
  ],
  ['hangs up', () => listening(createServer((socket) => socket.destroy())), 60_000, /cannot be reached/],
])('one that %s fails for now', async (_, start, limitMs, message) => {
  const error: unknown = await sender(await start(), { limitMs })().catch((one: unknown) => one);
  expect(error).toBeInstanceOf(PassingError);
  expect(error).toMatchObject({ message: expect.stringMatching(message) });
});

test('one that is not there fails for now', async () => {
  const base = await answering(() => {});
  await close?.();
  await expect(sender(base)()).rejects.toThrow(/^cannot be reached \(ECONNREFUSED\)$/);
});

test('the end of the process ends a request', async () => {
  const ending = new AbortController();
  const base = await answering(() => ending.abort());
  await expect(sender(base, { signal: ending.signal })()).rejects.toThrow(PassingError);
});
