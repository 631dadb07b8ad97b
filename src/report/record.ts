// A report as data for programs: JSON, and CSV with the same numbers. Traffic is in IP bytes, times are epoch seconds,
// unknown values are null, and empty in CSV; a month's row has only its 95th percentiles.
//
//   report.json   {"director","note","start","end","last","time_zone","rows":[{"step","start","end"}…],"p95":"…","summary":{"grown":[…],"broken":[…],…},
//                  "archives":[{"name","kind","hosts",…,"in_bytes_per_s":{"average",…},…,"months":[…],"events":{…}}…],"events":[…]}
//                 of each archive the quantities of its kind: connections and packets of services, sessions and queue of HAProxy
//   report.csv    name,month,start,end,… one row per archive, and one per month of it; always the columns of both kinds

import type { CapacityMeasure } from '../model/capacity/limit.js';
import { trafficParts } from '../model/percentile.js';
import { survivalRecord } from '../model/redundancy/survival-record.js';
import { type Retention, rowName } from '../model/retention.js';
import { formatCsv } from '../model/text/csv.js';
import { eventRecord } from '../model/text/event-text.js';
import { formatMonth, monthStartS } from '../model/time/month.js';
import type { CapacityOutlook } from '../render/capacity/read-outlooks.js';
import type { SpareAt } from '../render/capacity/read-spare.js';
import type { ArchiveReport, Month } from './archive-report.js';
import type { Figures } from './figures.js';
import { type Report, shareOf, whyNoSpare } from './report.js';
import { summaryOf } from './summary.js';
import { isGauge, type QuantityName, quantitiesOf, quantityNames } from './traffic.js';

/** The meaning of the percentiles, and their limits. */
export function p95Definition({ stepS }: Retention): string {
  return (
    `95th percentile by nearest rank of the known ${rowName(stepS)} rows; "larger" and "sum" combine in and out row by row. ` +
    'IP bytes without link-layer framing, so a switch port counts more; for HAProxy, the bytes that it forwards.'
  );
}

/** Names in files, which end with the unit; others are numbers of connections, sessions, requests or links. Totals lack the "per second". */
const keys: Readonly<Record<QuantityName, string>> = {
  in: 'in_bytes_per_s',
  out: 'out_bytes_per_s',
  connections: 'connections_per_s',
  in_packets: 'in_packets_per_s',
  out_packets: 'out_packets_per_s',
  active: 'active_connections',
  inactive: 'inactive_connections',
  sessions: 'sessions_per_s',
  current_sessions: 'current_sessions',
  queue: 'queued_requests',
  links: 'links',
  lost_links: 'lost_links',
  rtt: 'rtt_ms',
  longest_rtt: 'longest_rtt_ms',
  loss: 'lost_percent',
};

type Value = string | number | null;
type FigureRecord = Readonly<Record<string, Value>>;

/** The text of `report.json`. */
export function formatReportJson(report: Report): string {
  const { director, note, span, lastS, timeZone } = report;
  const rows = span.stretches.map(({ rowS, startS, endS }) => ({ step: rowS, start: startS, end: endS }));
  const record = {
    ...{ director, note, start: span.startS, end: span.endS, last: lastS, time_zone: timeZone, rows },
    p95: p95Definition(span.retention),
    summary: summaryRecord(report),
    survive: report.redundancy.services.map(survivalRecord),
    archives: listed(report).map((one) => jsonOf(report, one)),
    events: report.events.map(eventRecord),
    events_left_out: report.eventsLeftOut,
  };
  return `${JSON.stringify(record, null, 1)}\n`;
}

/** The text of `report.csv`. */
export function formatReportCsv(report: Report): string {
  const rows = listed(report).flatMap((one) => [
    { ...archiveFields(report, one), ...flattened(figuresRecord(report, one, quantityNames)) },
    ...one.months.map((month) => monthRow(one, month)),
  ]);
  const [first] = rows;
  // All columns, whatever the first archive has.
  const titles = first === undefined ? [] : Object.keys(first);
  const text = (value: Value | undefined): string => (value === null || value === undefined ? '' : String(value));
  return `${formatCsv([titles, ...rows.map((row: FigureRecord) => titles.map((title) => text(row[title])))])}\n`;
}

/** The director first. */
function listed({ all, hasAll, archives }: Report): readonly ArchiveReport[] {
  return all !== null && hasAll ? [all, ...archives] : archives;
}

function archiveFields({ span, archives }: Report, report: ArchiveReport) {
  const { archive, knownPart, outboundRemark, whyNoP95, neverKept, longestRowS } = report;
  const rank = archives.indexOf(report) + 1;
  return {
    name: archive.name,
    month: '' as string,
    start: span.startS,
    end: span.endS,
    kind: archive.about.kind,
    hosts: report.hosts.join(' '),
    rank: rank === 0 ? null : rank,
    first: archive.firstS,
    gone: archive.goneS,
    known_part: orNull(knownPart),
    outbound: outboundRemark,
    p95_missing: whyNoP95 ?? '',
    never_kept: neverKept.join(' '),
    longest_step: longestRowS === 0 ? null : longestRowS,
    p95_rows: null as number | null,
  };
}

