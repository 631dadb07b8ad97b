// Wrong usage is reported on standard error with exit status 2, before any change; help goes to standard output.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from './here.js';
import { filesBelow, run, scratch } from './program.js';

const newFolder = scratch();
const commands = ['collect', 'serve', 'render', 'replay', 'list', 'fetch', 'events', 'doctor', 'demo'];

describe.concurrent('help', () => {
  test('lists every command', async () => {
    const { status, stdout, stderr } = await run(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b.*  [A-Z]`, 'm'));
  });

  test.for(commands)('of %s goes to standard output, with its options and --data', async (command) => {
    const { status, stdout, stderr } = await runHere([command, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: lvs-stats ${command}\\b`));
    expect(stdout).toMatch(/--data <dir>/);
    expect(stdout).toContain('LVS_STATS_DATA');
  });

  test('--version prints the version', async () => {
    expect(await run(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe.concurrent('wrong usage', () => {
  const cases: readonly (readonly [line: string, says: RegExp])[] = [
    ['', /Usage: lvs-stats/],
    ['graph', /unknown command 'graph'/],
    ['list --fromat json', /unknown option '--fromat'.*--format/s],
    ['agent', /an agent needs a server, --to https:\/\/HOST:PORT, or Serf, --serf HOST:PORT/],
    ['list all', /too many arguments/],
    ['export', /name an archive/],
    ['export all --since 3d', /--since goes with --format openmetrics/],
    ['list --format xml', /'xml' is invalid.*table, json/],
    ['fetch', /missing required argument 'name'/],
    ['fetch all --cf LAST', /'LAST' is invalid.*AVERAGE, MAX/],
    ['fetch all --start yesterday', /--start.*is not a time/s],
    ['fetch all --step 0', /--step.*whole number above zero/s],
    ['fetch 192.0.2.1', /"192\.0\.2\.1" is not the name of an archive: write 192\.0\.2\.1:80/],
    ['events 192.0.2.1:99999', /is not the name of an archive/],
    ['replay', /missing required argument 'dir'/],
    ['collect --budget much', /--budget.*whole number above zero/s],
    ['collect --ipvsadm', /argument missing/],
    ['render --since 1y', /--since needs --out DIR/],
    ['render --vs 192.0.2.1:80 --out DATA', /--until, --vs and --type go with --since/],
    ['render --format html --out DATA', /--format, --top, --director, --size and --from do/],
    ['render --since 1d --type cps,trafic --out DATA', /"trafic" is not one of cps, traffic, /],
    ['serve --auth passwords --no-auth', /use either --auth or --no-auth/],
    ['serve --no-auth --listen 0.0.0.0:0 --auth passwords', /use either --auth or --no-auth/],
    ['serve --base-path /..', /--base-path \/\.\. is not a path/],
    ['serve --base-path /lvs/../x', /--base-path \/lvs\/\.\.\/x is not a path/],
    ['serve --base-path /lvs/.', /--base-path \/lvs\/\. is not a path/],
    ['demo --services -3', /--services.*whole number above zero/s],
  ];

  test.for(cases)('"%s" is explained, and changes nothing', async ([line, says]) => {
    const data = newFolder();
    const args = line.split(' ').filter((word) => word !== '');
    const ended = await runHere(
      args.map((word) => (word === 'DATA' ? data : word)),
      { env: { LVS_STATS_DATA: data } },
    );
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(filesBelow(data)).toEqual([]);
  });

  test('an empty --data is rejected', async () => {
    const cwd = newFolder();
    expect(await run(['list', '--data', ''], { cwd })).toMatchObject({ status: 2, stdout: '' });
    expect(filesBelow(cwd)).toEqual([]);
  });

  test('a relative --data is below the working folder', async () => {
    const cwd = newFolder();
    const ended = await run(['list', '--data', 'here'], { cwd });
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining(join(cwd, 'here')) });
  });
});
