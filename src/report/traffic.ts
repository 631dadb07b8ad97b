// The quantities of a report, and what of them is seen. What leaves past the director is not counted there: such zeros are
// neither zero nor unknown, and whatever they are a part of is left out, with the reason.

import type { ArchiveInfo } from '../model/archive.js';
import { isOfProxy } from '../model/outbound.js';
import type { OutboundStretch } from '../model/outbound-stretch.js';
import { graphKinds } from '../render/quantity.js';
import { seenSeries, seenTraces } from '../render/seen-trace.js';
import type { Rows } from './stretches.js';

/** A quantity, in the unit of its data source: a rate, or where it is read once a step (`isGauge`) a number, which has no total. */
interface Quantity {
  readonly title: string;
  readonly unit: string;
  readonly dataSource: string;
  readonly isGauge?: true;
  /** The services of the director have it, HAProxy's proxies, or both. */
  readonly of: 'services' | 'proxies' | 'both';
}

/** The quantities, by the name that they have in files. */
export const quantities = {
  in: { title: 'traffic in', unit: 'B/s', dataSource: 'InBytes', of: 'both' },
  out: { title: 'traffic out', unit: 'B/s', dataSource: 'OutBytes', of: 'both' },
  connections: { title: 'new connections', unit: 'conn/s', dataSource: 'Conns', of: 'services' },
  in_packets: { title: 'packets in', unit: 'packet/s', dataSource: 'InPkts', of: 'services' },
  out_packets: { title: 'packets out', unit: 'packet/s', dataSource: 'OutPkts', of: 'services' },
  active: { title: 'active connections', unit: 'conn', dataSource: 'ActiveConn', isGauge: true, of: 'services' },
  inactive: { title: 'inactive connections', unit: 'conn', dataSource: 'InActConn', isGauge: true, of: 'services' },
  sessions: { title: 'new sessions', unit: 'session/s', dataSource: 'Sessions', of: 'proxies' },
  current_sessions: {
    ...{ title: 'current sessions', unit: 'session', dataSource: 'CurSessions' },
    ...{ isGauge: true, of: 'proxies' },
  },
  queue: { title: 'queued requests', unit: 'request', dataSource: 'Queue', isGauge: true, of: 'proxies' },
} as const satisfies Readonly<Record<string, Quantity>>;

/** Name of a quantity. */
export type QuantityName = keyof typeof quantities;

/** Their names, in the order they are shown. */
export const quantityNames = Object.keys(quantities) as readonly QuantityName[];

/** Those that the director and its services have, or HAProxy's proxies and servers. */
export function quantitiesOf(archive: ArchiveInfo): readonly QuantityName[] {
  const other = isOfProxy(archive) ? 'services' : 'proxies';
  return quantityNames.filter((name) => quantities[name].of !== other);
}

/** Is it read once a step? A sum of it over time means nothing. */
export function isGauge(name: QuantityName): boolean {
  return 'isGauge' in quantities[name];
}

/** Rows without what was counted of outbound traffic while it went another way. */
export function seenRows(rows: readonly Rows[], outbounds: readonly OutboundStretch[]): readonly Rows[] {
  return rows.map(({ average, max, ...rest }) => {
    const seen = seenSeries(average, outbounds);
    return { ...rest, average: seen, max: max === average ? seen : seenSeries(max, outbounds) };
  });
}

/** Why nothing is seen of outbound traffic; null where something is. `rows` are those that were counted. */
export function unseenText(rows: readonly Rows[], outbounds: readonly OutboundStretch[]): string | null {
  const out = graphKinds.traffic.quantities.filter(({ label }) => label === 'out');
  const known = rows.filter(({ average }) => out.every(({ dataSource }) => average.dataSources.includes(dataSource)));
  const remarks = known.map(({ average }) => seenTraces(average, out, outbounds)[0]?.remark ?? '');
  return remarks.length > 0 && remarks.every((remark) => remark !== '') ? (remarks.at(-1) ?? null) : null;
}
