// The hook of `serve --on-finding`: a program, its standard input, and its limits.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { hookChannel } from '../../../src/alert/channels/hook.js';
import type { Letter } from '../../../src/alert/message.js';
import { messageOf } from '../../../src/alert/message.js';
import { until } from '../../until.js';
import { hostPage, startS } from '../page-kit.js';

const hook = fileURLToPath(new URL('bin/hook', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-hook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const message = messageOf({ kind: 'page', page: hostPage('web01') }, startS);
const single: Letter = { kind: 'single', message };

/** Long enough for a program that ends by itself. */
const patientMs = 600_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a hook', () => {
  test('gets the page as JSON', async () => {
    const file = join(folder, 'page');
    await hookChannel([hook, 'takes', file], 'lb1', patientMs).send(single);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      version: 1,
      director: 'lb1',
      text: 'PAGE warning: host web01: 2 real servers of 2 services are down',
      id: `page host/web01@${startS}`,
      kind: 'page',
      at: startS,
      into: null,
      page: {
        id: `host/web01@${startS}`,
        identity: 'host/web01',
        level: 'host',
        severity: 'warning',
        title: 'host web01: 2 real servers of 2 services are down',
        since: startS,
        hosts: ['web01'],
        realServers: 2,
        services: 2,
        alerts: [
          {
            id: `server-left/host/web01@${startS}`,
            severity: 'warning',
            text: 'web01: left 2 services',
            since: startS,
          },
        ],
        alertCount: 1,
      },
    });
  });

  test('gets a digest as one object', async () => {
    const file = join(folder, 'digest');
    const messages = [message, messageOf({ kind: 'resolved', page: hostPage('web02') }, startS + 300)];
    await hookChannel([hook, 'takes', file], 'lb1', patientMs).send({ kind: 'digest', messages, dropped: 2 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      kind: 'digest',
      dropped: 2,
      text: 'DIGEST: 1 page and 1 other message; 2 older messages were dropped',
      messages: [{ kind: 'page' }, { kind: 'resolved', page: { identity: 'host/web02' } }],
    });
  });

  test('learns from the title of a digest how many of its pages are critical', async () => {
    const file = join(folder, 'critical');
    const worst = hostPage('web03', { severity: 'critical' });
    const messages = [messageOf({ kind: 'page', page: worst }, startS), message];
    await hookChannel([hook, 'takes', file], 'lb1', patientMs).send({ kind: 'digest', messages, dropped: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ text: 'DIGEST: 2 pages (1 critical)' });
  });

  test('need not read its input, however large', async () => {
    const alerts = Array.from({ length: 5000 }, (_, i) => ({
      ...hostPage('a').alerts[0],
      id: `${i}`,
      text: 'x'.repeat(900),
    }));
    const page = hostPage('web01', { alerts: alerts as never });
    const large: Letter = { kind: 'single', message: messageOf({ kind: 'page', page }, startS) };
    await hookChannel([hook, 'ignores'], 'lb1', patientMs).send(large);
  });

  test.each<readonly [title: string, words: readonly string[], limitMs: number, says: RegExp]>([
    ['fails', [hook, 'fails'], patientMs, /hook" failed with exit status 3 and said "the pager is \/ out of paper"$/],
    ['does not exist', ['/nonexistent/hook'], patientMs, /did not start \(ENOENT\)/],
    ['prints too much', [hook, 'babbles'], patientMs, /printed more than 64 KiB and was ended/],
  ])('is an error if it %s', async (_, words, limitMs, says) => {
    await expect(hookChannel(words, 'lb1', limitMs).send(single)).rejects.toThrow(says);
  });

  test('that hangs is ended with all that it started', async () => {
    const file = join(folder, 'pids');
    const sending = hookChannel([hook, 'hangs', file], 'lb1', 2000).send(single);
    await expect(sending).rejects.toThrow('did not finish within 2 s and was ended');
    // On a slow machine it may not even have begun.
    const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
    await until('all have ended', () => pids.every((pid) => !isAlive(pid)));
  });
});
