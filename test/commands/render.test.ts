import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { graphTypes, periods, shareTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { fetchRows } from './answers.js';
import { succeedHere } from './here.js';
import { readPng } from './png.js';
import { filesBelow, run, scratch, succeed } from './program.js';
import { evenPair, recordPair, recordSequence } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

/** The 95th percentile, by sorting. */
function nearestRank(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil((95 * values.length) / 100) - 1];
}

describe('render', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  recordSequence(record, startS);
  await succeedHere('replay', record, '--data', data);

  /** Draws the last day into a new folder; returns the pictures' names. */
  async function draw(...options: readonly string[]): Promise<readonly string[]> {
    const out = newFolder('out');
    const text = await succeed('render', '--data', data, '--since', '1d', '--out', out, '--format', 'png', ...options);
    const files = filesBelow(out);
    expect(text).toBe(`${files.length === 1 ? '1 picture' : `${files.length} pictures`} drawn in ${out}\n`);
    for (const file of files) expect(readPng(join(out, file)).width).toBeGreaterThanOrEqual(760);
    return files;
  }

  test('with a span draws every service and the director, one file each', async () => {
    const files = await draw();
    expect(files).toHaveLength(6 * (graphTypes.length + shareTypes.length) + stackTypes.length);
    expect(files).toContain('2001-db8-9--1_80-concurrent.png');
    expect(files).toContain('2001-db8-9--1_80-rs_cps.png');
    expect(files).toContain('all-pps.png');
  });

  test.concurrent.for<readonly [pattern: string, names: readonly string[]]>([
    ['10.9.1.1:80', ['10.9.1.1_80']],
    ['udp/10.9.1.1:53', ['10.9.1.1_53_udp']],
    ['[2001:db8:9::1]:80', ['2001-db8-9--1_80']],
    ['*:80', ['10.9.1.1_80', '10.9.1.2_80', '10.9.1.3_80', '2001-db8-9--1_80']],
    ['10.9.1.1*', ['10.9.1.1_53_udp', '10.9.1.1_80']],
    ['fwm_*', ['fwm_1']],
    ['all', ['all']],
    ['10.9.1.1_80/*', ['10.9.1.1_80/10.1.0.11_80', '10.9.1.1_80/10.1.0.12_80']],
  ])('--vs %s draws %j', async ([pattern, names]) => {
    expect(await draw('--type', 'cps', '--vs', pattern)).toEqual(names.map((name) => `${name}-cps.png`));
  });

  test('--type draws only these types, and those that the director has', async () => {
    const files = await draw('--type', 'pps,packetsize', '--vs', '{all,fwm_1}');
    expect(files).toEqual(['all-pps.png', 'fwm_1-packetsize.png', 'fwm_1-pps.png']);
  });

  test('--compare changes the graphs of lines', async () => {
    const bytesOf = async (...options: readonly string[]): Promise<readonly string[]> => {
      const out = newFolder('out');
      const args = ['--since', '1h', '--vs', 'fwm_1', '--type', 'cps,rs_cps', '--format', 'png', '--out', out];
      await succeed('render', '--data', data, ...args, ...options);
      return filesBelow(out).map((file) => readFileSync(join(out, file)).toString('base64'));
    };
    expect(await bytesOf('--compare', '1d')).toHaveLength(2);
    expect((await run(['render', '--data', data, '--compare', '1w'])).status).toBe(2);
  });

  test.concurrent.for<readonly [since: string, rowS: number]>([
    ['7d', 1800],
    ['31d', 7200],
    ['1y', 86_400],
  ])('the figures of %s end with the last whole step, the pictures with their last row', async ([since, rowS]) => {
    const out = newFolder('out');
    const args = ['--data', data, '--since', since, '--vs', 'fwm_1', '--type', 'cps', '--out', out];
    expect((await run(['render', ...args, '--format', 'json,html'])).status).toBe(0);
    const { end, last } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(end).toBe(last - (last % 300));
    const says = readFileSync(join(out, 'report.html'), 'utf8').includes(', their last whole row');
    expect(says).toBe(end % rowS !== 0);
  });

  test('a span shorter than the rows that remain of it is widened, with a message', async () => {
    const args = ['--data', data, '--vs', 'fwm_1', '--type', 'cps', '--out', newFolder('out')];
    const { status, stderr } = await run(['render', ...args, '--since', '5h', '--until', '1y']);
    expect(stderr).toContain('only day rows remain of that time, so pictures and report show 2022-11-');
    expect(status).toBe(0);
  });

  test('--since and --until bound the span by date, age or second; the same span gives the same picture', async () => {
    const one = ['--vs', 'fwm_1', '--type', 'inactive', '--data', data];
    const pictures = [];
    for (const span of [
      ['--since', '2023-11-14 22:15', '--until', '2023-11-14 23:15'],
      ['--since', '1700000100', '--until', '1700003700'],
    ]) {
      const out = newFolder('out');
      await succeed('render', ...one, ...span, '--out', out);
      const path = join(out, 'fwm_1-inactive.png');
      expect(statSync(path).mtimeMs).toBe(1_700_003_700_000);
      pictures.push(path);
    }
    for (const path of pictures) expect(readPng(path)).toEqual({ width: 760, height: 300 });
  });

  test('reports percentiles of the rows that fetch prints, the same in CSV, with the same bytes when repeated', async () => {
    const [out, again] = [newFolder('out'), newFolder('out')];
    const options = ['--data', data, '--since', '1d', '--format', 'html,csv,json', '--director', '<b>lb1</b>'];
    for (const folder of [out, again]) await succeed('render', ...options, '--out', folder);
    const [csv = '', html = '', json = ''] = filesBelow(out).map((file) => readFileSync(join(out, file), 'utf8'));
    expect(filesBelow(again).map((file) => readFileSync(join(again, file), 'utf8'))).toEqual([csv, html, json]);

    interface Figures {
      readonly [figure: string]: number | null;
    }
    const report = JSON.parse(json) as {
      start: number;
      end: number;
      archives: ({ name: string } & Record<string, Figures>)[];
    };
    const columns = (csv.split('\n')[0] ?? '').split(',');
    for (const archive of report.archives) {
      const span = ['--start', String(report.start), '--end', String(report.end - 1), '--step', '300'];
      const rows = (await fetchRows(data, archive.name, ...span)).rows.map(([, ...values]) => values);
      const [inBytes, outBytes] = [rows.map((row) => row[5] ?? null), rows.map((row) => row[6] ?? null)];
      const both = inBytes.map((value, i) => [value, outBytes[i] ?? null] as const);
      const pairs = both.flatMap(([a, b]) => (a === null || b === null ? [] : [[a, b] as const]));
      const expected = {
        in_bytes_per_s: nearestRank(inBytes.filter((value) => value !== null)),
        ...(archive['out_bytes_per_s']?.['p95'] === null
          ? {}
          : {
              out_bytes_per_s: nearestRank(outBytes.filter((value) => value !== null)),
              larger_bytes_per_s: nearestRank(pairs.map(([a, b]) => (a > b ? a : b))),
              sum_bytes_per_s: nearestRank(pairs.map(([a, b]) => a + b)),
            }),
      };
      const line =
        csv
          .split('\n')
          .find((row) => row.startsWith(`${archive.name},,`))
          ?.split(',') ?? [];
      for (const [key, p95] of Object.entries(expected)) {
        expect(archive[key]?.['p95'], `${archive.name} ${key}`).toBe(p95);
        expect(line[columns.indexOf(`${key}_p95`)]).toBe(String(p95));
      }
    }
    expect(report.archives.filter((one) => one['sum_bytes_per_s']?.['p95'] !== null).length).toBeGreaterThan(2);
    expect(html).toContain('&lt;b&gt;lb1&lt;/b&gt;');
    expect(html).not.toMatch(/<script|<b>lb1|(src|href)="(?!data:image|#)/);
  });

  test('--size applies to pictures and the report, --scale 2 doubles the pixels of pictures', async () => {
    const out = newFolder('out');
    const options = ['--since', '1d', '--vs', 'all', '--type', 'cps', '--out', out];
    await succeed('render', '--data', data, ...options, '--scale', '2', '--size', '1000x400', '--format', 'png,html');
    expect(readPng(join(out, 'all-cps.png'))).toEqual({ width: 2000, height: 800 });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/<img [^>]*" width="1000" height="400"/);
  });

  test('loses one picture that fails, reports it, and fails', async () => {
    const out = newFolder('out');
    const blocked = join(out, '10.9.1.1_80-cps.png');
    mkdirSync(blocked);
    const args = ['--data', data, '--since', '1d', '--out', out, '--vs', '10.9.1.*:80', '--type', 'cps'];
    const ended = await run(['render', ...args]);
    expect(ended).toMatchObject({ status: 1, stdout: expect.stringMatching(/^2 pictures drawn in /) });
    expect(ended.stderr).toMatch(/^lvs-stats: cannot write .*10\.9\.1\.1_80-cps\.png \(EISDIR[^\n]*\n$/);
    expect(filesBelow(out)).toEqual([
      '10.9.1.2_80-cps.png',
      '10.9.1.3_80-cps.png',
      'report.csv',
      'report.html',
      'report.json',
    ]);
  });

  test('fails without a folder if --vs matches nothing', async () => {
    const out = join(newFolder('out'), 'none');
    const ended = await run(['render', '--data', data, '--since', '1d', '--vs', '198.51.100.*', '--out', out]);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toBe('lvs-stats: no archive matches --vs 198.51.100.*: "lvs-stats list" shows the names\n');
    expect(filesBelow(out)).toEqual([]);
  });

  test('reports wrong usage for an invalid time and for an empty span', async () => {
    const out = newFolder('out');
    for (const span of [
      ['--since', 'last week'],
      ['--since', '1d', '--until', '2023-02-30'],
      ['--since', 'now'],
    ]) {
      const ended = await run(['render', '--data', data, '--out', out, ...span]);
      expect(ended, span.join(' ')).toMatchObject({ status: 2, stdout: '' });
    }
    expect(filesBelow(out)).toEqual([]);
  });
});

describe('render without a span', () => {
  test('draws the same in several threads', async () => {
    const [data, record, other] = [newFolder(), newFolder('record'), newFolder('out')];
    for (let n = 0; n < 3; n += 1) recordPair(record, startS + n * 300, evenPair(2, n));
    await succeedHere('replay', record, '--data', data);
    await succeed('render', '--data', data);
    await succeed('render', '--data', data, '--threads', '2', '--out', other);
    const graphs = join(data, 'graphs');
    const files = filesBelow(graphs);
    expect(filesBelow(other)).toEqual(files);
    for (const file of files)
      expect(readFileSync(join(other, file)).equals(readFileSync(join(graphs, file)))).toBe(true);
  });

  test('draws nothing the second time, and leaves the files alone', async () => {
    const [data, record] = [newFolder(), newFolder('record')];
    for (let n = 0; n < 20; n += 1) recordPair(record, startS + n * 300, evenPair(2, n));
    await succeedHere('replay', record, '--data', data);
    const graphs = join(data, 'graphs');
    const count = 4 * (2 * graphTypes.length + stackTypes.length);
    expect(await succeed('render', '--data', data)).toBe(`${count} pictures drawn, 0 unchanged, in ${graphs}\n`);
    const files = filesBelow(graphs);
    expect(files).toHaveLength(count);
    const before = files.map((file) => readFileSync(join(graphs, file)));
    expect(await succeed('render', '--data', data)).toBe(`0 pictures drawn, 0 unchanged, in ${graphs}\n`);
    expect(files.map((file) => readFileSync(join(graphs, file)))).toEqual(before);
    const newestS = startS + 19 * 300;
    for (const [period, { stepS }] of Object.entries(periods)) {
      const { mtimeMs } = statSync(join(graphs, period, '192.0.2.1_80-traffic.png'));
      expect(mtimeMs / 1000, period).toBe(newestS - (newestS % stepS));
    }
  });

  test('draws a removed or emptied picture again, with the same bytes', async () => {
    const [data, record, other] = [newFolder(), newFolder('record'), newFolder('out')];
    for (let n = 0; n < 3; n += 1) recordPair(record, startS + n * 300, evenPair(1, n));
    await succeedHere('replay', record, '--data', data);
    await succeed('render', '--data', data);
    const [removed, emptied] = [join(data, 'graphs/day/all-cps.png'), join(data, 'graphs/day/all-pps.png')];
    const whole = [readFileSync(removed), readFileSync(emptied)];
    rmSync(removed);
    writeFileSync(emptied, '');
    expect(await succeed('render', '--data', data)).toMatch(/^2 pictures drawn/);
    expect([readFileSync(removed), readFileSync(emptied)]).toEqual(whole);
    await succeed('render', '--data', data, '--out', other);
    expect(readFileSync(join(other, 'day', 'all-cps.png'))).toEqual(whole[0]);
    expect(filesBelow(other)).toEqual(filesBelow(join(data, 'graphs')));
  });
});
