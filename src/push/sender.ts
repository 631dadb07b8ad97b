// Sends pieces to a receiver: reads them in turns, so that the archives are never held while a receiver answers, and asks the receiver what it
// has where the fate of rows is unknown.

import type { SendRequest } from '../engine/connection/http.js';
import type { SeriesRows } from '../engine/series/row-series.js';
import type { KnownState } from '../model/cycle.js';
import type { MonthSource, SeriesSource } from '../model/series.js';
import type { Piece } from './plan/pieces.js';
import { readRows } from './read-rows.js';
import { type LackingRows, readPresent, withoutPresent } from './receiver/present-rows.js';
import { addWritten, later, nothingWritten, type Written, writeRows } from './receiver/write-rows.js';
import type { WriteRequestEncoder } from './series/write-request.js';

/** The archives of a director, and its known state. */
export interface PushedSource extends SeriesSource, MonthSource {
  latest(): Promise<Pick<KnownState, 'findings'>>;
}

/** Lends the archives for a moment. */
export type LendSource = <T>(use: (source: PushedSource) => Promise<T>) => Promise<T>;

/** The means of a sender. */
export interface SenderGround {
  readonly lend: LendSource;
  readonly writeUrl: URL;
  readonly baseUrl: URL | null;
  readonly send: SendRequest;
  readonly encoder: WriteRequestEncoder;
  readonly director: string;
}

/** How to send. */
export interface Sending {
  /** The receiver may have some of the rows. */
  readonly isUnsure: boolean;
  readonly order: 'any' | 'window' | 'ascending';
}

/** Samples that are read at once, about. */
const samplesAtOnce = 200_000;

/** Sends the rows of pieces. Throws a `PassingError`, an `OutdatedPlan`, or what reading the archives throws. */
export async function sendPieces(pieces: readonly Piece[], sending: Sending, ground: SenderGround): Promise<Written> {
  let sum = nothingWritten;
  for (let next = 0; next < pieces.length; ) {
    const read = await ground.lend((source) => readSome(source, pieces.slice(next)));
    next += read.length;
    for (const rows of read) {
      sum = addWritten(sum, await sendRows(later(rows, sum.tooOldS), sending, ground));
    }
  }
  return sum;
}

async function readSome(source: SeriesSource, pieces: readonly Piece[]): Promise<readonly (readonly SeriesRows[])[]> {
  const read: (readonly SeriesRows[])[] = [];
  let samples = 0;
  for (const piece of pieces) {
    const rows = await readRows(source, piece);
    read.push(rows);
    samples += rows.length * ((piece.endS - piece.startS) / piece.rowS);
    if (samples >= samplesAtOnce) break;
  }
  return read;
}

async function sendRows(
  rows: readonly SeriesRows[],
  { isUnsure, order }: Sending,
  { baseUrl, writeUrl, send, encoder, director }: SenderGround,
): Promise<Written> {
  const at = { url: writeUrl, send, encoder };
  if (baseUrl === null) {
    const written = await writeRows(rows, { ...at, lacking: null });
    // Rows that it already has conflict only with themselves.
    return isUnsure ? { ...written, refused: 0 } : written;
  }
  const lacking = async (all: readonly SeriesRows[]): Promise<LackingRows> =>
    withoutPresent(all, await readPresent(all, { baseUrl, send, director }), { isAscending: order === 'ascending' });
  if (!isUnsure) return writeRows(rows, { ...at, lacking });
  const { series, differing } = await lacking(rows);
  const text = differing > 0 ? 'found by a query' : null;
  return addWritten({ ...nothingWritten, refused: differing, text }, await writeRows(series, { ...at, lacking: null }));
}
