// The parts of a page's frame that depend on what is shown: the pages of a director, or those of a fleet.

import type { Site } from '../site.js';

/** The part of a site that the frame of a page needs. */
export interface FrameSite
  extends Pick<Site, 'basePath' | 'collecting' | 'director' | 'looks' | 'nowS' | 'version'>,
    Partial<Pick<Site, 'fleetHref' | 'serverZone'>> {
  readonly frame: SiteFrame;
}

/** The parts of the frame in which the pages of a director and those of a fleet differ. */
export interface SiteFrame {
  /** Views, by the path of their page. */
  readonly views: readonly { readonly path: string; readonly label: string }[];
  /** The path of the page that answers a search on a page. */
  readonly searchPathOf: (path: string) => string;
  /** Whether readers choose the time that pages show. */
  readonly hasPeriods: boolean;
  /** The path of the description of the API. */
  readonly apiPath: string;
}

/** The frame of a director's pages. */
export function directorFrame(site: Pick<Site, 'collecting' | 'policy' | 'links' | 'map'>): SiteFrame {
  return {
    views: viewsOf(site),
    searchPathOf: (path) => (['pairs', 'tiles', 'events'].includes(path) ? path : 'services'),
    hasPeriods: true,
    apiPath: 'api',
  };
}

/** The views of every page. */
export const views = [
  { path: '', label: 'Now' },
  { path: 'all', label: 'All' },
  { path: 'services', label: 'Services' },
  { path: 'pairs', label: 'Pairs' },
  { path: 'tiles', label: 'Tiles' },
  { path: 'director', label: 'Director' },
  { path: 'events', label: 'Events' },
] as const;

/**
 * The views of a site: that of drift only where it is judged, that of links where agents report, that of the map where a
 * server makes one, and that of redundancy where the policy has something to say about it.
 */
function viewsOf({
  collecting,
  policy,
  links,
  map = null,
}: Pick<Site, 'collecting' | 'policy' | 'links' | 'map'>): readonly {
  readonly path: string;
  readonly label: string;
}[] {
  const { topology, redundancy } = policy().policy;
  return [
    ...views,
    ...(collecting().drift === undefined ? [] : [{ path: 'drift', label: 'Drift' }]),
    ...(links === undefined || links === null ? [] : [{ path: 'links', label: 'Links' }]),
    ...(map === null ? [] : [{ path: 'map', label: 'Map' }]),
    ...(topology.hosts.length + redundancy.length === 0 ? [] : [{ path: 'survive', label: 'Redundancy' }]),
  ];
}
