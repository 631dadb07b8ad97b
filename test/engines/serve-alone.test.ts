// One cause, one page, through `serve` alone and a real Alertmanager: 500 real servers on 25 hosts of a rack die while an unrelated service
// fails, then the rack comes back without one host.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standardPaging } from '../../src/model/policy/paging.js';
import { alertmanagerFile, receiverNames } from '../../src/rules/alertmanager-file.js';
import { ruleTimes } from '../../src/rules/times.js';
import { httpReceiver } from '../alert/channels/http-receiver.js';
import { fakeCommand } from '../commands/fakes.js';
import { run, start, untilAfter } from '../commands/program.js';
import { until } from '../until.js';
import { hasProgram, startAlertmanager } from './engine.js';

const range = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => from + i);
const [dying, healthy] = [range(1, 25), range(101, 5)];
const services: readonly (readonly [port: number, octets: readonly number[]])[] = [
  [1, healthy.slice(0, 2)],
  ...range(2, 20).map((port) => [port, [...dying, ...healthy]] as const),
];

/** The listings of a table without some real servers. */
function listings(isDown: (port: number, octet: number) => boolean): readonly [stats: string, table: string] {
  const version = 'IP Virtual Server version 1.2.1 (size=4096)';
  const stats = [version, 'Prot LocalAddress:Port   Conns InPkts OutPkts InBytes OutBytes', '  -> RemoteAddress:Port'];
  const table = [
    version,
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
  ];
  for (const [port, octets] of services) {
    stats.push(`TCP  192.0.2.1:${port} 0 0 0 0 0`);
    table.push(`TCP  192.0.2.1:${port} rr`);
    for (const octet of octets.filter((one) => !isDown(port, one))) {
      stats.push(`  -> 10.0.0.${octet}:80 0 0 0 0 0`);
      table.push(`  -> 10.0.0.${octet}:80 Masq 1 0 0`);
    }
  }
  return [`${stats.join('\n')}\n`, `${table.join('\n')}\n`];
}

interface Notification {
  readonly status: string;
  readonly groupLabels: { readonly cause: string };
  readonly alerts: readonly { readonly annotations: { readonly summary: string; readonly description: string } }[];
}

