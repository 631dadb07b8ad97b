// The two forms of what programs are answered with, JSON and CSV, sent in pieces.

import type { Request, Response } from 'express';
import { deliverText } from './limits/deliver.js';
import { csvLines, jsonArray, type SeriesParts, seriesCsvPieces, seriesJsonPieces } from './pieces.js';
import { RequestError } from './request-error.js';

/** The form of an answer. */
export type Format = 'json' | 'csv';

/** By the suffix of the path, or else by `Accept`. Throws a `RequestError`. */
export function formatOf(request: Request): Format {
  const { suffix } = request.params;
  if (suffix === 'json' || suffix === 'csv') return suffix;
  if (suffix !== undefined) throw new RequestError(404, `there is no ".${suffix}" of this: write .json or .csv`);
  const accepted = request.accepts(['json', 'text/csv']);
  if (accepted === 'json') return 'json';
  if (accepted === 'text/csv') return 'csv';
  throw new RequestError(406, 'this can be had as application/json or text/csv');
}

/** A value as the text of a cell; what is not known is empty. */
export function cellOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

/** Sends values as an array. */
export function sendJson(response: Response, values: Iterable<unknown>): Promise<void> {
  return deliverText(response.type('json'), jsonArray(values));
}

/** Rows one after the other, such as a line of titles and what is below. */
export function sendCsv(response: Response, ...rows: readonly Iterable<readonly string[]>[]): Promise<void> {
  return deliverText(response.type('text/csv'), csvLines(joined(rows)));
}

function* joined<T>(all: readonly Iterable<T>[]): Generator<T> {
  for (const one of all) yield* one;
}

/** Sends a series. */
export function sendSeries(response: Response, format: Format, series: SeriesParts): Promise<void> {
  return format === 'json'
    ? deliverText(response.type('json'), seriesJsonPieces(series))
    : deliverText(response.type('text/csv'), seriesCsvPieces(series));
}
