import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { standardPolicy } from '../../src/model/policy/policy.js';
import { openKeeper } from '../../src/store/shared/keeper.js';
import { runHere, succeedHere } from './here.js';
import { parsePluginOutput } from './plugin-output.js';
import { run, scratch } from './program.js';
import { recordSequence } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

describe('status', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  // Up to the second reading with a real server at weight 0.
  recordSequence(record, startS, 19);
  await succeedHere('replay', record, '--data', data);

  test('lists what is wrong, worst first, and exits with 2 when something is critical', async () => {
    const { status, stdout, stderr } = await run(['status', '--data', data]);
    expect([status, stderr]).toEqual([2, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^2 findings; 6 services looked at 2023-11-\d\d \d\d:\d\d:\d\d$/);
    expect(lines[2]).toMatch(/^severity +since +subject +finding$/);
    expect(lines[3]).toMatch(
      /^■ critical .* director +collecting has stopped: is cron, or the server that collects, running\?$/,
    );
    expect(lines[4]).toMatch(/^▲ warning .* 10\.1\.0\.12:80 of 10\.9\.1\.1:80 +weight 1 to 0: draining, or forgotten$/);
  });

  test('prints the same as JSON, with an identity that stays', async () => {
    const { stdout } = await runHere(['status', '--data', data, '--format', 'json']);
    const { status, counts, findings } = JSON.parse(stdout) as Record<string, unknown>;
    expect({ status, counts }).toEqual({ status: 'critical', counts: { critical: 1, warning: 1, notice: 0 } });
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'server-drained', id: `server-drained/host/10.1.0.12@${startS + 17 * 300}` }),
    );
  });

  test('prints one line with performance data for Nagios', async () => {
    const { status, stdout } = await runHere(['status', '--data', data, '--format', 'nagios']);
    expect(status).toBe(2);
    const { status: word, text, data: measured } = parsePluginOutput(stdout);
    expect(word).toBe('LVS CRITICAL');
    expect(text).toMatch(/^director: collecting .*; 10\.1\.0\.12:80 of 10\.9\.1\.1:80: weight 1 to 0/);
    const values = Object.fromEntries([...measured].map(([label, { value }]) => [label, value]));
    expect(values).toEqual({ critical: 1, warning: 1, notice: 0, silenced: 0, services: 6, age: expect.any(Number) });
    // Nagios would judge alike by the thresholds.
    expect(measured.get('critical')).toMatchObject({ critical: '0', least: '0' });
    expect(measured.get('age')).toMatchObject({ unit: 's' });
  });

  test('judges by the policy of the server that has the archives open, and says when --policy differs from it', async () => {
    const silences = [{ pattern: 'server-drained/*', sinceS: 0, untilS: null, why: 'spare host' }];
    const keeper = await openKeeper(data, {
      policy: () => ({ policy: { ...standardPolicy, silences }, problem: null }),
    });
    try {
      const { stdout, stderr } = await runHere(['status', '--data', data]);
      expect(stdout).toContain('silenced by the policy (spare host): 10.1.0.12:80 of 10.9.1.1:80');
      expect(stderr).toBe('');
      const file = join(newFolder('policy'), 'policy.yaml');
      writeFileSync(file, 'findings:\n  spare: 2\n');
      const other = await runHere(['status', '--data', data, '--policy', file]);
      expect(other.stdout).not.toContain('silenced');
      expect(other.stderr).toContain(`the server of ${data} has another policy than ${file}`);
    } finally {
      await keeper.close();
    }
    expect((await runHere(['status', '--data', data])).stdout).not.toContain('silenced');
  });

  test.each<readonly [title: string, args: readonly string[]]>([
    ['there are no archives', ['status', '--data', newFolder()]],
    ['an option is unknown', ['status', '--bogus']],
  ])('exits with 3 if %s', async (_, args) => {
    expect(await runHere(args)).toMatchObject({ status: 3, stdout: '' });
  });
});
