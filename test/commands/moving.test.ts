// Rows of rrdtool's files imported and exported by commands; and a forgotten archive.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCommand, differences, fetchCommand, hasRrdtool, parseFetch, runRrdtool } from '../store/rrdtool.js';
import { tellStory, updateArguments } from '../store/sequence.js';
import { fetchRows, listArchives } from './answers.js';
import { succeedHere } from './here.js';
import { run, scratch, succeed } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();

describe.skipIf(!hasRrdtool)('an rrdtool file (needs rrdtool)', () => {
  test('is imported and exported with the same rows, beside files that are rejected', async () => {
    const [data, folder] = [newFolder(), newFolder('files')];
    const story = tellStory(5, 400, 'mixed');
    const [startS, endS] = [story[0]?.timeS ?? 0, story.at(-1)?.timeS ?? 0];
    const [file, other, again] = ['192.0.2.1_80.rrd', 'eth0.rrd', 'again.rrd'].map((name) => join(folder, name));
    const bad = join(folder, '192.0.2.2_80.rrd');
    writeFileSync(bad, 'RRD\0 and no more');
    runRrdtool([
      createCommand(`${file}`, startS - 1),
      `update ${file} ${updateArguments(story).join(' ')}`,
      createCommand(`${other}`, startS - 1),
    ]);
    const imported = await run(['import', bad, `${other}`, `${file}`, '--data', data]);
    expect(imported.status).toBe(1);
    expect(imported.stdout).toMatch(/192\.0\.2\.1_80\.rrd: \d+ values into 192\.0\.2\.1_80, a new archive, up to /);
    expect(imported.stderr).toMatch(/192\.0\.2\.2_80\.rrd/);
    expect(imported.stderr).toMatch(/the name of .*eth0\.rrd does not identify an archive: use --name/);
    expect(imported.stderr).toMatch(/2 of 3 files could not be imported/);
    expect((await listArchives(data)).map(({ name }) => name)).toEqual(['192.0.2.1_80']);
    const xml = join(folder, 'out.xml');
    await succeed('export', '192.0.2.1:80', '--data', data, '--out', xml);
    for (const [cf, stepS] of [
      ['AVERAGE', 300],
      ['MAX', 1800],
      ['AVERAGE', 7200],
    ] as const) {
      const query = { name: '', cf, startS: startS - 86_400, endS, stepS };
      const restore = existsSync(`${again}`) ? [] : [`restore ${xml} ${again}`];
      const outputs = runRrdtool([...restore, fetchCommand(`${file}`, query), fetchCommand(`${again}`, query)]);
      const [theirs, ours] = outputs.slice(-2).map(parseFetch);
      expect(differences(ours ?? [], theirs ?? [])).toEqual([]);
      const options = ['--cf', cf, '--start', String(query.startS), '--end', String(endS), '--step', String(stepS)];
      const { rows } = await fetchRows(data, '192.0.2.1:80', ...options);
      const fetched = rows.map((row) => row.map((value) => value ?? Number.NaN));
      expect(differences(fetched, theirs ?? [])).toEqual([]);
    }
  });
});

describe('a forgotten archive', () => {
  test('is removed with its pictures, after confirmation only', async () => {
    const [data, record] = [newFolder(), newFolder('record')];
    for (const n of [0, 1, 2]) recordPair(record, 1_700_000_100 + 300 * n, evenPair(2, n));
    await succeedHere('replay', record, '--data', data);
    const path = (await succeed('picture', '192.0.2.1:80', 'cps', '--data', data)).trim();
    const asked = await run(['forget', '192.0.2.1:80', '--data', data]);
    expect(asked).toMatchObject({ status: 2, stdout: '' });
    expect(asked.stderr).toMatch(/there is no terminal to ask on: use --yes to forget 192\.0\.2\.1_80/);
    expect(existsSync(path)).toBe(true);
    const forgotten = await succeed('forget', '192.0.2.1:80', '--yes', '--data', data);
    expect(forgotten).toMatch(/^forgotten: 192\.0\.2\.1_80, 192\.0\.2\.1_80\/10\.0\.0\.1_8080, with 1 event/);
    expect(forgotten).toMatch(/2 of them are still in the table: new archives begin/);
    expect(existsSync(path)).toBe(false);
    const names = (await listArchives(data)).map(({ name }) => name);
    expect(names).toEqual(['all', '192.0.2.2_80', '192.0.2.2_80/10.0.0.2_8080']);
    const again = await run(['forget', '192.0.2.1:80', '--yes', '--data', data]);
    expect(again).toMatchObject({ status: 1, stderr: expect.stringMatching(/there is no archive "192\.0\.2\.1_80"/) });
    expect((await run(['forget', 'all', '--yes', '--data', data])).stderr).toMatch(/the sum of all the others/);
  });
});
