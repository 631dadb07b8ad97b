// The documented interface for programs: archives, services, events, and rows (api-rows.ts), as JSON or CSV.

import { type Request, type Response, Router } from 'express';
import { eventLine, eventRecord, eventRows } from '../model/event-text.js';
import { archiveJson } from '../model/series-text.js';
import { periods } from '../render/graph-request.js';
import { cellOf, formatOf, sendCsv, sendJson } from './api-form.js';
import { answerSeries, answerStack } from './api-rows.js';
import type { ReadBoard } from './board.js';
import { choose } from './choose.js';
import { isNotModified } from './conditional.js';
import { nameDownload } from './download.js';
import { chooseEvents, parseEventChoice } from './ledger.js';
import { answerLeftOut } from './left-out.js';
import { type LiveSources, searchOf } from './live.js';
import { mapped } from './pieces.js';
import { parseQuery, type Query } from './query.js';
import { serviceRecord } from './service-table.js';
import { parseStretch, parseView } from './view.js';

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