function jsonOf(report: Report, one: ArchiveReport): object {
  const { month: _month, start: _start, end: _end, p95_rows: _rows, ...facts } = archiveFields(report, one);
  return {
    ...facts,
    hosts: one.hosts,
    outbound: facts.outbound || null,
    p95_missing: facts.p95_missing || null,
    never_kept: one.neverKept,
    ...figuresRecord(report, one, quantitiesOf(one.archive)),
    months: one.months.map((month) => ({
      ...{ month: formatMonth(month.month), start: monthStartS(month.month), end: monthStartS(month.month + 1) },
      ...{
        rows: month.rows,
        of: (monthStartS(month.month + 1) - monthStartS(month.month)) / report.span.retention.stepS,
      },
      ...p95Records(month.p95),
    })),
    capacity: one.outlooks.map(outlookRecord),
    spare: one.spare === null ? null : spareRecord(one.spare),
    spare_missing: one.spare === null ? whyNoSpare(one) : null,
    events: Object.fromEntries([...one.eventCounts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const measureKeys: Readonly<Record<CapacityMeasure, string>> = {
  bitsPerS: 'bits_per_s',
  newConnectionsPerS: 'new_connections_per_s',
  openConnections: 'open_connections',
};

/** An outlook: null for what is not stated or unknown; slopes per week, the least, the median and the greatest. */
function outlookRecord({ measure, limit, outlook, trend }: CapacityOutlook): object {
  const from = outlook?.kind === 'reaches' || outlook?.kind === 'may-reach' ? Math.round(outlook.fromS) : null;
  const to = outlook?.kind === 'reaches' ? Math.round(outlook.toS) : null;
  return {
    ...{ measure: measureKeys[measure], limit, outlook: outlook?.kind ?? null, from, to },
    reached: outlook?.kind === 'reached' ? outlook.atS : null,
    weeks: trend?.weeks ?? null,
    slopes_per_week: trend === null ? null : [trend.low.slope, trend.slope, trend.high.slope],
  };
}

/** A spare; `part` is null if a single real server took all. */
function spareRecord({ spare, atS }: SpareAt): object {
  const { busiest, total } = spare;
  const shared = spare.kind === 'shared' ? spare : null;
  return {
    ...{ peak: atS, connections_per_s: total, servers: shared?.servers ?? 1, busiest },
    ...{ worst: shared?.worst ?? null, part: shared?.part ?? null },
  };
}

/** The summary: names of archives, and gains in bytes per second. */
function summaryRecord(report: Report): object {
  const { grown, broken, brokenMore } = summaryOf(report);
  return {
    grown: grown.map(({ report: one, gain }) => ({
      ...{ name: one.archive.name, in_gain_bytes_per_s: orNull(gain.in), out_gain_bytes_per_s: orNull(gain.out) },
      ...{ in_growth: orNull(one.growth.in), out_growth: orNull(one.growth.out) },
    })),
    broken: broken.map(eventRecord),
    broken_left_out: brokenMore,
  };
}

/** The figures of each quantity, by its name in files; then the percentiles of the larger and the sum. */
function figuresRecord(
  report: Report,
  one: ArchiveReport,
  names: readonly QuantityName[],
): Readonly<Record<string, FigureRecord>> {
  const { larger_bytes_per_s, sum_bytes_per_s } = p95Records(one.p95);
  const quantityRecords = names.map((name) => {
    const growth = orNull(one.growth[name]);
    const share = orNull(one === report.all ? Number.NaN : shareOf(report, one, name));
    return [keys[name], { ...figureRecord(one.figures[name], name), growth, share }] as const;
  });
  return { ...Object.fromEntries(quantityRecords), larger_bytes_per_s, sum_bytes_per_s };
}

function figureRecord(figures: Figures | null, name: QuantityName): FigureRecord {
  return {
    average: orNull(figures?.average),
    maximum: orNull(figures?.maximum),
    maximum_end: figures?.maximumIn?.endS ?? null,
    maximum_step: figures?.maximumIn?.rowS ?? null,
    p95: orNull(figures?.p95),
    ...(isGauge(name) ? {} : { total: orNull(figures?.total) }),
    known_s: figures?.knownS ?? null,
  };
}

function p95Records(p95: ArchiveReport['p95']) {
  const record = (value: number): FigureRecord => ({ p95: orNull(value) });
  return {
    in_bytes_per_s: record(p95.in),
    out_bytes_per_s: record(p95.out),
    larger_bytes_per_s: record(p95.larger),
    sum_bytes_per_s: record(p95.sum),
  };
}

function monthRow(one: ArchiveReport, { month, rows, p95 }: Month): FigureRecord {
  return {
    ...{ name: one.archive.name, month: formatMonth(month), start: monthStartS(month), end: monthStartS(month + 1) },
    p95_rows: rows,
    ...Object.fromEntries(trafficParts.map((part) => [`${part}_bytes_per_s_p95`, orNull(p95[part])])),
  };
}

function flattened(record: Readonly<Record<string, FigureRecord>>): FigureRecord {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, figures]) =>
      Object.entries(figures).map(([figure, value]) => [`${name}_${figure}`, value] as const),
    ),
  );
}

/** Unknown is null. */
function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
