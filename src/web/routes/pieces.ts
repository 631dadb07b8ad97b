// Long answers as pieces of text, made on demand; together they are the same bytes as the whole.

import type { Series } from '../../model/series.js';
import { formatCsv } from '../../model/text/csv.js';
import { eachRow, rowCells } from '../../model/text/series-text.js';

/** Approximate characters of a piece; its last line may exceed them. */
const pieceLength = 32 * 1024;

/** Lines as pieces, joined by a separator. */
function* gathered(lines: Iterable<string>, separator: string): Generator<string> {
  let piece = '';
  let isFirst = true;
  for (const line of lines) {
    piece += isFirst ? line : `${separator}${line}`;
    isFirst = false;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** `[…,…]`. */
export function* jsonArray(values: Iterable<unknown>): Generator<string> {
  yield '[';
  yield* gathered(mapped(values, JSON.stringify), ',');
  yield ']';
}

/** Lines of comma-separated values, each with its end. */
export function* csvLines(rows: Iterable<readonly string[]>): Generator<string> {
  yield* gathered(
    mapped(rows, (row) => `${formatCsv([row])}\n`),
    '',
  );
}

/** Records as lines of comma-separated values below their titles; unknown values are empty. */
export function csvRecords(
  titles: readonly string[],
  records: Iterable<Readonly<Record<string, unknown>>>,
): Generator<string> {
  return csvLines(titled(titles, records));
}

function* titled(
  titles: readonly string[],
  records: Iterable<Readonly<Record<string, unknown>>>,
): Generator<readonly string[]> {
  yield titles;
  for (const record of records) yield titles.map((title) => String(record[title] ?? ''));
}

/** Maps values, one by one. */
export function* mapped<T, U>(values: Iterable<T>, make: (value: T) => U): Generator<U> {
  for (const value of values) yield make(value);
}

/** A series in consecutive parts, with the span of the whole. */
export interface SeriesParts extends Pick<Series, 'name' | 'cf' | 'stepS' | 'startS' | 'endS' | 'dataSources'> {
  readonly parts: Iterable<Series> | AsyncIterable<Series>;
}

/** As `seriesJson` writes it. */
export async function* seriesJsonPieces({ parts, ...about }: SeriesParts): AsyncGenerator<string> {
  const { name, cf, stepS: step, startS: start, endS: end, dataSources: ds } = about;
  yield `${JSON.stringify({ name, cf, step, start, end, ds }).slice(0, -1)},"rows":[`;
  let separator = '';
  for await (const part of parts) {
    const rows = mapped(eachRow(part), ({ timeS, values }) => {
      const row = `${separator}${JSON.stringify([timeS, ...values])}`;
      separator = ',';
      return row;
    });
    yield* gathered(rows, '');
  }
  yield ']}';
}

/** As `seriesCsv` writes it. */
export async function* seriesCsvPieces({ parts, dataSources }: SeriesParts): AsyncGenerator<string> {
  yield* csvLines([['time', ...dataSources]]);
  for await (const part of parts) yield* csvLines(mapped(eachRow(part), rowCells));
}
