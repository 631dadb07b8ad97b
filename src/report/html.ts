// `report.html`: one page that needs no other file and no network, for mail, disk and paper. Words and figures for the template
// views/report.ejs, which escapes them; pictures are data URIs.

import { join } from 'node:path';
import ejs from 'ejs';
import { haproxy } from '../model/kinds/haproxy.js';
import { isOf } from '../model/kinds/registry.js';
import { lengthWords, reachOf, rowName } from '../model/retention.js';
import { eventLine, eventTitles } from '../model/text/event-text.js';
import { formatMonth } from '../model/time/month.js';
import { outlookWords } from '../render/capacity/read-outlooks.js';
import { spareWords } from '../render/capacity/read-spare.js';
import type { SizePx } from '../render/define/graph-request.js';
import { longName, shortName } from '../render/define/heading.js';
import { formatLocal } from '../render/look/local-time.js';
import { formatColumn, formatFigure } from '../render/look/si-format.js';
import type { ArchiveReport } from './archive-report.js';
import { p95Definition } from './record.js';
import { redundancyWords } from './redundancy-words.js';
import { coarseStretches, type Report, shareOf } from './report.js';
import { summaryWords } from './summary-words.js';
import { isGauge, measureOf, type QuantityName, quantities, quantitiesOf } from './traffic.js';
import { growthText, knownText, momentText, percent, scaleOf, unitOf } from './words.js';

/** A picture as data URIs, its size in CSS pixels; `dark` if the page follows its reader's colours. */
export interface ReportPicture extends SizePx {
  readonly type: string;
  readonly light: string;
  readonly dark: string | null;
}

/** Pictures of an archive: one small, the others large. */
export interface ReportPictures {
  readonly small: ReportPicture | null;
  readonly large: readonly ReportPicture[];
}

/** Colours of the page. */
export type PageTheme = 'light' | 'dark' | 'auto';

/** The content of the page besides the numbers. */
export interface PageParts {
  readonly viewsFolder: string;
  readonly theme: PageTheme;
  readonly pictures: ReadonlyMap<string, ReportPictures>;
}

/** The text of the page. */
export function formatReportHtml(report: Report, { viewsFolder, theme, pictures }: PageParts): Promise<string> {
  const { all, hasAll, archives, timeZone, span } = report;
  const local = (timeS: number): string => formatLocal(timeZone, timeS);
  const none: ReportPictures = { small: null, large: [] };
  const section = (one: ArchiveReport, i: number) => ({
    ...sectionOf(report, one),
    id: `a${i}`,
    pictures: pictures.get(one.archive.name) ?? none,
  });
  const detailed = archives.filter(({ archive }) => pictures.has(archive.name));
  return ejs.renderFile(join(viewsFolder, 'report.ejs'), {
    theme,
    title: `Report of ${report.director}, ${local(span.startS)} to ${local(span.endS)}`,
    director: report.director,
    note: report.note ?? '',
    from: local(span.startS),
    to: local(span.endS),
    last: local(report.lastS),
    picturesTo: report.picturesEndS < span.endS ? local(report.picturesEndS) : '',
    coarse: coarseStretches(span).map(({ what, toS }) => `${what} up to ${local(toS)}`),
    whole: all !== null && hasAll ? section(all, 0) : null,
    top: detailed.map((one, i) => section(one, i + 1)),
    hasPictures: pictures.size > 0,
    summary: summaryWords(report),
    redundancy: redundancyWords(report),
    hasAll,
    dated,
    count: archives.length,
    hasImported: [...(all === null ? [] : [all]), ...archives].some(({ archive }) => archive.imported !== undefined),
    hasProxies: archives.some(({ archive }) => isOf(haproxy, archive.about)),
    table: archiveTable(report, detailed),
    counts: eventCounts(report),
    events: report.events.map((event) => ({
      time: local(event.timeS),
      of: shortName(event.archive),
      what: eventLine(event),
    })),
    eventsLeftOut: report.eventsLeftOut,
    definition: p95Definition(span.retention),
    row: rowName(span.retention.stepS),
    step: lengthWords(span.retention.stepS),
    finestDays: reachOf(span.retention, span.retention.rras[0] ?? { pdpPerRow: 0, rows: 0 }) / 86_400,
  });
}

/** A text as HTML, in which no date or time breaks at the end of a line. */
function dated(text: string): string {
  return ejs.escapeXML(text).replace(/\d{4}-\d\d-\d\d(?: \d\d:\d\d)?/g, '<span class="d">$&</span>');
}

