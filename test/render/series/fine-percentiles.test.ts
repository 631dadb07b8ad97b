// The 95th percentiles of a span, against numbers worked out by sorting, and the spans that have none.

import { describe, expect, test } from 'vitest';
import type { ArchiveInfo } from '../../../src/model/archive.js';
import type { MonthPercentiles } from '../../../src/model/percentile.js';
import { standardRetention } from '../../../src/model/retention.js';
import type { RowsQuery } from '../../../src/model/series.js';
import { monthOf, monthStartS } from '../../../src/model/time/month.js';
import { defineGraph } from '../../../src/render/define/define-graph.js';
import { type PercentileSource, readPercentiles } from '../../../src/render/series/fine-percentiles.js';
import { quantityFigures, valuesOf } from '../../../src/report/figures.js';
import { reportSpan } from '../../../src/report/report.js';
import { readRows } from '../../../src/report/stretches.js';
import { archiveOf, sourceOf as flatSource } from '../sample-archives.js';
import { endS, graphRequest, seriesOf } from '../sample-series.js';

const dayS = 86_400;
const seen = [{ startS: 0, endS: endS + dayS, outbound: { kind: 'seen' as const } }];
const valueAt = (name: string, row: number): number => (name === 'OutBytes' ? (row * 7919) % 1013 : (row * 31) % 997);

/** A source whose single steps have the values of `valueAt`; longer rows would be found by their length. */
function sourceOf(months: readonly MonthPercentiles[] = []): PercentileSource & { readonly queries: RowsQuery[] } {
  const queries: RowsQuery[] = [];
  return {
    queries,
    fetchBoth: async (query) => {
      queries.push(query);
      const series = seriesOf(valueAt, { startS: query.startS, endS: query.endS + 1, stepS: query.stepS });
      return { AVERAGE: series, MAX: series };
    },
    percentiles: async () => months,
  };
}

function archive(over: Partial<ArchiveInfo> = {}): ArchiveInfo {
  return archiveOf('192.0.2.1_80', { firstS: endS - 700 * dayS, lastS: endS, ...over });
}

function sorted95(name: string, rows: number): number | undefined {
  const all = Array.from({ length: rows }, (_, row) => valueAt(name, row)).sort((a, b) => a - b);
  // The first of so many that 95 of 100 are no greater.
  return all.find((_, i) => (i + 1) * 100 >= 95 * rows);
}

describe('the 95th percentile of a month', () => {
  const span = { startS: endS - 31 * dayS, endS, outbounds: seen };

  test('is that of its 5-minute rows, whatever rows are drawn', async () => {
    const source = sourceOf();
    const { bySource, missing } = await readPercentiles(source, { archive: archive(), ...span });
    expect(source.queries.map(({ stepS }) => stepS)).toEqual([300]);
    expect(missing).toBeNull();
    expect(bySource['InBytes']).toBe(sorted95('InBytes', 31 * 288));
    expect(bySource['OutBytes']).toBe(sorted95('OutBytes', 31 * 288));
  });

  test('is in the legend of a graph of 2-hour rows, in bits', async () => {
    const p95 = await readPercentiles(sourceOf(), { archive: archive(), ...span });
    const average = seriesOf(() => 400, { startS: span.startS, endS, stepS: 7200 });
    const { legend, footer } = defineGraph(graphRequest({ average, span: { ...span, label: '31 d' }, p95 }));
    const column = legend.columns.indexOf('p95');
    expect(legend.rows.map(({ cells }) => cells[column])).toEqual(['7.58 k', '7.70 k']);
    expect([8 * (sorted95('InBytes', 31 * 288) ?? 0), 8 * (sorted95('OutBytes', 31 * 288) ?? 0)]).toEqual([7576, 7696]);
    expect(footer).not.toContain('p95');
  });

  test('is the one in the table of a report', async () => {
    const source = sourceOf();
    const { bySource } = await readPercentiles(source, { archive: archive(), ...span });
    const rows = await readRows(
      { ...flatSource([archive()]), ...source },
      archive(),
      reportSpan(span, endS, standardRetention).stretches,
    );
    for (const name of ['InBytes', 'OutBytes', 'Conns'])
      expect(quantityFigures(valuesOf(rows, name) ?? [], true).p95).toBe(bySource[name]);
  });

  test('is none of longer rows, not even while others are loading', () => {
    const average = seriesOf(() => 400, { startS: span.startS, endS, stepS: 7200 });
    const { legend } = defineGraph(graphRequest({ average, span: { ...span, label: '31 d' } }));
    expect(legend.rows[0]?.cells[legend.columns.indexOf('p95')]).toBe('–');
  });

  test('of another span is not shown for this one', async () => {
    const p95 = await readPercentiles(sourceOf(), { archive: archive(), ...span, startS: span.startS + dayS });
    const average = seriesOf(() => 400, { startS: span.startS, endS, stepS: 7200 });
    const { legend } = defineGraph(graphRequest({ average, span: { ...span, label: '31 d' }, p95 }));
    expect(legend.rows[0]?.cells[legend.columns.indexOf('p95')]).toBe('–');
  });
});

describe('a span with older rows than are kept', () => {
  const year = { startS: endS - 365 * dayS, endS, outbounds: seen };

  test('has no percentile, and says why below the graph', async () => {
    const p95 = await readPercentiles(sourceOf(), { archive: archive(), ...year });
    expect(p95).toMatchObject({ bySource: {}, missing: '5-minute rows have expired' });
    const average = seriesOf(() => 400, { startS: year.startS, endS, stepS: dayS });
    const { legend, footer } = defineGraph(graphRequest({ average, span: { ...year, label: '1 y' }, p95 }));
    expect(legend.rows[0]?.cells[legend.columns.indexOf('p95')]).toBe('–');
    expect(footer).toContain('no p95: 5-minute rows have expired');
  });

  test('has one if the archive is younger', async () => {
    const { missing } = await readPercentiles(sourceOf(), { archive: archive({ firstS: endS - 90 * dayS }), ...year });
    expect(missing).toBeNull();
  });

  test('has that of the calendar month that it is, as kept', async () => {
    const month = monthOf(endS - 300 * dayS);
    const of = (value: number) => ({ value, rows: 8000 });
    const source = sourceOf([{ month, in: of(123), out: of(45), larger: of(123), sum: of(168) }]);
    const span = { startS: monthStartS(month), endS: monthStartS(month + 1), outbounds: seen };
    expect(await readPercentiles(source, { archive: archive(), ...span })).toMatchObject({
      bySource: { InBytes: 123, OutBytes: 45 },
      missing: null,
    });
    expect(source.queries).toEqual([]);
  });
});

test('rows made from longer imported ones have none', async () => {
  const imported = {
    sinceS: endS - 60 * dayS,
    readSinceS: endS - dayS,
    sources: null,
    longer: [{ startS: endS - 40 * dayS, endS: endS - 20 * dayS, rowS: 7200 }],
  };
  const span = { startS: endS - 31 * dayS, endS, outbounds: seen };
  const { missing } = await readPercentiles(sourceOf(), { archive: archive({ imported }), ...span });
  expect(missing).toBe('5-minute rows come from longer imported ones');
});
