// The calls that come in on the socket, and their arguments, checked: what the store is handed has the shape it trusts.
// Both ends are the same program, so this is against garbage, not against an owner of the data who wants to damage them. What is asked for
// is bounded as the command line bounds it: times are those of a date, lists are no longer than any director's, and the rows of a
// span are counted where the length of a row is known (fetch.ts).

import { type Cf, cfs } from '../model/archive.js';
import type { Cycle, Reading } from '../model/cycle.js';
import type { EventQuery } from '../model/ledger-event.js';
import { parseName } from '../model/name.js';
import { formatRetention, parseRetention, type Retention } from '../model/retention.js';
import type { RowsQuery, SeriesQuery } from '../model/series.js';
import type { Archives } from './archives.js';
import type { Foreign } from './merge.js';
import { decodeCall, ProtocolError } from './protocol.js';

/** A call, ready to be made. */
export type Call = (archives: Archives) => Promise<unknown>;

/** Reads a call. Throws a `ProtocolError` for one that no command makes. */
export function parseCall(frame: Buffer): Call {
  const { method, args } = decodeCall(frame);
  const parse = Object.hasOwn(calls, method) ? calls[method as keyof Archives] : undefined;
  if (parse === undefined) throw new ProtocolError('no such method');
  return parse(args);
}

const calls: Readonly<Record<keyof Archives, (args: readonly unknown[]) => Call>> = {
  latest: () => (archives) => archives.latest(),
  append: ([cycle, isDurable]) => {
    const [parsed, durable] = [parseCycle(cycle), isDurable !== false];
    return (archives) => archives.append(parsed, durable);
  },
  appendToExisting: ([cycle]) => {
    const parsed = parseCycle(cycle);
    return (archives) => archives.appendToExisting(parsed);
  },
  patrol: () => (archives) => archives.patrol(),
  rewind: ([untilS]) => {
    const time = parseTime(untilS);
    return (archives) => archives.rewind(time);
  },
  sync: () => (archives) => archives.sync(),
  dump: ([name]) => {
    const parsed = parseText(name);
    return (archives) => archives.dump(parsed);
  },
  merge: ([foreign]) => {
    const parsed = parseForeign(foreign);
    return (archives) => archives.merge(parsed);
  },
  forget: ([name]) => {
    const parsed = parseText(name);
    return (archives) => archives.forget(parsed);
  },
  list: () => (archives) => archives.list(),
  fetch: ([query]) => {
    const parsed = parseSeriesQuery(query);
    return (archives) => archives.fetch(parsed);
  },
  fetchBoth: ([query]) => {
    const parsed = parseRowsQuery(query);
    return (archives) => archives.fetchBoth(parsed);
  },
  percentiles: ([query]) => {
    const { name, startS, endS } = parseFields(query);
    const parsed = { name: parseText(name), startS: parseMonthTime(startS), endS: parseMonthTime(endS) };
    return (archives) => archives.percentiles(parsed);
  },
  events: ([query]) => {
    const parsed = parseEventQuery(query);
    return (archives) => archives.events(parsed);
  },
};

type Fields = Readonly<Record<string, unknown>>;

function parseFields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new ProtocolError('no object');
  return value as Fields;
}

/** Seconds that a date can be away from 1970 (ECMA-262, Time Values). */
const furthestS = 8.64e12;

function parseTime(value: unknown): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= furthestS)) throw new ProtocolError('no time');
  return value;
}

/** The time of a reading, as it stands in a key: 32 bits. */
function parseKeyTime(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0 || Number(value) > 0xffffffff) {
    throw new ProtocolError('no time of a reading');
  }
  return Number(value);
}

function parseStep(value: unknown): number {
  const stepS = parseTime(value);
  if (stepS <= 0) throw new ProtocolError('no step');
  return stepS;
}

function parseCount(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw new ProtocolError('no number of events');
  return Number(value);
}

/** More than the archives or events of any cycle. A list may say that it is long without being so (v8.serialize of a sparse one). */
const mostListed = 2_000_000;

function parseList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length > mostListed) throw new ProtocolError('no list, or far too long a one');
  return value;
}

