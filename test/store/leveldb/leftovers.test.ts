// Unfinished files of killed processes: the next process removes them, but spares those of running processes and other users.

import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { removeLeftovers, removeLeftoversBelow } from '../../../src/store/leveldb/leftovers.js';
import { takeLock } from '../../../src/store/lock.js';
import { openStore } from '../../../src/store/open.js';
import { openShadow } from '../../../src/store/shared/shadow.js';

/** Larger than any process number. */
const deadPid = 999_999_999;
let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lvs-stats-leftovers-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(data, { recursive: true, force: true });
});

/** Makes a folder that is not empty. */
function makeFolder(...names: readonly string[]): void {
  const folder = join(data, ...names);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'CURRENT'), '');
}

test('taking a lock removes unfinished databases and locks of killed processes', async () => {
  for (const pid of [deadPid, process.ppid]) {
    makeFolder(`archives.${pid}.part`);
    for (const name of ['collect', 'draw']) makeFolder('locks', `${name}.${pid}.part`);
  }
  makeFolder('kept.part');
  const lock = await takeLock(data, 'draw', 0);
  await lock?.release();
  expect(readdirSync(data).sort()).toEqual([`archives.${process.ppid}.part`, 'kept.part', 'locks']);
  expect(readdirSync(join(data, 'locks')).sort()).toEqual([
    `collect.${process.ppid}.part`,
    'draw',
    `draw.${process.ppid}.part`,
  ]);
});

test('files of a killed process with the same number do no harm', async () => {
  for (const path of [[`archives.${process.pid}.part`], ['locks', `collect.${process.pid}.part`]]) makeFolder(...path);
  const lock = await takeLock(data, 'collect', 0);
  await (await openStore(data)).close();
  await lock?.release();
  writeFileSync(join(data, 'locks', 'collect', 'CURRENT'), '');
  makeFolder('locks', `collect.${process.pid}.part`);
  await (await takeLock(data, 'collect', 0))?.release();
  expect([readdirSync(data).sort(), readdirSync(join(data, 'locks'))]).toEqual([['archives', 'locks'], ['collect']]);
});

test('reading through a shadow removes only shadows of killed processes', async () => {
  await (await openStore(data)).close();
  const temporary = join(data, 'temporary');
  const [own, alive] = [`lvs-stats-reading-${deadPid}-abcdef`, `lvs-stats-reading-${process.pid}-abcdef`];
  for (const name of [own, alive, 'lvs-stats-reading-abcdef', `other-${deadPid}-abcdef`]) makeFolder('temporary', name);
  vi.stubEnv('TMPDIR', temporary);
  const shadow = await openShadow(databaseFolder(data));
  expect(readdirSync(temporary)).toHaveLength(4);
  await shadow.remove();
  expect(readdirSync(temporary).sort()).toEqual([alive, 'lvs-stats-reading-abcdef', `other-${deadPid}-abcdef`].sort());
});

test.skipIf(process.getuid?.() !== 0)("(needs root) another user's files stay", () => {
  makeFolder(`own.${deadPid}.part`);
  makeFolder(`other.${deadPid}.part`);
  chownSync(join(data, `other.${deadPid}.part`), 65_534, 65_534);
  removeLeftovers(data);
  expect(readdirSync(data)).toEqual([`other.${deadPid}.part`]);
});

test('unfinished pictures are removed from subfolders; a missing folder is ignored', () => {
  makeFolder('day');
  writeFileSync(join(data, 'day', `all-cps.png.${deadPid}.part`), '');
  removeLeftoversBelow(data);
  expect(readdirSync(join(data, 'day'))).toEqual(['CURRENT']);
  removeLeftoversBelow(join(data, 'nothing'));
  expect(existsSync(join(data, 'nothing'))).toBe(false);
});
