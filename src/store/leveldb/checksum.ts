// A checksum after every value of the database: CRC-32 of the key and the value, four bytes. LevelDB has checksums of its own blocks, but
// verifies them only when it compacts: a bit that flipped on the disk would read as another number.

import { crc32 } from 'node:zlib';

const checksumBytes = 4;

/** The value with its checksum, as stored under the key. */
export function withChecksum(key: Uint8Array, value: Uint8Array): Buffer {
  const stored = Buffer.allocUnsafe(value.length + checksumBytes);
  stored.set(value);
  stored.writeUInt32LE(crc32(value, crc32(key)), value.length);
  return stored;
}

/** The value from the bytes stored under the key. Throws a `DamagedRecord`. */
export function checkedValue(key: Buffer, stored: Buffer): Buffer {
  const end = stored.length - checksumBytes;
  if (end < 0) throw new DamagedRecord(key);
  const value = stored.subarray(0, end);
  if (crc32(value, crc32(key)) !== stored.readUInt32LE(end)) throw new DamagedRecord(key);
  return value;
}

/** A record whose bytes are not those that were written. */
class DamagedRecord extends RangeError {
  constructor(key: Buffer) {
    super(`the record "${key.toString('latin1').replace(/[^ -~]/g, '·')}" fails its checksum`);
  }
}
