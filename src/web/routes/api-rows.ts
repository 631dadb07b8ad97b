// The rows of a graph, of an archive's data sources, or of a stack, for programs.

import { type Cf, cfs } from '../../model/archive.js';
import { directorName, serviceOf } from '../../model/names/name.js';
import type { Series } from '../../model/series.js';
import { type OutboundStretch, outboundStretches } from '../../model/service/outbound-stretch.js';
import { type GraphType, periods, stackTypeOf } from '../../render/define/graph-request.js';
import { graphTypesOf, togetherTypesOf } from '../../render/files/content/graph-types.js';
import { graphKinds, quantitiesOf } from '../../render/series/quantity.js';
import { seenTraces } from '../../render/series/seen-trace.js';
import type { Query } from '../query.js';
import { RequestError } from '../request-error.js';
import { parseStretch } from '../view.js';
import { knownArchive, knownType } from './known-archive.js';
import { type LiveSources, rowsFor } from './live.js';
import { type SeriesParts, seriesCsvPieces, seriesJsonPieces } from './pieces.js';
import { type RouteRequest, route } from './route.js';
import { mappedLater, rowsInParts } from './rows-in-parts.js';
import { readStack } from './stack-asked.js';
import { stackSeries } from './stack-series.js';

/** Most rows of one answer: all the 5-minute rows that are kept. */
const maxRows = 28_800;

/** `series`: the rows of an archive. */
export const seriesRoute = route({
  path: '/series',
  parse: async ({ sources: { site, catalogue }, query }: RouteRequest<LiveSources>) => {
    const entries = await catalogue();
    const archive = knownArchive(entries, query.text('name') ?? directorName);
    const type = query.text('type') === null ? null : knownType(graphTypesOf(archive), query.text('type'));
    const cf: Cf = query.oneOf('cf', cfs);
    if (type !== null && cf === 'MAX') refuseMaximum(type);
    const stretch = parseStretch(query, entries.lastS);
    const [startS, untilS] =
      stretch.kind === 'range' ? [stretch.startS, stretch.untilS] : [entries.lastS - spanLengthS(query), entries.lastS];
    const wanted = { name: archive.name, cf, startS, endS: untilS - 1, stepS: parseStep(query) };
    const { stepS: rowS, startS: firstS } = await site.source.fetch({ ...wanted, endS: startS + 1 });
    if ((untilS - startS) / rowS > maxRows) {
      throw new RequestError(
        400,
        `that span has over ${maxRows} rows of ${rowS} s: write a later "since" or a longer "step"`,
      );
    }
    const span = { startS: firstS, endS: Math.ceil(untilS / rowS) * rowS, rowS };
    return { entries, archive, type, wanted, span, asked: { startS, endS: untilS } };
  },
  key: ({ wanted, type }) => [wanted, type],
  rows: async ({ entries, archive, type, wanted, span }, { site }): Promise<SeriesParts> => {
    const parts = rowsInParts(site, wanted, span);
    const outboundsOf = async () => {
      const events = await site.source.events({ archive: serviceOf(archive.name), sinceS: span.startS });
      return outboundStretches(entries.reachOf(archive), events, span);
    };
    const outbounds = type === null ? [] : await outboundsOf();
    const ds = archive.dataSources.map((source) => source.name);
    return {
      ...{ name: archive.name, cf: wanted.cf, stepS: span.rowS, startS: span.startS, endS: span.endS },
      dataSources: type === null ? ds : quantitiesOf(graphKinds[type], ds).map(({ label }) => label),
      parts: type === null ? parts : mappedLater(parts, (part) => graphSeries(part, type, outbounds)),
    };
  },
  json: seriesJsonPieces,
  csv: seriesCsvPieces,
  file: ({ archive, type, wanted, asked }) => ({
    parts: [archive.name, type ?? 'all', ...(wanted.cf === 'MAX' ? ['max'] : [])],
    span: asked,
  }),
});

/** `stack`: the rows of a stack, one contribution per part, in its unit or in percent. */
export const stackRoute = route({
  path: '/stack',
  parse: async ({ sources, query }: RouteRequest<LiveSources>) => {
    const isShare = query.flag('share');
    const archive = knownArchive(await sources.catalogue(), query.text('name') ?? directorName);
    const type = knownType(togetherTypesOf(archive), query.text('type'));
    return { archive, type, isShare, rows: await rowsFor(sources, archive, query) };
  },
  key: ({ archive, type, isShare, rows }) => ['stack', archive.name, type, isShare, rows],
  rows: async ({ archive, type, isShare, rows }, sources) => {
    const stack = await readStack(sources, { archive, type }, rows);
    return stackSeries(stack, { name: archive.name, type: stackTypeOf(type), isShare });
  },
  json: seriesJsonPieces,
  csv: seriesCsvPieces,
  file: ({ archive, type, isShare, rows }) => ({
    parts: [archive.name, type, ...(isShare ? ['share'] : [])],
    span: rows.span,
  }),
});

/** A maximum of parts is not the maximum of the whole. */
function refuseMaximum(type: GraphType): void {
  if (graphKinds[type].quantities.every(({ per }) => per === undefined)) return;
  throw new RequestError(
    400,
    `"${type}" is a ratio, which has no MAX of its own: ask for cf=AVERAGE, or for its parts without "type"`,
  );
}

function spanLengthS(query: Query): number {
  const stretch = parseStretch(query, 0);
  return periods[stretch.kind === 'period' ? stretch.period : 'day'].spanS;
}

function parseStep(query: Query): number {
  const text = query.text('step') ?? '1';
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new RequestError(400, `"step" is the length of a row in seconds, such as 300, not ${JSON.stringify(text)}`);
}

/** The quantities of a graph, in its units, instead of data sources. */
function graphSeries(series: Series, type: GraphType, outbounds: readonly OutboundStretch[]): Series {
  const quantities = quantitiesOf(graphKinds[type], series.dataSources);
  return {
    ...series,
    dataSources: quantities.map(({ label }) => label),
    columns: seenTraces(series, quantities, outbounds).map(({ trace: { values }, remark }) =>
      remark === '' ? values : values.map(() => Number.NaN),
    ),
  };
}
