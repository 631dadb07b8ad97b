// The data of the pages' canvases: rows of one graph, a stack, and the status of the data (wire.ts has the format).

import type { Router } from 'express';
import type { ArchiveInfo } from '../../model/archive.js';
import { directorName } from '../../model/names/name.js';
import type { Series } from '../../model/series.js';
import { readCapacities } from '../../render/capacity/read-capacities.js';
import { type Ago, agos } from '../../render/define/comparison.js';
import { type GraphType, stackTypeOf } from '../../render/define/graph-request.js';
import { type GraphContent, readGraph } from '../../render/files/content/graph-jobs.js';
import { graphTypesOf, togetherTypesOf } from '../../render/files/content/graph-types.js';
import { archiveSubject, type SpanRows } from '../../render/files/content/span-set.js';
import { hostsOf } from '../../render/look/host-names.js';
import { readStackAnnotations } from '../../render/series/annotations.js';
import { graphKinds } from '../../render/series/quantity.js';
import type { Stack } from '../../render/series/stack-parts.js';
import type { ReadCatalogue } from '../data/catalogue.js';
import type { StackSources } from '../data/stacks.js';
import { rowsOfStretch } from '../data/stretches.js';
import { statusOf } from '../health.js';
import type { Turnstiles } from '../limits/turnstile.js';
import type { Query } from '../query.js';
import { RequestError } from '../request-error.js';
import type { Site } from '../site.js';
import { parseStretch } from '../view.js';
import { encodeSeries, type LiveGraph, type LiveStack, stackPieces } from '../wire.js';
import { chosenZone, inZone, zoneOfQuery } from '../zone.js';
import { knownArchive, knownType } from './known-archive.js';
import { type RouteRequest, route, routerOf } from './route.js';
import { readStack } from './stack-asked.js';

/** The sources of the answers. */
export interface LiveSources {
  readonly site: Site;
  readonly catalogue: ReadCatalogue;
  readonly stacks: StackSources;
  readonly turnstiles: Turnstiles;
}

/** Routes below `live/`. */
export function liveRoutes(sources: LiveSources): Router {
  const router = routerOf([graphRoute, stackRoute], sources, sources.turnstiles.answers);
  // No queue: it costs nothing, and pages request it to learn whether the server is there.
  router.get('/status', async (request, response) => {
    // News is what is shown: some seconds after a cycle, once the data of the pages has been computed.
    const { lastS } = await sources.catalogue();
    response
      .set('Cache-Control', 'no-cache')
      .json({ ...statusOf(inZone(sources.site, chosenZone(request))), lastS: lastS === 0 ? null : lastS });
  });
  return router;
}

const graphRoute = route({
  path: '/graph',
  parse: async ({ sources, query }: RouteRequest<LiveSources>) => {
    const entries = await sources.catalogue();
    const archive = knownArchive(entries, query.text('name') ?? '');
    const type = knownType(graphTypesOf(archive), query.text('type'));
    return { entries, archive, type, ago: agoOf(query), rows: await rowsFor(sources, archive, query) };
  },
  key: ({ archive, type, ago, rows }) => [archive.name, type, ago ?? null, rows],
  rows: async ({ entries, archive, type, ago, rows }, { site }): Promise<LiveGraph> => {
    const { hosts, capacity } = site.looks();
    const wantedGraph = { reach: entries.reachOf(archive), set: rows, hosts, capacity, ago, types: [type] };
    const content = await readGraph(site.source, wantedGraph);
    const { subject, average, max, outbounds, p95, capacities = {}, imported, comparison, reasons, marks } = content;
    const wanted = dataSourcesOf(type);
    return {
      type,
      subject,
      reasons: reasonsWithin(reasons, rows),
      marks,
      capacities,
      span: rows.span,
      outbounds,
      ...(p95 === undefined ? {} : { p95 }),
      ...(imported === undefined ? {} : { imported }),
      ...(comparison === undefined ? {} : { comparison: { ...comparison, ...encoded(comparison, wanted) } }),
      ...encoded({ average, max }, wanted),
    };
  },
  json: (graph) => [JSON.stringify(graph)],
});

