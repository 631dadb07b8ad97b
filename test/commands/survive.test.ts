// `lvs-stats survive`, with captures of a director.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere, succeedHere } from './here.js';
import { run, scratch } from './program.js';
import { recordSequence } from './recordings.js';

const newFolder = scratch();

function policy(text: string): string {
  const file = join(newFolder('policy'), 'policy.yaml');
  writeFileSync(file, text);
  return file;
}

const topology = `topology:
  - {host: web11, addresses: [10.1.0.11], rack: r1, dc: tx}
  - {host: web12, addresses: [10.1.0.12], rack: r2, dc: tx}
  - {host: web13, addresses: [10.1.0.13], rack: r2, dc: ny}
`;

describe('survive', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  // All real servers have weights: 10.9.1.1:80 has 10.1.0.11 and 10.1.0.12.
  recordSequence(record, 1_700_000_100, 3);
  await succeedHere('replay', record, '--data', data);
  const survive = (...args: readonly string[]) => runHere(['survive', '--data', data, ...args]);

  test('says without a policy what it cannot tell, and exits with 2 as some services have one host', async () => {
    const { status, stdout, stderr } = await run(['survive', '--data', data]);
    expect([status, stderr]).toEqual([2, '']);
    expect(stdout).toMatch(
      /^\d of 5 services would not survive a loss that they must survive\n\nservice +servers +real server +host /,
    );
    expect(stdout).toMatch(/\n10\.9\.1\.1:80 +2 +yes.* +yes.* +not known +not known +not known\n/);
    expect(stdout).toMatch(/\n10\.9\.1\.2:80 +1 +no +no +not known +not known +not known +a second real server\n/);
    expect(stdout).toContain('Without a topology, a host is an address, and racks and data centres are not known.');
  });

  test('judges what the policy requires', async () => {
    const file = policy(
      `${topology}redundancy: [{match: "10.9.1.1:80", survive: dc}]\ngroups: [{name: edge, directors: [lb1, lb2]}]\n`,
    );
    const { status, stdout } = await survive('--policy', file, '--director', 'lb1', '--format', 'json');
    const { partners, services } = JSON.parse(stdout) as { partners: string[]; services: Record<string, unknown>[] };
    expect([status, partners]).toEqual([2, ['lb2']]);
    expect(services.find(({ service }) => service === '10.9.1.1_80')).toMatchObject({
      status: 'critical',
      required: 'dc',
      missing: 'a real server outside of data centre tx',
      survives: {
        server: { outcome: 'survives' },
        rack: { outcome: 'survives', left: 1 },
        dc: { outcome: 'lost', lost: 'tx' },
        director: { outcome: 'survives' },
      },
    });
  });

  test('says what is lost without a place', async () => {
    const file = policy(topology);
    const { status, stdout } = await survive('--policy', file, '--without', 'tx/r2');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Without rack tx\/r2, 1 service loses real servers\n\n.*\n10\.9\.1\.1:80 +1 of 2 +survives/,
    );
    expect(await survive('--policy', file, '--without', '10.1.0.13', '--format', 'nagios')).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(
        /^SURVIVE CRITICAL: 10\.9\.1\.2:80: nothing is left \| lost=1 overloaded=0 unknown=0 services=5\n$/,
      ),
    });
  });

  test.each<readonly [what: string, args: readonly string[], says: string]>([
    [
      'a name may be two racks',
      ['--policy', policy(topology), '--without', 'r2'],
      '"r2" may be rack tx/r2, rack ny/r2',
    ],
    [
      'there is no such place',
      ['--without', 'r9'],
      'there is no topology, so name the address of a usable real server',
    ],
    ['an option is unknown', ['--bogus'], 'unknown option'],
    ['there are no archives', ['--data', newFolder()], 'no'],
  ])('exits with 3 if %s', async (_, args, says) => {
    expect(await survive(...args)).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining(says) });
  });

  test('reports a topology that is wrong, and does not call that well', async () => {
    const file = policy('topology: [{host: a, addresses: [10.1.0.11]}, {host: b, addresses: [10.1.0.11]}]');
    const { status, stderr } = await survive('--policy', file, '--without', '10.1.0.12');
    expect([status, stderr]).toEqual([3, expect.stringContaining('the hosts "a" and "b" both claim 10.1.0.11')]);
  });
});
