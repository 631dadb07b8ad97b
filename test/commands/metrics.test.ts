// `lvs-stats metrics`: live through ipvsadm, as of the newest cycle without it, and while the table cannot be read.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeCommand, printingStep } from './fakes.js';
import { runHere, succeedHere } from './here.js';
import { run, scratch, succeed } from './program.js';

const newFolder = scratch();
const before = printingStep('sequence/003-traffic');

describe('metrics', async () => {
  const data = newFolder();
  await succeed('collect', '--data', data, '--ipvsadm', before, '--no-pictures');

  test('prints the table of the moment', async () => {
    const text = await succeedHere('metrics', '--data', data, '--ipvsadm', before);
    expect(text).toMatch(
      /^lvs_virtual_server_connections_total\{local_address="10\.9\.1\.1",local_port="80",proto="TCP",local_mark=""\} \d+$/m,
    );
    expect(text).toMatch(
      /^lvs_virtual_server_connections_total\{local_address="",local_port="0",proto="FWM",local_mark="0000000\w"\} \d+$/m,
    );
    expect(text).toMatch(/^lvs_cycle_failing 0$/m);
    expect(text).not.toContain('As of the newest cycle: rates');
    expect(text.endsWith('\n')).toBe(true);
  });

  test('writes a file in one step, and OpenMetrics on request', async () => {
    const folder = newFolder();
    const out = join(folder, 'lvs.prom');
    await succeed(
      'metrics',
      '--data',
      data,
      '--ipvsadm',
      before,
      '--out',
      out,
      '--format',
      'openmetrics',
      '--level',
      'director',
    );
    expect(readFileSync(out, 'utf8').endsWith('# EOF\n')).toBe(true);
    expect(readdirSync(folder)).toEqual(['lvs.prom']);
    // node_exporter reads it as another user.
    expect(statSync(out).mode & 0o777).toBe(0o644);
  });

  test('exports the state and fails when the table cannot be read', async () => {
    const out = join(newFolder(), 'lvs.prom');
    const args = ['metrics', '--data', data, '--ipvsadm', fakeCommand('fails'), '--out', out];
    const { status, stderr } = await run(args);
    expect(status).toBe(1);
    const stdout = readFileSync(out, 'utf8');
    expect(stdout).toMatch(/^lvs_cycle_failing 1$/m);
    expect(stdout).not.toContain('lvs_virtual_server_weight');
    expect(stderr).not.toBe('');
  });

  test('says when no virtual server matches', async () => {
    const args = ['metrics', '--data', data, '--ipvsadm', before, '--vs', '203.0.113.99'];
    const { status, stdout, stderr } = await runHere(args);
    expect([status, stderr]).toEqual([0, expect.stringContaining('no virtual server matches "203.0.113.99"')]);
    expect(stdout).toMatch(/^lvs_cycle_failing 0$/m);
    expect(stdout).not.toContain('lvs_virtual_server_weight');
  });

  test.each<readonly [title: string, args: readonly string[], status: number]>([
    ['an unknown level', ['--level', 'all'], 2],
    ['an empty pattern', ['--vs', ''], 2],
    ['a folder without archives', ['--data', newFolder()], 1],
  ])('refuses %s', async (_, args, status) => {
    expect(await runHere(['metrics', '--data', data, '--ipvsadm', before, ...args])).toMatchObject({
      status,
      stdout: '',
    });
  });
});
