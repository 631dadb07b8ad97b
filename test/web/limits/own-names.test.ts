// The host names that a viewer without passwords answers to.

import { connect } from 'node:net';
import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIsOwn, parseHostNames } from '../../../src/web/limits/own-names.js';
import { createVerifier, parsePasswords } from '../../../src/web/passwords.js';
import { startViewer, type TestViewer } from '../viewer-site.js';

describe('a name in a Host header', () => {
  const isOwn = createIsOwn(['lb1.example.com'], ['stats.example.org', 'b\u00fccher.example']);

  test.each([
    'lb1.example.com',
    'lb1',
    'LB1.Example.COM:8080',
    'lb1.example.com.',
    'lb1.example.com.:80',
    'localhost',
    'localhost:8080',
    'LOCALHOST',
    'lvs.localhost',
    'ip6-localhost',
    '127.0.0.1',
    '127.0.0.1:1',
    '192.0.2.1:65535',
    '[::1]',
    '[::1]:8080',
    '[2001:db8::1]',
    '[fe80::1%25eth0]:80',
    'stats.example.org',
    'xn--bcher-kva.example',
  ])("%s is the viewer's own", (host) => {
    expect(isOwn(host)).toBe(true);
  });

  test.each([
    '',
    'evil.example',
    'stats',
    'example.com',
    'lb1.example.com.evil.example',
    'evil.example:127.0.0.1',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    'evil.example@127.0.0.1',
    'localhost.evil.example',
    'notlocalhost',
    '.localhost',
    '::1',
    '[::1',
    '[evil.example]',
    '[127.0.0.1]',
    '127.1',
    '0x7f000001',
    '2130706433',
    'lb1..example.com',
    'lb1.example.com/lvs',
    'lb1.example.com:80:80',
    'lb1.example.com:port',
    'lb1.example.com..',
    'lb1 .example.com',
    'lb1.example.com, evil.example',
    'b\u00c3\u00bccher.example',
    'a'.repeat(5000),
  ])('%j is foreign', (host) => {
    expect(isOwn(host)).toBe(false);
  });

  test('is rejected as an option if it has a port, scheme or path', () => {
    expect(parseHostNames('a.example, b.example', ['c.example'])).toEqual(['c.example', 'a.example', 'b.example']);
    for (const text of ['', 'a.example:80', 'http://a.example', 'a.example/lvs', '*', 'a_b c@d']) {
      expect(() => parseHostNames(text)).toThrow('is not a host name: write the name in the address');
    }
  });
});

/** Sends a request exactly as written; returns the whole answer. */
function raw(viewer: TestViewer, lines: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(viewer.url).port), '127.0.0.1', () =>
      socket.write(`${lines.join('\r\n')}\r\n\r\n`),
    );
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

describe('a viewer without passwords', () => {
  let viewer: TestViewer;
  beforeAll(async () => {
    viewer = await startViewer({ days: 0, hostNames: ['stats.example.org'], proxies: ['127.0.0.1'] });
  });
  afterAll(() => viewer.close());

  const paths = ['/services', '/live/status', '/api/archives', '/static/app.js', '/healthz', '/nothing'];

  test.each(paths)('rejects a foreign name at %s', async (path) => {
    const answer = await raw(viewer, [`GET ${path} HTTP/1.1`, 'Host: evil.example', 'Connection: close']);
    expect(statusOf(answer)).toBe(421);
    expect(answer).toMatch(/Content-Type: text\/plain/i);
    expect(answer).toContain('"evil.example" is not a name of this viewer');
    expect(answer).toContain('--host NAME');
  });

  test.each<readonly [title: string, lines: readonly string[], status: number]>([
    ['its own name', ['GET /live/status HTTP/1.1', 'Host: LB1.example.com.:99'], 200],
    ['an added name', ['GET /live/status HTTP/1.1', 'Host: stats.example.org'], 200],
    ['an address', ['GET /live/status HTTP/1.1', 'Host: 192.0.2.1:8080'], 200],
    ['no name, in HTTP/1.0', ['GET /live/status HTTP/1.0'], 200],
    ['no name, in HTTP/1.1', ['GET /live/status HTTP/1.1'], 400],
    ['two names', ['GET /live/status HTTP/1.1', 'Host: 127.0.0.1', 'Host: evil.example'], 400],
    ['two names, its own last', ['GET /live/status HTTP/1.1', 'Host: evil.example', 'Host: 127.0.0.1'], 400],
    ['an empty name', ['GET /live/status HTTP/1.1', 'Host: '], 421],
    ['another name in the request line', ['GET http://evil.example/live/status HTTP/1.1', 'Host: 127.0.0.1'], 421],
    ['its own name in the request line', ['GET http://127.0.0.1:80/live/status HTTP/1.1', 'Host: 127.0.0.1'], 200],
    ['a user in the request line', ['GET http://127.0.0.1@evil.example/live/status HTTP/1.1', 'Host: 127.0.0.1'], 421],
    [
      'a foreign name forwarded by a proxy',
      ['GET /live/status HTTP/1.1', 'Host: 127.0.0.1', 'X-Forwarded-Host: evil.example'],
      421,
    ],
    [
      'its own name forwarded by a proxy',
      ['GET /live/status HTTP/1.1', 'Host: 127.0.0.1', 'X-Forwarded-Host: stats.example.org'],
      200,
    ],
    [
      "its own name that a script put before a proxy's foreign one",
      ['GET /live/status HTTP/1.1', 'Host: 127.0.0.1', 'X-Forwarded-Host: localhost, evil.example'],
      421,
    ],
    [
      'its own name that a script claims to forward',
      ['GET /live/status HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: localhost'],
      421,
    ],
  ])('answers a request with %s', async (_title, lines, status) => {
    expect(statusOf(await raw(viewer, [...lines, 'Connection: close']))).toBe(status);
  });

  test('masks control characters in a rejected name', async () => {
    const answer = await raw(viewer, ['GET / HTTP/1.1', 'Host: evil\u009b2J.example', 'Connection: close']);
    expect(answer).toContain('"evil??2J.example" is not a name of this viewer');
  });
});

test('the viewer ignores names forwarded by an undeclared proxy', async () => {
  const viewer = await startViewer({ days: 0 });
  const lines = ['GET /live/status HTTP/1.1', 'Host: 127.0.0.1', 'X-Forwarded-Host: evil.example', 'Connection: close'];
  expect(statusOf(await raw(viewer, lines))).toBe(200);
  await viewer.close();
});

test('a viewer with passwords answers to any name', async () => {
  const verifier = createVerifier(() => parsePasswords(`alice:${hashSync('secret', 4)}`, 'f'));
  const viewer = await startViewer({ days: 0, verifier });
  const lines = ['Host: stats.example.net', 'Connection: close'];
  expect(statusOf(await raw(viewer, ['GET /live/status HTTP/1.1', ...lines]))).toBe(401);
  const authorization = `Authorization: Basic ${btoa('alice:secret')}`;
  expect(statusOf(await raw(viewer, ['GET /live/status HTTP/1.1', ...lines, authorization]))).toBe(200);
  await viewer.close();
});
