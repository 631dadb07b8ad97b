// `import` from a user's view: its messages, and its exit status.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasRrdtool, runRrdtool } from '../store/rrdtool.js';
import { fetchRows, listArchives } from './answers.js';
import { runHere, succeedHere } from './here.js';
import { run, scratch } from './program.js';

const newFolder = scratch();
const endS = 1_795_910_400;

interface Made {
  readonly sources: string;
  readonly rras: string;
  /** The value of the n-th update. */
  readonly value: (n: number) => string;
  readonly count: number;
  readonly stepS?: number;
}

/** A file that ends at `endS`. */
function makeFile(path: string, { sources, rras, value, count, stepS = 300 }: Made): string {
  const startS = endS - count * stepS;
  const updates = Array.from({ length: count + 1 }, (_, n) => `${startS + n * stepS}:${value(n)}`);
  runRrdtool([
    `create ${path} --start ${startS - stepS} --step ${stepS} ${sources} ${rras}`,
    `update ${path} ${updates.join(' ')}`,
  ]);
  return path;
}

const traffic = 'DS:InBytes:COUNTER:600:0:U DS:OutBytes:COUNTER:600:0:U';
const both = 'RRA:AVERAGE:0.5:1:600 RRA:MAX:0.5:1:600';

async function known(data: string, stepS: number, source: string, cf = 'AVERAGE'): Promise<readonly number[]> {
  const span = ['--start', String(endS - 86_400), '--end', String(endS - 1), '--step', String(stepS), '--cf', cf];
  const { ds, rows } = await fetchRows(data, '192.0.2.1:80', ...span);
  const column = ds.indexOf(source) + 1;
  return rows.flatMap((row) => row[column] ?? []);
}

