// The figures of a report in words: units, moments, percentages. Unknown is "–".

import { formatLocal } from '../render/look/local-time.js';
import { noFigure } from '../render/look/si-format.js';
import type { PeakRow } from './figures.js';
import type { Report } from './report.js';
import { measureOf, type QuantityName } from './traffic.js';

/** Bits for people who buy lines, bytes in files. */
export function scaleOf(name: QuantityName): number {
  return measureOf(name)?.unit === 'B' ? 8 : 1;
}

/** The unit of a quantity, per second unless it is a gauge. */
export function unitOf(name: QuantityName): string {
  const { unit = '', type } = measureOf(name) ?? {};
  return `${unit === 'B' ? 'bit' : unit}${type === 'GAUGE' ? '' : '/s'}`;
}

/** A row of one step is named by its end, a longer one by its whole span; a day row is a day of UTC. */
export function momentText(moment: PeakRow | null, { timeZone, span }: Report): string {
  if (moment === null) return noFigure;
  const { endS, rowS } = moment;
  if (rowS === span.retention.stepS) return formatLocal(timeZone, endS);
  if (rowS === 86_400) return `${formatLocal('UTC', endS - rowS).slice(0, 10)} (UTC day)`;
  const [from, to] = [formatLocal(timeZone, endS - rowS), formatLocal(timeZone, endS)];
  return `${from.slice(0, 16)} to ${from.slice(0, 10) === to.slice(0, 10) || rowS < 86_400 ? to.slice(11) : to}`;
}

/** "12 %". */
export function percent(part: number): string {
  return Number.isNaN(part) ? noFigure : `${(100 * part).toFixed(part < 0.0995 ? 1 : 0)} %`;
}

/** Truncated, not rounded: 100 % means all of it. */
export function knownText(part: number): string {
  return part < 1 && part > 0.99 ? `${(Math.floor(1000 * part) / 10).toFixed(1)} %` : percent(part);
}

/** "+12 %". */
export function growthText(part: number): string {
  if (Number.isNaN(part)) return noFigure;
  return `${part < 0 ? '−' : '+'}${(100 * Math.abs(part)).toFixed(Math.abs(part) < 0.0995 ? 1 : 0)} %`;
}
