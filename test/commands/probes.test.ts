// Probes from the policy to every surface, and the examples of docs/probes: a stand-in for ovs-ofctl, and trees of /proc.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/cli/policy/parse-policy.js';
import { parseProbeValues } from '../../src/collect/probes/parse-values.js';
import { fixturePath } from '../collect/capture.js';
import { printingPair } from './fakes.js';
import { environment, type Run, run, scratch } from './program.js';
import { evenPair } from './recordings.js';

const examples = resolve(import.meta.dirname, '../../docs/probes');
const newFolder = scratch();

/** A folder that other users may enter, with programs in it. */
function openFolder(): string {
  const own = newFolder();
  for (let folder = own; folder !== tmpdir() && folder !== '/'; folder = dirname(folder)) chmodSync(folder, 0o755);
  return own;
}

function program(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A stand-in, which knows the bridge br-ex: one flow of the cookie 0x2a, one of 0x2a1, and one without, whose action has one. */
const standIn = `
[ "$*" = '--no-stats dump-flows br-ex' ] || { echo "ovs-ofctl: $3 is not a bridge" >&2; exit 1; }
echo 'NXST_FLOW reply (xid=0x4):'
echo ' cookie=0x2a, priority=10,in_port=1 actions=output:2'
echo ' cookie=0x2a1, priority=10,in_port=2 actions=output:1'
echo ' priority=0 actions=learn(table=1,cookie=0x5,priority=10),NORMAL'`;

/** A place with the examples, its policy, and one with the stand-in instead of Open vSwitch. */
function placeExamples(): { readonly policy: string; readonly env: Record<string, string> } {
  const folder = openFolder();
  for (const name of ['stale-flows', 'neighbours']) {
    copyFileSync(join(examples, name), join(folder, name));
    chmodSync(join(folder, name), 0o755);
  }
  program(folder, 'ovs-ofctl', standIn);
  const text = readFileSync(join(examples, 'policy.yaml'), 'utf8');
  const policy = join(folder, 'policy.yaml');
  writeFileSync(
    policy,
    text
      .replaceAll('/usr/local/lib/probes', folder)
      .replace('openvswitch', 'nobody')
      .replace(/file: .*/, `file: ${folder}/count`),
  );
  writeFileSync(join(folder, 'count'), '250000\n', { mode: 0o644 });
  return { policy, env: { PATH: `${folder}:${environment()['PATH']}` } };
}

function collect(data: string, policy: string, env: Record<string, string> = {}): Promise<Run> {
  const ipvsadm = printingPair(newFolder(), evenPair(1, 1));
  return run(['collect', '--data', data, '--policy', policy, '--no-pictures', '--ipvsadm', ipvsadm], { env });
}

test('the examples run, and their values and findings are on every surface', async () => {
  const { policy, env } = placeExamples();
  const data = newFolder();
  expect(await collect(data, policy, env)).toMatchObject({ status: 0, stderr: expect.not.stringContaining('error') });
  const names = (await run(['list', '--data', data])).stdout.match(/^probe_\S+/gm);
  expect(names).toEqual([
    'probe_conntrack',
    'probe_neighbours',
    'probe_neighbours/family=ipv4',
    'probe_neighbours/family=ipv6',
    'probe_stale_flows',
    'probe_stale_flows/bridge=br%2Dex',
  ]);
  const metrics = (await run(['metrics', '--data', data, '--policy', policy, '--level', 'director'])).stdout;
  expect(metrics).toContain('lvs_probe_value{probe="stale_flows",bridge="br-ex"} 2\n');
  expect(metrics).toContain('lvs_probe_value{probe="conntrack"} 250000\n');
  expect(metrics.match(/^lvs_probe_success\{.*/gm)).toHaveLength(3);
  const status = await run(['status', '--data', data, '--policy', policy]);
  expect(status).toMatchObject({ status: 2, stdout: expect.stringContaining('bridge="br-ex" of probe stale_flows') });
  expect(status.stdout).toContain('2 is above 0');
  const fetched = await run(['fetch', 'probe_stale_flows/bridge=br-ex', '--data', data]);
  expect(fetched).toMatchObject({ status: 0, stdout: expect.stringContaining('Value') });
  const out = newFolder();
  const drawn = await run(['render', '--data', data, '--vs', 'probe_conntrack', '--since', '1h', '--out', out]);
  expect(drawn.status).toBe(0);
  expect(readFileSync(join(out, 'probe_conntrack-value.png')).subarray(1, 4).toString()).toBe('PNG');
});

test('a probe that fails does not fail the cycle, which says so', async () => {
  const { policy } = placeExamples();
  // Without the stand-in.
  const data = newFolder();
  const stderr = expect.stringMatching(/the probe stale_flows fails: .*stale-flows: it ended with exit code 127/);
  expect(await collect(data, policy, { PATH: '/usr/bin:/bin' })).toMatchObject({ status: 0, stderr });
  const metrics = (await run(['metrics', '--data', data, '--level', 'director'])).stdout;
  expect(metrics).toContain('lvs_probe_success{probe="stale_flows"} 0\n');
  expect(metrics).toContain('lvs_probe_success{probe="conntrack"} 1\n');
  expect(metrics).not.toContain('lvs_probe_value{probe="stale_flows"');
});

const isAble = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

test.skipIf(!isAble)('(needs root and setpriv) a probe does not inherit the capability of the collector', async () => {
  const [folder, data] = [openFolder(), openFolder()];
  chmodSync(data, 0o777);
  const own = program(folder, 'probe', "sed -n 's/^CapEff:\\t/0x/p' /proc/self/status | xargs printf 'caps %d\\n'");
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, `probes: [{name: caps, command: [${own}]}]`, { mode: 0o644 });
  const pair = openFolder();
  const ipvsadm = printingPair(pair, evenPair(1, 1));
  for (const name of ['stats', 'table']) chmodSync(join(pair, name), 0o644);
  const rights = [
    '--reuid=1234',
    '--regid=1234',
    '--clear-groups',
    '--inh-caps=+net_admin',
    '--ambient-caps=+net_admin',
  ];
  const bin = resolve(import.meta.dirname, '../../bin/lvs-stats');
  const args = ['collect', '--data', data, '--policy', policy, '--no-pictures', '--ipvsadm', ipvsadm];
  const ended = spawnSync('setpriv', [...rights, process.execPath, bin, ...args], {
    env: environment(),
    encoding: 'utf8',
  });
  expect([ended.status, ended.stderr]).toEqual([0, expect.not.stringContaining('error')]);
  const metrics = (await run(['metrics', '--data', data, '--level', 'director'])).stdout;
  expect(metrics).toContain('lvs_probe_value{probe="caps"} 0\n');
});

describe('the example', () => {
  test('of neighbours gives percentages of the limit', () => {
    const { stdout } = spawnSync(join(examples, 'neighbours'), [fixturePath('proc/host-tables')], { encoding: 'utf8' });
    expect(parseProbeValues(stdout, 'neighbours')).toEqual([
      { labels: [['family', 'ipv4']], value: 0 },
      { labels: [['family', 'ipv6']], value: 0 },
    ]);
  });

  test('of neighbours omits a family that is off', () => {
    const proc = newFolder();
    cpSync(fixturePath('proc/host-tables'), proc, { recursive: true });
    rmSync(join(proc, 'net/stat/ndisc_cache'));
    rmSync(join(proc, 'sys/net/ipv6'), { recursive: true });
    const { stdout, status } = spawnSync(join(examples, 'neighbours'), [proc], { encoding: 'utf8' });
    expect([status, parseProbeValues(stdout, 'neighbours')]).toEqual([0, [{ labels: [['family', 'ipv4']], value: 0 }]]);
  });

  test.each([
    ['0x2a', 2],
    ['0x2A', 2],
    ['0x002a', 2],
    ['42', 2],
    ['0x0', 2],
    ['0', 2],
    ['0x2a1', 2],
    ['0xffffffffffffffff', 3],
    ['0x5', 3],
  ])('of flows counts for the cookie %s %i entries of others', (cookie, stale) => {
    const folder = newFolder();
    program(folder, 'ovs-ofctl', standIn);
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const { stdout, stderr } = spawnSync(join(examples, 'stale-flows'), [cookie, 'br-ex'], { env, encoding: 'utf8' });
    expect([stdout, stderr]).toEqual([`stale_flows{bridge="br-ex"} ${stale}\n`, '']);
  });

  test('of flows refuses a cookie that is no number', () => {
    const { stdout, status } = spawnSync(join(examples, 'stale-flows'), ['none', 'br-ex'], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['', 1]);
  });

  test('of flows fails for a bridge that is none', () => {
    const folder = newFolder();
    program(folder, 'ovs-ofctl', standIn);
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const { status, stderr } = spawnSync(join(examples, 'stale-flows'), ['0x2a', 'br9'], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, 'ovs-ofctl: br9 is not a bridge\n']);
  });

  test('of a policy is one', () => {
    const { policy } = parsePolicy(readFileSync(join(examples, 'policy.yaml'), 'utf8'), 'policy.yaml');
    expect(policy.probes.map(({ name }) => name)).toEqual(['stale_flows', 'neighbours', 'conntrack']);
  });
});