/** A server, an Alertmanager, and a director whose table changes. */
async function open(holdS: number) {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-alone-'));
  const closing: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const one of closing) await one();
  };
  try {
    const receiver = await httpReceiver();
    closing.unshift(receiver.close);
    const hook = `webhook_configs: [{url: 'http://${receiver.host}/', send_resolved: true}]`;
    const receivers = `receivers: [${receiverNames.map((name) => `{name: ${name}, ${hook}}`).join(', ')}]`;
    const config = join(folder, 'alertmanager.yml');
    const clocks = { stepS: 300, scrapeS: 1, evaluationS: 1, skewS: 0 };
    // Notified again only when a group has changed for long: the second word about a page is its end.
    writeFileSync(
      config,
      alertmanagerFile(ruleTimes(standardPaging, clocks), receivers).replace(
        /group_interval: 5m$/gm,
        'group_interval: 1s',
      ),
    );
    const alertmanager = await startAlertmanager(folder, config);
    closing.unshift(alertmanager.stop);
    const policy = join(folder, 'policy.yaml');
    const hosts = [...dying.map((octet) => [octet, 'a']), ...healthy.map((octet) => [octet, 'b'])];
    const topology = hosts.map(
      ([octet, rack]) => `  - {host: h${octet}, addresses: [10.0.0.${octet}], rack: ${rack}, dc: tx}\n`,
    );
    const pages = `pages: {hold-host: ${holdS}s, hold-service: ${holdS}s, hold-server: ${2 * holdS}s}\n`;
    writeFileSync(policy, `${pages}topology:\n${topology.join('')}`);
    const data = join(folder, 'data');
    const server = start([
      ...['serve', '--no-collect', '--listen', '127.0.0.1:0', '--data', data],
      ...['--policy', policy, '--alertmanager', alertmanager.base],
    ]);
    closing.unshift(async () => {
      server.child.kill('SIGKILL');
      await server.ended;
    });
    let said = '';
    server.child.stdout?.on('data', (text: string) => {
      said += text;
    });
    await until('the viewer answers', () => said.includes('the viewer answers at'));
    const [stats, table] = [join(folder, 'stats'), join(folder, 'table')];
    const ipvsadm = fakeCommand('prints', stats, table);
    const collect = async (isDown: (port: number, octet: number) => boolean): Promise<void> => {
      const texts = listings(isDown);
      writeFileSync(stats, texts[0]);
      writeFileSync(table, texts[1]);
      await untilAfter(Math.floor(Date.now() / 1000));
      const { status, stderr } = await run([
        'collect',
        '--no-pictures',
        '--data',
        data,
        '--ipvsadm',
        ipvsadm,
        '--policy',
        policy,
      ]);
      expect([status, stderr]).toEqual([0, '']);
    };
    const notified = (): readonly Notification[] =>
      receiver.received.map(({ body }) => JSON.parse(body) as Notification);
    const words = (): readonly string[] =>
      notified().map(({ status, groupLabels }) => `${status} ${groupLabels.cause}`);
    return { collect, notified, words, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const isUnrelated = (port: number): boolean => port === 1;
const isDying = (octet: number): boolean => octet <= 25;

/** Plays the death and the return; false if the machine was so slow that the evidence took longer than hosts are held. */
async function play(holdS: number): Promise<boolean> {
  const { collect, notified, words, close } = await open(holdS);
  try {
    for (let i = 0; i < 3; i += 1) await collect(() => false);
    const startMs = performance.now();
    const isHalf = (port: number, octet: number): boolean => (port * 7 + octet * 11) % 5 < 3;
    for (let i = 0; i < 2; i += 1)
      await collect((port, octet) => (isUnrelated(port) || isDying(octet)) && isHalf(port, octet));
    const isDead = (port: number, octet: number): boolean => isUnrelated(port) || isDying(octet);
    for (let i = 0; i < 2; i += 1) await collect(isDead);
    await until('the rack is notified', () => words().length > 0);
    if (performance.now() - startMs > 1000 * holdS) return false;
    const both = ['firing rack/tx/a', 'firing service/192.0.2.1_1'];
    // Each cycle lets the server look whether a hold has passed.
    const endMs = startMs + 3000 * holdS;
    while (performance.now() < endMs || words().length < 2) await collect(isDead);
    expect(words().toSorted()).toEqual(both);
    const rack = notified().find(({ groupLabels }) => groupLabels.cause === 'rack/tx/a')?.alerts[0]?.annotations;
    expect(rack?.summary).toBe('rack tx/a: 25 hosts with 500 real servers of 20 services are down');
    for (const octet of dying) expect(rack?.description).toMatch(new RegExp(`\\b10\\.0\\.0\\.${octet}\\b`));

    // The rack is back without one host, which was a cause of its own.
    const isLate = (port: number, octet: number): boolean => isUnrelated(port) || octet === 7;
    await until('the host is notified', async () => {
      await collect(isLate);
      return words().includes('firing host/h7');
    });
    await until('the rack is over', async () => {
      await collect(isLate);
      return words().includes('resolved rack/tx/a');
    });
    expect(words().toSorted()).toEqual([...both, 'firing host/h7', 'resolved rack/tx/a'].toSorted());
    return true;
  } finally {
    await close();
  }
}

describe.skipIf(!hasProgram('prometheus-alertmanager'))('serve and Alertmanager (skipped without it)', () => {
  test('a dead rack and an unrelated service are two notifications, and a second cause is one when the rack is back', async () => {
    let isPlayed = false;
    for (let holdS = 10; !isPlayed; holdS *= 2) isPlayed = await play(holdS);
    expect(isPlayed).toBe(true);
  });
});
