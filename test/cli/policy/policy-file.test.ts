// The policy's file while a server runs: changed, damaged, removed and restored.

import { chmodSync, chownSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followPolicy, readPolicy } from '../../../src/cli/policy/policy-file.js';
import { noPolicyFile, policyOfFile } from '../../../src/model/policy/policy.js';
import { scratch } from '../../commands/program.js';

const newFolder = scratch();
const nowS = () => 5000;

function write(path: string, text: string): void {
  writeFileSync(path, text);
  utimesSync(path, 1000, 1000);
}

test('a change is in force at once, and a wrong file leaves the policy before it in force', async () => {
  const path = join(newFolder(), 'policy.yaml');
  write(path, 'findings: {surge: 3}');
  const current = await followPolicy(path, nowS);
  const seen = () => [current().policy.thresholds.surge, current().problem];
  expect(seen()).toEqual([3, null]);
  write(path, 'findings: {surge: 4}');
  expect(seen()).toEqual([4, null]);
  write(path, 'findings: {surge: no}');
  const text = `${path}:1:19: "findings.surge" cannot be "no": write a number above 1; the policy before that is in force`;
  expect(seen()).toEqual([4, { sinceS: 1000, text }]);
  rmSync(path);
  expect(seen()).toEqual([4, { sinceS: 1000, text: expect.stringContaining(`cannot read the policy in ${path}`) }]);
  write(path, 'findings: {surge: 5}');
  expect(seen()).toEqual([5, null]);
});

test('a wrong file at the start leaves the standard policy in force', async () => {
  const path = join(newFolder(), 'policy.yaml');
  write(path, 'surge: 3');
  const { policy, problem } = await readPolicy(path, nowS);
  expect([policy, problem?.text]).toEqual([
    noPolicyFile.policy,
    expect.stringMatching(/; the standard policy is in force$/),
  ]);
});

test('a named file that is missing is a problem since it was first missed', async () => {
  const { problem } = await readPolicy(join(newFolder(), 'none.yaml'), nowS);
  expect(problem).toEqual({ sinceS: 5000, text: expect.stringContaining('cannot read the policy') });
});

test.skipIf(process.getuid?.() !== 0)('(needs root) root runs no probes that somebody else can change', async () => {
  const path = join(newFolder(), 'policy.yaml');
  const problemOf = async () => (await readPolicy(path, nowS)).problem?.text ?? null;
  write(path, 'probes: [{name: load, file: /proc/loadavg}]');
  expect(await problemOf()).toBeNull();
  chmodSync(path, 0o646);
  expect(await problemOf()).toMatch(
    /but everybody can change it: let only root write .* the standard policy is in force$/,
  );
  chmodSync(path, 0o644);
  chownSync(path, 1234, 0);
  expect(await problemOf()).toContain('but user 1234 can change it');
  write(path, 'findings: {surge: 3}');
  expect(await problemOf()).toBeNull();
});

test('a policy is of its file, once the file was right', async () => {
  const path = join(newFolder(), 'policy.yaml');
  write(path, 'probes: none');
  expect(policyOfFile(await readPolicy(path, nowS))).toBeUndefined();
  expect(policyOfFile(noPolicyFile)).toBe(noPolicyFile.policy);
  write(path, 'probes: [{name: load, file: /x}]');
  const current = await followPolicy(path, nowS);
  expect(policyOfFile(current())?.probes).toHaveLength(1);
  write(path, 'probes: [{}]');
  expect(policyOfFile(current())?.probes).toHaveLength(1);
});
