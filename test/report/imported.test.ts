// The numbers of imported archives: the same as in the pictures, whatever the length of their rows.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ipvsDataSources } from '../../src/model/archive.js';
import { aboutOfName } from '../../src/model/names/parse-name.js';
import { standardRetention } from '../../src/model/retention.js';
import { defineGraph } from '../../src/render/define/define-graph.js';
import { periods, pictureSizePx } from '../../src/render/define/graph-request.js';
import { readGraph } from '../../src/render/files/content/graph-jobs.js';
import { formatReportHtml } from '../../src/report/html.js';
import { formatReportCsv, formatReportJson } from '../../src/report/record.js';
import { ReportBuilder, readArchiveReport, reportSpan } from '../../src/report/report.js';
import type { ForeignRows } from '../../src/store/import/merge.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';

const name = '192.0.2.1_80';
const lastS = 1_795_910_400;
const dayS = 86_400;
const { stepS, rras } = standardRetention;
const columnOf = new Map(ipvsDataSources.map(({ name: source }, i) => [source, i]));

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-imported-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface ImportedRows {
  /** The length of the known rows, and how many days before the end they lie. */
  readonly rowS: number;
  readonly days: number;
  readonly mean: (row: number) => number;
  readonly max?: (row: number) => number;
  /** The length of the rows they are made of. */
  readonly fromRowS?: number;
}

/** Imports rows of inbound traffic of one length only. */
async function keep({ rowS, days, mean, max, fromRowS = 0 }: ImportedRows): Promise<void> {
  const count = (days * dayS) / rowS;
  const foreign = rras.map(({ pdpPerRow }): ForeignRows => {
    const isOf = pdpPerRow * stepS === rowS;
    const columns = (value: (row: number) => number): Float64Array[] =>
      ipvsDataSources.map((_, i) =>
        Float64Array.from({ length: isOf ? count : 0 }, (__, row) =>
          i === columnOf.get('InBytes') ? value(row) : Number.NaN,
        ),
      );
    const rows = { AVERAGE: columns(mean), MAX: columns(max ?? (() => Number.NaN)) };
    return {
      startS: lastS - (isOf ? days * dayS : 0),
      rows,
      fromRowS: new Float64Array(isOf ? count : 0).fill(fromRowS),
    };
  });
  await store.merge({ name, about: aboutOfName(name), retention: standardRetention, lastS, rras: foreign });
}

async function reportOfDays(days: number, untilS = lastS) {
  const [archive] = await store.list();
  if (archive === undefined) throw new Error('there is no archive');
  const reach = { archive, service: archive, realServers: [] };
  const span = reportSpan({ startS: untilS - days * dayS, endS: untilS }, lastS, standardRetention);
  const read = await readArchiveReport(store, { reach, hosts: [] }, span);
  const builder = new ReportBuilder();
  builder.add(read);
  const report = builder.finish({
    director: 'lb1',
    span,
    picturesEndS: span.endS,
    lastS,
    timeZone: 'UTC',
    note: null,
    redundancy: { services: [], hasTopology: false, allowed: 3.5 },
  });
  return { reach, report, numbers: read.report };
}

/** The legend of last month's traffic picture. */
async function monthLegend() {
  const { reach } = await reportOfDays(31);
  const span = { startS: lastS - 31 * dayS, endS: lastS, label: '31 d' };
  const set = { span, rowS: periods.month.stepS, pdpS: stepS };
  const content = await readGraph(store, { reach, set, hosts: new Map(), types: ['traffic'] });
  const shape = { sizePx: pictureSizePx, pixelRatio: 1, tile: false, note: null };
  const request = { ...content, ...shape, type: 'traffic', span, timeZone: 'UTC', theme: 'light' } as const;
  return defineGraph(request).legend.rows;
}

