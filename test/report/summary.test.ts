// The summary of a report: what grew, what runs out, and what broke.

import { expect, test } from 'vitest';
import type { LedgerEvent } from '../../src/model/ledger-event.js';
import { standardRetention } from '../../src/model/retention.js';
import { type ArchiveReport, type ReportSpan, reportOf } from '../../src/report/archive-report.js';
import { isBreakage } from '../../src/report/breakage.js';
import { type Report, ReportBuilder } from '../../src/report/report.js';
import { summaryOf } from '../../src/report/summary.js';
import { summaryWords } from '../../src/report/summary-words.js';
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

/** An archive with these means of in and out, bytes per second, now and in the span before. */
function archive(
  name: string,
  now: readonly [number, number],
  before: readonly [number, number],
  over = {},
): ArchiveReport {
  const rows = (toS: number, [inward, out]: readonly [number, number]) => {
    const series = seriesOf((source) => (source === 'OutBytes' ? out : source === 'InBytes' ? inward : 1), {
      startS: toS - dayS,
      endS: toS,
    });
    return [{ rowS: 300, average: series, max: series }];
  };
  const outbounds = [{ startS: 0, endS: endS + dayS, outbound: { kind: 'seen' as const } }];
  const read = {
    archive: archiveOf(name, { firstS: startS - 40 * dayS, lastS: endS }),
    hosts: [],
    months: [],
    events: [],
  };
  return reportOf({ ...read, rows: rows(endS, now), rowsBefore: rows(startS, before), outbounds, ...over }, span);
}

function reportWith(archives: readonly ArchiveReport[], events: readonly LedgerEvent[] = []): Report {
  const builder = new ReportBuilder();
  for (const [i, report] of archives.entries()) builder.add({ report, events: i === 0 ? events : [] });
  return builder.finish({
    director: 'lb1.example.com',
    span,
    picturesEndS: endS,
    lastS: endS,
    timeZone: 'UTC',
    note: null,
    redundancy: { services: [], hasTopology: false, allowed: 3.5 },
  });
}

test('the five that grew most come first by what they gained, in either direction', () => {
  const report = reportWith([
    archive('all', [0, 0], [0, 0]),
    archive('192.0.2.1_80', [100, 100], [100, 50]),
    archive('192.0.2.2_80', [130, 10], [100, 10]),
    archive('192.0.2.3_80', [2, 2], [1, 1]),
    archive('192.0.2.4_80', [50, 50], [100, 100]),
    ...[5, 6, 7, 8].map((n) => archive(`192.0.2.${n}_80`, [100 + n, 10], [100, 10])),
  ]);
  const { grown } = summaryOf(report);
  expect(grown.map(({ report: one }) => one.archive.name)).toEqual([
    '192.0.2.1_80',
    '192.0.2.2_80',
    '192.0.2.8_80',
    '192.0.2.7_80',
    '192.0.2.6_80',
  ]);
  expect(grown[0]?.gain.out).toBeCloseTo(50, 9);
  expect(summaryWords(report).grown[0]?.cells).toEqual([
    '800 bit/s',
    '+0.0 %',
    '+0 bit/s',
    '800 bit/s',
    '+100 %',
    '+400 bit/s',
  ]);
});

test('limits that were reached come first, the earliest of each sort first, and the director by its name', () => {
  const outlook = (outlook: object) => [{ measure: 'bitsPerS', limit: 1e9, trend: null, outlook }];
  const with_ = (name: string, one: object) => archive(name, [1, 1], [1, 1], { outlooks: outlook(one) });
  const report = reportWith([
    with_('all', { kind: 'reaches', fromS: endS + 90 * dayS, toS: endS + 100 * dayS }),
    with_('192.0.2.1_80', { kind: 'not-soon' }),
    with_('192.0.2.2_80', { kind: 'reached', atS: endS - dayS }),
    with_('192.0.2.3_80', { kind: 'may-reach', fromS: endS + 10 * dayS }),
    with_('192.0.2.4_80', { kind: 'reached', atS: endS - 90 * dayS }),
  ]);
  const { limits, limitsRemark } = summaryWords(report);
  expect(limits.map(({ name }) => name)).toEqual(['192.0.2.4:80', '192.0.2.2:80', 'lb1.example.com', '192.0.2.3:80']);
  expect(limitsRemark).toBe('1 other limit is not reached within two years, by the trend of weekly peaks.');
  expect(limits[2]?.text).toMatch(/^traffic reaches 1 Gbit\/s (in|between) .*2027/);
});

test('services that could not lose a real server are named, pairs of equal ones are not', () => {
  const spare = (part: number) => ({
    atS: endS - dayS,
    spare: { kind: 'shared', busiest: '192.0.2.1_80/10.0.0.1_80', worst: '', part, servers: 2, total: 9 },
  });
  const report = reportWith([
    archive('192.0.2.1_80', [1, 1], [1, 1], { spare: spare(3) }),
    archive('192.0.2.2_80', [1, 1], [1, 1], { spare: spare(1.9) }),
  ]);
  expect(summaryWords(report).spareless).toMatchObject([
    { name: '192.0.2.1:80', text: expect.stringContaining('300 %') },
  ]);
});

test('what broke is what opened or failed, newest first, without what was repaired', () => {
  const event = (kind: LedgerEvent['kind'], timeS: number, over: Partial<LedgerEvent> = {}): LedgerEvent =>
    ({ kind, timeS, archive: 'all', ...over }) as LedgerEvent;
  const events = [
    event('cycle-failed', startS + 300, { detail: 'ipvsadm: not permitted' }),
    event('cycle-resumed', startS + 600),
    event('finding-opened', startS + 900, { to: 'server-drained', detail: 'weight 0' }),
    event('finding-closed', startS + 1200, { to: 'server-drained' }),
    event('finding-opened', startS + 1500, { to: 'spare-lacking' }),
    event('weight-changed', startS + 1800),
  ];
  expect(events.filter(isBreakage).map(({ timeS }) => timeS - startS)).toEqual([300, 900]);
  const { broken, brokenMore } = summaryWords(reportWith([archive('all', [1, 1], [1, 1])], events));
  expect(broken.map(({ name, time }) => [name, time])).toEqual([
    ['lb1.example.com', '2026-11-20 05:50'],
    ['lb1.example.com', '2026-11-20 05:40'],
  ]);
  expect(brokenMore).toBe(0);
});