const stackRoute = route({
  path: '/stack',
  parse: async ({ sources, query }: RouteRequest<LiveSources>) => {
    const archive = knownArchive(await sources.catalogue(), query.text('name') ?? directorName);
    const type = knownType(togetherTypesOf(archive), query.text('type'));
    return { archive, type, rows: await rowsFor(sources, archive, query) };
  },
  key: ({ archive, type, rows }) => [archive.name, type, rows],
  rows: async ({ archive, type, rows }, sources) => {
    const { site } = sources;
    const stack = await readStack(sources, { archive, type }, rows);
    const { reasons, marks } = await readStackAnnotations(site.source, archive, rows);
    const { hosts, capacity } = site.looks();
    const of = { archive, hosts: hostsOf(archive.name, hosts), capacity, types: [stackTypeOf(type)] };
    const about: Omit<LiveStack, 'stack'> = {
      type: stackTypeOf(type),
      capacities: await readCapacities(site.source, of),
      subject: archiveSubject(archive, hosts),
      reasons: reasonsWithin(reasons, rows),
      marks,
      span: rows.span,
    };
    return { about, stack };
  },
  json: ({ about, stack }) => liveStackPieces(about, stack),
});

function* liveStackPieces(about: Omit<LiveStack, 'stack'>, stack: Stack): Generator<string> {
  yield `${JSON.stringify(about).slice(0, -1)},"stack":`;
  yield* stackPieces(stack);
  yield '}';
}

/** The earlier span that is shown, too; undefined if none is. */
export function agoOf(query: Query): Ago | undefined {
  const ago = query.oneOf('compare', ['none', ...agos]);
  return ago === 'none' ? undefined : ago;
}

/** Default width of a plot in pixels, and the bounds of a requested one. */
const usualWidthPx = 700;
const [minWidthPx, maxWidthPx] = [50, 4000];

/** The rows that show the stretch of a query. */
export async function rowsFor({ site, catalogue }: LiveSources, archive: ArchiveInfo, query: Query): Promise<SpanRows> {
  const { lastS } = await catalogue();
  const stretch = parseStretch(query, lastS);
  const timeZone = zoneOfQuery(query) ?? site.looks().timeZone;
  return rowsOfStretch(site.source, { archive, stretch }, { lastS, timeZone, widthPx: parseWidth(query) });
}

function parseWidth(query: Query): number {
  const text = query.text('width');
  if (text === null) return usualWidthPx;
  const widthPx = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (widthPx >= minWidthPx && widthPx <= maxWidthPx) return widthPx;
  throw new RequestError(400, `"width" has to be a number of pixels from ${minWidthPx} to ${maxWidthPx}`);
}

function dataSourcesOf(type: GraphType): ReadonlySet<string> {
  return new Set(
    graphKinds[type].quantities.flatMap(({ dataSource, per, where }) =>
      [dataSource, per, where?.dataSource].filter((name) => name !== undefined),
    ),
  );
}

function encoded(
  { average, max }: Pick<GraphContent, 'average' | 'max'>,
  wanted: ReadonlySet<string>,
): Pick<LiveGraph, 'average' | 'max'> {
  const encode = (series: Series) => encodeSeries(only(series, wanted));
  return { average: encode(average), max: max === null ? null : encode(max) };
}

function only(series: Series, wanted: ReadonlySet<string>): Series {
  const columns = series.columns.filter((_, i) => wanted.has(series.dataSources[i] ?? ''));
  return { ...series, dataSources: series.dataSources.filter((name) => wanted.has(name)), columns };
}

function reasonsWithin<T extends { readonly startS: number; readonly endS: number }>(
  reasons: readonly T[],
  { span }: SpanRows,
): T[] {
  return reasons.filter(({ startS, endS }) => endS > span.startS && startS < span.endS);
}
