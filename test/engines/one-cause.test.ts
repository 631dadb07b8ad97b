// One cause, one page, through real Prometheus and real Alertmanager with the generated files: in each of three racks, 500 real servers on 25 hosts
// die in an order of their own while an unrelated service fails, and exactly two notifications arrive. LVS_STATS_RACKS=20 takes so many.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standardPaging } from '../../src/model/policy/paging.js';
import { alertmanagerFile, receiverNames } from '../../src/rules/alertmanager-file.js';
import { rulesFile } from '../../src/rules/rules-file.js';
import { ruleTimes } from '../../src/rules/times.js';
import { httpReceiver } from '../alert/channels/http-receiver.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { until } from '../until.js';
import { DyingRack, type Order, offer, type Reading, stepS } from './dying-rack.js';
import { hasProgram, startAlertmanager, startPrometheus } from './engine.js';

const racks = Number(process.env['LVS_STATS_RACKS'] ?? 3);
const isMissing = !hasProgram('prometheus') || !hasProgram('prometheus-alertmanager');
const orders: readonly Order[] = ['random', 'last', 'first'];

interface Notification {
  readonly receiver: string;
  readonly status: string;
  readonly groupLabels: { readonly cause?: string };
}

/** The result of a run; null if the machine was so slow that the evidence took longer than hosts are held. */
async function run(hostHoldS: number): Promise<readonly string[] | null> {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-one-cause-'));
  const closing: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  try {
    const receiver = await httpReceiver();
    closing.unshift(receiver.close);
    const policy = { ...standardPaging, hostHoldS, serviceHoldS: hostHoldS, serverHoldS: 2 * hostHoldS };
    const times = ruleTimes(policy, { stepS, scrapeS: 1, evaluationS: 1, skewS: 1 });
    writeFileSync(join(folder, 'lvs.rules.yml'), rulesFile(policy, times));
    const hook = `webhook_configs: [{url: 'http://${receiver.host}/', send_resolved: true}]`;
    const receivers = `receivers: [${receiverNames.map((name) => `{name: ${name}, ${hook}}`).join(', ')}]`;
    writeFileSync(join(folder, 'alertmanager.yml'), alertmanagerFile(times, receivers));
    const alertmanager = await startAlertmanager(folder, join(folder, 'alertmanager.yml'));
    closing.unshift(alertmanager.stop);
    const worlds = Array.from(
      { length: racks },
      (_, i) => new DyingRack(i, orders[i % orders.length] ?? 'random', randomFrom(1000 * seed + i)),
    );
    const texts = new Map<string, string>();
    const offered = await offer(texts);
    closing.unshift(offered.close);
    writeFileSync(join(folder, 'prometheus.yml'), configuration(offered.host, alertmanager.base));
    const readAll = async (reading: Reading): Promise<void> => {
      for (const world of worlds) world.read(reading);
      for (const [i, world] of worlds.entries()) texts.set(`/${i}`, await world.text());
    };
    await readAll(0);
    const prometheus = await startPrometheus(folder, join(folder, 'prometheus.yml'));
    closing.unshift(prometheus.stop);
    const measured = (expression: string) => measure(prometheus.base, expression);
    const seen = (): Promise<void> =>
      until('every director is scraped', async () => {
        const newest = `count(lvs_reading_timestamp_seconds == ${worlds[0]?.timeS})`;
        return (await measured(newest)) === racks;
      });
    await seen();
    const startMs = performance.now();
    for (const reading of [1, 2, 3] as const) {
      await readAll(reading);
      await seen();
    }
    const countIn = (level: string) => alertsIn(alertmanager.base, level);
    await until('Alertmanager knows the racks', async () => (await countIn('rack')) === racks);
    if (performance.now() - startMs > 1000 * hostHoldS) return null;
    const deaths = worlds.reduce((sum, world) => sum + world.deaths, 0);
    // Each real server is an alert; those of services that are critical are two.
    await until('Alertmanager knows every real server', async () => (await countIn('server')) >= deaths);
    expect(await measured('count(ALERTS{alertname="LvsServerDown", alertstate="firing", severity="warning"})')).toBe(
      deaths,
    );
    // A group of its own is notified after those that are older.
    for (const name of ['one', 'two']) {
      const labels = { alertname: 'LvsSentinel', cause: `sentinel/${name}` };
      await fetch(`${alertmanager.base}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify([{ labels }]),
      });
      await until('the sentinel is notified', () => receiver.received.some(({ body }) => body.includes(labels.cause)));
    }
    const expected = worlds.flatMap(({ causes }) => causes).toSorted();
    const notified = receiver.received
      .map(({ body }) => JSON.parse(body) as Notification)
      .filter((one) => one.receiver === 'lvs-pages')
      .map(({ groupLabels, status }) => `${status} ${groupLabels.cause}`)
      .filter((one) => !one.includes('sentinel/'));
    expect(notified.toSorted()).toEqual(expected.map((cause) => `firing ${cause}`));
    return notified;
  } finally {
    for (const close of closing) await close();
  }
}

function configuration(offered: string, alertmanager: string): string {
  const targets = Array.from(
    { length: racks },
    (_, i) => `      - {targets: ['${offered}'], labels: {__metrics_path__: '/${i}', instance: 'lb${i}'}}\n`,
  );
  return `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [lvs.rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['${new URL(alertmanager).host}']}]}]}
scrape_configs:
  - job_name: lvs
    static_configs:
${targets.join('')}`;
}

async function measure(base: string, expression: string): Promise<number> {
  const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(expression)}`);
  expect(response.status, expression).toBe(200);
  const { data } = (await response.json()) as { data: { result: readonly { value: readonly [number, string] }[] } };
  return Number(data.result[0]?.value[1]);
}

/** Alerts of a level that Alertmanager has, without those beside which a critical one fires. */
async function alertsIn(base: string, level: string): Promise<number> {
  const severity = level === 'server' ? 'warning' : 'critical';
  const filter = [`level="${level}"`, `severity="${severity}"`].map((one) => `filter=${encodeURIComponent(one)}`);
  return ((await (await fetch(`${base}/api/v2/alerts?${filter.join('&')}`)).json()) as readonly object[]).length;
}

describe.skipIf(isMissing)('Prometheus and Alertmanager (skipped without them)', () => {
  test('a dead rack and an unrelated service are two notifications, in any order of evidence', async () => {
    let notified: readonly string[] | null = null;
    for (let hostHoldS = 15; notified === null; hostHoldS *= 2) notified = await run(hostHoldS);
    expect(notified).toHaveLength(2 * racks);
  });
});
