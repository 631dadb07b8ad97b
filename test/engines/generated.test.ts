// The generated files in the programs that they are for: promtool accepts and passes them, with racks of any names, and Alertmanager starts.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { standardPaging } from '../../src/model/policy/paging.js';
import { type Topology, topologyOf } from '../../src/model/topology/topology.js';
import { alertmanagerFile, emptyReceivers } from '../../src/rules/alertmanager-file.js';
import { ruleTestsFile } from '../../src/rules/rule-tests.js';
import { rulesFile } from '../../src/rules/rules-file.js';
import { type RuleClocks, ruleTimes } from '../../src/rules/times.js';
import { hasProgram, startAlertmanager } from './engine.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-generated-'));
  folders.push(folder);
  return folder;
}

function topologyFrom(
  ...hosts: readonly (readonly [host: string, rack: string | null, dc: string | null])[]
): Topology {
  const entries = hosts.map(([host, rack, dc], i) => ({ host, rack, dc, role: null, addresses: [`10.${i}.0.0/16`] }));
  const topology = topologyOf(entries);
  if ('problem' in topology) throw new Error(topology.problem);
  return topology;
}

const usual: RuleClocks = { stepS: 300, scrapeS: 60, evaluationS: 60, skewS: 10 };
const names = ['größe 1', 'a.b:c', '007', 'yes', 'x+y-z_'];

describe.skipIf(!hasProgram('promtool'))('promtool (skipped without it)', () => {
  test.each<readonly [title: string, topology: Topology, policy: Partial<typeof standardPaging>, clocks: RuleClocks]>([
    ['no topology', topologyFrom(), {}, usual],
    ['two racks', topologyFrom(['a', 'r1', 'tx'], ['b', 'r1', 'tx'], ['c', 'r2', 'tx']), {}, usual],
    ['racks without a data centre', topologyFrom(['a', 'r1', null], ['b', 'r1', null], ['c', 'r2', null]), {}, usual],
    ['a data centre without racks', topologyFrom(['a', null, 'tx'], ['b', null, 'tx'], ['c', null, 'ny']), {}, usual],
    ['hosts alone in racks', topologyFrom(['a', 'r1', 'tx'], ['b', 'r2', 'tx']), {}, usual],
    ['odd names', topologyFrom(...names.map((name, i) => [name, names[i % 2] ?? '', 'null'] as const)), {}, usual],
    [
      'short intervals',
      topologyFrom(['a', 'r1', 'tx'], ['b', 'r1', 'tx']),
      {},
      { stepS: 60, scrapeS: 5, evaluationS: 5, skewS: 0 },
    ],
    [
      'other intervals',
      topologyFrom(['a', 'r1', 'tx'], ['b', 'r1', 'tx']),
      {},
      { ...usual, scrapeS: 120, evaluationS: 30 },
    ],
    [
      'other holds',
      topologyFrom(['a', 'r1', 'tx'], ['b', 'r1', 'tx']),
      { rackHoldS: 60, serverHoldS: 1800, rackPart: 0.9 },
      usual,
    ],
  ])('accepts the rules, and their tests pass: %s', (_, topology, own, clocks) => {
    const policy = { ...standardPaging, ...own };
    const times = ruleTimes(policy, clocks);
    const cwd = newFolder();
    writeFileSync(join(cwd, 'lvs.rules.yml'), rulesFile(policy, times));
    writeFileSync(join(cwd, 'lvs.rules.test.yml'), ruleTestsFile(topology, times));
    for (const args of [
      ['check', 'rules', 'lvs.rules.yml'],
      ['test', 'rules', 'lvs.rules.test.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('SUCCESS');
    }
  });

  test.each([
    ['an alert that is not held', 'for: 7m10s', 'for: 0s'],
    ['a rack that is never at fault', 'lvs:rack_usable == 0', 'lvs:rack_usable == -1'],
    ['silenced findings', 'silenced="false"', 'silenced=~".+"'],
    [
      'a director that is forgotten at once',
      'unless on (job, instance) lvs_cycle_failing',
      'unless on (job) vector(1)',
    ],
    [
      'a cause that covers nothing',
      'and on (rack) last_over_time(ALERTS',
      'unless on () vector(1) and on (rack) last_over_time(ALERTS',
    ],
  ])('the tests of the rules notice %s', (_, found, instead) => {
    const times = ruleTimes(standardPaging, usual);
    const cwd = newFolder();
    const rules = rulesFile(standardPaging, times);
    expect(rules).toContain(found);
    writeFileSync(join(cwd, 'lvs.rules.yml'), rules.replaceAll(found, instead));
    const topology = topologyFrom(['a', 'r1', 'tx'], ['b', 'r1', 'tx'], ['c', 'r2', 'tx']);
    writeFileSync(join(cwd, 'lvs.rules.test.yml'), ruleTestsFile(topology, times));
    const { status, stderr } = spawnSync('promtool', ['test', 'rules', 'lvs.rules.test.yml'], {
      cwd,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('FAILED')]);
  });
});

describe.skipIf(!hasProgram('prometheus-alertmanager'))('Alertmanager (skipped without it)', () => {
  test.each([
    ['usual', usual],
    ['short', { stepS: 60, scrapeS: 1, evaluationS: 1, skewS: 0 }],
  ])('starts with the configuration for %s intervals, and has its receivers', async (_, clocks) => {
    const folder = newFolder();
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(config, alertmanagerFile(ruleTimes(standardPaging, clocks), emptyReceivers));
    const { base, stop } = await startAlertmanager(folder, config);
    try {
      const names = (await (await fetch(`${base}/api/v2/receivers`)).json()) as readonly { readonly name: string }[];
      expect(names.map(({ name }) => name).toSorted()).toEqual(['lvs-pages', 'lvs-watchdog', 'others']);
    } finally {
      await stop();
    }
  });
});
