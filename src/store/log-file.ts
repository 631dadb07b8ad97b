// LevelDB's log format (db/log_format.h), which its logs of writes (*.log) and its list of files (MANIFEST) are in:
//
//   file   = record...  in blocks of 32 KiB; a rest of a block below 7 bytes is zeros
//   record = masked CRC-32C:u32 (of what follows the length)  length:u16  type:u8 (1 whole, 2 first, 3 middle, 4 last)  bytes
//
// At the end of the file a record may be cut off: that is what a crash leaves. Behind a hole elsewhere LevelDB goes on with the next
// block, and says nothing where it reads a log.

import { basename } from 'node:path';
import { maskedCrc32c } from './crc32c.js';
import { DamagedFile } from './level-bytes.js';

/** A record, or a part of one; null where a block cannot be read on. */
type Part = { readonly type: number; readonly bytes: Buffer } | null;

const blockBytes = 32_768;
const headerBytes = 7;

/** The records of a list of files, put together of their parts. Throws a `DamagedFile` at a hole. */
export function* readRecords(file: Buffer): Generator<Buffer> {
  let begun: Buffer[] = [];
  for (const part of readParts(file)) {
    if (part === null) throw new DamagedFile('the list of files fails its checksum');
    begun.push(part.bytes);
    if (part.type !== 1 && part.type !== 4) continue;
    yield Buffer.concat(begun);
    begun = [];
  }
}

/** Throws a `DamagedFile` where a log of writes goes on behind a hole: a crash takes the last writes, never others. */
export function verifyLog(file: Buffer, path: string): void {
  let isAfterHole = false;
  for (const part of readParts(file)) {
    if (part === null) isAfterHole = true;
    else if (isAfterHole && part.type <= 2) throw new DamagedFile(`${basename(path)} has a hole`);
  }
}

function* readParts(file: Buffer): Generator<Part> {
  for (let block = 0; block < file.length; block += blockBytes) {
    const blockEnd = block + blockBytes;
    for (let at = block; at + headerBytes <= Math.min(blockEnd, file.length); ) {
      const [length, type] = [file.readUInt16LE(at + 4), file[at + 6] ?? 0];
      const end = at + headerBytes + length;
      // Cut off, if this is the last block.
      if (end > file.length && blockEnd >= file.length) return;
      const isSound = end <= blockEnd && maskedCrc32c(file.subarray(at + 6, end)) === file.readUInt32LE(at);
      // Zeros are space that was set aside and never written.
      const isUnwritten = type === 0 && length === 0;
      yield isSound && !isUnwritten ? { type, bytes: file.subarray(at + headerBytes, end) } : null;
      if (!isSound || isUnwritten) break;
      at = end;
    }
  }
}
