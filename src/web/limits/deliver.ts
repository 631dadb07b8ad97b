// Delivers the body of an answer, piece by piece. A piece is made in a turn of the gate, when the client has taken the previous
// ones. Up to a quarter of a MiB, compressed, is made ahead: most answers are then made at once, however slow the reader, and
// larger ones hold no more. A client that stops reading is dropped (unread.ts).

import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, gzipSync } from 'node:zlib';
import type { Response } from 'express';
import { passageOf } from './turnstile.js';

/** Texts or bytes, made on demand. */
export type Pieces<T extends string | Uint8Array> = Iterable<T> | AsyncIterable<T>;

/** A body up to this size is sent at once, without streams, which would cost more than the body; a smaller one is not compressed. */
const wholeBytes = 64 * 1024;
const worthPackingBytes = 2048;
/** Bytes passed from one stream to the next at a time. */
const chunkBytes = 16 * 1024;
/** Bytes made ahead of the client. */
const aheadBytes = 256 * 1024;
/** Approximate memory of the streams of one answer and of the piece that waits in them. */
const streamBytes = 256 * 1024;
/** Small windows, since there may be hundreds of these at a time. */
const packing = { level: constants.Z_BEST_SPEED, windowBits: 13, memLevel: 6 } as const;

/** Sends texts as the body; the caller has set the headers. Errors in the first pieces are thrown; later ones cut the connection. */
export async function deliverText(response: Response, pieces: Pieces<string>): Promise<void> {
  response.vary('Accept-Encoding');
  const isPacked = response.req.acceptsEncodings('gzip') === 'gzip';
  const begun = await begin(pieces);
  if (begun.isWhole) {
    const bytes = Buffer.from(begun.first);
    const isWorthPacking = isPacked && bytes.length > worthPackingBytes;
    if (isWorthPacking) response.set('Content-Encoding', 'gzip');
    const body = isWorthPacking ? gzipSync(bytes, packing) : bytes;
    const { end } = watch(response, () => body.length);
    response.once('close', end).send(body);
    return;
  }
  if (isPacked) response.set('Content-Encoding', 'gzip');
  if (isHead(response)) {
    await begun.rest.return?.();
    response.end();
    return;
  }
  const ahead = new PassThrough({ readableHighWaterMark: aheadBytes, writableHighWaterMark: chunkBytes });
  const watched = watch(response, () => streamBytes + ahead.readableLength);
  const made = Readable.from(inTurns(response, begun, watched.grew), { highWaterMark: 1 });
  const unpack = isPacked ? [] : [createGunzip({ chunkSize: chunkBytes })];
  await send(response, [made, createGzip(packing), ahead, ...unpack], watched.end);
}

/** Sends bytes that are already complete, and compressed. */
export async function deliverBytes(response: Response, bytes: Uint8Array): Promise<void> {
  response.set('Content-Length', String(bytes.length));
  if (isHead(response)) {
    response.end();
    return;
  }
  passageOf(response)?.turn.pause();
  const watched = watch(response, () => bytes.length);
  await send(response, [Readable.from(slicesOf(bytes), { highWaterMark: 1 })], watched.end);
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

function isHead({ req }: Response): boolean {
  return req.method === 'HEAD';
}

interface FirstPiece {
  readonly first: string;
  readonly isWhole: boolean;
  readonly rest: AsyncIterator<string> | Iterator<string>;
}

/** The first pieces, up to the size of a small body. */
async function begin(pieces: Pieces<string>): Promise<FirstPiece> {
  const rest = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  let first = '';
  while (Buffer.byteLength(first) <= wholeBytes) {
    const next = await rest.next();
    if (next.done === true) return { first, isWhole: true, rest };
    first += next.value;
  }
  return { first, isWhole: false, rest };
}

/** Each further piece is made in a turn of its own. */
async function* inTurns(response: Response, { first, rest }: FirstPiece, grew: () => void): AsyncGenerator<string> {
  const turn = passageOf(response)?.turn;
  try {
    for (let piece = first; ; ) {
      turn?.pause();
      grew();
      yield piece;
      await turn?.resume();
      const next = response.destroyed ? null : await rest.next();
      if (next === null || next.done === true) return;
      piece = next.value;
    }
  } finally {
    turn?.pause();
    await rest.return?.();
  }
}

/** Handles a client that does not read; does nothing for routes without a gate. */
function watch(response: Response, held: () => number): { readonly grew: () => void; readonly end: () => void } {
  const passage = passageOf(response);
  const { socket } = response;
  if (passage === undefined || socket === null) return { grew: () => {}, end: () => {} };
  return passage.unread.watch({
    client: passage.client,
    taken: () => socket.bytesWritten - socket.writableLength,
    held: () => held() + response.writableLength,
    drop: () => socket.destroy(),
  });
}

/** Error codes of a connection that the client left, or was dropped from. */
const goneCodes: readonly unknown[] = [
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_UNABLE_TO_PIPE',
  'ERR_STREAM_DESTROYED',
  'ECONNRESET',
  'EPIPE',
];

async function send(response: Response, streams: readonly (Readable | PassThrough)[], end: () => void): Promise<void> {
  try {
    await pipeline([...streams, response]);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && goneCodes.includes(error.code);
    if (!isGone) throw error;
  } finally {
    end();
  }
}
