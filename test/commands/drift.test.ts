// `lvs-stats drift`, and drift at each cycle, with captures of a director that changes.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from '../until.js';
import { fakeCommand, printingStep } from './fakes.js';
import { runHere, succeedHere } from './here.js';
import { run, scratch } from './program.js';

const newFolder = scratch();
const [well, unhealthy, zero, dirty] = [
  printingStep('sequence/003-traffic'),
  printingStep('sequence/027-real-server-removed'),
  printingStep('sequence/035-real-server-weight-0'),
  printingStep('sequence/017-service-deleted'),
];

/** The configuration of the captured director. */
const configuration = `
vrrp_instance VI_1 {
  authentication {
    auth_type PASS
    auth_pass hunter2
  }
}
virtual_server 10.9.1.1 80 {
  protocol TCP
  lvs_sched rr
  real_server 10.1.0.11 80 { weight 1 }
  real_server 10.1.0.12 80 { weight 1 }
}
virtual_server 10.9.1.2 80 {
  protocol TCP
  real_server 10.1.0.13 80 { weight 1 }
}
virtual_server 10.9.1.1 53 {
  protocol UDP
  lvs_sched rr
  real_server 10.1.0.11 53 { weight 1 }
}
virtual_server 2001:db8:9::1 80 {
  protocol TCP
  real_server 2001:db8:1::11 80 { weight 1 }
}
virtual_server fwmark 1 {
  real_server 10.1.0.11 80 { weight 1 }
}
`;

function written(text: string, name = 'keepalived.conf'): string {
  const file = join(newFolder(), name);
  writeFileSync(file, text);
  return file;
}

const file = written(configuration);

describe('drift', () => {
  test('is 0 where the table is as configured, as a saved one, and as that of another director', async () => {
    const golden = written(await succeedHere('drift', '--dump', '--against', well), 'golden');
    for (const reference of [
      ['--keepalived', file],
      ['--golden', golden],
      ['--against', well],
    ]) {
      const ended = await run(['drift', '--ipvsadm', well, ...reference]);
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      expect(ended.stdout).toMatch(/^5 services as wanted by .*\.\n$/);
    }
  });

  test('is 1 where a health check explains the difference, and 2 otherwise, with file and line', async () => {
    const ended = await runHere(['drift', '--ipvsadm', zero, '--keepalived', file]);
    expect(ended.stdout).toContain('dirty');
    const { status, stdout } = await runHere(['drift', '--ipvsadm', dirty, '--keepalived', file]);
    expect(status).toBe(2);
    expect(stdout).toMatch(
      /dirty +service missing +10\.9\.1\.1:80 +not in the table +in the table +\S+keepalived\.conf:8/,
    );
    const other = written(
      (await succeedHere('drift', '--dump', '--against', well)).replace('-r 10.1.0.12:80', '-r 10.1.0.99:80'),
      'golden',
    );
    const one = await runHere(['drift', '--ipvsadm', well, '--golden', other, '--format', 'json']);
    expect(one.status).toBe(2);
    expect(JSON.parse(one.stdout)).toMatchObject({
      status: 'dirty',
      problems: [
        { problem: 'real-server-missing', class: 'unhealthy', archive: '10.9.1.1_80/10.1.0.99_80', file: other },
        { problem: 'real-server-extra', class: 'dirty', archive: '10.9.1.1_80/10.1.0.12_80', file: null, line: null },
      ],
    });
    const missing = written(`${await succeedHere('drift', '--dump', '--against', unhealthy)}`, 'golden');
    expect((await runHere(['drift', '--ipvsadm', unhealthy, '--golden', missing])).status).toBe(0);
    const line = await runHere([
      'drift',
      '--ipvsadm',
      well,
      '--keepalived',
      written(
        configuration
          .replace('protocol UDP\n', 'protocol UDP\n  quorum 5\n')
          .replace(
            'real_server 10.1.0.11 53 { weight 1 }',
            'real_server 10.1.0.11 53 { weight 1 }\n  real_server 10.1.0.12 53 { weight 1 }',
          ),
      ),
      '--format',
      'nagios',
    ]);
    expect(line.status).toBe(1);
    expect(line.stdout).toMatch(
      /^DRIFT WARNING: .*quorum lost.*real server missing.* \| unhealthy=2 dirty=0 services=5\n$/,
    );
  });

  test('is 3 where it cannot tell: no reference, none that can be read, no table', async () => {
    for (const args of [
      ['--keepalived', '/nonexistent/keepalived.conf'],
      ['--golden', '/nonexistent'],
      ['--against', fakeCommand('fails')],
      ['--bogus'],
    ]) {
      const ended = await runHere(['drift', '--ipvsadm', well, ...args]);
      expect([args, ended.status]).toEqual([args, 3]);
      expect(`${ended.stdout}${ended.stderr}`).not.toBe('');
    }
    expect((await runHere(['drift', '--keepalived', file, '--ipvsadm', fakeCommand('fails')])).status).toBe(3);
    if (!existsSync('/etc/keepalived/keepalived.conf')) {
      const { status, stderr } = await runHere(['drift', '--ipvsadm', well]);
      expect([status, stderr]).toEqual([3, expect.stringContaining('there is nothing to compare the table with')]);
    }
  });

  test('says what was left out, and with --strict cannot tell', async () => {
    const partial = written(
      `${configuration}\nvirtual_server $VIP 80 {\n  real_server 10.1.0.1 80 { }\n}\nodd hunter2\n`,
    );
    const ended = await runHere(['drift', '--ipvsadm', well, '--keepalived', partial]);
    expect(ended.status).toBe(0);
    expect(ended.stdout).toContain('was not read in full; only what was understood is judged:');
    expect(ended.stdout).toContain(`${partial}:31: this virtual_server is left out: of "$VIP", it is not an address`);
    expect(ended.stdout).toContain(`${partial}:34: unknown word: "odd"`);
    expect((await runHere(['drift', '--ipvsadm', well, '--keepalived', partial, '--strict'])).status).toBe(3);
    expect((await runHere(['drift', '--ipvsadm', well, '--keepalived', file, '--strict'])).status).toBe(0);
  });

  test('takes the references of the settings, and prints what they ask for without passwords', async () => {
    const settings = written(`drift-keepalived: ${file}\ndrift-config-id: lb1\n`, 'settings.yaml');
    expect(await runHere(['drift', '--ipvsadm', well, '--config', settings])).toMatchObject({ status: 0, stderr: '' });
    const dump = await runHere(['drift', '--dump', '--config', settings]);
    expect(dump.stdout.split('\n').slice(0, 4)).toEqual([
      '-A -f 1 -s wlc',
      '-a -f 1 -r 10.1.0.11:80 -m -w 1',
      '-A -t 10.9.1.1:80 -s rr',
      '-a -t 10.9.1.1:80 -r 10.1.0.11:80 -m -w 1',
    ]);
    expect(JSON.stringify(dump)).not.toContain('hunter2');
  });

  test('is the same from both directors of a pair', async () => {
    const [one, two] = await Promise.all([
      runHere(['drift', '--ipvsadm', well, '--against', dirty, '--format', 'json']),
      runHere(['drift', '--ipvsadm', dirty, '--against', well, '--format', 'json']),
    ]);
    const about = ({ stdout }: { stdout: string }): readonly string[] =>
      (JSON.parse(stdout) as { problems: { archive: string }[] }).problems.map(({ archive }) => archive);
    expect(about(one)).toEqual(about(two));
    expect([one.status, two.status]).toEqual([2, 2]);
  });
});

