// The documented interface for programs: archives, and rows of a graph or of an archive's data sources, as JSON or CSV.

import { type Request, type Response, Router } from 'express';
import { type Cf, cfs } from '../model/archive.js';
import { eventLine, eventRecord, eventRows } from '../model/event-text.js';
import { directorName, serviceOf } from '../model/name.js';
import { type OutboundStretch, outboundStretches } from '../model/outbound-stretch.js';
import type { Series } from '../model/series.js';
import { archiveJson } from '../model/series-text.js';
import { type GraphType, periods, stackTypeOf } from '../render/graph-request.js';
import { graphTypesOf } from '../render/picture-set.js';
import { graphKinds, quantitiesOf } from '../render/quantity.js';
import { seenTraces } from '../render/seen-trace.js';
import type { ReadBoard } from './board.js';
import { choose } from './choose.js';
import { isNotModified } from './conditional.js';
import { nameDownload } from './download.js';
import { knownArchive, knownType } from './known-archive.js';
import { chooseEvents, parseEventChoice } from './ledger.js';
import { answerLeftOut } from './left-out.js';
import { deliverText } from './limits/deliver.js';
import { type LiveSources, rowsFor, searchOf } from './live.js';
import { csvLines, jsonArray, mapped, type SeriesParts, seriesCsvPieces, seriesJsonPieces } from './pieces.js';
import { parseQuery, type Query } from './query.js';
import { RequestError } from './request-error.js';
import { mappedLater, rowsInParts } from './rows-in-parts.js';
import { serviceRecord } from './service-table.js';
import { readStack, stackTypesOf } from './stack-asked.js';
import { stackSeries } from './stack-series.js';
import { parseStretch, parseView } from './view.js';

/** Rows of one answer at the most: all the 5-minute rows there are. */
const mostRows = 28_800;

/** What is answered from. */
export interface ApiSources extends LiveSources {
  readonly boards: ReadBoard;
}

/** Routes below `api/`. */
export function apiRoutes(sources: ApiSources): Router {
  const router = Router();
  const answer = (
    path: string,
    handler: (sources: ApiSources, request: Request, response: Response) => Promise<void>,
  ) =>
    router.get(
      `${path}{.:suffix}`,
      sources.turnstiles.answers((request, response) => handler(sources, request, response)),
    );
  answer('/archives', answerArchives);
  answer('/services', answerServices);
  answer('/events', answerEvents);
  answer('/series', answerSeries);
  answer('/stack', answerStack);
  router.get(
    '/left-out',
    sources.turnstiles.answers((request, response) => answerLeftOut(sources, request, response)),
  );
  return router;
}

type Format = 'json' | 'csv';

/** By the suffix of the path, or else by `Accept`. Throws a `RequestError`. */
function formatOf(request: Request): Format {
  const { suffix } = request.params;
  if (suffix === 'json' || suffix === 'csv') return suffix;
  if (suffix !== undefined) throw new RequestError(404, `there is no ".${suffix}" of this: write .json or .csv`);
  const accepted = request.accepts(['json', 'text/csv']);
  if (accepted === 'json') return 'json';
  if (accepted === 'text/csv') return 'csv';
  throw new RequestError(406, 'this can be had as application/json or text/csv');
}

