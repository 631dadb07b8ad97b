// Unfinished files of killed processes are removed by the next one; those of a running process, or of another user, stay.

import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { removeLeftovers, removeLeftoversBelow } from '../../../src/store/leveldb/leftovers.js';
import { takeLock } from '../../../src/store/lock.js';
import { openStore } from '../../../src/store/open.js';
import { openShadow } from '../../../src/store/shared/shadow.js';

/** More than there are processes. */
const deadPid = 999_999_999;
let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lvs-stats-leftovers-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(data, { recursive: true, force: true });
});

/** Makes a folder with something in it. */
function makeFolder(...names: readonly string[]): void {
  const folder = join(data, ...names);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'CURRENT'), '');
}

test('who takes a lock removes the databases and locks that killed processes had not finished', async () => {
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

test("what a killed process with the number of this one left is in nobody's way", async () => {
  for (const path of [[`archives.${process.pid}.part`], ['locks', `collect.${process.pid}.part`]]) makeFolder(...path);
  const lock = await takeLock(data, 'collect', 0);
  await (await openStore(data)).close();
  await lock?.release();
  writeFileSync(join(data, 'locks', 'collect', 'CURRENT'), '');
  makeFolder('locks', `collect.${process.pid}.part`);
  await (await takeLock(data, 'collect', 0))?.release();
  expect([readdirSync(data).sort(), readdirSync(join(data, 'locks'))]).toEqual([['archives', 'locks'], ['collect']]);
});

test('who reads through a shadow removes those that killed processes left, and no others', async () => {
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

test.skipIf(process.getuid?.() !== 0)('(skipped: needs root) what belongs to another user stays', () => {
  makeFolder(`own.${deadPid}.part`);
  makeFolder(`other.${deadPid}.part`);
  chownSync(join(data, `other.${deadPid}.part`), 65_534, 65_534);
  removeLeftovers(data);
  expect(readdirSync(data)).toEqual([`other.${deadPid}.part`]);
});

test('half drawn pictures go from all folders below one, and a folder that is not there has none', () => {
  makeFolder('day');
  writeFileSync(join(data, 'day', `all-cps.png.${deadPid}.part`), '');
  removeLeftoversBelow(data);
  expect(readdirSync(join(data, 'day'))).toEqual(['CURRENT']);
  removeLeftoversBelow(join(data, 'nothing'));
  expect(existsSync(join(data, 'nothing'))).toBe(false);
});
