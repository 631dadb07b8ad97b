// Pushes the rows of a director to a receiver. The archives are the queue: a turn sends whatever the cursor says the receiver does not have yet,
// and the cursor moves after the answer. A turn that fails, and a process that is killed, leave rows whose fate is unknown: the next one asks
// the receiver about those before it sends them.

import type { ArchiveInfo } from '../model/archive.js';
import { type Cursor, type CursorSpan, newCursor } from './cursor/cursor.js';
import { Descriptions } from './descriptions.js';
import { afterRefused, afterSlice, afterWritten, skippingTooOld, withRecent } from './plan/move-cursor.js';
import { firstPosition, lagging, type NextSlice, nextSlice, type Table } from './plan/next-slice.js';
import { piecesOf } from './plan/pieces.js';
import { OutdatedPlan } from './read-rows.js';
import { resumedTable, tableOf } from './read-table.js';
import { askReceiver, muteReceiver, type Receiving } from './receiver/ask-receiver.js';
import { hasRows, untilShown } from './receiver/present-rows.js';
import { addWritten, type Written } from './receiver/write-rows.js';
import { writeSamples } from './receiver/write-samples.js';
import { sendEvents } from './send-events.js';
import { type SenderGround, sendPieces } from './sender.js';

/** The means of a pusher. */
export interface PusherGround extends SenderGround {
  /** Reads the cursor when the pusher begins; null before the first push. */
  readonly cursor: Cursor | null;
  /** Keeps the cursor. */
  readonly keep: (cursor: Cursor) => Promise<void>;
  readonly nowS: () => number;
  /** Rows that end at or before this time are not wanted. */
  readonly sinceS: number;
  /** Called after each part of a back-fill. */
  readonly onProgress: (progress: PushProgress) => void;
}

/** How far a back-fill has come, in seconds of the director's time. */
export interface PushProgress {
  readonly doneS: number;
  readonly wholeS: number;
  /** The rows after this time have been sent, or up to it where they go in order. */
  readonly atS: number;
  readonly samples: number;
}

/** Seconds after which a receiver has what it took on its disk, whatever happens to it. */
const settledS = 60;

/** Pushes to one receiver. */
export class Pusher {
  readonly #ground: PusherGround;
  #cursor: Cursor | null;
  #receiving: Receiving = muteReceiver;
  #askedS = Number.NEGATIVE_INFINITY;
  #samples = 0;
  readonly #descriptions: Descriptions;
  #listed: readonly ArchiveInfo[] = [];
  /** The ends of the delivered span beyond which the receiver may have some rows. */
  readonly #unsure = new Set<NextSlice['way']>(['forward', 'back']);

  constructor(ground: PusherGround) {
    this.#ground = ground;
    this.#cursor = ground.cursor;
    this.#descriptions = new Descriptions(ground.director);
  }

  /** The position; null before the first push. */
  get cursor(): Cursor | null {
    return this.#cursor;
  }

  /** Samples that the receiver took from this process. */
  get samples(): number {
    return this.#samples;
  }

