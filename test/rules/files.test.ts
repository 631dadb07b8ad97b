// The generated files: the shipped ones are those of the standard policy, and the same input gives the same bytes.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdsOf, standardPaging } from '../../src/model/policy/paging.js';
import { noTopology } from '../../src/model/topology/topology.js';
import { alertmanagerFile, alertmanagerFileName, emptyReceivers } from '../../src/rules/alertmanager-file.js';
import { ruleTestsFile, ruleTestsFileName } from '../../src/rules/rule-tests.js';
import { rulesFile, rulesFileName } from '../../src/rules/rules-file.js';
import { durationText, type RuleClocks, ruleTimes } from '../../src/rules/times.js';
import { signed } from '../../src/setup/signature.js';

const root = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const clocks: RuleClocks = { stepS: 300, scrapeS: 60, evaluationS: 60, skewS: 10 };
const times = ruleTimes(standardPaging, clocks);

test.each([
  [rulesFileName, rulesFile(standardPaging, times)],
  [ruleTestsFileName, ruleTestsFile(noTopology, times)],
  [alertmanagerFileName, alertmanagerFile(times, emptyReceivers)],
])('%s in docs/prometheus is what "lvs-stats alerts" writes without a policy', (name, text) => {
  expect(readFileSync(join(root, 'docs/prometheus', name), 'utf8')).toBe(signed(text, version));
});

test.each<readonly [title: string, policy: Partial<typeof standardPaging>, clocks: RuleClocks]>([
  ['usual', {}, clocks],
  ['short', { rackHoldS: 1, hostHoldS: 2, serverHoldS: 3 }, { stepS: 60, scrapeS: 1, evaluationS: 1, skewS: 0 }],
  ['long', { serverHoldS: 86_400 }, { stepS: 300, scrapeS: 120, evaluationS: 120, skewS: 600 }],
])('with %s holds, each level waits for the wider ones longer than their evidence takes', (_, policy, own) => {
  const held = ruleTimes({ ...standardPaging, ...policy }, own);
  const apartS = own.scrapeS + own.evaluationS + own.skewS;
  expect(held.hostS - held.rackS).toBeGreaterThan(apartS);
  expect(held.serviceS - held.rackS).toBeGreaterThan(apartS);
  expect(held.serverS - Math.max(held.hostS, held.serviceS)).toBeGreaterThan(apartS);
  const holds = holdsOf({ ...standardPaging, ...policy }, own.stepS);
  expect(held.rackS).toBe(holds.rackS);
});

test('the part of a rack and the holds of the policy are in the rules', () => {
  const policy = { ...standardPaging, rackPart: 0.42, rackHoldS: 90 };
  const text = rulesFile(policy, ruleTimes(policy, clocks));
  expect(text).toContain('0.42 * lvs:rack_hosts');
  expect(text).toMatch(/alert: LvsRackDown\n {8}expr: .*\n {8}for: 1m30s/);
});

describe('durations are as Prometheus writes them', () => {
  test.each([
    [0, '0s'],
    [0.5, '500ms'],
    [60, '1m'],
    [430, '7m10s'],
    [86_400, '24h'],
  ])('%s s is %s', (seconds, text) => expect(durationText(seconds)).toBe(text));
});