/** Months are gone through one by one: not to the end of all time. */
function parseMonthTime(value: unknown): number {
  const timeS = parseTime(value);
  if (timeS < 0 || timeS > 0xffffffff) throw new ProtocolError('no time');
  return timeS;
}

/** Longer than any name. */
const mostTextChars = 4096;

function parseText(value: unknown): string {
  if (typeof value !== 'string' || value.length > mostTextChars) throw new ProtocolError('no text');
  return value;
}

function parseRowsQuery(value: unknown): RowsQuery {
  const { name, startS, endS, stepS } = parseFields(value);
  return { name: parseText(name), startS: parseTime(startS), endS: parseTime(endS), stepS: parseStep(stepS) };
}

function parseSeriesQuery(value: unknown): SeriesQuery {
  const asked = parseFields(value)['cf'];
  const cf: Cf | undefined = cfs.find((known) => known === asked);
  if (cf === undefined) throw new ProtocolError('no consolidation function');
  return { ...parseRowsQuery(value), cf };
}

function parseEventQuery(value: unknown): EventQuery {
  const { archive, sinceS, untilS, newest } = parseFields(value);
  return {
    ...(archive === undefined ? {} : { archive: parseText(archive) }),
    ...(sinceS === undefined ? {} : { sinceS: parseTime(sinceS) }),
    ...(untilS === undefined ? {} : { untilS: parseTime(untilS) }),
    ...(newest === undefined ? {} : { newest: parseCount(newest) }),
  };
}

function parseCycle(value: unknown): Cycle {
  const { timeS, previousS, hasJumped, readings, archives, events, table } = parseFields(value);
  parseKeyTime(timeS);
  if (previousS !== null) parseKeyTime(previousS);
  const { services, gone, retention } = parseFields(table);
  parseKept(retention);
  const isWhole =
    typeof hasJumped === 'boolean' &&
    parseList(readings).every(isReading) &&
    isNamed(archives, 'name') &&
    isNamed(events, 'archive') &&
    services instanceof Map &&
    gone instanceof Map;
  if (!isWhole) throw new ProtocolError('no cycle');
  return value as Cycle;
}

const mostRras = 100;

/** Columns of an archive, or values of a reading. */
const mostColumns = 100;

/** What archives keep, as it can be written. */
function parseKept(value: unknown): Retention {
  const { stepS, rras } = parseFields(value);
  const isWhole =
    Array.isArray(rras) &&
    rras.length <= mostRras &&
    [stepS, ...rras.flatMap((rra) => [parseFields(rra)['pdpPerRow'], parseFields(rra)['rows']])].every(
      Number.isSafeInteger,
    );
  try {
    if (isWhole) return parseRetention(formatRetention(value as Retention));
  } catch {}
  throw new ProtocolError('no retention');
}

function parseForeign(value: unknown): Foreign {
  const { name, about, lastS, retention, rras: all } = parseFields(value);
  const { rras } = parseKept(retention);
  const areRows = (rows: unknown): boolean =>
    Array.isArray(rows) && rows.length <= mostColumns && rows.every((column) => column instanceof Float64Array);
  const isWhole =
    Array.isArray(all) &&
    all.length === rras.length &&
    all.every((one) => {
      const { startS, rows, fromRowS } = parseFields(one);
      const { AVERAGE, MAX } = parseFields(rows);
      const isLength = fromRowS === undefined || fromRowS instanceof Float64Array;
      return Number.isSafeInteger(startS) && areRows(AVERAGE) && areRows(MAX) && isLength;
    });
  parseKeyTime(lastS);
  if (parseName(parseText(name)) === null || !isWhole) throw new ProtocolError('no rows');
  parseText(parseFields(about)['kind']);
  return value as Foreign;
}

function isReading(value: unknown): value is Reading {
  const { archive, sinceS, timeS, values } = parseFields(value);
  parseKeyTime(sinceS);
  parseKeyTime(timeS);
  parseText(archive);
  return values instanceof Float64Array && values.length <= mostColumns;
}

function isNamed(values: unknown, key: string): boolean {
  return parseList(values).every((one) => parseText(parseFields(one)[key]) !== '');
}
