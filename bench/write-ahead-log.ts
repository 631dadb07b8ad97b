// The writes of a cycle, read back from LevelDB's write-ahead log, independent of the store's keys and values.
//
//   log    = block of 32 KiB...         a block's last bytes are zero when no header fits
//   record = crc:u32 length:u16 type:u8 bytes      type: 1 whole, 2 first, 3 middle, 4 last part of a batch
//   batch  = sequence:u64 count:u32 (1 key value | 0 key)...      key, value: length:varint bytes
//
// LevelDB: doc/log_format.md, db/write_batch.cc. All numbers are little-endian.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A write of a batch. */
export type Write =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Buffer };

/** The position up to which a log has been read. */
export interface LogPlace {
  readonly file: string;
  readonly at: number;
}

const blockBytes = 32_768;
const headerBytes = 7;

/** The end of the newest log of a database. */
export function endOfLog(database: string): LogPlace {
  const file = newestLog(database);
  return { file, at: readFileSync(join(database, file)).length };
}

/** All writes since a position; the log may have been replaced by another at most once since. */
export function writesSince(database: string, { file, at }: LogPlace): readonly Write[] {
  const newest = newestLog(database);
  const bytes = readFileSync(join(database, newest));
  return [...batches(bytes, newest === file ? at : 0)].flatMap((batch) => [...writesOf(batch)]);
}

function newestLog(database: string): string {
  const logs = readdirSync(database).filter((name) => name.endsWith('.log'));
  const newest = logs.sort().at(-1);
  if (newest === undefined) throw new Error(`there is no write-ahead log in ${database}`);
  return newest;
}

function* batches(log: Buffer, from: number): Generator<Buffer> {
  let parts: Buffer[] = [];
  for (let at = from; at + headerBytes <= log.length; ) {
    const leftInBlock = blockBytes - (at % blockBytes);
    if (leftInBlock < headerBytes) {
      at += leftInBlock;
      continue;
    }
    const length = log.readUInt16LE(at + 4);
    const type = log[at + 6] ?? 0;
    const bytes = log.subarray(at + headerBytes, at + headerBytes + length);
    at += headerBytes + length;
    parts.push(bytes);
    if (type === 2 || type === 3) continue;
    yield Buffer.concat(parts);
    parts = [];
  }
}

function* writesOf(batch: Buffer): Generator<Write> {
  let at = 12;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = batch.readUInt8(at);
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (): Buffer => {
    const length = varint();
    at += length;
    return batch.subarray(at - length, at);
  };
  for (let count = batch.readUInt32LE(8); count > 0; count -= 1) {
    const isPut = batch.readUInt8(at) === 1;
    at += 1;
    const key = bytes();
    yield isPut ? { type: 'put', key, value: bytes() } : { type: 'del', key };
  }
}
