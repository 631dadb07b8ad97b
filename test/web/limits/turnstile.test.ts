// Queued requests: the limit per client, the answer beyond it, and clients that leave.

import { connect } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { createClientOf, createProxies } from '../../../src/web/limits/client.js';
import { createTurnstiles, gateLimits } from '../../../src/web/limits/turnstile.js';
import { createUnread, unreadLimits } from '../../../src/web/limits/unread.js';
import { formatUrl, type ListeningServer, listen } from '../../../src/web/listen.js';
import { until } from '../../until.js';
import { startViewer } from '../viewer-site.js';

let listening: ListeningServer | null = null;
afterEach(async () => {
  await listening?.stop(50);
  listening = null;
});

/** A server whose work waits for `release`; 127.0.0.1 is a proxy, so that there can be many clients. */
async function startServer() {
  const clientOf = createClientOf(createProxies(['127.0.0.1']));
  const { answers } = createTurnstiles({ clientOf, unread: createUnread(unreadLimits, () => 0) });
  const state = { begun: 0 };
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const app = express();
  app.get(
    '/work',
    answers(async (_request, response) => {
      state.begun += 1;
      await released;
      response.send('done');
    }),
  );
  app.get('/healthz', (_request, response) => void response.send('ok'));
  app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    response.status(429).send(error.message);
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = formatUrl(listening.address);
  const ask = async (client: string): Promise<number> =>
    (await fetch(`${url}/work`, { headers: { 'X-Forwarded-For': client } })).status;
  return { url, port: listening.address.port, state, release, ask };
}

/** Asks for each client; resolves after this many rejections, and counts the answers. */
function askAll(ask: (client: string) => Promise<number>, clients: readonly string[], refused: number) {
  const statuses: number[] = [];
  let tell = (): void => {};
  const areRefused = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const all = clients.map(async (client) => {
    statuses.push(await ask(client));
    if (statuses.filter((status) => status === 429).length === refused) tell();
  });
  return { areRefused, answered: Promise.all(all).then(() => statuses.filter((status) => status === 200).length) };
}

const { running, waiting, waitingPerClient } = gateLimits.answers;

describe('requests', () => {
  test('beyond the limit of a client are rejected, while unqueued ones are answered', async () => {
    const { url, state, release, ask } = await startServer();
    const client = Array<string>(running + waitingPerClient + 7).fill('192.0.2.1');
    const { areRefused, answered } = askAll(ask, client, 7);
    await areRefused;
    // A turn starts in a round of its own, so rejections may come first.
    await until('work has begun', () => state.begun >= running);
    expect(state.begun).toBe(running);
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
    const other = ask('192.0.2.2');
    release();
    expect(await answered).toBe(running + waitingPerClient);
    expect(await other).toBe(200);
  });

  test('beyond the limit of all clients are rejected', async () => {
    const { state, release, ask } = await startServer();
    const clients = Array.from({ length: running + waiting + 5 }, (_, n) => `192.0.2.${n % 50}`);
    const { areRefused, answered } = askAll(ask, clients, 5);
    await areRefused;
    // A turn starts in a round of its own, so rejections may come first.
    await until('work has begun', () => state.begun >= running);
    expect(state.begun).toBe(running);
    release();
    expect(await answered).toBe(running + waiting);
  });

  test('keep their turn after their client leaves, until their work is done', async () => {
    const { port, state, release, ask } = await startServer();
    const gone = Array.from({ length: 20 }, () => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /work HTTP/1.1\r\nHost: a\r\n\r\n'));
      return socket.on('error', () => {});
    });
    await until('work has begun', () => state.begun >= running);
    await Promise.all(
      gone.map(async (socket) => {
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.destroy();
        await closed;
      }),
    );
    const next = ask('192.0.2.2');
    expect(state.begun).toBe(running);
    release();
    expect(await next).toBe(200);
  });
});

test('a rejection states when to try again', async () => {
  const viewer = await startViewer({ days: 1, services: 2 });
  try {
    const most = 2 + waitingPerClient;
    const answers = await Promise.all(
      Array.from({ length: 4 * most }, () => fetch(`${viewer.url}/api/series?since=1d`)),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    for (const response of refused) {
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '10']);
      expect(await response.json()).toEqual({ error: expect.stringContaining('try again in some seconds') });
    }
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(most);
    expect(viewer.errors).toEqual([]);
  } finally {
    await viewer.close();
  }
});