  /** Sends everything that the receiver lacks. Throws a `PassingError`, or what reading the archives throws. */
  async turn(): Promise<void> {
    for (;;) {
      const table = await this.#table();
      if (table === null) return;
      if (this.#ground.nowS() - this.#askedS >= settledS) await this.#ask(table);
      const cursor = this.#cursor ?? (await this.#begin(table));
      const slice = nextSlice(cursor, table, this.#receiving.order);
      if (slice === null) break;
      await this.#push(slice, table).catch(unlessOutdated);
    }
    await this.#end();
  }

  /** Notes that a turn failed. */
  async fail(text: string): Promise<void> {
    this.#askedS = Number.NEGATIVE_INFINITY;
    for (const way of ['forward', 'back'] as const) this.#unsure.add(way);
    if (this.#cursor === null) return;
    const nowS = Math.floor(this.#ground.nowS());
    const sinceS = this.#cursor.failure?.sinceS ?? nowS;
    await this.#keep({ ...this.#cursor, failure: { sinceS, text }, triedS: nowS });
  }

  async #table(): Promise<Table | null> {
    this.#listed = await this.#ground.lend((source) => source.list());
    const table = tableOf(this.#listed, { sinceS: this.#ground.sinceS, longerSinceS: this.#cursor?.longerSinceS ?? 0 });
    return table === null || this.#cursor === null ? table : resumedTable(table, this.#cursor);
  }

  async #keep(cursor: Cursor): Promise<void> {
    await this.#ground.keep(cursor);
    this.#cursor = cursor;
  }

  async #begin(table: Table): Promise<Cursor> {
    const { order, startedBy } = this.#receiving;
    const cursor = newCursor(firstPosition(table, order));
    const { toS } = cursor;
    const late = lagging(table.archives, { stepS: table.stepS, toS, sentS: Number.NEGATIVE_INFINITY });
    const doubt = await this.#doubt(table);
    const begun = skippingTooOld({ ...cursor, late, startedBy, doubt }, table, this.#answer());
    await this.#keep(begun);
    return begun;
  }

  /** The receiver's last answer about the rows that it takes. */
  #answer(): { readonly receiving: Receiving; readonly atS: number } {
    return { receiving: this.#receiving, atS: Math.floor(this.#askedS) };
  }

  /** The span of all rows, if the receiver has rows of an earlier cursor. */
  async #doubt({ archives, oldestS, newestS }: Table): Promise<CursorSpan | null> {
    const { send, director } = this.#ground;
    const baseUrl = this.#queryUrl();
    const [first] = archives.toSorted((one, other) => one.firstS - other.firstS);
    if (baseUrl === null || first === undefined) return null;
    const span = { fromS: oldestS, toS: newestS };
    return (await hasRows(first.name, span, { baseUrl, send, director })) ? span : null;
  }

  /** The root of the query API; null if there is none. */
  #queryUrl(): URL | null {
    return this.#receiving.order === 'ascending' && this.#receiving.isMute ? null : this.#ground.baseUrl;
  }

  /** Asks the receiver what it takes, and sends again what it may have lost. */
  async #ask(table: Table): Promise<void> {
    const { baseUrl, send, nowS } = this.#ground;
    this.#receiving = await askReceiver(baseUrl, send);
    const isOther = this.#askedS === Number.NEGATIVE_INFINITY || this.#cursor?.startedBy !== this.#receiving.startedBy;
    if (isOther && baseUrl !== null && this.#receiving.order === 'any') await untilShown(baseUrl, send);
    this.#askedS = nowS();
    if (this.#cursor === null) return;
    const { startedBy } = this.#receiving;
    const { recent } = this.#cursor;
    if (this.#cursor.startedBy === startedBy || this.#cursor.startedBy === null) {
      const unsettled = recent.filter(({ atS }) => atS > this.#askedS - settledS);
      this.#cursor = { ...this.#cursor, startedBy, recent: startedBy === null ? [] : unsettled };
    } else {
      for (const { fromS, toS } of recent) await this.#send({ startS: fromS, endS: toS, way: 'back' }, table, true);
      const atS = Math.floor(nowS());
      this.#descriptions.forget();
      const again = recent.map((span) => ({ ...span, atS }));
      await this.#keep({ ...this.#cursor, startedBy, recent: again, described: null });
    }
    this.#cursor = skippingTooOld(this.#cursor, table, this.#answer());
  }

  async #push(slice: NextSlice, table: Table): Promise<void> {
    const { way, startS, endS } = slice;
    const isUnsure = this.#unsure.has(way) || isDoubtful(slice, this.#cursor);
    const written = await this.#send(slice, table, isUnsure);
    this.#unsure.delete(way);
    if (this.#cursor === null) return;
    const { nowS, onProgress } = this.#ground;
    const atS = Math.floor(nowS());
    const begins = table.archives.map(({ afterS }) => afterS ?? startS);
    const fromS = way === 'forward' ? begins.reduce((least, one) => Math.min(least, one), startS) : startS;
    const recent = this.#receiving.startedBy === null ? [] : withRecent(this.#cursor.recent, { fromS, toS: endS, atS });
    const moved = { ...afterSlice(this.#cursor, slice, table), recent, failure: null, triedS: atS };
    await this.#keep(afterWritten(moved, written, { slice, oldestS: table.oldestS, atS }));
    onProgress(progressOf(this.#cursor, table, this.#samples));
  }

  async #send(slice: NextSlice, table: Table, isUnsure: boolean): Promise<Written> {
    const own =
      slice.way === 'forward' ? table : { ...table, archives: table.archives.map((one) => ({ ...one, afterS: null })) };
    const pieces = piecesOf(slice, own.archives, own.levels);
    const sending = { isUnsure, order: this.#receiving.order };
    const ground = { ...this.#ground, baseUrl: this.#queryUrl() };
    // Before rows that end later than they: a receiver that takes samples in order refuses what is older by an hour.
    const events = await sendEvents(slice, sending, ground);
    const written = addWritten(events, await sendPieces(pieces, sending, ground));
    this.#samples += written.taken;
    return written;
  }

  /** Ends a turn: the receiver may have been killed while it took the last rows. */
  async #end(): Promise<void> {
    const table = this.#receiving.order === 'any' ? await this.#table() : null;
    if (table !== null) await this.#ask(table);
    await this.#describe();
    if (this.#cursor !== null)
      await this.#keep({ ...this.#cursor, failure: null, triedS: Math.floor(this.#ground.nowS()) });
  }

  /** Sends the descriptions that are new. */
  async #describe(): Promise<void> {
    if (this.#cursor === null) return;
    const { lend, writeUrl: url, send, encoder, nowS } = this.#ground;
    const next = await this.#descriptions.next(this.#listed, this.#cursor.described, lend);
    if (next === null) return;
    const written = await writeSamples(next.samples, { url, send, encoder });
    this.#samples += written.taken;
    const noted = afterRefused(this.#cursor, written, Math.floor(nowS()));
    await this.#keep({ ...noted, described: next.described });
    next.sent();
  }
}

function isDoubtful({ startS, endS }: NextSlice, cursor: Cursor | null): boolean {
  const doubt = cursor?.doubt ?? null;
  return doubt !== null && startS < doubt.toS && endS > doubt.fromS;
}

function unlessOutdated(error: unknown): void {
  if (error instanceof OutdatedPlan || (error instanceof Error && 'code' in error && error.code === 'no-such-archive'))
    return;
  throw error;
}

function progressOf({ fromS, toS }: Cursor, { oldestS, newestS }: Table, samples: number): PushProgress {
  const wholeS = newestS - oldestS;
  const isAscending = toS < newestS;
  const doneS = Math.min(wholeS, toS - Math.max(fromS, oldestS));
  return { doneS, wholeS, atS: isAscending ? toS : Math.max(fromS, oldestS), samples };
}
