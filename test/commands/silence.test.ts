// Silences from the command line: what they mean, how they show, and how they end.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere, succeedHere } from './here.js';
import { run, scratch } from './program.js';
import { recordSequence } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;
const drained = 'server-drained/host/10.1.0.12';

describe('silence', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  recordSequence(record, startS, 19);
  await succeedHere('replay', record, '--data', data);
  const json = async () =>
    JSON.parse((await run(['status', '--data', data, '--format', 'json'])).stdout) as {
      counts: object;
      silenced: readonly { id: string; silence: object }[];
    };

  test('lists the open findings with their ids', async () => {
    const { stdout, status } = await runHere(['silence', '--data', data]);
    expect(status).toBe(0);
    expect(stdout).toContain(`${drained}@${startS + 17 * 300}`);
    expect(stdout).not.toContain('silenced until');
  });

  test('keeps findings from counting, shows them with the reason, and ends on request', async () => {
    const args = ['silence', 'server-drained/10.1.0.*', '--data', data];
    const { stdout, stderr, status } = await runHere([...args, '--until', '2h', '--why', 'kernel update']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^silenced until .*: 1 open finding\n {2}10\.1\.0\.12:80 of 10\.9\.1\.1:80: weight 1 to 0/);
    const { counts, silenced } = await json();
    expect(counts).toEqual({ critical: 1, warning: 0, notice: 0 });
    expect(silenced).toMatchObject([
      { id: `${drained}@${startS + 17 * 300}`, silence: { pattern: 'server-drained/10.1.0.*', why: 'kernel update' } },
    ]);
    expect((await runHere(['status', '--data', data])).stdout).toMatch(
      /\n\nsilenced until .* \(kernel update\): 10\.1\.0\.12:80 of 10\.9\.1\.1:80: weight 1 to 0/,
    );
    expect((await runHere(['silence', '--data', data])).stdout).toMatch(
      /server-drained\/10\.1\.0\.\* +kernel update\n$/,
    );
    expect(await runHere([...args, '--end'])).toMatchObject({ status: 0, stdout: 'ended: server-drained/10.1.0.*\n' });
    expect((await json()).counts).toEqual({ critical: 1, warning: 1, notice: 0 });
    expect(await runHere([...args, '--end'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no silence of "server-drained/10.1.0.*"'),
    });
  });

  test('says which earlier silence of the pattern it replaces', async () => {
    const args = ['silence', 'server-drained/*', '--until', '2h', '--data', data];
    expect((await runHere([...args, '--why', 'kernel'])).stdout).not.toContain('instead of');
    expect((await runHere([...args, '--why', 'firmware'])).stdout).toMatch(/\ninstead of: until .*, kernel\n/);
    await succeedHere('silence', 'server-drained/*', '--end', '--data', data);
  });

  test('lists the silences of the policy, and which findings are silenced', async () => {
    const policy = join(newFolder('policy'), 'policy.yaml');
    writeFileSync(policy, "silence:\n  - finding: 'server-drained/*'\n    why: spare host\n");
    const { stdout } = await runHere(['silence', '--data', data, '--policy', policy]);
    expect(stdout).toMatch(new RegExp(`${drained}@\\d+ .* by the policy: spare host\\n`));
    expect(stdout).toMatch(/\nby the policy +server-drained\/\* +spare host\n$/);
  });

  test('accepts a pattern that means nothing yet, and says so', async () => {
    const args = ['silence', 'chains-long', '--until', '3d', '--why', 'next reboot', '--data', data];
    const { status, stdout, stderr } = await runHere(args);
    expect([status, stdout]).toEqual([0, expect.stringContaining(': 0 open findings')]);
    expect(stderr).toContain('no open finding matches "chains-long" now');
  });

  test.each<readonly [title: string, args: readonly string[], says: string]>([
    ['no finding', ['--until', '2h', '--why', 'x'], 'name the finding'],
    ['no reason', ['a', '--until', '2h'], 'say until when and why'],
    ['no end', ['a', '--why', 'x'], 'say until when and why'],
    ['an end in the past', ['a', '--until', '2020-01-01', '--why', 'x'], 'write a time ahead, within a year'],
    ['an end far ahead', ['a', '--until', '2y', '--why', 'x'], 'write a time ahead, within a year'],
    ['--end with a reason', ['a', '--end', '--why', 'x'], 'use --end alone'],
    ['an empty reason', ['a', '--until', '2h', '--why', ' '], '--why takes one line'],
    ['a long pattern', ['a'.repeat(201), '--until', '2h', '--why', 'x'], 'the finding takes one line'],
  ])('is refused with %s', async (_, args, says) => {
    expect(await runHere(['silence', ...args, '--data', data])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(says),
    });
  });

  test('is refused where nothing was read', async () => {
    const args = ['silence', 'a', '--until', '2h', '--why', 'x', '--data', newFolder()];
    expect(await runHere(args)).toMatchObject({ status: 1, stderr: expect.stringContaining('there are no archives') });
  });
});
