// A backup taken while collecting continues, then restored and compared, with commands.

import { existsSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../until.js';
import { fetchRows, listArchives } from './answers.js';
import { run, scratch, start, succeed } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

/** Replays a recording and takes a backup before it ends. */
async function backupDuring(record: string): Promise<{ data: string; file: string }> {
  for (;;) {
    const data = newFolder();
    const file = join(newFolder('files'), 'lvs-stats.backup');
    const replay = start(['replay', record, '--data', data]);
    // The server answers a request during a turn of the replay after that turn.
    await until(
      'cycles are stored',
      async () => replay.child.exitCode !== null || (await listArchives(data)).length > 0,
    );
    const backup = await run(['backup', file, '--data', data]);
    expect(backup).toMatchObject({ status: 0, stdout: '' });
    expect(backup.stderr).toMatch(/9 archives with readings up to 2023-/);
    const wasDuring = replay.child.exitCode === null;
    expect((await replay.ended).stdout).toMatch(/^2500 stored/);
    if (wasDuring) return { data, file };
  }
}

test('a backup taken during a replay has the rows of all cycles before it', async () => {
  const record = newFolder('record');
  for (let n = 0; n < 2500; n += 1) recordPair(record, startS + 300 * n, evenPair(4, n));
  const { data, file } = await backupDuring(record);
  const [files, again] = [dirname(file), newFolder('again')];
  expect(await succeed('restore', file, '--data', again)).toMatch(/^restored into .*: 9 archives/);
  const [first] = await listArchives(again);
  const lastS = first?.last ?? 0;
  expect(lastS).toBeLessThan(startS + 300 * 2499);
  for (const name of ['all', '192.0.2.1:80', '192.0.2.4_80/10.0.0.4_8080']) {
    const span = ['--start', String(startS), '--end', String(lastS - 300)];
    expect(await fetchRows(again, name, ...span)).toEqual(await fetchRows(data, name, ...span));
  }
  expect(await succeed('check', '--data', again)).toMatch(
    /; 9 archives with .* no fault found, the newest reading is from/,
  );

  const part = `${file}.999999999.part`;
  writeFileSync(part, 'left by a process that was killed');
  expect(await succeed('backup', file, '--data', data, '--force', '--quiet')).toBe('');
  expect(existsSync(part)).toBe(false);
  expect((await run(['backup', file, '--data', data])).stderr).toMatch(/already exists: --force replaces it/);
  expect((await run(['restore', file, '--data', again])).stderr).toMatch(/there are archives in .* already/);
  truncateSync(file, statSync(file).size - 100);
  const cut = newFolder('cut');
  expect(await run(['restore', file, '--data', cut])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/is not a complete backup \(unexpected end of file\)/),
  });
  expect(existsSync(join(cut, 'archives'))).toBe(false);
  expect(readdirSync(files)).toEqual(['lvs-stats.backup']);
});
