// `/metrics` of the viewer: formats, choices, access, and an answer while the table cannot be read.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readingOf } from '../../src/cycle/live/live-table.js';
import type { LiveAnswer } from '../../src/metrics/live.js';
import { createVerifier, parsePasswords } from '../../src/web/passwords.js';
import { fleetView, lost, well } from '../links/fleet.js';
import { startViewer, type TestViewer } from './viewer-site.js';

const rounds = [well, well, lost].map((own) => ({ lb1: { '10.0.0.1': own, '10.0.0.2:80': well } }));

let viewer: TestViewer;
let answer: LiveAnswer | null = null;
let reads = 0;

beforeAll(async () => {
  viewer = await startViewer({
    days: 1,
    services: 3,
    areMetricsOpen: true,
    links: () => fleetView(rounds, { nowS: 1_795_271_760 }),
    verifier: createVerifier(() =>
      parsePasswords('ann:$2y$05$abcdefghijklmnopqrstuuWvnZvLZxWgBBrWyq2ISPkj5Zb4ZJJZq\n', 'passwords'),
    ),
    live: async () => {
      reads += 1;
      answer ??= { reading: readingOf(viewer.director.snapshotAt(viewer.clock.nowS)), isFailing: false };
      return answer;
    },
  });
});

afterAll(() => viewer.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${viewer.url}${path}`, { headers });

describe('metrics', () => {
  test('are open without a password, while pages are not', async () => {
    expect((await get('/')).status).toBe(401);
    const response = await get('/metrics');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const text = await response.text();
    for (const line of [
      /^lvs_virtual_server_connections_total\{local_address="[^"]+",local_port="\d+",proto="TCP",local_mark=""\} \d+$/m,
      /^lvs_real_server_connections_active\{.*remote_address="[^"]+",remote_port="\d+"\} \d+$/m,
      /^lvs_reading_timestamp_seconds \d+$/m,
      /^lvs_findings\{kind="share-off"\} \d+$/m,
      /^lvs_cycle_failing 0$/m,
      /^lvs_stats_build_info\{version="0\.0\.0"\} 1$/m,
      /^lvs_link_loss_ratio\{agent="lb1",to="10\.0\.0\.1"\} 0\.5$/m,
      /^lvs_link_rtt_seconds\{agent="lb1",to="10\.0\.0\.2:80"\} 0\.0005$/m,
      /^lvs_stats_http_requests_total\{code="401"\} 1$/m,
    ])
      expect(text).toMatch(line);
  });

  test('come as OpenMetrics to a client that prefers it', async () => {
    const response = await get('/metrics', { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' });
    expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect((await response.text()).endsWith('# EOF\n')).toBe(true);
  });

  test('are chosen by level, address and pattern', async () => {
    const names = async (query: string) =>
      new Set((await (await get(`/metrics?${query}`)).text()).split('\n').map((line) => line.replace(/[{ ].*/, '')));
    expect(await names('level=director')).not.toContain('lvs_link_loss_ratio');
    expect(await names('level=director')).not.toContain('lvs_virtual_server_weight');
    expect(await names('level=real-server-counters')).toContain('lvs_real_server_info');
    expect(await names('sum-by=vip')).toContain('lvs_virtual_server_connections_active');
    expect(await names('vs=203.0.113.99')).not.toContain('lvs_virtual_server_weight');
  });

  test.each(['level=all', 'sum-by=port', 'level=director&level=director', 'sum_by=vip'])('refuse %s', async (query) => {
    expect((await get(`/metrics?${query}`)).status).toBe(400);
  });

  test('keep their values, and say so, while the table cannot be read', async () => {
    const before = await (await get('/metrics')).text();
    answer = { reading: answer?.reading ?? null, isFailing: true };
    const after = await (await get('/metrics')).text();
    answer = { reading: answer.reading, isFailing: false };
    expect(after).toMatch(/^lvs_cycle_failing 1$/m);
    const table = (text: string) => text.split('\n').filter((line) => /^lvs_(virtual|real)_server/.test(line));
    expect(table(after)).toEqual(table(before));
    expect(table(after).length).toBeGreaterThan(30);
  });

  test('are the same for fifty clients at once', async () => {
    reads = 0;
    const texts = await Promise.all(
      Array.from({ length: 50 }, async () => (await get('/metrics?level=virtual-server')).text()),
    );
    expect(new Set(texts).size).toBe(1);
    expect(reads).toBe(50);
  });
});

describe('targets', () => {
  interface Group {
    readonly targets: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  }

  test('are the real servers, or the virtual servers, without a password', async () => {
    const response = await get('/metrics/targets');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const real = (await response.json()) as Group[];
    const virtual = (await (await get('/metrics/targets?role=virtual-server')).json()) as Group[];
    expect(virtual.length).toBeGreaterThan(1);
    expect(real.length).toBeGreaterThan(virtual.length);
    expect(real[0]?.labels['__meta_lvs_virtual_server']).toBe(virtual[0]?.labels['__meta_lvs_virtual_server']);
    const [{ targets = [] } = {}] = virtual;
    const some = await get(`/metrics/targets?vs=${encodeURIComponent(targets[0] ?? '')}`);
    expect(((await some.json()) as Group[]).length).toBeLessThan(real.length);
  });

  test.each(['role=director', 'level=director'])('refuse %s', async (query) => {
    const response = await get(`/metrics/targets?${query}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json; charset=utf-8']);
  });

  test('are refused, not empty, while the table cannot be read', async () => {
    answer = { reading: answer?.reading ?? null, isFailing: true };
    expect((await get('/metrics/targets')).status).toBe(503);
    answer = { reading: answer.reading, isFailing: false };
  });
});
