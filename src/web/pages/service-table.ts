// The list of services as rows of words and figures.

import { pathOfName } from '../../model/names/name.js';
import type { Outbound } from '../../model/service/outbound.js';
import type { GraphType } from '../../render/define/graph-request.js';
import { formatLocal } from '../../render/look/local-time.js';
import { formatFigure, noFigure } from '../../render/look/si-format.js';
import { type Figures, weeklyGrowth } from '../data/board.js';
import { fieldOf, type NamedArchive, type ServiceEntry } from '../data/catalogue.js';
import type { StateWords } from '../now/finding-rows.js';
import { viewQuery } from '../view.js';
import { type FigureGround, graphFigures, isOutUnseen } from './figure.js';
import { isIdle } from './idle-servers.js';

/** One service in the list. */
export interface ServiceRow extends StateWords {
  readonly href: string;
  readonly endpoint: string;
  readonly protocol: string;
  readonly hosts: string;
  readonly scheduler: string;
  readonly realServers: string;
  readonly figures: readonly string[];
  readonly growth: string;
  readonly isGone: boolean;
}

/** The input of the rows besides the services; `states` has the titles of findings by service. */
interface ServiceGround {
  readonly ground: FigureGround;
  readonly timeZone: string;
  readonly states: ReadonlyMap<string, StateWords>;
}

/** Rows of services. */
export function serviceRows(
  services: readonly ServiceEntry[],
  { ground, timeZone, states }: ServiceGround,
): ServiceRow[] {
  const query = viewQuery(ground.view, { search: '', sort: 'busiest', top: '20' });
  return services.map(({ info, endpoint, protocol, hosts, realServers, outbound }) => {
    const figures = info.goneS === null ? ground.board.of(info.name) : undefined;
    const live = realServers.filter((one) => one.info.goneS === null);
    return {
      href: `${ground.basePath}/service/${pathOfName(info.name)}${query}`,
      endpoint,
      protocol,
      hosts: hosts.join(', '),
      scheduler: [fieldOf(info, 'scheduler'), fieldOf(info, 'flags')].join(' ').trim(),
      realServers: String(live.length),
      figures: nowOf(figures, outbound),
      growth: formatGrowth(figures),
      isGone: info.goneS !== null,
      ...(info.goneS !== null
        ? { state: `gone since ${formatLocal(timeZone, info.goneS)}`, silenced: '' }
        : (states.get(info.name) ?? { state: realServersState(live), silenced: '' })),
    };
  });
}

/** Why a service can reach no real server: it has none, or none that gets connections; '' otherwise. */
export function realServersState(live: readonly NamedArchive[]): string {
  if (live.length === 0) return 'no real server';
  if (!live.every(({ info }) => isIdle(info))) return '';
  return live.length === 1 ? 'the only real server has weight 0' : 'all real servers have weight 0';
}

/** New connections, traffic in and out, active and inactive connections, as of the newest row. */
export function nowOf(figures: Figures | undefined, outbound: Outbound): string[] {
  const types = ['cps', 'traffic', 'active', 'inactive'] as const;
  return types.flatMap((type) => {
    const isUnseen = isOutUnseen(graphFigures(figures?.day, type), outbound);
    return graphFigures(figures?.now, type).map(({ isOut, value }) =>
      isOut && isUnseen ? noFigure : formatFigure(value),
    );
  });
}

/** Traffic of the last seven days against that of the seven before: `+12 %`. */
export function formatGrowth(figures: Figures | undefined): string {
  const growth = weeklyGrowth(figures, 'traffic');
  const before =
    (figures?.weekBefore.get('InBytes') ?? Number.NaN) + (figures?.weekBefore.get('OutBytes') ?? Number.NaN);
  if (Number.isNaN(growth) || !(before > 0)) return '–';
  const percent = Math.round((100 * growth) / before);
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}

/**
 * A service or HAProxy proxy of the list as numbers, for programs; null if unknown, or not of its kind. Rates are per second,
 * of the newest five minutes.
 */
export function serviceRecord(
  { info, endpoint, protocol, hosts, realServers, outbound }: ServiceEntry,
  figures: Figures | undefined,
): Readonly<Record<string, string | number | null>> {
  const now = (type: GraphType): (number | null)[] =>
    graphFigures(info.goneS === null ? figures?.now : undefined, type).map(({ value }) =>
      Number.isNaN(value) ? null : value,
    );
  const [inBits = null, outBits = null] = now('traffic');
  return {
    name: info.name,
    endpoint,
    protocol,
    hosts: hosts.join(' '),
    scheduler: fieldOf(info, 'scheduler'),
    flags: fieldOf(info, 'flags'),
    real_servers: realServers.filter((one) => one.info.goneS === null).length,
    conns: now('cps')[0] ?? null,
    in_bits: inBits,
    out_bits: isOutUnseen(graphFigures(figures?.day, 'traffic'), outbound) ? null : outBits,
    active: now('active')[0] ?? null,
    inactive: now('inactive')[0] ?? null,
    sessions: now('sps')[0] ?? null,
    current_sessions: now('sessions')[0] ?? null,
    queue: now('queue')[0] ?? null,
    status: fieldOf(info, 'status'),
    gone: info.goneS,
  };
}
