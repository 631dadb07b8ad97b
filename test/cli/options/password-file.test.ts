// The password file while a server runs: changed, damaged, removed and restored.

import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { passwordsOf } from '../../../src/cli/options/password-file.js';
import { scratch } from '../../commands/program.js';

const newFolder = scratch();
const hash = '$2y$05$abcdefghijklmnopqrstuuWvnZvLZxWgBBrWyq2ISPkj5Zb4ZJJZq';

afterEach(() => {
  vi.restoreAllMocks();
});

function play(): { path: string; users: () => readonly string[]; reports: () => number } {
  const path = join(newFolder(), 'passwords');
  writeFileSync(path, `ann:${hash}\n`);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const passwords = passwordsOf(path);
  return { path, users: () => [...passwords().keys()], reports: () => stderr.mock.calls.length };
}

test('a password file of the same size and modification time is read again after a change', () => {
  const { path, users } = play();
  utimesSync(path, 1000, 1000);
  expect(users()).toEqual(['ann']);
  writeFileSync(path, `bob:${hash}\n`);
  utimesSync(path, 1000, 1000);
  expect(users()).toEqual(['bob']);
});

test.each([
  ['gone', (path: string) => rmSync(path)],
  ['damaged', (path: string) => writeFileSync(path, 'ann:secret')],
])('a password file that is %s is reported once, and read again until that succeeds', (_, spoil) => {
  const { path, users, reports } = play();
  spoil(path);
  expect([users(), users(), reports()]).toEqual([['ann'], ['ann'], 1]);
  writeFileSync(path, `bob:${hash}\n`);
  expect([users(), reports()]).toEqual([['bob'], 1]);
  spoil(path);
  expect([users(), reports()]).toEqual([['bob'], 2]);
});
