// The keys of the database: one letter for the kind, then the lookup parts. docs/format.md, "Keys", lists them. The time comes before the
// archive: records that expire together are adjacent and are dropped as one range.

/** Kinds of keys whose next part is a time. */
export type TimedKind = 'r' | 'c' | 'p' | 'b' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'z';

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

/** A key for readings or rows of a block or an archive id, in a slot, window, sheet or month, or in a shift of the week. */
export function timedKey(kind: TimedKind, time: number, id: number): Buffer {
  const key = Buffer.allocUnsafe(9);
  key[0] = kind.charCodeAt(0);
  key.writeUInt32BE(time, 1);
  key.writeUInt32BE(id, 5);
  return key;
}

/** Does a record of recent readings have this key? */
export function isRecentKey(key: Buffer): boolean {
  return key[0] === letters.recent;
}

/** Does a chunk have this key? */
export function isChunkKey(key: Buffer): boolean {
  return key[0] === letters.chunk;
}

/** Does a record of baselines have this key? */
export function isBaselineKey(key: Buffer): boolean {
  return key[0] === letters.baseline;
}

/** Does a sheet of kept rows have this key? */
export function isSheetKey(key: Buffer): boolean {
  const [letter = 0] = key;
  return letter >= letters.firstSheet && letter <= letters.lastSheet;
}

const letters = {
  recent: 'r'.charCodeAt(0),
  chunk: 'c'.charCodeAt(0),
  baseline: 'b'.charCodeAt(0),
  firstSheet: 's'.charCodeAt(0),
  lastSheet: 'u'.charCodeAt(0),
} as const;

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

/** `q PATTERN` */
export function silenceKey(pattern: string): Buffer {
  return Buffer.from(`q${pattern}`);
}

/** The keys from `gte` up to `lt`. */
export interface KeyRange {
  readonly gte: Buffer;
  readonly lt: Buffer;
}

/** All keys with a prefix. */
export function prefixRange(prefix: string): KeyRange {
  return { gte: Buffer.from(prefix), lt: Buffer.concat([Buffer.from(prefix), Buffer.from([0xff])]) };
}

/** The keys of a kind with `from` <= time < `to`. */
export function timedRange(kind: TimedKind, from: number, to: number): KeyRange {
  return { gte: timedKey(kind, from, 0), lt: timedKey(kind, to, 0) };
}
