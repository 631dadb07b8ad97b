// Where the viewer listens, and how it stops.

import { connect } from 'node:net';
import express from 'express';
import { describe, expect, test } from 'vitest';
import { formatUrl, isLoopback, listen, parseAddress } from '../../src/web/listen.js';
import { patienceMs } from '../until.js';

/** A signal that one side waits for and the other gives. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describe('an address', () => {
  test.each<readonly [text: string, url: string, loopback: boolean]>([
    ['127.0.0.1:8080', 'http://127.0.0.1:8080', true],
    ['8080', 'http://127.0.0.1:8080', true],
    ['localhost:80', 'http://localhost:80', true],
    ['[::1]:8080', 'http://[::1]:8080', true],
    ['127.1.2.3:1', 'http://127.1.2.3:1', true],
    ['0.0.0.0:8080', 'http://0.0.0.0:8080', false],
    ['[::]:8080', 'http://[::]:8080', false],
    ['192.0.2.1:8080', 'http://192.0.2.1:8080', false],
    ['127.example.com:8080', 'http://127.example.com:8080', false],
  ])('%s is %s', (text, url, loopback) => {
    const address = parseAddress(text);
    expect([formatUrl(address), isLoopback(address)]).toEqual([url, loopback]);
  });

  test.each(['', ':', '127.0.0.1', '127.0.0.1:', '127.0.0.1:99999', '::1:80', 'a b:1', 'http://127.0.0.1:80'])(
    '%j is rejected',
    (text) => {
      expect(() => parseAddress(text)).toThrow('is not an address to listen on');
    },
  );
});

describe('a server', () => {
  /** An application that answers after `release`, or never; `asked` resolves at the first request. */
  const slowApp = () => {
    const [asked, released] = [signal(), signal()];
    const app = express();
    app.get('/slow', (_request, response) => {
      asked.give();
      void released.given.then(() => response.send('done'));
    });
    app.get('/never', () => asked.give());
    return Object.assign(app, { asked: asked.given, release: released.give });
  };

  test('reports that another program has its port', async () => {
    const first = await listen(slowApp(), { host: '127.0.0.1', port: 0 });
    await expect(listen(slowApp(), first.address)).rejects.toThrow(/another program listens there/);
    await first.stop(100);
  });

  test('finishes requests under way when it stops, and accepts no others', async () => {
    const app = slowApp();
    const { address, stop } = await listen(app, { host: '127.0.0.1', port: 0 });
    const answer = fetch(`${formatUrl(address)}/slow`, { headers: { connection: 'close' } });
    await app.asked;
    const stopped = stop(patienceMs);
    app.release();
    await Promise.all([stopped, expect(answer.then((one) => one.text())).resolves.toBe('done')]);
    await expect(fetch(`${formatUrl(address)}/slow`)).rejects.toThrow();
  });

  test('cuts off requests that do not end, and idle connections', async () => {
    const app = slowApp();
    const { address, stop } = await listen(app, { host: '127.0.0.1', port: 0 });
    const idle = connect(address.port, address.host);
    const isClosed = new Promise((resolve) => idle.on('close', resolve));
    idle.on('error', () => {});
    await new Promise((resolve) => idle.on('connect', resolve));
    const never = fetch(`${formatUrl(address)}/never`).then(
      () => 'answered',
      () => 'cut off',
    );
    await app.asked;
    await stop(200);
    expect(await never).toBe('cut off');
    await isClosed;
  });

  test('drops a client that does not finish its request', async () => {
    const { address, stop } = await listen(slowApp(), { host: '127.0.0.1', port: 0 });
    const slow = connect(address.port, address.host);
    slow.on('error', () => {}).resume();
    slow.write('GET /slow HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    await new Promise((resolve) => slow.on('close', resolve));
    await stop(100);
  });
});

test('the server drops a client that pipelines requests, and keeps answering others', async () => {
  const app = express();
  let asked = 0;
  const dropped = signal();
  app.get('/', (_request, response) => {
    asked += 1;
    void dropped.given.then(() => response.send('done'));
  });
  const { address, stop } = await listen(app, { host: '127.0.0.1', port: 0 });
  const greedy = connect(address.port, address.host);
  greedy.on('error', () => {}).resume();
  greedy.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000));
  await new Promise((resolve) => greedy.on('close', resolve));
  dropped.give();
  expect(asked).toBe(1);
  expect(await (await fetch(formatUrl(address))).text()).toBe('done');
  await stop(100);
});

describe('at the limit of connections', () => {
  const most = 5;
  const startServer = async () => {
    const app = express();
    app.get('/', (_request, response) => void response.send('done'));
    app.get('/never', () => {});
    app.get('/large', (_request, response) => void response.send(Buffer.alloc(64 * 2 ** 20)));
    const listening = await listen(app, { host: '127.0.0.1', port: 0 }, most);
    const { port } = listening.address;
    const ask = (path: string) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)).pause();
      socket.on('error', () => {});
      return socket;
    };
    const closeOf = (socket: ReturnType<typeof ask>) =>
      new Promise<void>((resolve) => socket.resume().on('close', () => resolve()));
    return { ...listening, ask, closeOf };
  };

  test('an idle one gives way to the next', async () => {
    const { address, ask, closeOf, stop } = await startServer();
    const idle = connect(address.port, address.host);
    idle.on('error', () => {}).resume();
    const isClosed = new Promise((resolve) => idle.on('close', resolve));
    await new Promise((resolve) => idle.on('connect', resolve));
    const waiting = Array.from({ length: most - 1 }, () => ask('/never'));
    expect(await (await fetch(formatUrl(address))).text()).toBe('done');
    await isClosed;
    for (const one of waiting) one.destroy();
    await Promise.all(waiting.map(closeOf));
    await stop(100);
  });

  test('one that does not read its answer gives way to the next', async () => {
    const { address, ask, stop } = await startServer();
    const unread = Array.from({ length: most }, () => ask('/large'));
    await Promise.all(unread.map((one) => new Promise((resolve) => one.once('readable', resolve))));
    expect(await (await fetch(formatUrl(address))).text()).toBe('done');
    for (const one of unread) one.destroy();
    await stop(100);
  });
});