interface Found {
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}

/** The findings, once another cycle would have a second of its own. */
async function findingsIn(data: string): Promise<readonly Found[]> {
  const second = Math.floor(Date.now() / 1000);
  await until('the next second', () => Math.floor(Date.now() / 1000) > second);
  const { stdout } = await runHere(['status', '--data', data, '--format', 'json']);
  return (JSON.parse(stdout) as { findings: Found[] }).findings;
}

describe('a cycle with references', () => {
  test('finds each problem at once, with an event, and closes it again', async () => {
    const data = newFolder();
    const collect = (ipvsadm: string, ...args: readonly string[]) =>
      runHere(['collect', '--data', data, '--no-pictures', '--ipvsadm', ipvsadm, '--drift-keepalived', file, ...args]);
    expect(await collect(well)).toMatchObject({ status: 0 });
    expect(await findingsIn(data)).toEqual([]);
    expect(await collect(dirty)).toMatchObject({ status: 0 });
    const found = await findingsIn(data);
    expect(found).toContainEqual(
      expect.objectContaining({
        kind: 'service-missing',
        subject: '10.9.1.1_80',
        text: `10.9.1.1:80: service missing: not in the table, expected in the table (${file}:8)`,
      }),
    );
    expect(await succeedHere('events', '--data', data)).toContain('service missing');
    await collect(well);
    await findingsIn(data);
    await collect(well);
    expect((await findingsIn(data)).map(({ kind }) => kind)).not.toContain('service-missing');
  });

  test('keeps what it knows while a configuration cannot be read, and says that', async () => {
    const data = newFolder();
    const own = written(configuration.replace('weight 1', 'weight 7'));
    const collect = () =>
      runHere(['collect', '--data', data, '--no-pictures', '--ipvsadm', well, '--drift-keepalived', own]);
    await collect();
    expect((await findingsIn(data)).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'wrong-weight host/10.1.0.11',
    ]);
    await runHere(['collect', '--data', data, '--no-pictures', '--ipvsadm', well, '--drift-keepalived', `${own}.gone`]);
    expect((await findingsIn(data)).map(({ kind }) => kind).sort()).toEqual(['drift-unreadable', 'wrong-weight']);
    await collect();
    expect((await findingsIn(data)).map(({ kind }) => kind)).toEqual(['wrong-weight']);
  });

  test('compares with another director, and is not held up by one that fails', async () => {
    const data = newFolder();
    const collect = (against: string) =>
      runHere(['collect', '--data', data, '--no-pictures', '--ipvsadm', well, '--drift-against', against]);
    await collect(dirty);
    expect((await findingsIn(data)).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'service-extra 10.9.1.1_80',
    ]);
    expect(await collect(fakeCommand('fails'))).toMatchObject({ status: 0 });
    expect((await findingsIn(data)).map(({ kind }) => kind).sort()).toEqual(['drift-unreadable', 'service-extra']);
  });
});
