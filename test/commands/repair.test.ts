// `lvs-stats repair` for an operator: failing commands mention it, it runs once, and everything works again.

import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchRows } from './answers.js';
import { succeedHere } from './here.js';
import { run, scratch, succeed } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

async function fillArchives(): Promise<{ data: string; record: string }> {
  const [data, record] = [newFolder(), newFolder('record')];
  for (let n = 0; n < 250; n += 1) recordPair(record, startS + n * 300, evenPair(2, n));
  await succeedHere('replay', record, '--data', data);
  return { data, record };
}

test('repair reports that nothing is damaged, and changes nothing', async () => {
  const { data } = await fillArchives();
  const files = readdirSync(data);
  expect(await succeed('repair', '--data', data)).toMatch(/^nothing is damaged: \d+ records are intact\n$/);
  expect(readdirSync(data)).toEqual(files);
});

test.for<readonly [title: string, spoil: (archives: string) => void, lost?: RegExp]>([
  ['the manifest is truncated', (archives) => truncateSync(newestFile(archives, /^MANIFEST/), 20)],
  ['CURRENT names a missing manifest', (archives) => writeFileSync(join(archives, 'CURRENT'), 'MANIFEST-999999\n')],
  ['a table is truncated', (archives) => truncateSync(newestFile(archives, /\.ldb$/), 700)],
  ['a table is missing', (archives) => rmSync(newestFile(archives, /\.ldb$/)), /lost: 1 × a table, with/],
  [
    'a table is overwritten in part',
    (archives) => {
      const path = newestFile(archives, /\.ldb$/);
      const bytes = readFileSync(path);
      bytes.fill(0x5a, 200, 260);
      writeFileSync(path, bytes);
    },
    /lost: [12] × a block of a table/,
  ],
])('if %s, commands report it, and repair restores the database', async ([_title, spoil, lost = /./]) => {
  const { data, record } = await fillArchives();
  const before = await fetchRows(data, '192.0.2.1_80', '--start', `${startS}`);
  spoil(join(data, 'archives'));
  for (const args of [['list'], ['fetch', '192.0.2.1:80'], ['replay', record]]) {
    const { status, stderr } = await run([...args, '--data', data]);
    expect([args[0], status]).toEqual([args[0], 1]);
    expect(stderr).toMatch(/damaged .*"lvs-stats repair"/s);
  }
  const output = await succeed('repair', '--data', data);
  expect(output).toMatch(/records are intact; the damaged files are kept in .*damaged-\d+\n/);
  expect(output).toMatch(lost);
  recordPair(record, startS + 250 * 300, evenPair(2, 250));
  recordPair(record, startS + 251 * 300, evenPair(2, 251));
  expect(await succeed('replay', record, '--data', data)).toMatch(/, 0 failed/);
  const after = await fetchRows(data, '192.0.2.1_80', '--start', `${startS}`, '--end', `${startS + 249 * 300 - 1}`);
  for (const [i, row] of after.rows.entries()) {
    for (const [j, value] of row.entries()) if (value !== null) expect(value).toBe(before.rows[i]?.[j]);
  }
});

function newestFile(folder: string, pattern: RegExp): string {
  const names = readdirSync(folder).filter((name) => pattern.test(name));
  return join(folder, names.sort().at(-1) ?? '');
}
