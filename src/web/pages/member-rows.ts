// The members of a service, a backend, a probe or an agent, as rows of its page.

import type { ArchiveInfo } from '../../model/archive.js';
import { pathOfName } from '../../model/names/name.js';
import { formatLocal } from '../../render/look/local-time.js';
import { type Figures, readFigures, unkept } from '../data/board.js';
import { type Catalogue, fieldOf, isOfAgent, isProbe, isProxy, type ServiceEntry } from '../data/catalogue.js';
import { inSlices } from '../data/time-slice.js';
import type { Visit } from '../frame/page-frame.js';
import { type LinkMemberRow, linkMemberRow } from '../links/link-rows.js';
import type { Site } from '../site.js';
import { viewQuery } from '../view.js';
import { drainOf, isIdle } from './idle-servers.js';
import { type ProbeRow, probeRow, worstFindingOf } from './probe-table.js';
import { hrefOf, type ProxyRow, proxyRow } from './proxy-table.js';
import { nowOf } from './service-table.js';

/** One real server in the list. */
export interface RealServerRow {
  readonly href: string;
  readonly endpoint: string;
  readonly hosts: string;
  readonly forwarding: string;
  readonly weight: string;
  readonly figures: readonly string[];
  readonly state: string;
  readonly isCurrent: boolean;
}

/** The archive of a page; null when its service is not in the catalogue. */
export interface Shown {
  readonly archive: ArchiveInfo;
  readonly service: ServiceEntry | null;
}

/** The rows of members; only those of the kind of the service are filled. */
export interface MemberRows {
  readonly realServers: readonly RealServerRow[];
  readonly servers: readonly ProxyRow[];
  readonly values: readonly ProbeRow[];
  readonly links: readonly LinkMemberRow[];
}

/** The real servers of a service, the servers of a proxy, or the values of a probe. */
export async function memberRows(
  site: Site,
  { archive, service }: Shown,
  { view, catalogue, ground }: Visit,
): Promise<MemberRows> {
  const { timeZone } = site.looks();
  const query = viewQuery(view);
  const realServers: RealServerRow[] = [];
  const servers: ProxyRow[] = [];
  const values: ProbeRow[] = [];
  const links: LinkMemberRow[] = [];
  const stateOf = worstFindingOf(site);
  const hasIdle = service?.realServers.some(({ info }) => isIdle(info)) ?? false;
  const events = hasIdle && service !== null ? await site.source.events({ archive: service.info.name }) : [];
  const emptying = { lastS: catalogue.lastS, events };
  for await (const one of inSlices(service?.realServers ?? [])) {
    const { info, endpoint, hosts, outbound } = one;
    const figures = info.goneS === null ? await figuresOnce(site, catalogue, info) : undefined;
    const isCurrent = info.name === archive.name;
    if (isOfAgent(one)) {
      links.push({ ...linkMemberRow(one, figures, timeZone), href: hrefOf(ground, one, query), isCurrent });
      continue;
    }
    if (isProbe(one)) {
      values.push({ ...probeRow(one, figures, { timeZone, stateOf }), href: hrefOf(ground, one, query), isCurrent });
      continue;
    }
    if (isProxy(one)) {
      servers.push({ ...proxyRow(one, figures, timeZone), href: hrefOf(ground, one, query), isCurrent });
      continue;
    }
    realServers.push({
      href: `${ground.basePath}/service/${pathOfName(info.name)}${query}`,
      endpoint,
      hosts: hosts.join(', '),
      forwarding: fieldOf(info, 'forwarding'),
      weight: fieldOf(info, 'weight'),
      figures: nowOf(figures, outbound),
      state: archiveState(info, timeZone, isIdle(info) ? await drainOf(site.source, info, emptying) : ''),
      isCurrent,
    });
  }
  return { realServers, servers, values, links };
}

/** Figures of real servers by query, per catalogue and thus per cycle. */
const known = new WeakMap<Catalogue, Map<string, Figures>>();

/** The figures of a real server or of a part of the director, read once per cycle however often its page is requested. */
export async function figuresOnce({ source }: Site, catalogue: Catalogue, info: ArchiveInfo): Promise<Figures> {
  const cycleFigures = known.get(catalogue) ?? new Map<string, Figures>();
  known.set(catalogue, cycleFigures);
  const figures =
    cycleFigures.get(info.name) ?? (await readFigures(unkept(source), catalogue.reachOf(info), catalogue.lastS));
  cycleFigures.set(info.name, figures);
  return figures;
}

/** The remark on a real server that takes no connections, or is gone; '' on any other. */
export function archiveState(info: ArchiveInfo, timeZone: string, drain = ''): string {
  if (info.goneS !== null) return `removed, not seen since ${formatLocal(timeZone, info.goneS)}`;
  if (!isIdle(info)) return '';
  return ['weight 0 (draining, or its check failed)', drain].filter((part) => part !== '').join(': ');
}
