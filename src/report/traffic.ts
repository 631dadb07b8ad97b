// The quantities of a report, and their visibility. Traffic that bypasses the director on its way out is not counted there:
// such zeros are neither zero nor unknown, and every figure that includes them is omitted, with the reason.

import type { ArchiveInfo } from '../model/archive.js';
import type { Measure } from '../model/kinds/kind.js';
import { isOf, registry } from '../model/kinds/registry.js';
import type { OutboundStretch } from '../model/service/outbound-stretch.js';
import { graphKinds, isOutward as isOutwardLine } from '../render/series/quantity.js';
import { seenSeries, seenTraces } from '../render/series/seen-trace.js';
import type { Rows } from './longer-rows.js';

/** A quantity, in the unit of its data source: a rate, or, for a gauge, a number, which has no total. */
interface Quantity {
  readonly title: string;
  readonly dataSource: string;
}

/** The quantities, by their names in files. */
export const quantities = {
  in: { title: 'traffic in', dataSource: 'InBytes' },
  out: { title: 'traffic out', dataSource: 'OutBytes' },
  connections: { title: 'new connections', dataSource: 'Conns' },
  in_packets: { title: 'packets in', dataSource: 'InPkts' },
  out_packets: { title: 'packets out', dataSource: 'OutPkts' },
  active: { title: 'active connections', dataSource: 'ActiveConn' },
  inactive: { title: 'inactive connections', dataSource: 'InActConn' },
  sessions: { title: 'new sessions', dataSource: 'Sessions' },
  current_sessions: { title: 'current sessions', dataSource: 'CurSessions' },
  queue: { title: 'queued requests', dataSource: 'Queue' },
  links: { title: 'links', dataSource: 'Links' },
  lost_links: { title: 'lost links', dataSource: 'Lost' },
  rtt: { title: 'round-trip time', dataSource: 'RTT' },
  longest_rtt: { title: 'longest round-trip time', dataSource: 'RTTMax' },
  loss: { title: 'lost probes', dataSource: 'Loss' },
} as const satisfies Readonly<Record<string, Quantity>>;

/** Name of a quantity. */
export type QuantityName = keyof typeof quantities;

/** Their names, in display order. */
export const quantityNames = Object.keys(quantities) as readonly QuantityName[];

/** The quantities that any archive of the same source has: all archives of a source have the same fields. */
export function quantitiesOf({ about }: ArchiveInfo): readonly QuantityName[] {
  const measures = registry.kinds.flatMap((kind) => (isOf(kind.source, about) ? kind.measures : []));
  return quantityNames.filter((name) => measures.some((measure) => measure.name === quantities[name].dataSource));
}

/** Has an archive anything that a report has figures of? The value of a probe may be anything, so it has none. */
export function hasQuantities({ dataSources }: Pick<ArchiveInfo, 'dataSources'>): boolean {
  return dataSources.some((own) => quantityNames.some((name) => quantities[name].dataSource === own.name));
}

/** The measure of a quantity. */
export function measureOf(name: QuantityName): Measure | undefined {
  return registry.measures.get(quantities[name].dataSource);
}

/** Is it read once per step? Its sum over time means nothing. */
export function isGauge(name: QuantityName): boolean {
  return measureOf(name)?.type === 'GAUGE';
}

/** Is it outbound, so that it may go another way? */
export function isOutward(name: QuantityName): boolean {
  return isOutwardLine(quantities[name]);
}

/** Rows without outbound counts for the time in which the traffic went another way. */
export function seenRows(rows: readonly Rows[], outbounds: readonly OutboundStretch[]): readonly Rows[] {
  return rows.map(({ average, max, ...rest }) => {
    const seen = seenSeries(average, outbounds);
    return { ...rest, average: seen, max: max === average ? seen : seenSeries(max, outbounds) };
  });
}

/** Why outbound traffic is invisible; null if some is visible. `rows` are the counted ones. */
export function unseenText(rows: readonly Rows[], outbounds: readonly OutboundStretch[]): string | null {
  const out = graphKinds.traffic.quantities.filter(isOutwardLine);
  const known = rows.filter(({ average }) => out.every(({ dataSource }) => average.dataSources.includes(dataSource)));
  const remarks = known.map(({ average }) => seenTraces(average, out, outbounds)[0]?.remark ?? '');
  return remarks.length > 0 && remarks.every((remark) => remark !== '') ? (remarks.at(-1) ?? null) : null;
}
