// A declared data route: its path, how a request is parsed, the key of the answer, its rows, and their form as JSON and as CSV.
// This file does the rest for all routes: it chooses the form, answers conditional requests, names downloads and sends in
// pieces. A new route is one declaration, and its name in the list of its router.

import { type Request, Router } from 'express';
import type { Pieces } from '../limits/deliver.js';
import type { Behind } from '../limits/turnstile.js';
import { parseQuery, type Query, searchOf } from '../query.js';
import { RequestError } from '../request-error.js';
import type { Site } from '../site.js';
import { type Answer, type Body, type Small, sendAnswer } from './answer.js';
import type { Download } from './download.js';

/** The form of an answer. */
export type Form = 'json' | 'csv';

/** A request, and the sources of its answer. */
export interface RouteRequest<Sources> {
  readonly sources: Sources;
  /** The part of the address after its path, as text and as parameters. */
  readonly search: string;
  readonly query: Query;
}

/** The declaration of a route. Its functions run in this order; only the first two run if the client already has the answer. */
interface Declaration<Sources, Wanted, Rows> {
  /** Below the path of the router. A suffix chooses between two forms: `/events.csv`. */
  readonly path: string;
  /** Parses a request. Throws a `RequestError`. */
  readonly parse: (asking: RouteRequest<Sources>) => Wanted | Promise<Wanted>;
  /** Everything that the answer depends on, besides its form and the state of collecting. */
  readonly key: (wanted: Wanted) => readonly unknown[];
  readonly rows: (wanted: Wanted, sources: Sources) => Rows | Promise<Rows>;
  readonly json: (rows: Rows) => Pieces<string> | Small;
  /** Missing if the answer is JSON alone. */
  readonly csv?: (rows: Rows) => Pieces<string>;
  /** The file name of the answer; null or missing if it has none. */
  readonly file?: (wanted: Wanted, form: Form) => Omit<Download, 'suffix'> | null;
  /** Headers of the answer. */
  readonly headers?: (rows: Rows) => Readonly<Record<string, string>>;
}

/** A route that answers from some sources. */
export interface Route<Sources> {
  readonly path: string;
  readonly forms: readonly Form[];
  readonly answer: (asking: RouteRequest<Sources>, form: Form) => Promise<Answer>;
}

/** Makes a route from its declaration. */
export function route<Sources extends { readonly site: Pick<Site, 'collecting'> }, Wanted, Rows>(
  declared: Declaration<Sources, Wanted, Rows>,
): Route<Sources> {
  const { path, parse, key, rows: readRows, json, csv, file, headers } = declared;
  const bodyOf = (rows: Rows, form: Form): Body => {
    if (form === 'csv' && csv !== undefined) return { type: 'text/csv', pieces: csv(rows) };
    const body = json(rows);
    return typeof body === 'object' && 'small' in body ? body : { type: 'json', pieces: body };
  };
  const forms: readonly Form[] = csv === undefined ? ['json'] : ['json', 'csv'];
  return {
    path,
    forms,
    answer: async (asking, form) => {
      const { sources } = asking;
      const wanted = await parse(asking);
      return {
        key: [...key(wanted), ...(forms.length > 1 ? [form] : []), sources.site.collecting()],
        make: async () => {
          const rows = await readRows(wanted, sources);
          const name = file?.(wanted, form) ?? null;
          return {
            file: name === null ? null : { ...name, suffix: form },
            headers: headers?.(rows) ?? {},
            body: bodyOf(rows, form),
          };
        },
      };
    },
  };
}

/** A router of some routes, each behind a gate. */
export function routerOf<Sources>(routes: readonly Route<Sources>[], sources: Sources, behind: Behind): Router {
  const router = Router();
  for (const { path, forms, answer } of routes) {
    const hasChoice = forms.length > 1;
    router.get(
      hasChoice ? `${path}{.:suffix}` : path,
      behind(async (request, response) => {
        const form = hasChoice ? formOf(request) : 'json';
        if (hasChoice) response.vary('Accept');
        const search = searchOf(request);
        const asking = { sources, search, query: parseQuery(search) };
        await sendAnswer(request, response, await answer(asking, form));
      }),
    );
  }
  return router;
}

/** By the suffix of the path, or else by `Accept`. Throws a `RequestError`. */
function formOf(request: Request): Form {
  const { suffix } = request.params;
  if (suffix === 'json' || suffix === 'csv') return suffix;
  if (suffix !== undefined) throw new RequestError(404, `there is no ".${suffix}" here: write .json or .csv`);
  const accepted = request.accepts(['json', 'text/csv']);
  if (accepted === 'json') return 'json';
  if (accepted === 'text/csv') return 'csv';
  throw new RequestError(406, 'this is available as application/json or text/csv');
}
