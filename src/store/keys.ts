// The keys of the database: one letter for the kind, then what is looked up, in an order that serves how it is used.
//
//   m NAME                       schema, migration (layout and how far it was changed), table (the table as known),
//                                gone (names that have left it), state (how far maintenance has come)
//   a ARCHIVE                    what is known of an archive, with its number (id)
//   e ARCHIVE 0 time:u32 n:u16   an event
//   r slot:u32 block:u32         recent readings of 32 archives (recent.ts)
//   c window:u32 id:u32          sealed readings of an archive (chunk.ts)
//   h day:u32 id:u32             its 2-hour rows of a day whose readings are gone (coarse.ts); g: finer ones, by retention
//   y day:u32 id:u32             its row of that day, or the coarsest rows by retention
//   p month:u32 id:u32           its percentiles of a calendar month (month.ts)
//   i j k l day:u32 id:u32       rows of a day that were imported, of 5 and 30 minutes, 2 hours, a day, or by retention (imported.ts)
//
// Time stands before the archive: what expires together lies together, and is dropped as one range.

/** Kinds of keys whose next part is a time. */
export type TimedKind = 'r' | 'c' | 'g' | 'h' | 'y' | 'p' | 'i' | 'j' | 'k' | 'l';

/** `m NAME` */
export function metaKey(name: 'schema' | 'migration' | 'table' | 'gone' | 'state'): Buffer {
  return Buffer.from(`m${name}`);
}

/** `a ARCHIVE` */
export function archiveKey(name: string): Buffer {
  return Buffer.from(`a${name}`);
}

/** The archive of an `a` key. */
export function archiveOfKey(key: Buffer): string {
  return key.toString('utf8', 1);
}

/** A key of readings or rows at a slot, window, day or month, of a block or an archive's id. */
export function timedKey(kind: TimedKind, time: number, id: number): Buffer {
  const key = Buffer.allocUnsafe(9);
  key[0] = kind.charCodeAt(0);
  key.writeUInt32BE(time, 1);
  key.writeUInt32BE(id, 5);
  return key;
}

/** The time in a key made by `timedKey`. */
export function timeOfKey(key: Buffer): number {
  return key.readUInt32BE(1);
}

/** The block or the archive's id in a key made by `timedKey`. */
export function idOfKey(key: Buffer): number {
  return key.readUInt32BE(5);
}

/** `e ARCHIVE 0 time n` */
export function eventKey(archive: string, timeS: number, n: number): Buffer {
  const time = Buffer.allocUnsafe(6);
  time.writeUInt32BE(timeS, 0);
  time.writeUInt16BE(n, 4);
  return Buffer.concat([Buffer.from(`e${archive}\0`), time]);
}

/** The keys from `gte` up to `lt`. */
export interface KeyRange {
  readonly gte: Buffer;
  readonly lt: Buffer;
}

/** All keys that begin with a text. */
export function prefixRange(prefix: string): KeyRange {
  return { gte: Buffer.from(prefix), lt: Buffer.concat([Buffer.from(prefix), Buffer.from([0xff])]) };
}

/** The keys of a kind with `from` <= time < `to`. */
export function timedRange(kind: TimedKind, from: number, to: number): KeyRange {
  return { gte: timedKey(kind, from, 0), lt: timedKey(kind, to, 0) };
}
