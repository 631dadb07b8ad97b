// `collect --draw`: which pictures a cycle draws, as the command line, the settings and the older spelling say; and all of them.

import { copyFileSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { dataTimeOf, viewTimeOf } from '../../src/render/files/picture-file.js';
import { ownFake } from './fakes.js';
import { filesBelow, run, scratch, succeed, untilAfter } from './program.js';

const newFolder = scratch();

/** The times of the rows in the pictures of a data folder, by name. */
const timesOf = (data: string): ReadonlyMap<string, number> =>
  new Map(
    filesBelow(join(data, 'graphs'))
      .filter((name) => name.endsWith('.png'))
      .map((name) => [name, dataTimeOf(join(data, 'graphs', name))]),
  );

test('draws everything of a new director, then its stacks and what somebody has asked for', async () => {
  const data = newFolder();
  const looked = ['collect', '--data', data, '--ipvsadm', ownFake('busy-director'), '--draw', 'looked-at'];
  await succeed(...looked);
  const first = timesOf(data);
  expect(first.size).toBe(4 * (3 * graphTypes.length + stackTypes.length));
  await succeed('picture', '192.0.2.2:80', 'traffic', '--period', 'day', '--data', data);
  const views = new Map([...first.keys()].map((name) => [name, viewTimeOf(join(data, 'graphs', name))]));
  const viewed = 'day/192.0.2.2_80-traffic.png';
  expect([...views].filter(([, timeMs]) => timeMs !== null).map(([name]) => name)).toEqual([viewed]);
  // All pictures become an hour old; the view stays.
  for (const [name, timeS] of first) {
    const viewS = name === viewed ? Date.now() / 1000 + 10 : timeS - 3600;
    utimesSync(join(data, 'graphs', name), viewS, timeS - 3600);
  }
  await untilAfter(Math.ceil(Date.now() / 1000));
  await succeed(...looked);
  const renewed = [...timesOf(data)].filter(([name, timeS]) => timeS !== (first.get(name) ?? 0) - 3600);
  expect(renewed.map(([name]) => name).filter((name) => !name.includes('/all-'))).toEqual([viewed]);
  expect(renewed).toHaveLength(1 + 4 * stackTypes.length);
});

test('none draws nothing, and so do the settings and --no-pictures; contradictions and other words are refused', async () => {
  const data = newFolder();
  mkdirSync(data, { recursive: true });
  const settings = join(newFolder('settings'), 'lvs-stats.yaml');
  mkdirSync(join(settings, '..'), { recursive: true });
  writeFileSync(settings, 'draw: none\n');
  const collect = ['collect', '--data', data, '--ipvsadm', ownFake('busy-director')];
  for (const options of [
    ['--draw', 'none'],
    ['--no-pictures'],
    ['--config', settings],
    ['--no-pictures', '--draw', 'none'],
  ]) {
    await untilAfter(Math.floor(Date.now() / 1000));
    await succeed(...collect, ...options);
    expect(timesOf(data).size).toBe(0);
  }
  const both = await run([...collect, '--no-pictures', '--draw', 'all']);
  expect(both).toMatchObject({ status: 2, stdout: '' });
  expect(both.stderr).toContain('--no-pictures means --draw none, but --draw all was given: leave out one of them');
  expect((await run([...collect, '--draw', 'some'])).status).toBe(2);
  writeFileSync(settings, 'draw: seldom\n');
  const wrong = await run([...collect, '--config', settings]);
  expect(wrong.stderr).toContain('"draw" cannot be "seldom": write all, looked-at, none');
  expect(wrong.status).not.toBe(0);
});

test('the year of archives that have rows of one minute only is drawn', async () => {
  const data = newFolder();
  const record = newFolder('record');
  const collect = ['collect', '--ipvsadm', ownFake('busy-director'), '--data'];
  await succeed(...collect, newFolder('recorded'), '--record', record, '--draw', 'none');
  // The same counters at each of five whole minutes, so that every archive has rows: its year is 525,600 of them.
  const minuteS = Math.floor(Date.now() / 60_000) * 60;
  for (const name of readdirSync(record)) {
    const [readS = '', ...kind] = name.split('.');
    for (let ago = 5; ago > 0; ago -= 1)
      copyFileSync(join(record, name), join(record, [minuteS - ago * 60, ...kind].join('.')));
    rmSync(join(record, [readS, ...kind].join('.')));
  }
  await succeed('replay', record, '--data', data, '--retention', '1m:2d');
  await succeed(...collect, data, '--draw', 'none');
  for (const name of ['192.0.2.1:80', 'all'])
    await succeed('picture', name, 'traffic', '--period', 'year', '--data', data);
  expect([...timesOf(data).keys()]).toEqual(['year/192.0.2.1_80-traffic.png', 'year/all-traffic.png']);
});