describe.skipIf(!hasRrdtool)('an rrdtool file (needs rrdtool)', () => {
  test('with a counter reset is imported as rrdtool keeps it, with a message; --max omits that row', async () => {
    const value = (n: number): string => {
      const count = n >= 100 ? 1000 + 300_000_000 * (n - 100) : 5_000_000_000_000 + 300_000_000 * n;
      return `${count}:${count}`;
    };
    const file = makeFile(join(newFolder('files'), 'spike.rrd'), { sources: traffic, rras: both, value, count: 199 });
    const [data, limited] = [newFolder(), newFolder()];
    const taken = await succeedHere('import', file, '--name', '192.0.2.1:80', '--data', data);
    expect(taken).toMatch(/doubtful: 2 values .* --max/s);
    expect(taken).toMatch(/InBytes: 6\.15e16 B\/s in the 5 min up to 2026-11-28 \d\d:\d\d:\d\d: far above all others/);
    expect(Math.max(...(await known(data, 300, 'InBytes')))).toBeGreaterThan(1e16);
    const out = await succeedHere('import', file, '--name', '192.0.2.1:80', '--data', limited, '--max', '10Gbit');
    expect(out).toMatch(/skipped by --max: 2 values/);
    expect(out).not.toMatch(/doubtful/);
    const rows = await known(limited, 300, 'InBytes');
    expect(rows).toHaveLength(198);
    expect(Math.max(...rows)).toBeLessThan(1.1e6);
    expect(Math.max(...(await known(limited, 1800, 'InBytes', 'MAX')))).toBeLessThan(1.1e6);
    const wrong = await run(['import', file, '--name', '192.0.2.1:80', '--data', data, '--max', 'rx=5']);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringMatching(/no data source "rx", only ActiveConn/) });
  });

  test('without news is reported, and fails', async () => {
    const folder = newFolder('files');
    const data = newFolder();
    const made = { sources: traffic, rras: both, count: 100 };
    const file = makeFile(join(folder, '192.0.2.1_80.rrd'), { ...made, value: (n) => `${n * 3000}:${n * 300}` });
    await succeedHere('import', file, '--data', data);
    const again = await runHere(['import', file, '--data', data]);
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toMatch(
      /nothing new for 192\.0\.2\.1_80\n {2}skipped: \d+ values of rows that are already known/,
    );
    const other = makeFile(join(folder, '192.0.2.2_80.rrd'), { ...made, value: (n) => `${n * 3000}:${n * 300}` });
    expect(await runHere(['import', file, other, '--data', data])).toMatchObject({ status: 0 });
  });

  test.each([
    ['no row is known', both, () => 'U:U', /nothing to import into 192\.0\.2\.1_80\n.*none of its rows is known/],
    [
      'it has only minima of several steps',
      'RRA:MIN:0.5:6:100',
      (n: number) => `${n}:${n}`,
      /skipped: MIN of 30 min: only averages and maxima are kept here/,
    ],
  ])('is rejected if %s', async (_title, rras, value, message) => {
    const data = newFolder();
    const file = makeFile(join(newFolder('files'), '192.0.2.1_80.rrd'), { sources: traffic, rras, value, count: 100 });
    const { status, stdout, stderr } = await runHere(['import', file, '--data', data]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(await listArchives(data)).toEqual([]);
  });

  test.each(['LAST', 'MIN', 'MAX', 'AVERAGE'])(
    'with only single data points of %s has means and maxima',
    async (cf) => {
      const data = newFolder();
      const file = makeFile(join(newFolder('files'), '192.0.2.1_80.rrd'), {
        ...{ sources: traffic, rras: `RRA:${cf}:0.5:1:600` },
        ...{ value: (n: number) => `${n * n * 300}:${n * 300}`, count: 144 },
      });
      await succeedHere('import', file, '--data', data);
      const means = await known(data, 1800, 'InBytes');
      expect(means).toHaveLength(24);
      const maxima = await known(data, 1800, 'InBytes', 'MAX');
      for (const [i, mean] of means.entries()) expect(maxima[i]).toBeCloseTo(mean + 5, 6);
    },
  );

  test('with only LAST has means of its longer rows, with a message, and no maxima', async () => {
    const data = newFolder();
    const file = makeFile(join(newFolder('files'), '192.0.2.1_80.rrd'), {
      ...{ sources: traffic, rras: 'RRA:LAST:0.5:6:100' },
      ...{ value: (n: number) => `${n * 3000}:${n * 300}`, count: 144 },
    });
    expect(await succeedHere('import', file, '--data', data)).toMatch(/has no averages: its LAST rows/);
    expect(await known(data, 1800, 'InBytes')).toHaveLength(24);
    expect(await known(data, 1800, 'InBytes', 'MAX')).toEqual([]);
  });

  test('with only means of several steps has no maxima for these', async () => {
    const data = newFolder();
    const file = makeFile(join(newFolder('files'), '192.0.2.1_80.rrd'), {
      ...{ sources: traffic, rras: 'RRA:AVERAGE:0.5:6:100' },
      ...{ value: (n: number) => `${n * 3000}:${n * 300}`, count: 144 },
    });
    await succeedHere('import', file, '--data', data);
    expect(await known(data, 1800, 'InBytes')).toHaveLength(24);
    expect(await known(data, 1800, 'InBytes', 'MAX')).toEqual([]);
  });

  test('of a firewall mark from collectd needs its name, and includes its real servers', async () => {
    const [data, folder] = [newFolder(), join(newFolder('files'), 'ipvs-0.0.0.0_TCP0')];
    mkdirSync(folder);
    const files = ['total', '10.0.0.5_8080'].map((one) =>
      makeFile(join(folder, `connections-${one}.rrd`), {
        ...{ sources: 'DS:value:DERIVE:600:0:U', rras: both },
        ...{ value: (n: number) => String(n * 3000), count: 20 },
      }),
    );
    const refused = await runHere(['import', ...files, '--data', data]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/is from a firewall mark, and collectd does not record which: .* use --name fwm_1/);
    await succeedHere('import', ...files, '--name', 'fwm_7', '--data', data);
    expect((await listArchives(data)).map(({ name }) => name)).toEqual(['fwm_7', 'fwm_7/10.0.0.5_8080']);
  });
});
