// The rows that the archives of a data folder keep: the step, and the round-robin archives over it, finest first. Chosen when
// the first archive is created, and the same for all of them: stacks add up rows of many archives, and rows expire together.
//
//   5m:100d,30m:100d,2h:200d,1d:797d     length of a row : time that it is kept, as in Graphite's retentions
//
// The first length is the step. A heartbeat is two steps, as in the 2008 archives (300 s, 600 s).

import type { Rra } from './archive.js';
import { UserError } from './user-error.js';

/** The rows that the archives of a data folder keep. */
export interface Retention {
  /** Seconds between two primary data points. */
  readonly stepS: number;
  /** Finest first; each reaches back at least as far as the one before. */
  readonly rras: readonly Rra[];
}

const dayS = 86_400;
const unitsS = { m: 60, h: 3600, d: dayS, y: 365 * dayS } as const;

/** Most round-robin archives per retention. */
const maxRras = 4;

/** Most seconds for which rows may be kept: keys hold 32-bit times, and readings are searched day by day. */
const longestS = 20 * unitsS.y;

/** Most rows of a round-robin archive: the size of one answer. */
const maxRows = 110_000;

/** 5 min for 100 days, 30 min for 100 days, 2 h for 200 days, 1 day for 797 days. */
export const standardRetention: Retention = {
  stepS: 300,
  rras: [
    { pdpPerRow: 1, rows: 28800 },
    { pdpPerRow: 6, rows: 4800 },
    { pdpPerRow: 24, rows: 2400 },
    { pdpPerRow: 288, rows: 797 },
  ],
};

/**
 * Seconds that an archive is kept after it is gone: as long as it has rows; for a real server, no longer than it has readings,
 * or 100 days.
 */
export function archiveKeptS(retention: Retention, isServer: boolean): number {
  const reaches = retention.rras.map((rra) => reachOf(retention, rra));
  const longest = Math.max(...reaches);
  return isServer ? Math.min(longest, Math.max(reaches[0] ?? 0, 100 * dayS)) : longest;
}

/** Seconds of silence after which a data source is unknown. */
export function heartbeatOf({ stepS }: Pick<Retention, 'stepS'>): number {
  return 2 * stepS;
}

/** Seconds from the oldest to the newest row of a round-robin archive. */
export function reachOf({ stepS }: Retention, { pdpPerRow, rows }: Rra): number {
  return pdpPerRow * rows * stepS;
}

/**
 * Row length in seconds for a span: of those that cover it, the nearest to the request; otherwise that of the rows that reach
 * furthest.
 */
export function rowLengthFor(
  retention: Retention,
  { spanS, wishS }: { readonly spanS: number; readonly wishS: number },
): number {
  const { stepS, rras } = retention;
  const covering = rras.filter((rra) => reachOf(retention, rra) >= spanS);
  const lengths = (covering.length > 0 ? covering : rras.slice(-1)).map(({ pdpPerRow }) => pdpPerRow * stepS);
  return lengths.reduce((best, rowS) => (Math.abs(rowS - wishS) < Math.abs(best - wishS) ? rowS : best));
}

/** The name of a row by its length: `5-minute`, `2-hour`, `day`. */
export function rowName(rowS: number): string {
  if (rowS === dayS) return 'day';
  return rowS % 3600 === 0 ? `${rowS / 3600}-hour` : `${rowS / 60}-minute`;
}

