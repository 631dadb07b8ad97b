// The proxies of HAProxy, and the servers of a backend, as rows of words and figures.

import type { ArchiveInfo } from '../../model/archive.js';
import { pathOfName } from '../../model/names/name.js';
import type { GraphType } from '../../render/define/graph-request.js';
import { depictionOf } from '../../render/kinds/registry.js';
import { formatLocal } from '../../render/look/local-time.js';
import { formatFigure } from '../../render/look/si-format.js';
import type { Figures } from '../data/board.js';
import { fieldOf, hasMembers, type NamedArchive, type ServiceEntry } from '../data/catalogue.js';
import { viewQuery } from '../view.js';
import { type FigureGround, graphFigures } from './figure.js';
import { formatGrowth } from './service-table.js';

/** One proxy in the list, or one server on the page of its backend. */
export interface ProxyRow {
  readonly href: string;
  readonly endpoint: string;
  readonly protocol: string;
  readonly status: string;
  readonly weight: string;
  /** The number of servers; empty if it has none. */
  readonly servers: string;
  readonly figures: readonly string[];
  readonly growth: string;
  readonly state: string;
  readonly isGone: boolean;
  readonly isCurrent: boolean;
}

/** Rows of proxies. */
export function proxyRows(
  proxies: readonly ServiceEntry[],
  { ground, timeZone }: { readonly ground: FigureGround; readonly timeZone: string },
): ProxyRow[] {
  const query = viewQuery(ground.view, { search: '', sort: 'busiest', top: '20' });
  return proxies.map((proxy) => {
    const figures = proxy.info.goneS === null ? ground.board.of(proxy.info.name) : undefined;
    const live = proxy.realServers.filter(({ info }) => info.goneS === null).length;
    const servers = hasMembers(proxy.info) ? String(live) : '';
    return { ...proxyRow(proxy, figures, timeZone), href: hrefOf(ground, proxy, query), servers };
  });
}

/** The row of one, as far as it is the same on every page. */
export function proxyRow(
  { info, endpoint, protocol }: NamedArchive,
  figures: Figures | undefined,
  timeZone: string,
): ProxyRow {
  const { goneS } = info;
  return {
    href: '',
    endpoint,
    protocol,
    status: fieldOf(info, 'status'),
    weight: fieldOf(info, 'weight'),
    servers: '',
    figures: proxyFigures(figures),
    growth: formatGrowth(figures),
    state: goneS === null ? proxyState(info) : `gone since ${formatLocal(timeZone, goneS)}`,
    isGone: goneS !== null,
    isCurrent: false,
  };
}

/** The address of its page. */
export function hrefOf({ basePath }: Pick<FigureGround, 'basePath'>, { info }: NamedArchive, query: string): string {
  return `${basePath}/service/${pathOfName(info.name)}${query}`;
}

/** The remark on an existing entry that takes no sessions; '' if it takes some. */
export function proxyState({ about }: ArchiveInfo): string {
  return depictionOf(about).stateOf?.(about) ?? '';
}

/** New sessions, traffic in and out, current sessions, queue, as of the newest row. */
function proxyFigures(figures: Figures | undefined): string[] {
  const types: readonly GraphType[] = ['sps', 'traffic', 'sessions', 'queue'];
  return types.flatMap((type) => graphFigures(figures?.now, type).map(({ value }) => formatFigure(value)));
}
