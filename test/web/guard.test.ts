// Wrong passwords count per user and client address; a declared proxy supplies that address.

import { hashSync } from 'bcryptjs';
import { afterEach, describe, expect, test } from 'vitest';
import { createVerifier, parsePasswords } from '../../src/web/passwords.js';
import { startViewer, type TestViewer } from './viewer-site.js';

const text = ['alice', 'bob', 'carol'].map((user) => `${user}:${hashSync(`${user} secret`, 4)}`).join('\n');
let viewer: TestViewer | null = null;
afterEach(async () => {
  await viewer?.close();
  viewer = null;
});

/** Starts a viewer with these proxies, and returns functions that send passwords from forwarded addresses. */
async function viewerBehind(proxies: readonly string[]) {
  const started = await startViewer({ days: 0, verifier: createVerifier(() => parsePasswords(text, 'f')), proxies });
  viewer = started;
  const ask = async (user: string, password: string, forwarded: string): Promise<number> => {
    const headers = { Authorization: `Basic ${btoa(`${user}:${password}`)}`, 'X-Forwarded-For': forwarded };
    return (await fetch(`${started.url}/live/status`, { headers })).status;
  };
  const askWrongly = async (times: number, user: string, forwardedOf: (n: number) => string): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n += 1) statuses.push(await ask(user, `wrong ${n}`, forwardedOf(n)));
    return statuses;
  };
  return { ask, askWrongly };
}

describe('behind a declared proxy', () => {
  test('an attacker locks out one user, and only for the attacking address', async () => {
    const { ask, askWrongly } = await viewerBehind(['127.0.0.1']);
    expect(await askWrongly(12, 'alice', () => '203.0.113.1')).toEqual([...Array(10).fill(401), 429, 429]);
    expect(await ask('alice', 'alice secret', '203.0.113.1')).toBe(429);
    expect(await ask('bob', 'bob secret', '203.0.113.1')).toBe(200);
    expect(await ask('alice', 'alice secret', '203.0.113.2')).toBe(200);
  });

  test('an attacker gains no tries by making up addresses', async () => {
    const { askWrongly } = await viewerBehind(['127.0.0.1']);
    const statuses = await askWrongly(11, 'alice', (n) => `198.51.100.${n}, 203.0.113.1`);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  test('an attacker gains no tries by changing address within a network', async () => {
    const { askWrongly } = await viewerBehind(['127.0.0.1']);
    const statuses = await askWrongly(11, 'alice', (n) => `2001:db8:1:2::${n + 1}`);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  test('an attacker who tries one user after another is stopped, too', async () => {
    const { ask, askWrongly } = await viewerBehind(['127.0.0.1']);
    for (let n = 0; n < 6; n += 1) await askWrongly(10, `user ${n}`, () => '203.0.113.1');
    expect(await ask('bob', 'bob secret', '203.0.113.1')).toBe(429);
    expect(await ask('bob', 'bob secret', '203.0.113.2')).toBe(200);
  });
});

test('addresses from an undeclared proxy are ignored', async () => {
  const { ask, askWrongly } = await viewerBehind([]);
  expect(await askWrongly(11, 'alice', (n) => `203.0.113.${n}`)).toEqual([...Array(10).fill(401), 429]);
  expect(await ask('alice', 'alice secret', '203.0.113.99')).toBe(429);
  expect(await ask('carol', 'carol secret', '203.0.113.99')).toBe(200);
});