function sectionOf(report: Report, one: ArchiveReport) {
  const bits = (value: number): string => formatFigure(value * 8, 'bit/s');
  return {
    name: longName(one.archive.name),
    hosts: one.hosts.join(' '),
    facts: factTexts(report, one),
    hasTraffic: one.figures.in !== null || one.figures.out !== null,
    rows: quantitiesOf(one.archive)
      .filter((name) => one.figures[name] !== null)
      .map((name) => quantityRow(report, one, name)),
    p95: { larger: bits(one.p95.larger), sum: bits(one.p95.sum), missing: one.whyNoP95 ?? '' },
    months: one.months.map(({ month, rows, p95 }) => ({
      month: formatMonth(month),
      rows,
      figures: [p95.in, p95.out, p95.larger, p95.sum].map(bits),
    })),
    alt: altOf(report, one),
  };
}

function factTexts(
  { timeZone, span }: Report,
  { archive, knownPart, outboundRemark, neverKept, outlooks, spare }: ArchiveReport,
): readonly string[] {
  return [
    `known ${knownText(knownPart)} of the time`,
    archive.firstS > span.startS ? `first seen ${formatLocal(timeZone, archive.firstS)}` : '',
    archive.goneS === null ? '' : `gone since ${formatLocal(timeZone, archive.goneS)}`,
    outboundRemark,
    neverKept.length === 0
      ? ''
      : `missing from the imported files: ${neverKept.map((name) => quantities[name].title).join(', ')}`,
    ...outlooks.flatMap((outlook) => outlookWords(outlook, timeZone) ?? []),
    spare === null ? '' : spareWords(spare, timeZone),
  ].filter((text) => text !== '');
}

function quantityRow(report: Report, one: ArchiveReport, name: QuantityName) {
  const figures = one.figures[name];
  const show = (value: number | undefined): string => formatFigure((value ?? Number.NaN) * scaleOf(name), unitOf(name));
  const totalUnit = measureOf(name)?.unit === 'B' ? 'B' : '';
  return {
    title: quantities[name].title,
    average: show(figures?.average),
    maximum: show(figures?.maximum),
    at: momentText(figures?.maximumIn ?? null, report),
    p95: show(figures?.p95),
    total: isGauge(name) ? '' : formatFigure(figures?.total ?? Number.NaN, totalUnit),
    growth: growthText(one.growth[name]),
    share: one === report.all ? '' : percent(shareOf(report, one, name)),
  };
}

/** The numbers of a picture in words, for readers who cannot see it. */
function altOf(report: Report, one: ArchiveReport): string {
  const rows = (['in', 'out', 'connections', 'sessions'] as const)
    .filter((name) => one.figures[name] !== null)
    .map((name) => {
      const { title, average, maximum, at } = quantityRow(report, one, name);
      return `${title}: average ${average}, maximum ${maximum} (${at})`;
    });
  return `${longName(one.archive.name)}; ${rows.join('; ')}`;
}

/** All archives with one figure per column; those with pictures link to them. */
function archiveTable(report: Report, detailed: readonly ArchiveReport[]) {
  const { archives } = report;
  const column = (of: (one: ArchiveReport) => number | undefined, unit: string): readonly string[] =>
    formatColumn(
      archives.map((one) => of(one) ?? Number.NaN),
      unit,
    );
  const columns = [
    column((one) => 8 * (one.figures.in?.average ?? Number.NaN), ''),
    column((one) => 8 * (one.figures.in?.maximum ?? Number.NaN), ''),
    column((one) => 8 * one.p95.in, ''),
    column((one) => 8 * (one.figures.out?.average ?? Number.NaN), ''),
    column((one) => 8 * (one.figures.out?.maximum ?? Number.NaN), ''),
    column((one) => 8 * one.p95.out, ''),
    column((one) => one.figures.in?.total, 'B'),
    column((one) => one.figures.out?.total, 'B'),
    column((one) => (one.figures.connections ?? one.figures.sessions)?.average, ''),
  ];
  return archives.map((one, i) => ({
    name: longName(one.archive.name),
    href: detailed.includes(one) ? `#a${detailed.indexOf(one) + 1}` : '',
    hosts: one.hosts.join(' '),
    figures: [
      ...columns.map((cells) => cells[i] ?? ''),
      percent(shareOf(report, one, 'in')),
      percent(shareOf(report, one, 'out')),
      growthText(one.growth.in),
      growthText(one.growth.out),
      knownText(one.knownPart),
    ],
    remark: [one.archive.goneS === null ? '' : 'gone', one.outboundRemark].filter((text) => text !== '').join('; '),
  }));
}

function eventCounts({ all, hasAll, archives }: Report): readonly { readonly title: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { eventCounts: own } of [...(all !== null && hasAll ? [all] : []), ...archives]) {
    for (const [kind, count] of own) counts.set(eventTitles[kind], (counts.get(eventTitles[kind]) ?? 0) + count);
  }
  return [...counts].map(([title, count]) => ({ title, count })).sort((a, b) => b.count - a.count);
}