describe('a month imported without fine rows', () => {
  test.each([1800, 7200])('has the same total in the report and in the picture (rows of %i s)', async (rowS) => {
    await keep({ rowS, days: 31, mean: (row) => 1e7 + row });
    if (rowS === 1800) await keep({ rowS: 7200, days: 31, mean: (row) => 1e7 + 4 * row + 1.5 });
    const { numbers, report } = await reportOfDays(31);
    const [row] = await monthLegend();
    expect(row?.cells[4]).toBe('26.8 TB');
    expect(numbers.figures.in?.total).toBeCloseTo(31 * dayS * (1e7 + (31 * dayS) / rowS / 2 - 0.5), -3);
    expect(numbers.knownPart).toBe(1);
    expect(numbers).toMatchObject({ longestRowS: rowS, p95: { in: Number.NaN, larger: Number.NaN } });
    expect(numbers.whyNoP95).toBe(`5-minute rows come from imported rows of up to ${rowS === 1800 ? '30 min' : '2 h'}`);
    expect(formatReportJson(report)).toContain(`"longest_step": ${rowS}`);
  });

  test('has a maximum, in its row, if one was kept', async () => {
    await keep({ rowS: 7200, days: 31, mean: () => 5, max: (row) => (row === 10 ? 90 : 9) });
    const { numbers } = await reportOfDays(31);
    expect(numbers.figures.in).toMatchObject({
      maximum: 90,
      maximumIn: { endS: lastS - 31 * dayS + 11 * 7200, rowS: 7200 },
    });
  });

  test('has no maximum if none was kept, or only lower ones than a mean', async () => {
    await keep({
      rowS: 7200,
      days: 31,
      mean: (row) => (row === 3 ? 100 : 5),
      max: (row) => (row < 9 ? Number.NaN : 9),
    });
    const { numbers } = await reportOfDays(31);
    expect(numbers.figures.in).toMatchObject({ maximum: Number.NaN, maximumIn: null, average: 5 + 95 / 372 });
    expect((await monthLegend())[0]?.cells[2]).toBe('–');
  });
});

test('finest rows made of longer ones have no percentile, and their maximum has the time of the longer row', async () => {
  await keep({ rowS: 300, days: 3, mean: () => 5, max: (row) => (row === 100 ? 7 : 6), fromRowS: 7200 });
  const { numbers } = await reportOfDays(2);
  expect(numbers.whyNoP95).toMatch(/come from imported rows of up to 2 h/);
  const all = (await reportOfDays(3)).numbers;
  const timeS = lastS - 3 * dayS + 101 * 300;
  expect(all.figures.in?.maximumIn).toEqual({ endS: Math.ceil(timeS / 7200) * 7200, rowS: 7200 });
});

test('finest rows imported as they are have their percentile', async () => {
  await keep({ rowS: 300, days: 3, mean: (row) => row % 100, max: (row) => row % 100 });
  const { numbers } = await reportOfDays(2);
  expect(numbers).toMatchObject({ whyNoP95: null, longestRowS: 0 });
  expect(numbers.figures.in?.p95).toBe(95);
});

test('a data source that was never kept is named, and has no figure', async () => {
  await keep({ rowS: 300, days: 3, mean: () => 5 });
  const { numbers, report } = await reportOfDays(2);
  expect(numbers.neverKept).toEqual(['out', 'connections', 'in_packets', 'out_packets', 'active', 'inactive']);
  expect(numbers.figures).toMatchObject({ connections: null, out: null });
  const html = await formatReportHtml(report, {
    viewsFolder: 'views',
    theme: 'light',
    pictures: new Map([[name, { small: null, large: [] }]]),
  });
  expect(html).toContain('missing from the imported files: traffic out, new connections, packets in');
  expect(html).not.toMatch(/<th scope="row">new connections/);
  expect(formatReportCsv(report)).toContain('out connections in_packets out_packets active inactive');
  expect(formatReportJson(report)).toMatch(/"never_kept": \[\s*"out"/);
});
