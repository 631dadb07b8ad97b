// The summary of a report in words, for the template views/report-summary.ejs.

import { serviceOf } from '../model/names/name.js';
import { countOf } from '../model/text/count-of.js';
import { eventLine } from '../model/text/event-text.js';
import { outlookWords } from '../render/capacity/read-outlooks.js';
import { spareWords } from '../render/capacity/read-spare.js';
import { longName } from '../render/define/heading.js';
import { formatLocal } from '../render/look/local-time.js';
import { formatFigure, noFigure } from '../render/look/si-format.js';
import type { ArchiveReport } from './archive-report.js';
import type { Report } from './report.js';
import { summaryOf } from './summary.js';
import { growthText, momentText } from './words.js';

/** The input of the template. */
export interface SummaryWords {
  /** The director's figures; empty if it has none. */
  readonly figures: readonly { readonly title: string; readonly value: string; readonly remark: string }[];
  readonly grown: readonly { readonly name: string; readonly hosts: string; readonly cells: readonly string[] }[];
  /** Limits and lost spares: the archive and a sentence. */
  readonly limits: readonly Line[];
  /** On the limits that are far away, or on the lack of limits; '' if neither. */
  readonly limitsRemark: string;
  readonly spareless: readonly Line[];
  readonly broken: readonly (Line & { readonly time: string })[];
  readonly brokenMore: number;
}

interface Line {
  readonly name: string;
  readonly text: string;
}

/** The words of a report's summary. */
export function summaryWords(report: Report): SummaryWords {
  const { all, timeZone } = report;
  const { grown, limits, notSoon, spareless, broken, brokenMore } = summaryOf(report);
  return {
    figures: all === null ? [] : (['in', 'out'] as const).flatMap((name) => directorFigures(report, all, name)),
    grown: grown.map(({ report: one, gain }) => ({
      name: longName(one.archive.name),
      hosts: one.hosts.join(' '),
      cells: (['in', 'out'] as const).flatMap((name) => [
        bits(one.figures[name]?.average),
        growthText(one.growth[name]),
        Number.isNaN(gain[name]) ? noFigure : `${gain[name] < 0 ? '−' : '+'}${bits(Math.abs(gain[name]))}`,
      ]),
    })),
    limits: limits.flatMap(({ report: one, outlook }) => {
      const text = outlookWords(outlook, timeZone);
      return text === null ? [] : [{ name: nameOf(report, one), text }];
    }),
    limitsRemark: remarkOn(limits.length, notSoon),
    spareless: spareless.flatMap((one) =>
      one.spare === null ? [] : [{ name: nameOf(report, one), text: spareWords(one.spare, timeZone) }],
    ),
    broken: broken.map((event) => ({
      time: formatLocal(timeZone, event.timeS).slice(0, 16),
      name: event.archive === all?.archive.name ? report.director : longName(serviceOf(event.archive)),
      text: eventLine(event),
    })),
    brokenMore,
  };
}

function remarkOn(near: number, far: number): string {
  if (near + far === 0) return 'No capacity is stated, so nothing can be said about when it runs out.';
  if (far === 0) return '';
  return `${countOf(far, near === 0 ? 'limit is' : 'other limit is', near === 0 ? 'limits are' : 'other limits are')} not reached within two years, by the trend of weekly peaks.`;
}

function directorFigures(report: Report, { figures, p95, growth, whyNoP95 }: ArchiveReport, name: 'in' | 'out') {
  const own = figures[name];
  return [
    { title: `peak ${name}`, value: bits(own?.maximum), remark: momentText(own?.maximumIn ?? null, report) },
    {
      title: `95th percentile ${name}`,
      value: bits(p95[name]),
      remark: Number.isNaN(p95[name]) ? (whyNoP95 ?? '') : '',
    },
    {
      title: `average ${name}`,
      value: bits(own?.average),
      remark: `${growthText(growth[name])} against the span before`,
    },
  ];
}

function nameOf({ all, director }: Report, one: ArchiveReport): string {
  return one === all ? director : longName(one.archive.name);
}

function bits(bytesPerS: number | undefined): string {
  return formatFigure(8 * (bytesPerS ?? Number.NaN), 'bit/s');
}
