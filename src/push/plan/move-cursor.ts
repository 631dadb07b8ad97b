// How the cursor moves: past what was sent, and past what a receiver does not take. Pure.

import { refusalS } from '../../model/finding/push-finding.js';
import type { Cursor, TimedSpan } from '../cursor/cursor.js';
import type { Receiving } from '../receiver/ask-receiver.js';
import type { Written } from '../receiver/write-rows.js';
import { lagging, type NextSlice, type Table } from './next-slice.js';

/** Spans that were answered within so many seconds are remembered as one. */
const joinS = 5;

/** Passes over the rows that an ordered receiver, asked at `atS`, cannot take any more. */
export function skippingTooOld(
  cursor: Cursor,
  { oldestS, newestS, stepS }: Table,
  { receiving, atS }: { readonly receiving: Receiving; readonly atS: number },
): Cursor {
  if (receiving.order !== 'ascending') return cursor;
  const { floorS } = receiving;
  const { fromS, toS } = cursor;
  const noted =
    fromS > oldestS ? { ...withTooOld(cursor, { fromS: oldestS, toS: fromS, atS }), fromS: oldestS } : cursor;
  const untilS = floorS === null ? toS : Math.min(newestS, Math.ceil(floorS / stepS) * stepS - stepS);
  return untilS > toS ? { ...withTooOld(noted, { fromS: toS, toS: untilS, atS }), toS: untilS } : noted;
}

/** The cursor after a slice has been sent. */
export function afterSlice(cursor: Cursor, { way, startS, endS }: NextSlice, { archives, stepS }: Table): Cursor {
  if (way === 'back') return { ...cursor, fromS: startS };
  return { ...cursor, toS: endS, late: lagging(archives, { stepS, toS: endS, sentS: startS }) };
}

/** Notes what was refused. In a back-fill, whatever is older than a row that is too old is so, too. */
export function afterWritten(
  cursor: Cursor,
  written: Written,
  { slice, oldestS, atS }: { readonly slice: NextSlice; readonly oldestS: number; readonly atS: number },
): Cursor {
  const { tooOldS, lostS } = written;
  const noted = afterRefused(cursor, written, atS);
  if (slice.way === 'forward')
    return lostS === null ? noted : withTooOld(noted, { fromS: slice.startS, toS: lostS, atS });
  if (tooOldS === null) return noted;
  return { ...withTooOld(noted, { fromS: oldestS, toS: tooOldS, atS }), fromS: oldestS };
}

/** Notes refused values. */
export function afterRefused(cursor: Cursor, { refused, text }: Written, atS: number): Cursor {
  return refused === 0 ? cursor : { ...cursor, refused: withRefused(cursor.refused, { refused, atS, text }) };
}

function withRefused(
  before: Cursor['refused'],
  { refused, atS, text }: Pick<Written, 'refused' | 'text'> & { readonly atS: number },
): Cursor['refused'] {
  const isOne = before !== null && atS - before.atS < refusalS;
  return { samples: (before?.samples ?? 0) + refused, sinceS: isOne ? before.sinceS : atS, atS, text: text ?? '' };
}

type RecentSpans = Cursor['recent'];

/** Adds a span; one that adjoins the last of the same few seconds makes that longer and newer. */
export function withRecent(recent: RecentSpans, span: RecentSpans[number]): RecentSpans {
  const last = recent.at(-1);
  const isApart = last === undefined || span.fromS > last.toS || span.toS < last.fromS;
  if (isApart || Math.floor(span.atS / joinS) !== Math.floor(last.atS / joinS)) return [...recent, span];
  const joined = { fromS: Math.min(last.fromS, span.fromS), toS: Math.max(last.toS, span.toS), atS: span.atS };
  return [...recent.slice(0, -1), joined];
}

function withTooOld(cursor: Cursor, { fromS, toS, atS }: TimedSpan): Cursor {
  const { tooOld } = cursor;
  const span = { fromS: Math.min(fromS, tooOld?.fromS ?? fromS), toS: Math.max(toS, tooOld?.toS ?? toS), atS };
  return { ...cursor, tooOld: span };
}
