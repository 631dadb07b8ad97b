// A quantity as far as the director saw it. Traffic that bypasses it counts as zero: that is left blank, which is neither zero
// nor unknown. So is a row in which the traffic was visible for part of the time. If the replies of only some real servers
// pass, a ratio of outbound traffic to all connections describes none of them, so it is omitted.

import { counterpartOf, directionOf } from '../../model/kinds/registry.js';
import type { Series } from '../../model/series.js';
import { type Outbound, unseenReason } from '../../model/service/outbound.js';
import { type OutboundStretch, type Sight, sightsIn } from '../../model/service/outbound-stretch.js';
import { isOutward, type Quantity } from './quantity.js';
import { type Trace, traceOf } from './trace.js';

/** A trace, and why it shows nothing; '' if it shows something. */
export interface SeenTrace {
  readonly trace: Trace;
  readonly remark: string;
}

/** The visible traces of quantities in the rows of a series. Throws as `traceOf` does. */
export function seenTraces(
  series: Series,
  quantities: readonly Quantity[],
  outbounds: readonly OutboundStretch[],
): readonly SeenTrace[] {
  const sights = sightsOf(series, outbounds);
  const seen = blankOf(series, sights);
  return quantities.map((quantity) => {
    const whole = traceOf(series, quantity);
    if (!isOutward(quantity)) return { trace: whole, remark: '' };
    const isPerConn = quantity.per === 'Conns';
    const rows = isPerConn ? withBlank(seen, quantity.dataSource, (row) => sights[row] === 'partly') : seen;
    const trace = { ...traceOf(rows, quantity), unknown: whole.unknown };
    const isSilent = isSilentIn(series, quantity.dataSource, sights);
    return { trace, remark: trace.values.every(Number.isNaN) ? remarkOf(outbounds, { isSilent, isPerConn }) : '' };
  });
}

/** A series without outbound counts in rows in which the traffic was invisible, or visible for part of the time only. */
export function seenSeries(series: Series, outbounds: readonly OutboundStretch[]): Series {
  return blankOf(series, sightsOf(series, outbounds));
}

/** The remark below a graph on traffic that was invisible at times, or in part; '' if all or none was visible. */
export function outboundRemark(outbounds: readonly OutboundStretch[]): string {
  const all = outbounds.map(({ outbound }) => outbound);
  const partly = all.find((one) => one.kind === 'partly');
  const reasons = reasonsOf(all);
  const isChanged = all.some((one) => unseenReason(one) === null);
  if (reasons !== '' && isChanged) {
    const part = partly === undefined ? '' : 'or only in part ';
    return `out: at times not ${part}visible here (${reasons})`;
  }
  if (partly === undefined) return '';
  const times = all.some(({ kind }) => kind !== 'partly') ? 'at times ' : '';
  return `out: ${times}${partly.unseen} of ${partly.of} real servers not visible here (${partly.reason})`;
}

/** The sight of outbound traffic in each row. */
function sightsOf({ startS, stepS, columns }: Series, outbounds: readonly OutboundStretch[]): readonly Sight[] {
  return sightsIn(outbounds, { startS, stepS, count: columns[0]?.length ?? 0 });
}

function blankOf(series: Series, sights: readonly Sight[]): Series {
  if (sights.every((sight) => sight === 'seen' || sight === 'partly')) return series;
  const outward = series.dataSources.filter((name) => directionOf(name) === 'out');
  return outward.reduce((rest, name) => {
    const isSilent = isSilentIn(series, name, sights);
    const isBlank = (row: number, value: number): boolean => {
      const sight = sights[row];
      return sight === 'turning' || (value === 0 && (sight === 'unseen' || (sight === 'unknown' && isSilent)));
    };
    return withBlank(rest, name, isBlank);
  }, series);
}

function withBlank(series: Series, dataSource: string, isBlank: (row: number, value: number) => boolean): Series {
  const columns = series.columns.map((column, i) => {
    if (series.dataSources[i] !== dataSource) return column;
    const seen = column.slice();
    for (let row = 0; row < seen.length; row += 1) if (isBlank(row, seen[row] ?? Number.NaN)) seen[row] = Number.NaN;
    return seen;
  });
  return { ...series, columns };
}

/** If nobody knows how real servers were reached, nothing out while something comes in counts as invisible. */
function isSilentIn({ dataSources, columns }: Series, outward: string, sights: readonly Sight[]): boolean {
  const isAny = (name: string): boolean =>
    columns[dataSources.indexOf(name)]?.some((value, row) => sights[row] === 'unknown' && value > 0) ?? false;
  const inward = counterpartOf(outward, dataSources);
  return inward !== undefined && isAny(inward) && !isAny(outward);
}

/** Why nothing at all is visible. */
function remarkOf(
  outbounds: readonly OutboundStretch[],
  { isSilent, isPerConn }: { readonly isSilent: boolean; readonly isPerConn: boolean },
): string {
  const all = outbounds.map(({ outbound }) => outbound);
  const isUnseen = all.length > 0 && all.every((one) => unseenReason(one) !== null);
  if (isUnseen) return `not visible here (${reasonsOf(all)})`;
  const partly = all.find((one) => one.kind === 'partly');
  if (partly !== undefined && isPerConn)
    return `not shown: ${partly.unseen} of ${partly.of} real servers not visible here`;
  return isSilent ? 'none seen on this director' : '';
}

function reasonsOf(outbounds: readonly Outbound[]): string {
  return [...new Set(outbounds.flatMap((one) => unseenReason(one) ?? []))].join('; ');
}
