// The rows of a graph, of an archive's data sources, or of a stack, for programs.

import type { Request, Response } from 'express';
import { type Cf, cfs } from '../model/archive.js';
import { directorName, serviceOf } from '../model/name.js';
import { type OutboundStretch, outboundStretches } from '../model/outbound-stretch.js';
import type { Series } from '../model/series.js';
import { type GraphType, periods, stackTypeOf } from '../render/graph-request.js';
import { graphTypesOf, togetherTypesOf } from '../render/picture-set.js';
import { graphKinds, quantitiesOf } from '../render/quantity.js';
import { seenTraces } from '../render/seen-trace.js';
import { formatOf, sendSeries } from './api-form.js';
import { isNotModified } from './conditional.js';
import { nameDownload } from './download.js';
import { knownArchive, knownType } from './known-archive.js';
import { type LiveSources, rowsFor, searchOf } from './live.js';
import type { SeriesParts } from './pieces.js';
import { parseQuery, type Query } from './query.js';
import { RequestError } from './request-error.js';
import { mappedLater, rowsInParts } from './rows-in-parts.js';
import { readStack } from './stack-asked.js';
import { stackSeries } from './stack-series.js';
import { parseStretch } from './view.js';

/** Rows of one answer at the most: all the 5-minute rows there are. */
const mostRows = 28_800;

/** Answers with the rows of an archive. */
export async function answerSeries(
  { site, catalogue }: LiveSources,
  request: Request,
  response: Response,
): Promise<void> {
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

/** The rows of a stack: what each of its parts adds, in its unit or as parts of a hundred. */
export async function answerStack(sources: LiveSources, request: Request, response: Response): Promise<void> {
  const format = formatOf(request);
  response.vary('Accept');
  const { site, catalogue } = sources;
  const query = parseQuery(searchOf(request));
  const isShare = query.flag('share');
  const entries = await catalogue();
  const archive = knownArchive(entries, query.text('name') ?? directorName);
  const type = knownType(togetherTypesOf(archive), query.text('type'));
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
