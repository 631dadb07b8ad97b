// Real Alertmanager: it starts, takes pages, notifies once for two viewers, and learns that a page is over.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertmanager } from '../../src/alert/channels/alertmanager.js';
import { parseReceiverUrl } from '../../src/alert/channels/receiver-url.js';
import { httpReceiver } from '../alert/channels/http-receiver.js';
import { hostPage } from '../alert/page-kit.js';
import { until } from '../until.js';
import { freePort, hasProgram } from './engine.js';

const stepS = 300;

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

interface Notification {
  readonly status: string;
  readonly alerts: readonly (Alert & { readonly status: string })[];
}

describe.skipIf(!hasProgram('prometheus-alertmanager'))('Alertmanager (skipped without it)', () => {
  let folder: string;
  let engine: ChildProcess | null = null;
  let base: string;
  let receiver: Awaited<ReturnType<typeof httpReceiver>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-alertmanager-'));
    receiver = await httpReceiver();
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(
      config,
      `route: {receiver: hook, group_by: [cause], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: hook, webhook_configs: [{url: 'http://${receiver.host}/hook', send_resolved: true}]}]
`,
    );
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const args = [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    engine = spawn('prometheus-alertmanager', args, { stdio: 'ignore' });
    await until('Alertmanager is ready', async () => (await fetch(`${base}/-/ready`)).status === 200);
  });

  afterAll(async () => {
    engine?.kill();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const alertsNow = async () => (await (await fetch(`${base}/api/v2/alerts`)).json()) as readonly Alert[];
  const notifications = (): readonly Notification[] =>
    receiver.received.map(({ body }) => JSON.parse(body) as Notification);
  const nowS = (): number => Math.floor(Date.now() / 1000);

  test('takes a page of two viewers as one alert, notifies once, and again when it is over', async () => {
    const viewers = [0, 1].map(() => alertmanager(parseReceiverUrl(base, '--alertmanager'), stepS));
    const startS = nowS();
    // The page is older than the viewer's first word of it.
    const page = hostPage('web01', { sinceS: startS - 3600, severity: 'critical' });
    let reported = await Promise.all(viewers.map(({ report }) => report([page], {}, startS)));
    const alerts = await alertsNow();
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.labels).toEqual({
      alertname: 'LvsPage',
      cause: 'host/web01',
      level: 'host',
      severity: 'critical',
    });
    expect(alerts[0]?.annotations['summary']).toBe(page.title);
    expect(Date.parse(alerts[0]?.startsAt ?? '') / 1000).toBe(startS);
    expect(Date.parse(alerts[0]?.endsAt ?? '') / 1000 - startS).toBeGreaterThanOrEqual(3 * stepS);
    await until('a notification', () => notifications().length > 0);
    reported = await Promise.all(viewers.map(({ report }, i) => report([page], reported[i] ?? {}, nowS())));
    await Promise.all(viewers.map(({ report }, i) => report([], reported[i] ?? {}, nowS())));
    await until('it is over', () => notifications().some(({ status }) => status === 'resolved'));
    expect(notifications().map(({ status, alerts: all }) => [status, all.length])).toEqual([
      ['firing', 1],
      ['resolved', 1],
    ]);
    expect(await alertsNow()).toEqual([]);
  });
});