/** A length in words: `5 minutes`, `1 hour`. */
export function lengthWords(lengthS: number): string {
  const [count, unit] = lengthS % 3600 === 0 ? [lengthS / 3600, 'hour'] : [lengthS / 60, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A step after “every” or “the newest”: `5 minutes`, `hour`. */
export function stepWords(stepS: number): string {
  return lengthWords(stepS).replace(/^1 /, '');
}

/** Do both keep the same rows? */
export function isSameRetention(a: Retention, b: Retention): boolean {
  return formatRetention(a) === formatRetention(b);
}

/** The written form: `5m:100d,30m:100d,2h:200d,1d:797d`. */
export function formatRetention(retention: Retention): string {
  const { stepS, rras } = retention;
  return rras.map((rra) => `${formatLength(rra.pdpPerRow * stepS)}:${formatLength(reachOf(retention, rra))}`).join(',');
}

/** The error for a request to keep other rows than the archives do. */
export function otherRetention(known: Retention, wanted: Retention): UserError {
  return new UserError(
    'other-retention',
    `these archives keep ${formatRetention(known)}, which cannot be changed to ${formatRetention(wanted)}: leave out the option, ` +
      'variable or setting, or name a new folder with --data DIR ("lvs-stats export" and "import" move rows)',
  );
}

/** Parses what `formatRetention` writes. Throws a `UserError` with code `bad-retention`, which names the part that is wrong. */
export function parseRetention(text: string): Retention {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > maxRras) throw refusal(text, `it has ${parts.length} parts; the maximum is ${maxRras}`);
  const wanted = parts.map((part) => parsePart(text, part));
  const stepS = wanted[0]?.rowS ?? 0;
  if (3600 % stepS !== 0) {
    throw refusal(
      parts[0] ?? '',
      'the first length is the step: whole minutes that divide an hour (1m, 2m, 5m, 10m, 15m, 30m, 1h)',
    );
  }
  for (const [i, { rowS, keptS, part }] of wanted.entries()) {
    const before = wanted[i - 1];
    if (dayS % rowS !== 0) throw refusal(part, 'a day must be a whole number of rows');
    if (rowS % stepS !== 0) throw refusal(part, `a row must be a whole number of steps of ${formatLength(stepS)}`);
    if (before !== undefined && rowS <= before.rowS)
      throw refusal(part, `its rows must be longer than those of ${before.part}`);
    if (before !== undefined && keptS < before.keptS)
      throw refusal(part, `it must reach back as far as ${before.part}`);
    if (keptS / rowS > maxRows) throw refusal(part, `it keeps ${keptS / rowS} rows; the maximum is ${maxRows}`);
  }
  return { stepS, rras: wanted.map(({ rowS, keptS }) => ({ pdpPerRow: rowS / stepS, rows: keptS / rowS })) };
}

interface SpanRequest {
  readonly part: string;
  readonly rowS: number;
  readonly keptS: number;
}

function parsePart(text: string, part: string): SpanRequest {
  const [, rowCount, rowUnit, keptCount, keptUnit] = /^(\d{1,6})([mhdy]):(\d{1,6})([mhdy])$/.exec(part) ?? [];
  const rowS = lengthOf(rowCount, rowUnit);
  const keptS = lengthOf(keptCount, keptUnit);
  if (rowS === 0 || keptS === 0)
    throw refusal(part === '' ? text : part, 'a part is a length and a time, such as 5m:100d');
  if (keptS % dayS !== 0 || keptS < 2 * dayS) throw refusal(part, 'rows are kept for whole days, at least two');
  if (keptS > longestS) throw refusal(part, `rows are kept for at most ${longestS / unitsS.y} years`);
  return { part, rowS, keptS };
}

function lengthOf(count: string | undefined, unit: string | undefined): number {
  if (count === undefined || unit === undefined || !isUnit(unit)) return 0;
  return Number(count) * unitsS[unit];
}

function isUnit(text: string): text is keyof typeof unitsS {
  return Object.hasOwn(unitsS, text);
}

function formatLength(lengthS: number): string {
  if (lengthS % dayS === 0) return `${lengthS / dayS}d`;
  return lengthS % 3600 === 0 ? `${lengthS / 3600}h` : `${lengthS / 60}m`;
}

function refusal(what: string, why: string): UserError {
  return new UserError(
    'bad-retention',
    `retention ${JSON.stringify(what)}: ${why}; the standard is ${formatRetention(standardRetention)}`,
  );
}
