// Commands reject a pipe, a device, a socket, a folder or an endless file at once.

import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, scratch } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();

describe('a command', () => {
  const folder = newFolder('odd');
  const pipe = join(folder, 'pipe');
  const socket = join(folder, 'socket');
  const huge = join(folder, 'huge');
  const server = createServer();

  beforeAll(async () => {
    execFileSync('mkfifo', [pipe]);
    mkdirSync(join(folder, 'folder'));
    closeSync(openSync(huge, 'w'));
    truncateSync(huge, 2 ** 30);
    await new Promise<void>((done) => server.listen(socket, done));
  });

  afterAll(() => new Promise((done) => server.close(done)));

  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['any, by --config', ['list', '--config', 'FILE']],
    ['setup', ['setup', '--cron', '--dry-run', '--config', 'FILE']],
    ['serve --auth', ['serve', '--no-collect', '--listen', '127.0.0.1:0', '--auth', 'FILE']],
    ['import', ['import', 'FILE', '--name', '192.0.2.1:80']],
    ['restore', ['restore', 'FILE']],
  ];
  const others = [
    ['a pipe', pipe],
    ['a socket', socket],
    ['a device', '/dev/zero'],
    ['a terminal', '/dev/ptmx'],
    ['a folder', join(folder, 'folder')],
  ] as const;

  test.concurrent.each(
    commands.flatMap(([name, args]) => others.map(([what, file]) => [name, what, args, file] as const)),
  )('%s rejects %s', async (_, __, args, file) => {
    const ended = await run([...args.map((word) => (word === 'FILE' ? file : word)), '--data', newFolder()]);
    expect([1, 2]).toContain(ended.status);
    expect(ended.stderr).toMatch(
      /^lvs-stats: cannot (read|use) [^\n]*( is not a (regular )?file|, not a regular file|ENXIO)[^\n]*\n/,
    );
  });

  test.each(commands.slice(0, 3))('%s rejects a file of a gibibyte', async (_, args) => {
    const ended = await run([...args.map((word) => (word === 'FILE' ? huge : word)), '--data', newFolder()]);
    expect(ended.stderr).toMatch(/it is larger than \d+ [KM]iB/);
  });

  test('replay reports a pipe among the recordings, and replays the others', async () => {
    const [data, record] = [newFolder(), newFolder('record')];
    for (const n of [0, 1]) recordPair(record, 1_700_000_100 + 300 * n, evenPair(1, n));
    for (const half of ['stats', 'table']) execFileSync('mkfifo', [join(record, `1700000700.${half}.txt`)]);
    const ended = await run(['replay', record, '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: expect.stringMatching(/^2 stored, 0 skipped .*, 1 failed/) });
    expect(ended.stderr).toMatch(/cannot read .*1700000700\.stats\.txt: it is a pipe, not a regular file/);
  });

  test('reads settings from a pipe that the shell opened', () => {
    const program = join(import.meta.dirname, '../../bin/lvs-stats');
    const command = `"$0" "$1" list --data "$2" --config <(echo 'listen: nowhere') 2>&1 || true`;
    const args = ['-c', command, process.execPath, program, newFolder()];
    expect(execFileSync('bash', args, { encoding: 'utf8' })).toMatch(/"listen" cannot be "nowhere"/);
  });
});

test.each([
  ['nested lists', '['.repeat(60_000)],
  ['nested maps', '{a: '.repeat(15_000)],
  ['aliases of aliases', `a: &a [1]\n${'b: *a\n'.repeat(100)}`],
])('settings of %s are rejected', async (_, text) => {
  const file = join(newFolder(), 'settings.yaml');
  writeFileSync(file, text);
  const ended = await run(['list', '--data', newFolder(), '--config', file]);
  expect(ended).toMatchObject({ status: 2, stdout: '' });
  expect(ended.stderr).not.toMatch(/bug in lvs-stats|defect/);
});

describe('a dump', () => {
  const head = '<rrd><version>0003</version><step>300</step><lastupdate>1700000000</lastupdate>';
  const ds = (name: string): string =>
    `<ds><name>${name}</name><type>GAUGE</type><minimal_heartbeat>600</minimal_heartbeat><min>NaN</min><max>NaN</max><unknown_sec>0</unknown_sec></ds>`;
  const rra = `${head}${ds('a')}<rra><cf>AVERAGE</cf><pdp_per_row>1</pdp_per_row>`;
  test.each([
    ['deep nesting', '<rrd>'.repeat(100_000), /line 1 of .* has an unexpected <rrd>/],
    [
      'endless data sources',
      head + Array.from({ length: 200 }, (_, i) => ds(`d${i}`)).join(''),
      /too many data sources/,
    ],
    ['endless preparations', `${rra}<cdp_prep>${'<ds></ds>'.repeat(200_000)}`, /too many data sources/],
    [
      'endless element names',
      `${rra}<params>${Array.from({ length: 5000 }, (_, i) => `<p${i}>1</p${i}>`).join('')}`,
      /too many elements/,
    ],
    ['endless blanks', `${head}${' '.repeat(50_000_000)}`, /that does not end/],
    ['an entity', '<!DOCTYPE rrd [<!ENTITY a "aaaa">]><rrd>&a;</rrd>', /which rrdtool does not write/],
  ])('with %s is rejected, compressed or not', async (_, text, message) => {
    const folder = newFolder();
    const [plain, packed] = [join(folder, '192.0.2.1_80.xml'), join(folder, '192.0.2.1_80.xml.gz')];
    writeFileSync(plain, text);
    writeFileSync(packed, gzipSync(text));
    for (const file of [plain, packed]) {
      const ended = await run(['import', file, '--name', '192.0.2.1:80', '--data', folder]);
      expect(ended).toMatchObject({ status: 1, stderr: expect.stringMatching(message) });
    }
  });
});
