// The page of a service besides its graphs: since when it exists, how it is balanced, its real servers.

import type { ArchiveInfo } from '../../model/archive.js';
import type { Finding } from '../../model/finding/finding.js';
import { findingTitles } from '../../model/finding/finding-text.js';
import { pathOfName } from '../../model/names/name.js';
import type { Fact } from '../../render/kinds/depiction.js';
import { depictionOf } from '../../render/kinds/registry.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { AppParts } from '../app-parts.js';
import { capacityFacts } from '../data/capacity-facts.js';
import {
  type Catalogue,
  hasMembers,
  isOfAgent,
  isOfTable,
  isProbe,
  isProxy,
  type ServiceEntry,
} from '../data/catalogue.js';
import type { Visit } from '../frame/page-frame.js';
import type { LinkMemberRow } from '../links/link-rows.js';
import { type ReachContent, reachContent } from '../links/reach-rows.js';
import { usersHref } from '../map/map-hrefs.js';
import type { FindingRow, SilencedRow } from '../now/finding-rows.js';
import { pageFindings } from '../now/page-findings.js';
import type { Site } from '../site.js';
import { viewQuery } from '../view.js';
import { type EventRows, eventList } from './events/events-page.js';
import { chooseEvents } from './events/ledger.js';
import { archiveState, memberRows, type RealServerRow, type Shown } from './member-rows.js';
import type { ProbeRow } from './probe-table.js';
import { type ProxyRow, proxyState } from './proxy-table.js';
import { realServersState } from './service-table.js';

/** The input of the template. */
export interface ServiceContent {
  /** The findings that affect the archive, or one of its real servers. */
  readonly findings: readonly FindingRow[];
  readonly silenced: readonly SilencedRow[];
  /** Its real servers that agents have lost. */
  readonly reach: Omit<ReachContent, 'facts'>;
  readonly heading: { readonly endpoint: string; readonly protocol: string; readonly hosts: string };
  readonly facts: readonly Fact[];
  readonly realServers: readonly RealServerRow[];
  /** The servers of an HAProxy backend; null on pages of the kernel's table and of a frontend. */
  readonly servers: readonly ProxyRow[] | null;
  readonly isFrontend: boolean;
  /** The values of a probe with labels; null on other pages. */
  readonly values: readonly ProbeRow[] | null;
  /** The links of an agent; null on other pages. */
  readonly links: readonly LinkMemberRow[] | null;
  /** The archive's relation to its parent: "real server". */
  readonly memberWord: string;
  /** The service that a real server belongs to; null on a service's own page. */
  readonly parent: { readonly href: string; readonly endpoint: string; readonly protocol: string } | null;
  readonly badges: readonly string[];
  /** The address of the last day of a gone archive; null while it is there. */
  readonly lastDayHref: string | null;
  /** The map of those who use it; null if there is none. */
  readonly usersHref: string | null;
  /** Its newest events, and the address of all. */
  readonly events: readonly EventRows[];
  readonly eventsHref: string;
}

