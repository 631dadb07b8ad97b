// Files belong to the data folder's owner even if root runs the command; root's rights are used only to read the table.

import { chmodSync, chownSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownFake } from '../commands/fakes.js';
import { run, scratch } from '../commands/program.js';
import { evenPair, printablePair, recordPair } from '../commands/recordings.js';

const newFolder = scratch();
const ownerId = 65_534;
const isRoot = process.getuid?.() === 0;

/** A data folder of another user, below folders that this user may enter. */
function foreignFolder(): string {
  const data = newFolder();
  for (let folder = dirname(data); folder !== tmpdir() && folder !== '/'; folder = dirname(folder))
    chmodSync(folder, 0o755);
  chownSync(data, ownerId, ownerId);
  return data;
}

/** Files and folders below a folder that belong to anybody else. */
function strangersBelow(folder: string): readonly string[] {
  const paths = readdirSync(folder, { recursive: true }).map((path) => join(folder, path.toString()));
  expect(paths.length).toBeGreaterThan(3);
  return paths.filter((path) => lstatSync(path).uid !== ownerId || lstatSync(path).gid !== ownerId);
}

describe.skipIf(!isRoot)('(needs root) in a data folder of another user, root', () => {
  test('collects into files of that user, but reads the table as root', async () => {
    const [data, pair] = [foreignFolder(), newFolder('pair')];
    const { statsPath, tablePath } = printablePair(pair, evenPair(1, 1));
    const command = ownFake('tells-user', join(pair, 'users'), statsPath, tablePath);
    const ended = await run(['collect', '--data', data, '--ipvsadm', command]);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(pair, 'users'), 'utf8')).toBe('0\n0\n');
    expect(strangersBelow(data)).toEqual([]);
  });

  test('replays, reads and draws without leaving a file of its own', async () => {
    const [data, record, out] = [foreignFolder(), newFolder('record'), join(newFolder('out'), 'pictures')];
    chmodSync(record, 0o755);
    for (const n of [1, 2]) recordPair(record, 1_700_000_100 + n * 300, evenPair(1, n));
    const commands = [
      ['replay', record],
      ['list'],
      ['fetch', 'all'],
      ['events'],
      ['render'],
      ['render', '--since', '1d', '--type', 'cps', '--out', out],
    ];
    for (const args of commands) {
      expect(await run([...args, '--data', data]), args.join(' ')).toMatchObject({ status: 0, stderr: '' });
      expect(strangersBelow(data), args.join(' ')).toEqual([]);
    }
    expect(readdirSync(out).sort()).toEqual([
      '192.0.2.1_80-cps.png',
      'all-cps.png',
      'report.csv',
      'report.html',
      'report.json',
    ]);
  });
});
