// The services on the page Now: what each does now, against the same hour last week, and its state. Every column can be sorted.

import { pathOfName } from '../../model/names/name.js';
import { formatFigure } from '../../render/look/si-format.js';
import { busynessOf, type Figures } from '../data/board.js';
import { isProxy, type ServiceEntry } from '../data/catalogue.js';
import type { FigureGround } from '../pages/figure.js';
import { realServersState } from '../pages/service-table.js';
import { type Spark, sparkOf } from './spark.js';

/** A service on the page. */
export interface NowRow {
  readonly href: string;
  readonly endpoint: string;
  readonly protocol: string;
  /** The first host name, how many more there are, and all of them. */
  readonly hosts: string;
  readonly moreHosts: string;
  readonly allHosts: string;
  readonly traffic: string;
  readonly conns: string;
  readonly change: string;
  readonly spark: Spark;
  readonly realServers: string;
  readonly state: string;
}

/** The columns by which the list can be sorted, and their titles. */
export const nowColumns = {
  name: 'service',
  traffic: 'bit/s',
  conns: 'conn/s',
  change: 'against last week',
  servers: 'real servers',
  state: 'state',
} as const;

/** The name of a column. */
export type NowColumn = keyof typeof nowColumns;

interface Measured {
  readonly service: ServiceEntry;
  /** Bytes per second, in and out. */
  readonly traffic: number;
  readonly conns: number;
  readonly change: number;
  readonly servers: number;
  readonly state: string;
  readonly figures: Figures | undefined;
}

/** How the list is sorted: numbers largest first and texts in their order, or reversed. */
export interface NowOrder {
  readonly by: NowColumn;
  readonly isReversed: boolean;
}

interface NowGround {
  readonly ground: FigureGround;
  /** The state of services with findings. */
  readonly states: ReadonlyMap<string, string>;
}

/** The rows of the services that are there, in an order. */
export function nowRows(services: readonly ServiceEntry[], order: NowOrder, now: NowGround): readonly NowRow[] {
  const measured = services
    .filter((service) => service.info.goneS === null && !isProxy(service))
    .map((service) => measure(service, now));
  measured.sort((a, b) => (order.isReversed ? -1 : 1) * compare(a, b, order.by));
  return measured.map((one) => rowOf(one, now.ground));
}

function measure(service: ServiceEntry, { ground, states }: NowGround): Measured {
  const figures = ground.board.of(service.info.name);
  const live = service.realServers.filter((one) => one.info.goneS === null);
  const [hour, before] = [busynessOf(figures?.hour, 'traffic'), busynessOf(figures?.hourLastWeek, 'traffic')];
  return {
    service,
    figures,
    traffic: busynessOf(figures?.now, 'traffic'),
    conns: busynessOf(figures?.now, 'cps'),
    change: before > 0 ? hour / before - 1 : Number.NaN,
    servers: live.length,
    state: states.get(service.info.name) ?? realServersState(live),
  };
}

/** Unknown numbers and empty states come last; names break ties, since the services are in their order. */
function compare(a: Measured, b: Measured, by: NowColumn): number {
  if (by === 'name') return 0;
  if (by === 'state') return Number(a.state === '') - Number(b.state === '') || (a.state < b.state ? -1 : 1);
  const [x, y] = [a[by], b[by]].map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
  return x === y ? 0 : (y ?? 0) - (x ?? 0);
}

function rowOf({ service, traffic, conns, change, servers, state, figures }: Measured, ground: FigureGround): NowRow {
  const { info, endpoint, protocol, hosts } = service;
  return {
    href: `${ground.basePath}/service/${pathOfName(info.name)}`,
    endpoint,
    protocol,
    hosts: hosts[0] ?? '',
    moreHosts: hosts.length > 1 ? `+${hosts.length - 1}` : '',
    allHosts: hosts.join(', '),
    traffic: formatFigure(8 * traffic),
    conns: formatFigure(conns),
    change: formatChange(change),
    spark: sparkOf(figures?.spark ?? [], figures?.sparkLastWeek ?? []),
    realServers: String(servers),
    state,
  };
}

function formatChange(change: number): string {
  if (Number.isNaN(change)) return '–';
  const percent = Math.round(100 * change);
  if (percent > 999) return `×${Math.round(1 + change)}`;
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}
