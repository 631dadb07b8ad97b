// LevelDB's log format (db/log_format.h), used by its logs of writes (*.log) and its list of files (MANIFEST):
//
//   file   = record...  in blocks of 32 KiB; fewer than 7 bytes left in a block are zeros
//   record = masked CRC-32C:u32 (of what follows the length)  length:u16  type:u8 (1 whole, 2 first, 3 middle, 4 last)  bytes
//
// A record may be cut off at the end of the file, as after a crash. After a hole elsewhere LevelDB resumes with the next block, and does
// not report the hole when it reads a log. Zeros up to the end of a page are a hole left by a power failure in unsynced data; no other
// damage is.

import { basename } from 'node:path';
import { maskedCrc32c } from './crc32c.js';
import { DamagedFile } from './level-bytes.js';

/** A record, or a part of one; `isHole` marks bytes up to the end of the block that are neither. */
interface Fragment {
  readonly type: number;
  readonly bytes: Buffer;
  readonly isHole: boolean;
}

const blockBytes = 32_768;
const headerBytes = 7;
const pageBytes = 4096;

/** Zeros at the end of a page that was never written, more than the padding of a block. */
const unwritten = Buffer.alloc(8);

/** The records of a list of files, assembled from their parts. Throws a `DamagedFile` at a hole. */
export function* readLogRecords(file: Buffer): Generator<Buffer> {
  let begun: Buffer[] = [];
  for (const part of readFragments(file)) {
    if (part.isHole) throw new DamagedFile('the list of files fails its checksum');
    begun.push(part.bytes);
    if (part.type !== 1 && part.type !== 4) continue;
    yield Buffer.concat(begun);
    begun = [];
  }
}

/** Throws a `DamagedFile` when a log of writes continues after damage: a crash loses only the last writes. */
export function verifyLog(file: Buffer, path: string): void {
  let isAfterDamage = false;
  for (const { type, bytes, isHole } of readFragments(file)) {
    if (isHole) isAfterDamage ||= !hasUnwrittenPage(bytes);
    else if (isAfterDamage && type <= 2) throw new DamagedFile(`${basename(path)} has a hole`);
  }
}

/** Does a page end in zeros, within bytes that reach the end of a block? */
function hasUnwrittenPage(bytes: Buffer): boolean {
  for (let end = bytes.length; end >= unwritten.length; end -= pageBytes) {
    if (bytes.subarray(end - unwritten.length, end).equals(unwritten)) return true;
  }
  return false;
}

function* readFragments(file: Buffer): Generator<Fragment> {
  for (let block = 0; block < file.length; block += blockBytes) {
    const blockEnd = block + blockBytes;
    for (let at = block; at + headerBytes <= Math.min(blockEnd, file.length); ) {
      const [length, type] = [file.readUInt16LE(at + 4), file[at + 6] ?? 0];
      const end = at + headerBytes + length;
      // Cut off, if this is the last block.
      if (end > file.length && blockEnd >= file.length) return;
      // Never written.
      if (type === 0 && length === 0) break;
      const isHole = end > blockEnd || maskedCrc32c(file.subarray(at + 6, end)) !== file.readUInt32LE(at);
      yield { type, bytes: isHole ? file.subarray(at, blockEnd) : file.subarray(at + headerBytes, end), isHole };
      if (isHole) break;
      at = end;
    }
  }
}