async function answerArchives({ site, catalogue }: LiveSources, request: Request, response: Response): Promise<void> {
  const format = formatOf(request);
  response.vary('Accept');
  const { byName } = await catalogue();
  if (isNotModified(request, response, ['archives', format, site.collecting()])) return;
  const archives = mapped(byName.values(), (info) => archiveJson(info) as Readonly<Record<string, unknown>>);
  if (format === 'json') {
    await sendJson(response, archives);
    return;
  }
  nameDownload(response, { parts: ['archives'], suffix: format });
  const titles = [
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
  await sendCsv(
    response,
    [titles],
    mapped(archives, (one) => titles.map((title) => cellOf(one[title]))),
  );
}

async function answerSeries({ site, catalogue }: LiveSources, request: Request, response: Response): Promise<void> {
  const format = formatOf(request);
  response.vary('Accept');
  const query = parseQuery(searchOf(request));
  const entries = await catalogue();
  const archive = knownArchive(entries, query.text('name') ?? directorName);
  const type = query.text('type') === null ? null : knownType(graphTypesOf(archive), query.text('type'));
  const cf: Cf = query.oneOf('cf', cfs);
  if (type !== null && cf === 'MAX') refuseMaximum(type);
  const stretch = parseStretch(query, entries.lastS);
  const [startS, untilS] =
    stretch.kind === 'range' ? [stretch.startS, stretch.untilS] : [entries.lastS - spanOf(query), entries.lastS];
  const wanted = { name: archive.name, cf, startS, endS: untilS - 1, stepS: parseStep(query) };
  const { stepS: rowS, startS: firstS } = await site.source.fetch({ ...wanted, endS: startS + 1 });
  if ((untilS - startS) / rowS > mostRows) {
    throw new RequestError(
      400,
      `that span has over ${mostRows} rows of ${rowS} s: write a later "since" or a longer "step"`,
    );
  }
  if (isNotModified(request, response, [wanted, type, format, site.collecting()])) return;
  const span = { startS: firstS, endS: Math.ceil(untilS / rowS) * rowS, rowS };
  const parts = rowsInParts(site, wanted, span);
  const outboundsOf = async () => {
    const events = await site.source.events({ archive: serviceOf(archive.name), sinceS: span.startS });
    return outboundStretches(entries.reachOf(archive), events, span);
  };
  const outbounds = type === null ? [] : await outboundsOf();
  const ds = archive.dataSources.map((source) => source.name);
  const series: SeriesParts = {
    ...{ name: archive.name, cf, stepS: rowS, startS: span.startS, endS: span.endS },
    dataSources: type === null ? ds : quantitiesOf(graphKinds[type], ds).map(({ label }) => label),
    parts: type === null ? parts : mappedLater(parts, (part) => shownOf(part, type, outbounds)),
  };
  nameDownload(response, {
    parts: [archive.name, type ?? 'all', ...(cf === 'MAX' ? ['max'] : [])],
    span: { startS, endS: untilS },
    suffix: format,
  });
  await sendSeries(response, format, series);
}

/** The services that a view shows, with the figures of the page that lists them. */
async function answerServices(
  { site, catalogue, boards }: ApiSources,
  request: Request,
  response: Response,
): Promise<void> {
  const format = formatOf(request);
  response.vary('Accept');
  const search = searchOf(request);
  const entries = await catalogue();
  const view = parseView(search, entries.lastS);
  if (isNotModified(request, response, ['services', search, format, entries.lastS, site.collecting()])) return;
  const board = await boards(entries);
  const { services } = choose(entries.services, board, view);
  const rows = services.map((service) => serviceRecord(service, board.of(service.info.name)));
  nameDownload(response, { parts: ['services'], suffix: format });
  if (format === 'json') await sendJson(response, rows);
  else {
    const titles = Object.keys(rows[0] ?? {});
    await sendCsv(
      response,
      [titles],
      mapped(rows, (row) => Object.values(row).map(cellOf)),
    );
  }
}

/** What happened, the newest first: all that is kept, where no time is asked for. */
async function answerEvents({ site, catalogue }: LiveSources, request: Request, response: Response): Promise<void> {
  const format = formatOf(request);
  response.vary('Accept');
  const search = searchOf(request);
  const query = parseQuery(search);
  const entries = await catalogue();
  const span = eventSpan(query, entries.lastS);
  const choice = { ...parseEventChoice(query, entries), search: query.text('q') ?? '', span };
  if (isNotModified(request, response, ['events', choice, format, site.collecting()])) return;
  const { events } = await chooseEvents(site, entries, choice);
  nameDownload(response, { parts: [choice.name ?? 'all', 'events'], suffix: format });
  if (format === 'json') {
    await sendJson(
      response,
      mapped(events, (event) => ({ ...eventRecord(event), text: eventLine(event) })),
    );
  } else await sendCsv(response, eventRows(events));
}

function eventSpan(query: Query, lastS: number): { readonly sinceS?: number; readonly untilS?: number } {
  if (['period', 'since', 'until'].every((name) => query.text(name) === null)) return {};
  const stretch = parseStretch(query, lastS);
  if (stretch.kind === 'range') return { sinceS: stretch.startS, untilS: stretch.untilS };
  return { sinceS: lastS - periods[stretch.period].spanS };
}

/** The rows of a stack: what each of its parts adds, in its unit or as parts of a hundred. */
async function answerStack(sources: ApiSources, request: Request, response: Response): Promise<void> {
  const format = formatOf(request);
  response.vary('Accept');
  const { site, catalogue } = sources;
  const query = parseQuery(searchOf(request));
  const isShare = query.flag('share');
  const entries = await catalogue();
  const archive = knownArchive(entries, query.text('name') ?? directorName);
  const type = knownType(stackTypesOf(archive), query.text('type'));
  const rows = await rowsFor(sources, archive, query);
  if (isNotModified(request, response, ['stack', archive.name, type, isShare, rows, format, site.collecting()])) return;
  const stack = await readStack(sources, { archive, type }, rows);
  const series = stackSeries(stack, { name: archive.name, type: stackTypeOf(type), isShare });
  nameDownload(response, {
    parts: [archive.name, type, ...(isShare ? ['share'] : [])],
    span: rows.span,
    suffix: format,
  });
  await sendSeries(response, format, series);
}

/** A maximum of parts is not the maximum of the whole. */
function refuseMaximum(type: GraphType): void {
  if (graphKinds[type].quantities.every(({ per }) => per === undefined)) return;
  throw new RequestError(
    400,
    `"${type}" is a ratio, which has no MAX of its own: ask for cf=AVERAGE, or for its parts without "type"`,
  );
}

function spanOf(query: Query): number {
  const stretch = parseStretch(query, 0);
  return periods[stretch.kind === 'period' ? stretch.period : 'day'].spanS;
}

function parseStep(query: Query): number {
  const text = query.text('step') ?? '1';
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new RequestError(400, `"step" is the length of a row in seconds, such as 300, not ${JSON.stringify(text)}`);
}

/** The quantities that a graph shows, in its units, in the place of data sources. */
function shownOf(series: Series, type: GraphType, outbounds: readonly OutboundStretch[]): Series {
  const quantities = quantitiesOf(graphKinds[type], series.dataSources);
  return {
    ...series,
    dataSources: quantities.map(({ label }) => label),
    columns: seenTraces(series, quantities, outbounds).map(({ trace: { values }, remark }) =>
      remark === '' ? values : values.map(() => Number.NaN),
    ),
  };
}

function cellOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function sendJson(response: Response, values: Iterable<unknown>): Promise<void> {
  return deliverText(response.type('json'), jsonArray(values));
}

/** Rows one after the other, such as a line of titles and what is below. */
function sendCsv(response: Response, ...rows: readonly Iterable<readonly string[]>[]): Promise<void> {
  return deliverText(response.type('text/csv'), csvLines(joined(rows)));
}

function* joined<T>(all: readonly Iterable<T>[]): Generator<T> {
  for (const one of all) yield* one;
}

function sendSeries(response: Response, format: Format, series: SeriesParts): Promise<void> {
  return format === 'json'
    ? deliverText(response.type('json'), seriesJsonPieces(series))
    : deliverText(response.type('text/csv'), seriesCsvPieces(series));
}
