// Checks arguments from the socket, so that the store gets the shapes it trusts. Both ends are the same program: this guards against
// garbage, not against an owner who wants to damage the data. Limits match the command line's: times are valid dates, lists are no longer
// than any director's, and the rows of a span are counted once the length of a row is known (fetch.ts). Every function here throws a
// `ProtocolError`.

import { type Cf, cfs } from '../../model/archive.js';
import type { Cycle, Reading } from '../../model/cycle.js';
import type { EventQuery } from '../../model/ledger-event.js';
import { type LinksPart, wholeTable } from '../../model/links/view.js';
import { parseName } from '../../model/names/parse-name.js';
import { maxPattern, maxReason } from '../../model/policy/silence.js';
import { formatRetention, parseRetention, type Retention } from '../../model/retention.js';
import type { ManyQuery, PercentileQuery, RowsQuery, SeriesQuery } from '../../model/series.js';
import type { Foreign } from '../import/merge.js';
import type { StoredSilence } from '../silences.js';
import { ProtocolError } from './protocol.js';
import { isKnownRows, isRowReadings, receivedCycle, type SentCycle } from './sent-cycle.js';

type Fields = Readonly<Record<string, unknown>>;

function parseFields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new ProtocolError('no object');
  return value as Fields;
}

/** Seconds that a date can be away from 1970 (ECMA-262, Time Values). */
const furthestS = 8.64e12;

/** A time: seconds that a date can be away from 1970. */
export function parseTime(value: unknown): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= furthestS)) throw new ProtocolError('no time');
  return value;
}

/** The time of a reading, as in a key: 32 bits. */
export function parseKeyTime(value: unknown): number {
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

/** The part of the live table of links; all of it for clients that do not say. */
export function parsePart(value: unknown): LinksPart {
  if (value === undefined) return wholeTable;
  const { mostAgents, mostLinks } = parseFields(value);
  return { mostAgents: parseMost(mostAgents), mostLinks: parseMost(mostLinks) };
}

function parseMost(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw new ProtocolError('no number of agents or links');
  return Number(value);
}

/** A silence of the command. */
export function parseSilence(value: unknown): StoredSilence {
  const { pattern, untilS, why, sinceS } = parseFields(value);
  const [ownPattern, ownWhy] = [parseText(pattern), parseText(why)];
  if (ownPattern === '' || ownPattern.length > maxPattern || ownWhy.length > maxReason)
    throw new ProtocolError('no silence');
  return { pattern: ownPattern, untilS: parseTime(untilS), why: ownWhy, sinceS: parseTime(sinceS) };
}

/** More than the archives or events of any cycle. A list can claim a length it does not have (v8.serialize of a sparse one). */
const maxListed = 2_000_000;

function parseList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length > maxListed) throw new ProtocolError('no list, or far too long a one');
  return value;
}

/** Months are iterated one by one, so the end of a span is bounded. */
function parseMonthTime(value: unknown): number {
  const timeS = parseTime(value);
  if (timeS < 0 || timeS > 0xffffffff) throw new ProtocolError('no time');
  return timeS;
}

/** Longer than any name. */
const maxTextChars = 4096;

/** A text no longer than any name. */
export function parseText(value: unknown): string {
  if (typeof value !== 'string' || value.length > maxTextChars) throw new ProtocolError('no text');
  return value;
}

/** Rows of a span. */
export function parseRowsQuery(value: unknown): RowsQuery {
  return { name: parseText(parseFields(value)['name']), ...parseRows(value) };
}

function parseRows(value: unknown): Omit<RowsQuery, 'name'> {
  const { startS, endS, stepS, dataSources } = parseFields(value);
  return {
    startS: parseTime(startS),
    endS: parseTime(endS),
    stepS: parseStep(stepS),
    ...(dataSources === undefined ? {} : { dataSources: parseList(dataSources).map(parseText) }),
  };
}

/** The calendar months of a span. */
export function parseMonthQuery(value: unknown): PercentileQuery {
  const { name, startS, endS } = parseFields(value);
  return { name: parseText(name), startS: parseMonthTime(startS), endS: parseMonthTime(endS) };
}

/** Rows of a span, for one consolidation function. */
export function parseSeriesQuery(value: unknown): SeriesQuery {
  return { ...parseRowsQuery(value), cf: parseCf(value) };
}

/** Rows of a span of several archives. */
export function parseManyQuery(value: unknown): ManyQuery {
  return { names: parseList(parseFields(value)['names']).map(parseText), ...parseRows(value), cf: parseCf(value) };
}

function parseCf(value: unknown): Cf {
  const asked = parseFields(value)['cf'];
  const cf = cfs.find((known) => known === asked);
  if (cf === undefined) throw new ProtocolError('no consolidation function');
  return cf;
}

/** Events of a span. */
export function parseEventQuery(value: unknown): EventQuery {
  const { archive, sinceS, untilS, newest } = parseFields(value);
  return {
    ...(archive === undefined ? {} : { archive: parseText(archive) }),
    ...(sinceS === undefined ? {} : { sinceS: parseTime(sinceS) }),
    ...(untilS === undefined ? {} : { untilS: parseTime(untilS) }),
    ...(newest === undefined ? {} : { newest: parseCount(newest) }),
  };
}

/** A cycle, with every part checked. */
export function parseCycle(value: unknown): Cycle {
  const { timeS, previousS, hasJumped, readings, rows, archives, events, table } = parseFields(value);
  parseKeyTime(timeS);
  if (previousS !== null) parseKeyTime(previousS);
  const { services, gone, retention, others } = parseFields(table);
  parseKept(retention);
  const isWhole =
    typeof hasJumped === 'boolean' &&
    parseList(readings).every(isReading) &&
    isNamed(archives, 'name') &&
    isNamed(events, 'archive') &&
    (services instanceof Map || isKnownRows(services)) &&
    (rows === undefined || isRowReadings(rows)) &&
    gone instanceof Map &&
    (others === undefined || others instanceof Map);
  if (!isWhole) throw new ProtocolError('no cycle');
  return receivedCycle(value as SentCycle);
}

const maxRras = 100;

/** Columns of an archive, or values of a reading. */
const maxColumns = 100;

/** A retention that can be stored. */
function parseKept(value: unknown): Retention {
  const { stepS, rras } = parseFields(value);
  const isWhole =
    Array.isArray(rras) &&
    rras.length <= maxRras &&
    [stepS, ...rras.flatMap((rra) => [parseFields(rra)['pdpPerRow'], parseFields(rra)['rows']])].every(
      Number.isSafeInteger,
    );
  try {
    if (isWhole) return parseRetention(formatRetention(value as Retention));
  } catch {}
  throw new ProtocolError('no retention');
}

/** Imported rows; their columns and lengths match the retention. */
export function parseForeign(value: unknown): Foreign {
  const { name, about, lastS, retention, rras: all } = parseFields(value);
  const { rras } = parseKept(retention);
  const areRows = (rows: unknown): boolean =>
    Array.isArray(rows) && rows.length <= maxColumns && rows.every((column) => column instanceof Float64Array);
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
  return values instanceof Float64Array && values.length <= maxColumns;
}

function isNamed(values: unknown, key: string): boolean {
  return parseList(values).every((one) => parseText(parseFields(one)[key]) !== '');
}
