// The catalogue: all archives, read once per cycle, with the words that searches match.

import { type ArchiveInfo, newestReadingS } from '../../model/archive.js';
import { haproxy } from '../../model/kinds/haproxy.js';
import { ipvs } from '../../model/kinds/ipvs.js';
import { agents } from '../../model/kinds/link.js';
import { probes } from '../../model/kinds/probe.js';
import { isOf, kindOf, kindOfName, registry } from '../../model/kinds/registry.js';
import { serviceOf } from '../../model/names/name.js';
import { identify } from '../../model/names/parse-name.js';
import { type Outbound, outboundOf, type Reach, reachFinder } from '../../model/service/outbound.js';
import { realServersByService } from '../../model/service/real-servers.js';
import { headingOf } from '../../render/define/heading.js';
import { type HostNames, hostsOf } from '../../render/look/host-names.js';
import type { Site } from '../site.js';

/** An archive in words: its name, and its address. */
export interface NamedArchive {
  readonly info: ArchiveInfo;
  /** `192.0.2.1:80`, and `TCP`. */
  readonly endpoint: string;
  readonly protocol: string;
  readonly hosts: readonly string[];
  /** The current visibility of its outbound traffic. */
  readonly outbound: Outbound;
}

/** A service and its real servers; a proxy of HAProxy, and the servers of a backend; or a probe, and its values with labels. */
export interface ServiceEntry extends NamedArchive {
  readonly realServers: readonly NamedArchive[];
}

/** All archives as of one cycle. */
export interface Catalogue {
  /** Time of the newest reading; 0 before the first. */
  readonly lastS: number;
  readonly services: readonly ServiceEntry[];
  /** Those that lists of services leave out: agents, with their links. */
  readonly unlisted: readonly ServiceEntry[];
  readonly byName: ReadonlyMap<string, ArchiveInfo>;
  readonly reachOf: (archive: ArchiveInfo) => Reach;
}

/** Returns the catalogue that is shown. */
export type ReadCatalogue = () => Promise<Catalogue>;

/** The catalogue that is shown, and its replacement by the next. */
export interface Catalogues {
  readonly shown: ReadCatalogue;
  /** Reads the current archives, without showing them yet. */
  read(): Promise<Catalogue>;
  show(catalogue: Catalogue): void;
}

/** Reads the archives on first use, once for all concurrent requests; afterwards `show` sets what is shown. */
export function createCatalogues({ source, looks }: Pick<Site, 'source' | 'looks'>): Catalogues {
  let kept: { readonly hosts: HostNames; readonly catalogue: Promise<Catalogue> } | null = null;
  const read = async (): Promise<Catalogue> => {
    const { hosts } = looks();
    return catalogueOf(await source.list(), hosts);
  };
  return {
    read,
    show: (catalogue) => {
      kept = { hosts: looks().hosts, catalogue: Promise.resolve(catalogue) };
    },
    shown: () => {
      const { hosts } = looks();
      if (kept === null || kept.hosts !== hosts) {
        const mine = { hosts, catalogue: read() };
        kept = mine;
        mine.catalogue.catch(() => {
          if (kept === mine) kept = null;
        });
      }
      return kept.catalogue;
    },
  };
}

/** Sorts archives into services and their real servers. */
export function catalogueOf(archives: readonly ArchiveInfo[], hosts: HostNames): Catalogue {
  const byName = new Map(archives.map((info) => [info.name, info]));
  const reachOf = reachFinder(archives);
  const named = (info: ArchiveInfo): NamedArchive => ({
    ...displayNames(info, hosts),
    outbound: outboundOf(reachOf(info)),
  });
  const realServers = realServersByService(archives);
  const entriesOf = (isListed: boolean): readonly ServiceEntry[] =>
    archives
      .filter(({ about }) => kindOf(about).level === 'top' && kindOf(about).source.isListed === isListed)
      .map((info) => ({ ...named(info), realServers: (realServers.get(info.name) ?? []).map(named) }));
  let unlisted: readonly ServiceEntry[] | null = null;
  return {
    lastS: newestReadingS(archives),
    services: entriesOf(true),
    // Thousands of agents, which only their own pages need.
    get unlisted() {
      unlisted ??= entriesOf(false);
      return unlisted;
    },
    byName,
    reachOf,
  };
}

/** The services that are in the kernel's table now. */
export function servicesThere({ services }: Pick<Catalogue, 'services'>): readonly ServiceEntry[] {
  return services.filter((service) => service.info.goneS === null && isOfTable(service));
}

/** Does it belong to the kernel's table? */
export function isOfTable({ info: { about } }: Pick<NamedArchive, 'info'>): boolean {
  return isOf(ipvs, about);
}

/** Is it a probe, or one of its values? */
export function isProbe({ info: { about } }: Pick<NamedArchive, 'info'>): boolean {
  return isOf(probes, about);
}

/** Is a name that of a probe, or of one of its values? */
export function isProbeName(name: string): boolean {
  return kindOfName(name)?.source === probes;
}

/** Does it belong to HAProxy? */
export function isProxy({ info: { about } }: Pick<NamedArchive, 'info'>): boolean {
  return isOf(haproxy, about);
}

/** Is a name that of a proxy of HAProxy, or of one of its servers? */
export function isProxyName(name: string): boolean {
  return kindOfName(name)?.source === haproxy;
}

/** Can archives of its kind have members: real servers, or servers? */
export function hasMembers({ about }: ArchiveInfo): boolean {
  const { prefix, source } = kindOf(about);
  return registry.kinds.some((kind) => kind.level === 'member' && kind.source === source && kind.prefix === prefix);
}

/** A field of an archive's description, as text; '' if its kind lacks the field, or if it is unknown. */
export function fieldOf({ about }: ArchiveInfo, name: string): string {
  const fields: Readonly<Record<string, string | number | boolean | null>> = about;
  return String(fields[name] ?? '');
}

/** Is it an agent, or one of its links? */
export function isOfAgent({ info: { about } }: Pick<NamedArchive, 'info'>): boolean {
  return isOf(agents, about);
}

/** The service, proxy, probe or agent that an archive is or belongs to; null if the catalogue has none. */
export function topOf({ services, unlisted }: Catalogue, name: string): ServiceEntry | null {
  const own = serviceOf(name);
  const isOwn = ({ info }: ServiceEntry): boolean => info.name === own;
  return services.find(isOwn) ?? unlisted.find(isOwn) ?? null;
}

/** A service, or a real server, by its name. */
export function namedOf({ services }: Catalogue, name: string): NamedArchive | undefined {
  const known =
    byName.get(services) ??
    new Map(services.flatMap((one) => [one, ...one.realServers]).map((one) => [one.info.name, one]));
  byName.set(services, known);
  return known.get(name);
}

const byName = new WeakMap<Catalogue['services'], ReadonlyMap<string, NamedArchive>>();

function displayNames(info: ArchiveInfo, hosts: HostNames): Omit<NamedArchive, 'outbound'> {
  const names = hostsOf(info.name, hosts);
  const { endpoint, protocol } = headingOf({ name: info.name, hostNames: names }, '');
  // The heading of a member also names its parent.
  const member = kindOf(info.about).level === 'member' ? identify(info.name) : null;
  return { info, endpoint: member?.kind.ownName(member.parts) ?? endpoint, protocol, hosts: names };
}
