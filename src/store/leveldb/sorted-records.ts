// Sorts records whose keys begin with a time but which come archive by archive. LevelDB takes sorted records as they are; unsorted ones it
// merges again and again, some twenty times for thousands of archives.
//
// Records of one kind and time form a bucket, in archive order. When all buckets together are large, their contents are appended to an
// unlinked file, so that nothing is left of it whatever happens:
//
//   bucket = (id:u32 length:u32 value)...

import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { newFile } from '../../files/whole-file.js';
import { type TimedKind, timedKey } from '../layout/keys.js';
import type { Operation } from './database.js';

/** Bytes that all buckets may hold before they are written to the file. */
const maxBytes = 2 ** 26;
/** Bytes of values per batch. */
const batchBytes = 2 ** 20;
const headBytes = 8;

interface Bucket {
  readonly kind: TimedKind;
  readonly time: number;
  bytes: Buffer;
  length: number;
  /** Where the bucket's earlier records are in the file. */
  readonly parts: { readonly at: number; readonly length: number }[];
}

/** Collects records and returns them in key order; `close` frees the file. */
export class SortedRecords {
  readonly #buckets = new Map<string, Bucket>();
  readonly #path: string;
  readonly #maxBytes: number;
  #file: number | null = null;
  #fileBytes = 0;
  #heldBytes = 0;

  /** The file has the name `path` only for a moment. */
  constructor(path: string, most = maxBytes) {
    this.#path = path;
    this.#maxBytes = most;
  }

  /** Adds a record; records of one kind and time must come in the order of their ids. */
  add(kind: TimedKind, time: number, { id, value }: { readonly id: number; readonly value: Uint8Array }): void {
    const bucket = this.#bucketOf(kind, time);
    const end = bucket.length + headBytes + value.length;
    if (end > bucket.bytes.length) bucket.bytes = grown(bucket, end);
    bucket.bytes.writeUInt32LE(id, bucket.length);
    bucket.bytes.writeUInt32LE(value.length, bucket.length + 4);
    bucket.bytes.set(value, bucket.length + headBytes);
    this.#heldBytes += end - bucket.length;
    bucket.length = end;
    if (this.#heldBytes > this.#maxBytes) this.#putAside();
  }

  /** All records in key order, in batches. */
  *batches(): Generator<readonly Operation[]> {
    const name = ({ kind, time }: Bucket): string => timedKey(kind, time, 0).toString('latin1');
    const inOrder = [...this.#buckets.values()].map((bucket) => ({ bucket, name: name(bucket) }));
    inOrder.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { bucket } of inOrder) yield* batchesOf(bucket, this.#read(bucket));
  }

  /** Discards everything. */
  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#buckets.clear();
  }

  #bucketOf(kind: TimedKind, time: number): Bucket {
    const name = `${kind}${time}`;
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const bucket: Bucket = { kind, time, bytes: Buffer.alloc(0), length: 0, parts: [] };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #putAside(): void {
    this.#file ??= openUnnamed(this.#path);
    for (const bucket of this.#buckets.values()) {
      if (bucket.length === 0) continue;
      writeAll(this.#file, bucket.bytes.subarray(0, bucket.length), this.#fileBytes);
      bucket.parts.push({ at: this.#fileBytes, length: bucket.length });
      this.#fileBytes += bucket.length;
      bucket.length = 0;
    }
    this.#heldBytes = 0;
  }

  #read({ bytes, length, parts }: Bucket): Buffer {
    const all = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.length, length));
    let end = 0;
    for (const part of parts) {
      readAll(this.#file, all.subarray(end, end + part.length), part.at);
      end += part.length;
    }
    bytes.copy(all, end, 0, length);
    return all;
  }
}

function grown({ bytes, length }: Bucket, needed: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * bytes.length));
  bytes.copy(larger, 0, 0, length);
  return larger;
}

function* batchesOf({ kind, time }: Bucket, bytes: Buffer): Generator<readonly Operation[]> {
  let batch: Operation[] = [];
  let begin = 0;
  for (let at = 0; at < bytes.length; ) {
    const from = at + headBytes;
    const value = bytes.subarray(from, from + bytes.readUInt32LE(at + 4));
    batch.push({ type: 'put', key: timedKey(kind, time, bytes.readUInt32LE(at)), value });
    at = from + value.length;
    if (at - begin < batchBytes && at < bytes.length) continue;
    yield batch;
    [batch, begin] = [[], at];
  }
}

function openUnnamed(path: string): number {
  const file = openSync(path, newFile, 0o600);
  rmSync(path);
  return file;
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

function readAll(file: number | null, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = file === null ? 0 : readSync(file, bytes, done, bytes.length - done, position + done);
    if (count === 0) throw new RangeError('what was put aside is cut off');
    done += count;
  }
}
