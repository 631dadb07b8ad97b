// The numbers of an archive whose forwarding methods changed: none includes traffic that was not visible.

import { describe, expect, test } from 'vitest';
import { standardRetention } from '../../src/model/retention.js';
import type { Outbound } from '../../src/model/service/outbound.js';
import type { OutboundStretch } from '../../src/model/service/outbound-stretch.js';
import { monthOf, monthStartS } from '../../src/model/time/month.js';
import { type ArchiveRead, type ReportSpan, reportOf } from '../../src/report/archive-report.js';
import { shareOf } from '../../src/report/report.js';
import { archiveOf } from '../render/sample-archives.js';
import { daySpan, seriesOf } from '../render/sample-series.js';

const { startS, endS } = daySpan;
const dayS = endS - startS;
const span: ReportSpan = {
  startS,
  endS,
  retention: standardRetention,
  stretches: [{ startS, endS, rowS: 300 }],
  before: [{ startS: startS - dayS, endS: startS, rowS: 300 }],
};
const seen: Outbound = { kind: 'seen' };
const route: Outbound = { kind: 'unseen', reason: 'direct routing' };
const partly: Outbound = { kind: 'partly', reason: 'direct routing', unseen: 1, of: 2 };

/** Ten bytes a second in and twenty out, with nothing counted out in rows before `outFrom`. */
function rowsTo(toS: number, outFrom = 0) {
  const series = seriesOf(
    (name, row) => (name === 'OutBytes' ? (row < outFrom ? 0 : 20) : name === 'InBytes' ? 10 : 1),
    { startS: toS - dayS, endS: toS },
  );
  return { rowS: 300, average: series, max: series };
}

function read(outbounds: readonly OutboundStretch[], over: Partial<ArchiveRead> = {}): ArchiveRead {
  return {
    archive: archiveOf('192.0.2.1_80', { firstS: startS - 40 * dayS }),
    hosts: [],
    outbounds,
    rows: [rowsTo(endS)],
    rowsBefore: [rowsTo(startS)],
    months: [],
    events: [],
    ...over,
  };
}

const always = (outbound: Outbound): OutboundStretch => ({ startS: 0, endS: endS + 40 * dayS, outbound });

describe('growth against the span before', () => {
  test('is reported if the same part of the traffic was visible in both', () => {
    const { growth } = reportOf(read([always(seen)]), span);
    expect(growth).toMatchObject({ in: 0, out: 0, out_packets: 0 });
  });

  test('is omitted for outbound traffic if more of it was visible than before', () => {
    const outbounds = [
      { startS, endS, outbound: seen },
      { startS: 0, endS: startS, outbound: partly },
    ];
    const { growth } = reportOf(read(outbounds), span);
    expect(growth).toMatchObject({ in: 0, out: Number.NaN, out_packets: Number.NaN });
  });
});

describe('the percentiles of a span', () => {
  test('include the larger and the sum if outbound traffic was always visible', () => {
    expect(reportOf(read([always(seen)]), span).p95).toEqual({ in: 10, out: 20, larger: 20, sum: 30 });
  });

  test('cover in, and out only while visible; the larger would be less than in otherwise', () => {
    const middleS = startS + dayS / 2;
    const outbounds = [
      { startS: middleS, endS, outbound: seen },
      { startS: 0, endS: middleS, outbound: route },
    ];
    const { p95, outboundRemark } = reportOf(read(outbounds, { rows: [rowsTo(endS, 144)] }), span);
    expect(p95).toEqual({ in: 10, out: 20, larger: Number.NaN, sum: Number.NaN });
    expect(outboundRemark).toBe('out: at times not visible here (direct routing)');
  });
});

describe('the percentiles of a calendar month', () => {
  const month = monthOf(startS);
  const monthWith = (out: number) => {
    const of = (value: number) => ({ value, rows: 8000 });
    return [{ month, in: of(10), out: of(out), larger: of(Math.max(10, out)), sum: of(10 + out) }];
  };
  const ofMonth = (outbounds: readonly OutboundStretch[], out = 20) =>
    reportOf(read(outbounds, { months: monthWith(out) }), span).months[0]?.p95;
  const inAlone = { in: 10, out: Number.NaN, larger: Number.NaN, sum: Number.NaN };

  test('are all known if outbound traffic was visible all month', () => {
    expect(ofMonth([always(seen)])).toEqual({ in: 10, out: 20, larger: 20, sum: 30 });
  });

  test('cover only in if outbound traffic was invisible at the start of the month, long before the span', () => {
    const changeS = monthStartS(month) + dayS;
    const outbounds = [
      { startS: changeS, endS, outbound: seen },
      { startS: 0, endS: changeS, outbound: route },
    ];
    expect(ofMonth(outbounds)).toEqual(inAlone);
  });

  test('are all known if outbound traffic was invisible only in the month before', () => {
    const outbounds = [
      { startS: monthStartS(month), endS, outbound: seen },
      { startS: 0, endS: monthStartS(month), outbound: route },
    ];
    expect(ofMonth(outbounds)).toEqual({ in: 10, out: 20, larger: 20, sum: 30 });
  });

  test('cover only in if the forwarding method is unknown and nothing went out', () => {
    expect(ofMonth([], 0)).toEqual(inAlone);
    expect(ofMonth([always(seen)], 0)).toMatchObject({ out: 0 });
  });
});

describe('the share of the director', () => {
  test('is omitted for a proxy, which is not part of it', () => {
    const all = reportOf(read([always(seen)], { archive: archiveOf('all') }), span);
    const about = { kind: 'haproxy-frontend', mode: 'http', status: 'OPEN' } as const;
    const proxy = reportOf(read([always(seen)], { archive: archiveOf('haproxy_fe_web', { about }) }), span);
    expect(shareOf({ all }, reportOf(read([always(seen)]), span), 'in')).toBe(1);
    expect(shareOf({ all }, proxy, 'in')).toBeNaN();
  });
});
