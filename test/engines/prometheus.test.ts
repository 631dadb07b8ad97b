// Real Prometheus: promtool accepts the series and the rules, a server scrapes the viewer, and every query of the dashboard has an answer.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseProbeValues } from '../../src/collect/probes/parse-values.js';
import { exposition } from '../../src/metrics/exposition.js';
import { probeFamilies } from '../../src/metrics/probe-metrics.js';
import { fleetView, lost, well } from '../links/fleet.js';
import { until } from '../until.js';
import { startViewer, type TestViewer } from '../web/viewer-site.js';
import { freePort, hasProgram } from './engine.js';

const root = resolve(import.meta.dirname, '../..');
const documents = join(root, 'docs/prometheus');
const isMissing = !hasProgram('prometheus') || !hasProgram('promtool');

interface Answer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

describe.skipIf(isMissing)('Prometheus (skipped without it)', () => {
  let viewer: TestViewer;
  let folder: string;
  let engine: ChildProcess | null = null;
  let base: string;

  beforeAll(async () => {
    const links = fleetView(
      [well, well, lost].map((own) => ({ lb1: { '10.0.0.1': own, '[2001:db8::1]:3306': well } })),
      { nowS: Math.floor(Date.now() / 1000) },
    );
    viewer = await startViewer({ days: 1, services: 18, links: () => links });
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-prometheus-'));
    const config = join(folder, 'prometheus.yml');
    const target = new URL(viewer.url).host;
    writeFileSync(
      config,
      `global: {scrape_interval: 1s}
scrape_configs:
  - job_name: lvs
    static_configs: [{targets: ['${target}']}]
  # Found, but not scraped: the simulated servers do not exist.
  - job_name: backends
    http_sd_configs: [{url: '${viewer.url}/metrics/targets'}]
    relabel_configs: [{action: drop}]
`,
    );
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    engine = spawn('prometheus', args, { stdio: 'ignore' });
    await until('Prometheus is ready', async () => (await fetch(`${base}/-/ready`)).status === 200);
    // Rates need two scrapes.
    await until('three scrapes', async () => (await measured('count_over_time(lvs_virtual_servers[1m])')) > 2);
  });

  afterAll(async () => {
    engine?.kill();
    await viewer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const resultOf = async (expression: string) => {
    const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(expression)}`);
    expect(response.status, expression).toBe(200);
    return ((await response.json()) as Answer).data.result;
  };
  const measured = async (expression: string) => Number((await resultOf(expression))[0]?.value[1]);

  test('scrapes the viewer, without a sample lost', async () => {
    expect(await measured('up')).toBe(1);
    expect(await measured('scrape_duration_seconds')).toBeLessThan(10);
    const text = await (await fetch(`${viewer.url}/metrics`)).text();
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    expect(await measured('scrape_samples_scraped')).toBe(series);
    expect(await measured('scrape_samples_post_metric_relabeling')).toBe(series);
  });

  test('knows the links of agents', async () => {
    expect(await measured('lvs_link_loss_ratio{agent="lb1",to="10.0.0.1"}')).toBe(0.5);
    expect(await measured('lvs_link_rtt_seconds{to="[2001:db8::1]:3306"}')).toBe(0.0005);
    expect(await measured('count(lvs_link_rtt_seconds)')).toBe(1);
    expect(await measured('sum(lvs_links)')).toBe(2);
    expect(await measured('time() - lvs_agent_last_report_timestamp_seconds')).toBeGreaterThan(0);
  });

  test('discovers the real servers', async () => {
    const wanted = (await (await fetch(`${viewer.url}/metrics/targets`)).json()) as readonly {
      readonly labels: Readonly<Record<string, string>>;
    }[];
    const dropped = async () => {
      const { data } = (await (await fetch(`${base}/api/v1/targets?state=dropped`)).json()) as {
        data: { droppedTargets: readonly { discoveredLabels: Readonly<Record<string, string>> }[] };
      };
      return data.droppedTargets.map(({ discoveredLabels }) => discoveredLabels);
    };
    await until('targets', async () => (await dropped()).length > 0);
    const found = await dropped();
    expect(found).toHaveLength(wanted.length);
    const key = (labels: Readonly<Record<string, string>>) =>
      [labels['__meta_lvs_virtual_server'], labels['__meta_lvs_remote_address'], labels['__meta_lvs_weight']].join();
    expect(found.map(key).sort()).toEqual(wanted.map(({ labels }) => key(labels)).sort());
  });

  test('promtool accepts the series of probes, whatever their labels', () => {
    const values = parseProbeValues('x{a="q\\"\\\\",type="+Inf",job="größe"} 1e-9\nx{instance="0.5"} -3', 'odd');
    const probes = values.map((one) => ({ probe: 'odd', ...one, isOk: true }));
    const own = { probe: 'odd', labels: [], value: null, isOk: true };
    const input = [...exposition(probeFamilies([own, ...probes]), 'text')].join('');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
    expect(input.match(/^lvs_probe_value\{/gm)).toHaveLength(2);
  });

  test.each(['/metrics', '/metrics?level=real-server-counters', '/metrics?sum-by=vip'])(
    'promtool accepts %s',
    async (path) => {
      const text = await (await fetch(`${viewer.url}${path}`)).text();
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
      expect([status, stdout, stderr]).toEqual([0, '', '']);
      // promtool does not look for duplicates.
      const keys = text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.slice(0, line.lastIndexOf(' ')));
      expect(new Set(keys).size).toBe(keys.length);
    },
  );

  test('promtool accepts and tests the rules', () => {
    for (const args of [
      ['check', 'rules', 'lvs.rules.yml'],
      ['test', 'rules', 'lvs.rules.test.yml'],
    ]) {
      const { status, stderr } = spawnSync('promtool', args, { cwd: documents, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    }
  });

  test('answers every query of the dashboard', async () => {
    const { panels } = JSON.parse(readFileSync(join(documents, 'dashboard.json'), 'utf8')) as {
      panels: readonly { title: string; targets: readonly { expr: string }[] }[];
    };
    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(8);
    for (const expression of expressions) {
      const asked = expression.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m');
      // The cycle of a viewer that does not collect has no duration, and none of these real servers has weight 0 at all times.
      const mayBeEmpty = /lvs_stats_cycle_duration|== 0$|lvs_cpu|lvs_finding\{/.test(asked);
      const result = await resultOf(asked);
      if (!mayBeEmpty) expect(result.length, asked).toBeGreaterThan(0);
    }
  });
});
