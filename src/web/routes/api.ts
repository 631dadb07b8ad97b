// The documented interface for programs: archives, services, events, and rows (api-rows.ts), as JSON or CSV.

import type { Router } from 'express';
import { eventLine, eventRecord, eventRows } from '../../model/text/event-text.js';
import { archiveJson } from '../../model/text/series-text.js';
import { periods } from '../../render/define/graph-request.js';
import type { ReadBoard } from '../data/board.js';
import { driftRoute } from '../drift/drift-page.js';
import { linksRoute } from '../links/links-page.js';
import { sqlRoute } from '../links/sql-route.js';
import { mapRoute } from '../map/map-routes.js';
import { findingsRoute } from '../now/findings.js';
import { choose } from '../pages/choose.js';
import { chooseEvents, parseEventChoice } from '../pages/events/ledger.js';
import { leftOutRoute } from '../pages/left-out.js';
import { serviceRecord } from '../pages/service-table.js';
import type { Query } from '../query.js';
import { surviveRoute } from '../survive/survive-page.js';
import { parseStretch, parseView } from '../view.js';
import { seriesRoute, stackRoute } from './api-rows.js';
import type { LiveSources } from './live.js';
import { csvLines, csvRecords, jsonArray, mapped } from './pieces.js';
import { type RouteRequest, route, routerOf } from './route.js';

/** The sources of the answers. */
export interface ApiSources extends LiveSources {
  readonly boards: ReadBoard;
}

/** Routes below `api/`. */
export function apiRoutes(sources: ApiSources): Router {
  const routes = [
    archivesRoute,
    servicesRoute,
    eventsRoute,
    seriesRoute,
    stackRoute,
    leftOutRoute,
    findingsRoute,
    driftRoute,
    surviveRoute,
    linksRoute,
    mapRoute,
  ];
  const { answers, queries } = sources.turnstiles;
  return routerOf<ApiSources>(routes, sources, answers).use(routerOf<ApiSources>([sqlRoute], sources, queries));
}

const archiveTitles = [
  'name',
  'kind',
  'state',
  'first',
  'last',
  'gone',
  'scheduler',
  'flags',
  'forwarding',
  'weight',
  'mode',
  'status',
];

const archivesRoute = route({
  path: '/archives',
  parse: ({ sources }: RouteRequest<LiveSources>) => sources.catalogue(),
  key: () => ['archives'],
  rows: ({ byName }) => mapped(byName.values(), (info) => archiveJson(info) as Readonly<Record<string, unknown>>),
  json: jsonArray,
  csv: (archives) => csvRecords(archiveTitles, archives),
  file: (_entries, form) => (form === 'csv' ? { parts: ['archives'] } : null),
});

/** The services of a view, with the figures of the page that lists them. */
const servicesRoute = route({
  path: '/services',
  parse: async ({ sources, search }: RouteRequest<ApiSources>) => {
    const entries = await sources.catalogue();
    return { search, entries, view: parseView(search, entries.lastS) };
  },
  key: ({ search, entries }) => ['services', search, entries.lastS],
  rows: async ({ entries, view }, { boards }) => {
    const board = await boards(entries);
    const { services } = choose(entries.services, board, view);
    return services.map((service) => serviceRecord(service, board.of(service.info.name)));
  },
  json: jsonArray,
  csv: (records) => csvRecords(Object.keys(records[0] ?? {}), records),
  file: () => ({ parts: ['services'] }),
});

/** Events, newest first: all that are kept if no time is given. */
const eventsRoute = route({
  path: '/events',
  parse: async ({ sources, query }: RouteRequest<LiveSources>) => {
    const entries = await sources.catalogue();
    const span = eventSpan(query, entries.lastS);
    return { entries, choice: { ...parseEventChoice(query, entries), search: query.text('q') ?? '', span } };
  },
  key: ({ choice }) => ['events', choice],
  rows: async ({ entries, choice }, { site }) => (await chooseEvents(site, entries, choice)).events,
  json: (events) => jsonArray(mapped(events, (event) => ({ ...eventRecord(event), text: eventLine(event) }))),
  csv: (events) => csvLines(eventRows(events)),
  file: ({ choice }) => ({ parts: [choice.name ?? 'all', 'events'] }),
});

function eventSpan(query: Query, lastS: number): { readonly sinceS?: number; readonly untilS?: number } {
  if (['period', 'since', 'until'].every((name) => query.text(name) === null)) return {};
  const stretch = parseStretch(query, lastS);
  if (stretch.kind === 'range') return { sinceS: stretch.startS, untilS: stretch.untilS };
  return { sinceS: lastS - periods[stretch.period].spanS };
}
