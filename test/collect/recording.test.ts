import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CollectError } from '../../src/collect/collect-error.js';
import { readHostTables } from '../../src/collect/ipvs/proc/host-tables.js';
import { listRecordings, readRecording, writeRecording } from '../../src/collect/recording.js';
import { capture, fixturePath } from './capture.js';

const root = mkdtempSync(join(tmpdir(), 'recording-'));
afterAll(() => rmSync(root, { recursive: true }));

const raw = { statsText: capture('zoo/027-stats-exact.txt'), tableText: capture('zoo/025-list.txt') };

function folderOf(name: string, files: readonly string[]): string {
  const dir = join(root, name);
  mkdirSync(dir);
  for (const file of files) writeFileSync(join(dir, file), '');
  return dir;
}

describe('a recording', () => {
  test('is listed and read back as the table it was', async () => {
    const dir = join(root, 'made/on/the/way');
    await writeRecording(dir, 1_700_000_300, raw);
    await writeRecording(dir, 1_700_000_000, raw);
    expect(readdirSync(dir).toSorted()).toEqual([
      '1700000000.stats.txt',
      '1700000000.table.txt',
      '1700000300.stats.txt',
      '1700000300.table.txt',
    ]);
    expect(readFileSync(join(dir, '1700000300.stats.txt'), 'latin1')).toBe(raw.statsText);
    const { entries } = await listRecordings(dir);
    expect(entries.map(({ timeS }) => timeS)).toEqual([1_700_000_000, 1_700_000_300]);
    const [first] = entries.map(readRecording);
    expect(first).toMatchObject({
      snapshot: { timeS: 1_700_000_000, host: null, isAbsenceSure: true },
      notes: [],
    });
    expect(first?.snapshot.services).toHaveLength(86);
  });

  test("keeps the use of the kernel's other tables beside a pair, which without it does not tell", async () => {
    const dir = join(root, 'host');
    const hostText = readHostTables(fixturePath('proc/host-tables'));
    await writeRecording(dir, 5, { ...raw, hostText });
    await writeRecording(dir, 6, raw);
    await writeRecording(dir, 7, { ...raw, hostText: '' });
    const { entries } = await listRecordings(dir);
    expect(entries.map((entry) => readRecording(entry).snapshot.hostTables?.map(({ entries: used }) => used))).toEqual([
      [2, 4, 0],
      undefined,
      [],
    ]);
    expect(readFileSync(join(dir, '5.host.txt'), 'latin1')).toBe(hostText);
  });

  test('replaces an earlier one of the same second', async () => {
    const dir = join(root, 'over');
    await writeRecording(dir, 5, raw);
    await writeRecording(dir, 5, { ...raw, statsText: capture('zoo/003-stats-exact.txt') });
    expect(readFileSync(join(dir, '5.stats.txt'), 'latin1')).toBe(capture('zoo/003-stats-exact.txt'));
    expect(readdirSync(dir)).toHaveLength(2);
  });

  test('is listed by number, not by letter', async () => {
    const times = [1_000_000_000, 999_999_999, 5, 40];
    const dir = folderOf(
      'order',
      times.flatMap((timeS) => [`${timeS}.stats.txt`, `${timeS}.table.txt`]),
    );
    const { entries } = await listRecordings(dir);
    expect(entries.map(({ timeS }) => timeS)).toEqual([5, 40, 999_999_999, 1_000_000_000]);
  });

  test('with half a pair reports it at its time and lists the others', async () => {
    const dir = folderOf('half', ['1.stats.txt', '2.table.txt', '3.stats.txt', '3.table.txt']);
    const { entries, moments } = await listRecordings(dir);
    expect(entries.map(({ timeS }) => timeS)).toEqual([3]);
    expect(moments.map(({ timeS, pair }) => [timeS, pair instanceof CollectError ? pair.message : 'whole'])).toEqual([
      [1, `${join(dir, '1.stats.txt')} is left out: there is no 1.table.txt beside it`],
      [2, `${join(dir, '2.table.txt')} is left out: there is no 2.stats.txt beside it`],
      [3, 'whole'],
    ]);
  });

  test('ignores other files', async () => {
    const names = ['README', '1.stats.txt.99.part', '01.stats.txt', '1.stats.txt.gz', 'x1.table.txt', '-1.stats.txt'];
    const { entries, moments } = await listRecordings(folderOf('others', names));
    expect({ entries, moments }).toEqual({ entries: [], moments: [] });
  });

  test.each([
    ['cannot be listed', () => listRecordings(join(root, 'missing'))],
    ['cannot be written', () => writeRecording('/dev/null/x', 1, raw)],
    ['has a read-only parent folder', () => writeRecording('/proc/lvs-stats/recording', 1, raw)],
    ['cannot be read', async () => readRecording({ timeS: 1, statsPath: join(root, 'x'), tablePath: join(root, 'y') })],
  ])('that %s is reported by name', async (_, act) => {
    await expect(act()).rejects.toMatchObject({ code: 'bad-recording', message: expect.stringContaining('ENO') });
  });

  test('with an invalid line names the file and the line', () => {
    const dir = join(root, 'broken');
    mkdirSync(dir);
    const [statsPath, tablePath] = [join(dir, '7.stats.txt'), join(dir, '7.table.txt')];
    writeFileSync(statsPath, raw.statsText, 'latin1');
    writeFileSync(tablePath, `${raw.tableText}garbage\n`, 'latin1');
    const { snapshot, notes } = readRecording({ timeS: 7, statsPath, tablePath });
    expect(snapshot.services).toHaveLength(86);
    expect(snapshot.isAbsenceSure).toBe(false);
    expect(notes).toMatchObject([
      { kind: 'refused', text: expect.stringContaining(`line 276 of ${tablePath}, "garbage":`) },
    ]);
  });

  test('with an appended run, or with both listings in each file, is read with a remark', () => {
    const dir = join(root, 'appended');
    mkdirSync(dir);
    const [statsPath, tablePath] = [join(dir, '7.stats.txt'), join(dir, '7.table.txt')];
    writeFileSync(statsPath, raw.statsText + raw.statsText + raw.tableText, 'latin1');
    writeFileSync(
      tablePath,
      `Warning: Permanently added 'lb1' to the list of known hosts.\r\n${raw.tableText}`,
      'latin1',
    );
    const { snapshot, notes } = readRecording({ timeS: 7, statsPath, tablePath });
    expect(snapshot.services).toHaveLength(86);
    expect(snapshot.isAbsenceSure).toBe(true);
    expect(notes.map(({ kind }) => kind)).toEqual(['remark', 'remark', 'remark']);
  });
});
