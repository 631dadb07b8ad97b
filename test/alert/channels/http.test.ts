// Receivers over HTTP: Alertmanager's API, the heartbeat, and answers that are none.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alertmanager } from '../../../src/alert/channels/alertmanager.js';
import { parseReceiverUrl, request } from '../../../src/alert/channels/receiver-url.js';
import { createHeartbeat } from '../../../src/alert/heartbeat.js';
import { hostPage, startS } from '../page-kit.js';
import { httpReceiver } from './http-receiver.js';

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

let receiver: Awaited<ReturnType<typeof httpReceiver>>;
beforeEach(async () => {
  receiver = await httpReceiver();
});
afterEach(() => receiver.close());

const target = (path = '', login = '') => parseReceiverUrl(`http://${login}${receiver.host}${path}`, '--alertmanager');
const alertsOf = (i: number) => JSON.parse(receiver.received[i]?.body ?? '') as readonly Alert[];
const secondsOf = (text: string | undefined) => Date.parse(text ?? '') / 1000;

describe('Alertmanager', () => {
  test('gets the open pages at each turn, from now on and for more than three steps', async () => {
    const { report } = alertmanager(target(), 300);
    const page = hostPage('web01', { sinceS: startS - 9000 });
    const reported = await report([page], {}, startS);
    const later = await report([page], reported, startS + 300);
    await report([], later, startS + 600);
    expect(receiver.received.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(3).fill('POST /api/v2/alerts'),
    );
    const times = [0, 1, 2].map((i) => alertsOf(i).map(({ startsAt, endsAt }) => [startsAt, endsAt].map(secondsOf)));
    expect(times).toEqual([[[startS, startS + 1200]], [[startS, startS + 1500]], [[startS, startS + 600]]]);
    expect(alertsOf(0)[0]?.labels).toEqual({
      alertname: 'LvsPage',
      cause: 'host/web01',
      level: 'host',
      severity: 'warning',
    });
  });

  test('hears nothing while no page is open or ends', async () => {
    expect(await alertmanager(target(), 300).report([], {}, startS)).toEqual({});
    expect(receiver.received).toEqual([]);
  });

  test('learns that the milder alert ends when a page becomes critical', async () => {
    const { report } = alertmanager(target(), 300);
    const reported = await report([hostPage('a')], {}, startS);
    await report([hostPage('a', { severity: 'critical' })], reported, startS + 300);
    const states = alertsOf(1).map(({ labels, endsAt }) => [labels['severity'], secondsOf(endsAt) - startS]);
    expect(states).toEqual([
      ['critical', 1500],
      ['warning', 300],
    ]);
  });

  test('never gets an alert that ends before it starts, even if the clock was set back', async () => {
    const { report } = alertmanager(target(), 300);
    const reported = await report([hostPage('a')], {}, startS);
    await report([], reported, startS - 86_400);
    const [alert] = alertsOf(1);
    expect(secondsOf(alert?.startsAt)).toBeLessThanOrEqual(secondsOf(alert?.endsAt));
  });

  test.each(['', '/', '/am', '/am/', '/am/api/v2/alerts'])('may have the path %j', async (path) => {
    await alertmanager(target(path), 300).report([hostPage('a')], {}, startS);
    expect(receiver.received[0]?.path).toBe(path.startsWith('/am') ? '/am/api/v2/alerts' : '/api/v2/alerts');
  });

  test('gets the login of its address, which its name does not show', async () => {
    const receiving = alertmanager(target('', 'me:p%40ss@'), 300);
    await receiving.report([hostPage('a')], {}, startS);
    const { authorization } = receiver.received[0]?.headers ?? {};
    expect(authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(receiving.name).toBe(`alertmanager ${receiver.host}`);
  });
});

describe('an answer', () => {
  test.each<readonly [title: string, status: number, says: string]>([
    ['of failure is an error with its text', 500, 'answered 500: out of order'],
    ['that leads elsewhere is not followed', 302, 'answered 302: out of order'],
  ])('%s', async (_, status, says) => {
    receiver.answers.push(status);
    await expect(request(target(), {})).rejects.toThrow(`${receiver.host} ${says}`);
    expect(receiver.received).toHaveLength(1);
    await request(target(), {});
  });

  test('that does not come is an error after a while', async () => {
    receiver.answers.push(0);
    await expect(request(target(), {}, 50)).rejects.toThrow('did not answer within 0.05 s');
  });

  test('cannot come from where nobody listens', async () => {
    const at = target();
    await receiver.close();
    await expect(request(at, {})).rejects.toThrow(`${receiver.host} cannot be reached (ECONNREFUSED)`);
  });
});

test.each(['', 'lb1', 'ftp://lb1/', 'me:secret@lb1', 'http://'])('%j is no address, and is not shown', (text) => {
  expect(() => parseReceiverUrl(text, '--heartbeat')).toThrow(
    /^--heartbeat is not the address of a receiver: write http:/,
  );
});

describe('a heartbeat', () => {
  const reports: string[] = [];
  const beating = () => {
    reports.length = 0;
    return createHeartbeat(target('/ping/secret'), { firstS: startS, report: (text) => reports.push(text) });
  };

  test('is sent once after each good cycle, and after none that failed', async () => {
    const beat = beating();
    await beat({ lastS: startS, failure: null });
    expect(receiver.received).toHaveLength(0);
    await beat({ lastS: startS + 300, failure: null });
    await beat({ lastS: startS + 300, failure: null });
    await beat({ lastS: startS + 600, failure: {} });
    await beat({ lastS: null, failure: null });
    expect(receiver.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /ping/secret']);
  });

  test('that fails is reported once without its secret, and repeated', async () => {
    const beat = beating();
    receiver.answers.push(503, 503);
    for (let i = 0; i < 4; i += 1) await beat({ lastS: startS + 300, failure: null });
    expect(receiver.received).toHaveLength(3);
    expect(reports).toEqual([
      `heartbeat: ${receiver.host} answered 503: out of order; tried again at the next step`,
      'heartbeat: works again',
    ]);
  });
});
