// The topology while a server runs: its file changes, its command fails, and the last good one stays in force.

import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followPolicy } from '../../../../src/cli/policy/policy-file.js';
import { runCommand } from '../../../../src/cli/policy/topology/run-command.js';
import { fixturePath } from '../../../collect/capture.js';
import { scratch } from '../../../commands/program.js';
import { until } from '../../../until.js';

const newFolder = scratch();

function hostsOf(state: Awaited<ReturnType<typeof followPolicy>>): readonly string[] {
  return state().policy.topology.hosts.map(({ host }) => host);
}

test('a list in the policy follows the policy', async () => {
  const path = join(newFolder(), 'policy.yaml');
  writeFileSync(path, 'topology: [{host: a, addresses: [10.0.0.1]}]');
  const current = await followPolicy(path, () => 5000);
  expect(hostsOf(current)).toEqual(['a']);
  expect(current()).toBe(current());
  writeFileSync(path, 'topology: [{host: a, addresses: [10.0.0.1]}, {host: b, addresses: [10.0.0.1]}]');
  expect(hostsOf(current)).toEqual(['a']);
  expect(current().problem?.text).toBe(
    `${path}:1:46: the hosts "a" and "b" both claim 10.0.0.1: remove it from one of them; the policy before that is in force`,
  );
});

test('a file is read again when it changes, and a wrong one leaves the topology before it in force', async () => {
  const folder = newFolder();
  const [path, file] = [join(folder, 'policy.yaml'), join(folder, 'hosts.csv')];
  let nowS = 5000;
  writeFileSync(path, 'topology: hosts.csv');
  writeFileSync(file, 'host,addresses\na,10.0.0.1\n');
  const current = await followPolicy(path, () => nowS);
  expect([hostsOf(current), current().problem]).toEqual([['a'], null]);
  writeFileSync(file, 'host,addresses\na,10.0.0.1\nb,10.0.0.1\n');
  nowS = 6000;
  const text = `${file}:3: the hosts "a" and "b" both claim 10.0.0.1: remove it from one of them; the topology before that is in force`;
  expect([hostsOf(current), current().problem]).toEqual([['a'], { sinceS: 6000, text }]);
  nowS = 7000;
  rmSync(file);
  expect([hostsOf(current), current().problem]).toEqual([
    ['a'],
    { sinceS: 6000, text: expect.stringContaining(`cannot read the topology in ${file}`) },
  ]);
  writeFileSync(file, 'host,addresses\nb,10.0.0.2\n');
  expect([hostsOf(current), current().problem]).toEqual([['b'], null]);
  writeFileSync(path, '');
  expect(hostsOf(current)).toEqual([]);
});

test('a command runs again after five minutes, and one that fails leaves the topology before it in force', async () => {
  const folder = newFolder();
  const [path, script, out] = [join(folder, 'policy.yaml'), join(folder, 'cmdb'), join(folder, 'out')];
  // No shell takes the words apart.
  writeFileSync(script, '#!/bin/sh\n[ "$1" = \'two words; $HOME\' ] || exit 4\ncat "$2"\n');
  chmodSync(script, 0o755);
  writeFileSync(out, '- {host: a, addresses: [10.0.0.1]}\n');
  writeFileSync(path, `topology: {command: [${script}, "two words; $HOME", ${out}]}`);
  let nowS = 5000;
  const current = await followPolicy(path, () => nowS);
  expect([current().problem, hostsOf(current)]).toEqual([null, ['a']]);
  writeFileSync(out, '- {host: b, addresses: [10.0.0.1]}\n');
  nowS = 5299;
  expect(hostsOf(current)).toEqual(['a']);
  nowS = 5300;
  current();
  await until('the command ran again', () => hostsOf(current)[0] === 'b');
  rmSync(out);
  nowS = 5600;
  current();
  await until('the command failed', () => current().problem !== null);
  expect(hostsOf(current)).toEqual(['b']);
  expect(current().problem).toEqual({
    sinceS: 5600,
    text: expect.stringMatching(
      /the topology's command ".*" failed with exit status 1 and said ".*"; run it by hand to see; the topology before that is in force$/,
    ),
  });
});

test.each([
  ['hangs', 'did not finish within 0.3 s and was ended'],
  ['floods', 'printed more than 16 MiB and was ended'],
])('a command that %s is an error', async (script, says) => {
  await expect(runCommand([fixturePath(`bin/${script}`)], script === 'hangs' ? 300 : 60_000)).rejects.toThrow(says);
});

test('a command that does not exist is an error', async () => {
  await expect(runCommand(['/nowhere/cmdb'])).rejects.toThrow('"/nowhere/cmdb" did not start (ENOENT)');
});
