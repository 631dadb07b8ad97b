// The services on the page Now: what each does now, against the same hour last week, and its state. Every column can be sorted.

import { pathOfName } from '../../model/names/name.js';
import { formatFigure } from '../../render/look/si-format.js';
import { type Board, busynessOf, type Figures, hourlyChange } from '../data/board.js';
import { type ServiceEntry, servicesThere } from '../data/catalogue.js';
import { realServersState } from '../pages/service-table.js';
import type { StateWords } from './finding-rows.js';
import { type Spark, sparkOf } from './spark.js';

/** A service in words and figures, as every list of them shows it. */
export interface NowService extends StateWords {
  readonly service: ServiceEntry;
  readonly traffic: string;
  readonly conns: string;
  readonly change: string;
  readonly realServers: string;
  /** Its traffic by half hour: the last 24 h, and the same a week ago. */
  readonly day: readonly number[];
  readonly dayLastWeek: readonly number[];
}

/** A service on the page. */
export interface NowRow extends Pick<NowService, 'traffic' | 'conns' | 'change' | 'realServers' | keyof StateWords> {
  readonly href: string;
  readonly endpoint: string;
  readonly protocol: string;
  /** The first host name, how many more there are, and all of them. */
  readonly hosts: string;
  readonly moreHosts: string;
  readonly allHosts: string;
  readonly spark: Spark;
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

interface Measured extends StateWords {
  readonly service: ServiceEntry;
  /** Bytes per second, in and out. */
  readonly traffic: number;
  readonly conns: number;
  readonly change: number;
  readonly servers: number;
  readonly figures: Figures | undefined;
}

/** How the list is sorted: numbers largest first and texts in their order, or reversed. */
export interface NowOrder {
  readonly by: NowColumn;
  readonly isReversed: boolean;
}

/** The figures of services, and the state of those with findings. */
interface NowGround {
  readonly board: Pick<Board, 'of'>;
  readonly states: ReadonlyMap<string, StateWords>;
}

/** The services that are there, in an order. */
export function nowServices(
  services: readonly ServiceEntry[],
  order: NowOrder,
  ground: NowGround,
): readonly NowService[] {
  const measured = servicesThere({ services }).map((service) => measure(service, ground));
  measured.sort((a, b) => (order.isReversed ? -1 : 1) * compare(a, b, order.by));
  return measured.map(inWords);
}

/** The rows of the page. */
export function nowRows(services: readonly NowService[], basePath: string): readonly NowRow[] {
  return services.map(({ service, day, dayLastWeek, ...words }) => {
    const { info, endpoint, protocol, hosts } = service;
    return {
      ...words,
      href: `${basePath}/service/${pathOfName(info.name)}`,
      endpoint,
      protocol,
      hosts: hosts[0] ?? '',
      moreHosts: hosts.length > 1 ? `+${hosts.length - 1}` : '',
      allHosts: hosts.join(', '),
      spark: sparkOf(day, dayLastWeek),
    };
  });
}

function measure(service: ServiceEntry, { board, states }: NowGround): Measured {
  const figures = board.of(service.info.name);
  const live = service.realServers.filter((one) => one.info.goneS === null);
  return {
    service,
    figures,
    traffic: busynessOf(figures?.now, 'traffic'),
    conns: busynessOf(figures?.now, 'cps'),
    change: hourlyChange(figures),
    servers: live.length,
    ...(states.get(service.info.name) ?? { state: realServersState(live), silenced: '' }),
  };
}

/** Unknown numbers and empty states come last; names break ties, since the services are in their order. */
function compare(a: Measured, b: Measured, by: NowColumn): number {
  if (by === 'name') return 0;
  if (by === 'state') return Number(a.state === '') - Number(b.state === '') || (a.state < b.state ? -1 : 1);
  const [x, y] = [a[by], b[by]].map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
  return x === y ? 0 : (y ?? 0) - (x ?? 0);
}

function inWords({ service, traffic, conns, change, servers, state, silenced, figures }: Measured): NowService {
  return {
    service,
    traffic: formatFigure(8 * traffic),
    conns: formatFigure(conns),
    change: formatChange(change),
    realServers: String(servers),
    state,
    silenced,
    day: figures?.spark ?? [],
    dayLastWeek: figures?.sparkLastWeek ?? [],
  };
}

/** A change as a percentage: `+12 %`; a dash if unknown. */
export function formatChange(change: number): string {
  if (Number.isNaN(change)) return '–';
  const percent = Math.round(100 * change);
  if (percent > 999) return `×${Math.round(1 + change)}`;
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}
