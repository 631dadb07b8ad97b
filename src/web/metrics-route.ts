// For Prometheus: `/metrics`, all series of the director, and `/metrics/targets`, its virtual and real servers. The text of the series is made
// once and kept for requests that come before the next reading.

import type { Request, RequestHandler, Response } from 'express';
import { type Format, formatFor, formats } from '../metrics/exposition.js';
import { factsOf } from '../metrics/facts.js';
import { exportedPart } from '../metrics/link-metrics.js';
import type { LiveAnswer } from '../metrics/live.js';
import { levels, type MetricOptions } from '../metrics/metric-options.js';
import { metricsText } from '../metrics/metrics.js';
import { type TargetOptions, targetGroups, targetRoles } from '../metrics/targets.js';
import { totalsAlone } from '../model/links/view.js';
import { emptyColumns } from '../model/table/table-columns.js';
import { deliverText } from './limits/deliver.js';
import type { Behind } from './limits/turnstile.js';
import { siteVerdict } from './now/findings.js';
import { parseQuery, type Query, searchOf } from './query.js';
import { RequestError } from './request-error.js';
import type { MetricSources, Site } from './site.js';

/** A site that has metrics. */
export interface MeasuredSite extends Site {
  readonly metrics: MetricSources;
}

/** Requests answered, by status code. */
export type RequestCounts = ReadonlyMap<number, number>;

/** Counts the answers of all routes after it. */
export function createRequestCounts(): { readonly counts: RequestCounts; readonly handler: RequestHandler } {
  const counts = new Map<number, number>();
  return {
    counts,
    handler: (_request, response, next) => {
      response.once('finish', () => counts.set(response.statusCode, (counts.get(response.statusCode) ?? 0) + 1));
      next();
    },
  };
}

/** Events looked through for the newest of each kind. */
const newestEvents = 1000;

/** Answers kept, each of some MB: two formats of two choices. */
const maxKept = 4;

/** The route. The table is read before the request takes a turn, since that may take long. */
export function metricsRoute(site: MeasuredSite, requests: RequestCounts, behind: Behind): readonly RequestHandler[] {
  const kept = new Map<
    string,
    { readonly reading: LiveAnswer['reading']; readonly text: Promise<readonly string[]> }
  >();
  const answers = new WeakMap<Response, LiveAnswer>();
  const read: RequestHandler = async (_request, response, next) => {
    answers.set(response, await site.metrics.live());
    next();
  };
  const answerWith = behind(async (request, response) => {
    const options = optionsOf(request);
    const format = formatFor(request.headers.accept);
    const answer = answers.get(response) ?? { reading: null, isFailing: true };
    const key = JSON.stringify([options, format, answer.isFailing]);
    const before = kept.get(key);
    const isFresh = before !== undefined && before.reading === answer.reading && answer.reading !== null;
    const text = isFresh ? before.text : makeText(site, { answer, options, format, requests });
    // A failure is not kept.
    text.catch(() => kept.delete(key));
    kept.delete(key);
    kept.set(key, { reading: answer.reading, text });
    for (const old of [...kept.keys()].slice(0, -maxKept)) kept.delete(old);
    response.vary('Accept').set('Content-Type', formats[format]).set('Cache-Control', 'no-store');
    await deliverText(response, await text);
  });
  return [read, answerWith];
}

interface TextRequest {
  readonly answer: LiveAnswer;
  readonly options: MetricOptions;
  readonly format: Format;
  readonly requests: RequestCounts;
}

async function makeText(
  site: MeasuredSite,
  { answer, options, format, requests }: TextRequest,
): Promise<readonly string[]> {
  const { down, tookS, own } = site.metrics;
  const [known, verdict] = [await site.known(), siteVerdict(site)];
  const facts = factsOf({
    answer,
    known,
    verdict,
    down: await down(known, verdict.findings),
    events: await site.source.events({ newest: newestEvents }),
    tookS: tookS(),
    links: site.links?.view(exportedPart(options, site.links.view(totalsAlone))) ?? null,
    own: { ...own(), version: site.version, requests },
  });
  return [...metricsText(facts, options, format)];
}

/** Parses the parameters: `level`, `sum-by`, `vs`. Throws a `RequestError`. */
function optionsOf(request: Request): MetricOptions {
  const query = queryOf(request, ['level', 'sum-by', 'vs']);
  const level = query.text('level') ?? 'real-server';
  const known = levels.find((one) => one === level);
  if (known === undefined) throw new RequestError(400, `"level" is one of ${levels.join(', ')}`);
  const sumBy = query.text('sum-by');
  if (sumBy !== null && sumBy !== 'vip') throw new RequestError(400, '"sum-by" can only be vip');
  return { level: known, isSumByVip: sumBy === 'vip', match: query.text('vs') };
}

/** The virtual or real servers of the moment as targets for Prometheus (`http_sd_configs`). Throws a `RequestError`. */
export function targetsRoute(site: MeasuredSite, behind: Behind): readonly RequestHandler[] {
  const read: RequestHandler = async (request, response, next) => {
    const options = targetOptionsOf(request);
    const { reading, isFailing } = await site.metrics.live();
    // Prometheus keeps the targets that it has when an answer fails: an empty list would end them all.
    if (isFailing) {
      response.status(503).json({ error: 'the table cannot be read: see /healthz' });
      return;
    }
    response.locals['groups'] = [...targetGroups(reading?.table?.columns ?? emptyColumns, site.director, options)];
    next();
  };
  const answer = behind(async (_request, response) => {
    response.set('Content-Type', 'application/json; charset=utf-8').set('Cache-Control', 'no-store');
    await deliverText(response, [JSON.stringify(response.locals['groups'])]);
  });
  return [read, answer];
}

/** Parses the parameters: `role`, `vs`. Throws a `RequestError`. */
function targetOptionsOf(request: Request): TargetOptions {
  const query = queryOf(request, ['role', 'vs']);
  const role = query.text('role') ?? 'real-server';
  const known = targetRoles.find((one) => one === role);
  if (known === undefined) throw new RequestError(400, `"role" is one of ${targetRoles.join(', ')}`);
  return { role: known, match: query.text('vs') };
}

/** The parameters of a request, which are all known. Throws a `RequestError`. */
function queryOf(request: Request, known: readonly string[]): Query {
  const search = searchOf(request);
  const unknown = [...new URLSearchParams(search).keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new RequestError(400, `there is no parameter "${unknown.slice(0, 40)}", only ${known.join(', ')}`);
  return parseQuery(search);
}
