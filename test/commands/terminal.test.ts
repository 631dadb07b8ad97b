// No foreign text controls the terminal, whether it comes from arguments, files or programs, and in any output format.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Run, run, scratch } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const hostile = '\u001b]0;owned\u0007\u009b2J\u007f\r\u202etxt\u2028';

/** Characters that a terminal obeys, except line ends, which are ours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds them
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f]/;

function expectHarmless({ stdout, stderr }: Run): void {
  expect(`${stdout}${stderr}`).not.toMatch(obeyed);
}

/** A folder with a reading, and a failure whose message is hostile. */
async function hostileArchives(): Promise<string> {
  const [data, record, bin] = [newFolder(), newFolder('record'), newFolder('bin')];
  for (const n of [0, 1]) recordPair(record, 1_700_000_100 + 300 * n, evenPair(1, n));
  expectHarmless(await run(['replay', record, '--data', data]));
  const program = join(bin, 'ipvsadm');
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '\\033]0;owned\\007\\302\\2332J\\342\\200\\256txt\\r\\nlvs-stats: all is well\\n' >&2\nexit 1\n`,
  );
  chmodSync(program, 0o755);
  for (const format of ['text', 'json']) {
    const failed = await run(['collect', '--data', data, '--ipvsadm', program, '--log-format', format]);
    expect(failed.status).toBe(1);
    expectHarmless(failed);
    expect(failed.stderr.trimEnd().split('\n')).toHaveLength(1);
    if (format === 'json') expect(JSON.parse(failed.stderr)).toMatchObject({ level: 'error' });
  }
  return data;
}

test('the output of another program is masked in errors and events', async () => {
  const data = await hostileArchives();
  for (const format of ['table', 'csv', 'json']) {
    const events = await run(['events', '--data', data, '--format', format]);
    expect(events).toMatchObject({ status: 0, stdout: expect.stringContaining('owned') });
    expectHarmless(events);
    expectHarmless(await run(['events', `*${hostile}`, '--data', data, '--format', format]));
    if (format === 'json') expect(JSON.parse(events.stdout)).toHaveLength(events.stdout.split('"kind"').length - 1);
  }
});

test.each([
  ['a name', ['fetch', hostile]],
  ['an option', [`--${hostile}`]],
  ['a command', [hostile]],
  ["an option's value", ['render', '--type', hostile]],
  ['a time', ['fetch', 'all', '--start', hostile]],
  ['a data folder', ['list', '--data', `/nowhere/${hostile}`]],
  ['a settings file', ['list', '--config', `/nowhere/${hostile}`]],
  ['a backup', ['restore', `/nowhere/${hostile}`]],
  ['a file to import', ['import', `/nowhere/${hostile}\nlvs-stats: imported`, '--name', 'all']],
  ['a user', ['setup', '--cron', '--user', hostile]],
])('%s is masked in messages', async (_, args) => {
  const ended = await run([...args, ...(args.includes('--data') ? [] : ['--data', newFolder()])]);
  expect(ended.status).not.toBe(0);
  expect(ended.stderr).toContain('owned');
  expectHarmless(ended);
  expect(ended.stderr).not.toMatch(/^lvs-stats: imported/m);
});

test.each([
  ['a line break', '/srv/a\n* * * * * root id'],
  ['a carriage return', '/srv/a\rb'],
  ['an escape', '/srv/\u001b[31m'],
  ['a tab', '/srv/a\tb'],
  ['a line separator', '/srv/a\u2028b'],
  ['a C1 control character', '/srv/a\u0085b'],
])('setup rejects %s in an argument', async (_, data) => {
  for (const kind of ['--cron', '--systemd']) {
    for (const args of [
      ['--data', data],
      ['--data', '/srv/a', '--root', data],
    ]) {
      const ended = await run(['setup', kind, '--dry-run', ...args]);
      expect(ended).toMatchObject({ status: 2, stdout: '' });
      expect(ended.stderr).toMatch(/^lvs-stats: "[^\n]*" cannot be written into a file of cron or systemd[^\n]*\n$/);
    }
    for (const option of ['--user', '--instance'])
      expect(await run(['setup', kind, '--dry-run', '--data', '/srv/a', option, 'a\nb'])).toMatchObject({
        status: 2,
        stdout: '',
      });
  }
});

test('the contents of files are masked in messages', async () => {
  const folder = newFolder();
  const settings = join(folder, 'settings.yaml');
  writeFileSync(settings, `listen: "${JSON.stringify(hostile).slice(1, -1)}"\n`);
  expectHarmless(await run(['list', '--data', folder, '--config', settings]));
  writeFileSync(settings, `${hostile}: 1\n`);
  expectHarmless(await run(['doctor', '--data', folder, '--config', settings, '--ipvsadm', hostile]));
  const dump = join(folder, '192.0.2.1_80.xml');
  writeFileSync(dump, `<${hostile}>`);
  expectHarmless(await run(['import', dump, '--data', folder]));
  const odd = join(folder, `odd${hostile}`);
  mkdirSync(odd);
  execFileSync('touch', [join(odd, '1700000100.stats.txt')]);
  expectHarmless(await run(['replay', odd, '--data', folder]));
});
