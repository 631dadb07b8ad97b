// A receiver says what it takes by its status pages; one that says nothing gets rows in order.

import { expect, test } from 'vitest';
import { PassingError, type SendRequest } from '../../../src/engine/connection/http.js';
import { askReceiver } from '../../../src/push/receiver/ask-receiver.js';

const base = new URL('http://127.0.0.1:9/prefix/');

/** A receiver with some pages, by path. */
const pages =
  (texts: Readonly<Record<string, string>>, otherwise = 404): SendRequest =>
  async ({ url }) => {
    const text = texts[url.pathname];
    return { status: text === undefined ? otherwise : 200, text: text ?? '', retryAfterS: otherwise === 429 ? 9 : 0 };
  };

const config = (yaml: string) => JSON.stringify({ status: 'success', data: { yaml } });
const plain = 'storage:\n  exemplars:\n    max_exemplars: 100000\n';
const windowed = `storage:\n  tsdb:\n    out_of_order_time_window: 13w\n${plain}`;
const flags = JSON.stringify({ data: { 'storage.tsdb.min-block-duration': '2h' } });
const head = (maxTime: number) => JSON.stringify({ data: { headStats: { minTime: 0, maxTime } } });

test('VictoriaMetrics takes rows in any order, and says when it started', async () => {
  const metrics = 'vm_app_start_timestamp 1796279775\nvm_app_version{version="1.79.5"} 1\n';
  expect(await askReceiver(base, pages({ '/prefix/metrics': metrics }))).toEqual({
    order: 'any',
    startedBy: '1796279775',
  });
});

test('Prometheus takes old rows within its window', async () => {
  const send = pages({ '/prefix/metrics': 'go_threads 7\n', '/prefix/api/v1/status/config': config(windowed) });
  expect(await askReceiver(base, send)).toEqual({ order: 'window', startedBy: null });
});

test.each([
  ['without a window', plain, 1_800_000_000_000, 1_800_000_000 - 3600],
  ['with a window of no length', windowed.replace('13w', '0s'), 1_800_000_000_000, 1_800_000_000 - 3600],
  ['without any sample yet', plain, -(2 ** 63), null],
])('Prometheus %s takes rows in order', async (_, yaml, maxMs, floorS) => {
  const send = pages({
    '/prefix/api/v1/status/config': config(yaml),
    '/prefix/api/v1/status/flags': flags,
    '/prefix/api/v1/status/tsdb': head(maxMs),
  });
  expect(await askReceiver(base, send)).toEqual({ order: 'ascending', floorS, startedBy: null, isMute: false });
});

test.each([
  ['says nothing', pages({})],
  ['wants a login for its status', pages({}, 401)],
])('one that %s gets rows in order', async (_, send) => {
  expect(await askReceiver(base, send)).toEqual({ order: 'ascending', floorS: null, startedBy: null, isMute: true });
});

test('one whose status is garbage gets rows in order', async () => {
  const send = pages({ '/prefix/api/v1/status/config': '\u0000<html>' });
  expect(await askReceiver(base, send)).toMatchObject({ order: 'ascending', floorS: null });
});

test('one that hides its status can be asked which rows it has', async () => {
  const send = pages({ '/prefix/api/v1/query': '{}' });
  expect(await askReceiver(base, send)).toMatchObject({ order: 'ascending', isMute: false });
});

test.each([429, 500, 503])('one that answers %i is asked again later', async (status) => {
  const asked = askReceiver(base, pages({}, status));
  await expect(asked).rejects.toThrow(PassingError);
  await expect(asked).rejects.toMatchObject({ waitS: status === 429 ? 9 : 0 });
});
