// The frame of every page: the bar (director, age of the data, search, time), and the line of views below it.

import type { Response } from 'express';
import { kindOfName } from '../../model/kinds/registry.js';
import { formatRetention, stepWords } from '../../model/retention.js';
import { formatLocal } from '../../render/look/local-time.js';
import type { Catalogue } from '../data/catalogue.js';
import { ageLabel, periodNames, shortAges } from '../data/stretches.js';
import { statusOf } from '../health.js';
import { deliverText } from '../limits/deliver.js';
import { formatAge, formatAgo } from '../pages/age.js';
import type { FigureGround } from '../pages/figure.js';
import { type Assets, assetPath } from '../routes/assets.js';
import type { Site } from '../site.js';
import { stretchQuery, type View, viewQuery } from '../view.js';
import type { Status } from '../wire.js';
import { pagePieces } from './page-pieces.js';
import { directorFrame, type FrameSite } from './site-frame.js';

/** A link; `isCurrent` if it leads to the current content. */
export interface Link {
  readonly label: string;
  readonly href: string;
  readonly isCurrent: boolean;
}

/** A page: its path below the prefix, and the content of its template besides the frame. */
export interface Page {
  readonly template: string;
  /** Path below the prefix, without a leading slash: `tiles`, `service/192.0.2.1_80`. */
  readonly path: string;
  readonly title: string;
  /** The parameters of its address besides the view, kept when another time is chosen or a search starts. */
  readonly query?: Readonly<Record<string, string>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A page with the view in its address, and the time of the newest reading that it shows; 0 before the first. */
export interface PageView {
  readonly page: Page;
  readonly view: View;
  readonly lastS: number;
}

/** The input of a template besides its content. */
interface Frame {
  readonly title: string;
  readonly director: string;
  readonly version: string;
  readonly base: string;
  readonly note: string;
  readonly zone: string;
  readonly isZoneChosen: boolean;
  /** The time zones to choose from. */
  readonly zones: readonly {
    readonly value: string;
    readonly label: string;
    readonly title: string;
    readonly isCurrent: boolean;
  }[];
  /** The rows that archives keep, and the length of a step in words. */
  readonly retention: string;
  readonly step: string;
  readonly isKiosk: boolean;
  readonly query: string;
  readonly status: Status;
  readonly last: string;
  readonly age: string;
  readonly newest: string;
  readonly periods: readonly (Link & { readonly key: string })[];
  /** The address of the fleet's page; empty where only one director is shown. */
  readonly fleetHref: string;
  readonly apiHref: string;
  readonly views: readonly Link[];
  readonly search: string;
  /** The target of a search: this view, if it shows services. */
  readonly searchPath: string;
  /** The part of the view that a search keeps, as hidden fields. */
  readonly kept: readonly (readonly [name: string, value: string])[];
  readonly stretch: View['stretch'];
  /** The ends of a range in local time; empty for a period. */
  readonly range: { readonly since: string; readonly until: string };
  readonly assets: Readonly<Record<'style' | 'theme' | 'app' | 'map' | 'mapWorker', string>>;
}

/** The input of a page: the view in its address, and the catalogue. */
export interface Visit {
  readonly view: View;
  readonly catalogue: Catalogue;
  readonly ground: FigureGround;
}

/** Sends a page of a director. */
export async function sendPage(site: Site, assets: Assets, response: Response, page: PageView): Promise<void> {
  await sendFramed({ ...site, frame: directorFrame(site) }, assets, response, page);
}

/** Sends a page in a frame. */
export async function sendFramed(site: FrameSite, assets: Assets, response: Response, page: PageView): Promise<void> {
  const { template, content } = page.page;
  response.set('Cache-Control', 'no-cache').vary('Cookie').type('html');
  await deliverText(response, pagePieces(response.app, template, { ...frameOf(site, assets, page), ...content }));
}

function frameOf(site: FrameSite, assets: Assets, { page, view, lastS }: PageView): Frame {
  const { basePath, director, version, looks, fleetHref = null } = site;
  const { views, searchPathOf, hasPeriods, apiPath } = site.frame;
  const { timeZone, note } = looks();
  const { retention } = site.collecting();
  const status = statusOf(site);
  const link = (path: string, change: Partial<View> = {}): string => `${basePath}/${path}${viewQuery(view, change)}`;
  const { stretch } = view;
  const own = Object.entries(page.query ?? {});
  const withOwn = (href: string): string =>
    own.length === 0 ? href : `${href}${href.includes('?') ? '&' : '?'}${new URLSearchParams(page.query)}`;
  return {
    title: page.title,
    director,
    version,
    base: basePath,
    note: note ?? '',
    zone: timeZone,
    isZoneChosen: site.serverZone !== undefined,
    zones: zonesOf(site.serverZone, timeZone),
    retention: formatRetention(retention),
    step: stepWords(retention.stepS),
    isKiosk: view.isKiosk,
    query: stretchQuery(stretch) || 'period=day',
    status,
    last: lastS === 0 ? '' : String(lastS),
    age: ageOf(status),
    newest: status.lastS === null ? '' : formatLocal(timeZone, status.lastS),
    periods: hasPeriods ? periodLinks(view, (change) => withOwn(link(page.path, change))) : [],
    fleetHref: fleetHref ?? '',
    apiHref: `${basePath}/${apiPath}`,
    views: views.map(({ path, label }) => ({ label, href: link(path), isCurrent: isBelow(page.path, path) })),
    search: view.search,
    searchPath: searchPathOf(page.path),
    kept: [...new URLSearchParams(viewQuery(view, { search: '' })), ...own],
    stretch,
    range: rangeOf(view, timeZone),
    assets: {
      style: `${basePath}/${assetPath(assets, 'style.css')}`,
      theme: `${basePath}/${assetPath(assets, 'theme.js')}`,
      app: `${basePath}/${assetPath(assets, 'app.js')}`,
      map: `${basePath}/${assetPath(assets, 'map.js')}`,
      mapWorker: `${basePath}/${assetPath(assets, 'map-worker.js')}`,
    },
  };
}

/** The server's zone, the browser's, and UTC, unless that is the server's. */
function zonesOf(serverZone: string | undefined, timeZone: string): Frame['zones'] {
  const server = serverZone ?? timeZone;
  const current = serverZone === undefined ? 'server' : timeZone === 'UTC' ? 'utc' : 'browser';
  return [
    { value: 'server', label: 'server time', title: server },
    { value: 'browser', label: 'browser time', title: '' },
    ...(server === 'UTC' ? [] : [{ value: 'utc', label: 'UTC', title: '' }]),
  ].map((one) => ({ ...one, isCurrent: one.value === current }));
}

/** The spans that are offered: some hours, and the periods, which have the keys 1 to 4. */
function periodLinks({ stretch }: View, hrefOf: (change: Partial<View>) => string): Frame['periods'] {
  return [
    ...shortAges.map((age) => ({
      key: '',
      label: ageLabel(age),
      href: hrefOf({ stretch: { kind: 'range', startS: 0, untilS: 0, age } }),
      isCurrent: stretch.kind === 'range' && stretch.age === age,
    })),
    ...periodNames().map(({ period, label }, index) => ({
      key: String(index + 1),
      label,
      href: hrefOf({ stretch: { kind: 'period', period } }),
      isCurrent: stretch.kind === 'period' && stretch.period === period,
    })),
  ];
}

/** Paths of archives' pages begin with this. */
const archivePages = 'service/';

/** The view that leads to an archive: services are listed, agents and links have a page of their own. */
function viewOfArchive(name: string): string {
  return kindOfName(name)?.source.isListed === false ? 'links' : 'services';
}

/** Is a page in a view, or about one of its archives? */
function isBelow(path: string, view: string): boolean {
  if (path.startsWith(archivePages)) return view === viewOfArchive(path.slice(archivePages.length));
  return path === view || (view === 'director' && path.startsWith('director/'));
}

function ageOf({ lastS, nowS, state }: Status): string {
  if (lastS === null) return '○ no data yet';
  if (state === 'failed') return `✕ last cycle failed · ${formatAgo(nowS - lastS)}`;
  if (state === 'unread') return `✕ engine unreadable · ${formatAgo(nowS - lastS)}`;
  if (state === 'frozen') return `▲ counters frozen · ${formatAgo(nowS - lastS)}`;
  return state === 'late' ? `▲ data is ${formatAge(nowS - lastS)} old` : `● ${formatAgo(nowS - lastS)}`;
}

/** The ends of a range, in the format of its form. */
function rangeOf({ stretch }: View, timeZone: string): Frame['range'] {
  if (stretch.kind === 'period') return { since: '', until: '' };
  if (stretch.age !== undefined) return { since: stretch.age, until: '' };
  const [since = '', until = ''] = [stretch.startS, stretch.untilS].map((timeS) =>
    formatLocal(timeZone, timeS).slice(0, 16),
  );
  return { since, until };
}