/** Facts and real servers of an archive. */
export async function serviceContent(
  parts: AppParts,
  { archive, service }: Shown,
  visit: Visit,
): Promise<ServiceContent> {
  const { view, catalogue, ground } = visit;
  const { site } = parts;
  const { timeZone } = site.looks();
  const query = viewQuery(view);
  const { realServers, servers, values, links } = await memberRows(site, { archive, service }, visit);
  const { open, findings, silenced } = pageFindings(site, catalogue, archive.name);
  const isService = service !== null && service.info.name === archive.name;
  const own = isService ? service : service?.realServers.find(({ info }) => info.name === archive.name);
  const { facts: reached, ...reach } = reachContent(
    site,
    isService ? service.realServers : own === undefined ? [] : [own],
  );
  return {
    heading: {
      endpoint: own?.endpoint ?? archive.name,
      protocol: own?.protocol ?? '',
      hosts: own?.hosts.join(', ') ?? '',
    },
    facts: [
      ...archiveFacts(archive, timeZone),
      ...(await factsOfCapacity(site, { archive, service }, catalogue)),
      ...reached,
    ],
    findings,
    silenced,
    reach,
    realServers,
    servers: service !== null && isProxy(service) && hasMembers(service.info) ? servers : null,
    isFrontend: !hasMembers(archive),
    values: service !== null && isProbe(service) ? values : null,
    links: service !== null && isOfAgent(service) ? links : null,
    memberWord: memberWord(service),
    parent:
      isService || service === null
        ? null
        : {
            href: `${ground.basePath}/service/${pathOfName(service.info.name)}${query}`,
            endpoint: service.endpoint,
            protocol: service.protocol,
          },
    badges: badgesOf(archive, { service: isService ? service : null, findings: open, timeZone }),
    events: await newestEvents(site, archive, { view, catalogue }),
    eventsHref: `${ground.basePath}/events?since=797d&name=${encodeURIComponent(archive.name)}`,
    usersHref: usersHref(site, archive),
    lastDayHref:
      archive.goneS === null
        ? null
        : `${ground.basePath}/service/${pathOfName(archive.name)}${lastDayQuery(view, archive.goneS)}`,
  };
}

/** How the page of a member names its relation to its parent. */
function memberWord(service: ServiceEntry | null): string {
  if (service === null || isOfTable(service)) return 'real server';
  if (isProbe(service)) return 'value';
  return isOfAgent(service) ? 'link' : 'server';
}

/** The facts about the capacity of a service; its proxies' servers are no real servers. */
function factsOfCapacity(site: Site, { archive, service }: Shown, catalogue: Catalogue): Promise<readonly Fact[]> {
  const isReal = service !== null && isOfTable(service) && service.info.name === archive.name;
  const realServers = isReal ? service.realServers.map(({ info }) => info) : [];
  return capacityFacts(site, catalogue, { archive, realServers });
}

const newestCount = 10;

/** The newest events of an archive's ledger. */
export async function newestEvents(
  site: Site,
  { name }: Pick<ArchiveInfo, 'name'>,
  on: Pick<Visit, 'view' | 'catalogue'>,
): Promise<EventRows[]> {
  const choice = { name, kind: null, search: '', span: {} };
  const { events } = await chooseEvents(site, on.catalogue, choice);
  return eventList(events.slice(0, newestCount), { site, ...on });
}

/** The day that ends when an archive was last there. */
function lastDayQuery(view: Visit['view'], goneS: number): string {
  return viewQuery(view, { stretch: { kind: 'range', startS: goneS - 86_400, untilS: goneS } });
}

function archiveFacts({ about, firstS, lastS, goneS, name }: ArchiveInfo, timeZone: string): Fact[] {
  const facts = [...depictionOf(about).factsOf(about)];
  facts.push(['first seen', formatLocal(timeZone, firstS)], ['last seen', formatLocal(timeZone, lastS)]);
  if (goneS !== null) facts.push(['gone since', formatLocal(timeZone, goneS)]);
  facts.push(['archive', name]);
  return facts;
}

interface BadgeGround {
  /** The service that an archive is; null if it is none. */
  readonly service: ServiceEntry | null;
  /** Those that affect the archive. */
  readonly findings: readonly Finding[];
  readonly timeZone: string;
}

function badgesOf(archive: ArchiveInfo, { service, findings, timeZone }: BadgeGround): string[] {
  if (archive.goneS !== null) return [`gone since ${formatLocal(timeZone, archive.goneS)}`];
  if (isProxy({ info: archive })) return [proxyState(archive)].filter((state) => state !== '');
  const titles = new Set(findings.map(({ kind }) => findingTitles[kind]));
  if (service === null) return [archiveState(archive, timeZone), ...titles].filter((state) => state !== '');
  if (!isOfTable(service)) return [...titles];
  const live = service.realServers.filter(({ info }) => info.goneS === null);
  return titles.size > 0 ? [...titles] : [realServersState(live)].filter((state) => state !== '');
}
