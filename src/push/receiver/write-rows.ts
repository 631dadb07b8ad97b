// Sends rows, and finds out what a refusal is about. Prometheus refuses a whole request because of one sample, so a refused request is halved, by
// time and then by series, until the samples that cannot be taken are alone. Only answers that name such a reason count as refusals:
// anything else fails, and is tried again.

import { PassingError, type SendRequest } from '../../engine/connection/http.js';
import { countOfRows, isWanted, type SeriesRows } from '../../engine/series/row-series.js';
import type { WriteRequestEncoder } from '../series/write-request.js';
import type { LackingRows } from './present-rows.js';

/** Where to send rows. */
export interface WriteGround {
  readonly url: URL;
  readonly send: SendRequest;
  readonly encoder: WriteRequestEncoder;
  /** Finds out which rows the receiver lacks, before a conflict is searched row by row; null if it cannot be asked. */
  readonly lacking: ((series: readonly SeriesRows[]) => Promise<LackingRows>) | null;
}

/** The result of sending rows. */
export interface Written {
  /** Samples that the receiver took. */
  readonly taken: number;
  /** Known values that it refused because it has another or a later one. */
  readonly refused: number;
  /** The newest row that is too old for it; null if none was. */
  readonly tooOldS: number | null;
  /** The newest of them with a known value; null if there is none. */
  readonly lostS: number | null;
  /** Its words about a refusal; null without any. */
  readonly text: string | null;
}

/** Before anything is sent. */
export const nothingWritten: Written = { taken: 0, refused: 0, tooOldS: null, lostS: null, text: null };

const headers = {
  'Content-Type': 'application/x-protobuf',
  'Content-Encoding': 'snappy',
  'X-Prometheus-Remote-Write-Version': '0.1.0',
  'User-Agent': 'lvs-stats',
};

const mostBytes = 2 ** 16;

/** Sends rows. Throws a `PassingError` when the receiver is away, or answers anything but success or a refusal of samples. */
export async function writeRows(series: readonly SeriesRows[], ground: WriteGround): Promise<Written> {
  const taken = series.reduce((sum, one) => sum + countOfRows(one), 0);
  if (taken === 0) return nothingWritten;
  const reason = await attempt(ground.encoder.encode(series), ground);
  if (reason === null) return { ...nothingWritten, taken };
  if (reason.kind === 'conflict' && ground.lacking !== null) {
    const { series: rest, differing } = await ground.lacking(series);
    const written = await writeRows(rest, { ...ground, lacking: null });
    const text = differing > 0 ? reason.text : null;
    return addWritten({ ...nothingWritten, refused: differing, text }, written);
  }
  return writeHalves(series, reason, ground);
}

async function writeHalves(series: readonly SeriesRows[], reason: Refusal, ground: WriteGround): Promise<Written> {
  const times = timesOf(series);
  const { kind, text } = reason;
  if (kind === 'too-old' && times.length === 1) {
    const [tooOldS = 0] = times;
    return { ...nothingWritten, tooOldS, lostS: knownIn(series) > 0 ? tooOldS : null, text };
  }
  const halves = times.length > 1 ? halvesByTime(series, times) : halvesBySeries(series);
  if (halves === null) {
    if (kind === 'too-large') throw new PassingError(`refuses a single sample as too large: ${text}`);
    return { ...nothingWritten, refused: knownIn(series), text };
  }
  let sum = nothingWritten;
  for (const half of halves) sum = addWritten(sum, await writeRows(later(half, sum.tooOldS), ground));
  return sum;
}

/** How many of the wanted rows are known. */
function knownIn(series: readonly SeriesRows[]): number {
  let count = 0;
  for (const one of series) {
    for (let i = 0; i < one.values.length; i += 1) if (isWanted(one, i) && !Number.isNaN(one.values[i])) count += 1;
  }
  return count;
}

/** Rows after a time. */
export function later(series: readonly SeriesRows[], floorS: number | null): readonly SeriesRows[] {
  return floorS === null ? series : between(series, floorS, Number.POSITIVE_INFINITY);
}

/** Both results. */
export function addWritten(one: Written, other: Written): Written {
  return {
    taken: one.taken + other.taken,
    refused: one.refused + other.refused,
    tooOldS: newest(one.tooOldS, other.tooOldS),
    lostS: newest(one.lostS, other.lostS),
    text: other.text ?? one.text,
  };
}

function newest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

/** Why samples were not taken, in the words of the receiver. */
export interface Refusal {
  readonly kind: 'too-old' | 'too-large' | 'conflict';
  readonly text: string;
}

/** One request; null when it succeeded. */
export async function attempt(
  body: Uint8Array,
  { url, send }: Pick<WriteGround, 'url' | 'send'>,
): Promise<Refusal | null> {
  const { status, text, retryAfterS } = await send({ url, body, headers, mostBytes });
  const said = text.trim().replaceAll(/\s+/g, ' ').slice(0, 300);
  if (status >= 200 && status < 300) {
    // A page for people comes from something in between.
    if (/^<|<html/i.test(said))
      throw new PassingError(`answers ${status} with a page instead of nothing: is it a receiver of remote write?`);
    return null;
  }
  if (status === 413) return { kind: 'too-large', text: said };
  const isAboutSamples = status === 400 || status === 409 || status === 422;
  if (isAboutSamples && /out of bounds|too old|too-old/i.test(said)) return { kind: 'too-old', text: said };
  if (isAboutSamples && /out of order|out-of-order|duplicate/i.test(said)) return { kind: 'conflict', text: said };
  throw new PassingError(`answers ${status}${said === '' ? '' : ` (${said})`}${hintFor(status)}`, retryAfterS);
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return ': check the login';
  if (status === 404) return ': does it take remote write? Prometheus needs --web.enable-remote-write-receiver';
  return status >= 300 && status < 400 ? ': name the address that it redirects to' : '';
}

/** The times of the wanted rows, in order. */
function timesOf(series: readonly SeriesRows[]): readonly number[] {
  const times = new Set<number>();
  for (const one of series) {
    for (let i = 0; i < one.values.length; i += 1) if (isWanted(one, i)) times.add(one.firstS + i * one.rowS);
  }
  return [...times].sort((a, b) => a - b);
}

type Halves = readonly [readonly SeriesRows[], readonly SeriesRows[]];

function halvesByTime(series: readonly SeriesRows[], times: readonly number[]): Halves {
  const middleS = times[Math.floor((times.length - 1) / 2)] ?? 0;
  return [between(series, Number.NEGATIVE_INFINITY, middleS), between(series, middleS, Number.POSITIVE_INFINITY)];
}

function halvesBySeries(series: readonly SeriesRows[]): Halves | null {
  if (series.length < 2) return null;
  const middle = Math.ceil(series.length / 2);
  return [series.slice(0, middle), series.slice(middle)];
}

/** The wanted rows that end after one time and up to another. */
function between(series: readonly SeriesRows[], afterS: number, untilS: number): readonly SeriesRows[] {
  return series.flatMap((one) => {
    const wanted = Uint8Array.from(one.values, (_, i) => {
      const timeS = one.firstS + i * one.rowS;
      return isWanted(one, i) && timeS > afterS && timeS <= untilS ? 1 : 0;
    });
    return wanted.includes(1) ? [{ ...one, wanted }] : [];
  });
}
