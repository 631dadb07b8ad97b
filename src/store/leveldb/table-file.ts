// Verifies the checksums of a LevelDB table (a file *.ldb; table/format.cc, table/table_builder.cc):
//
//   table   = block...  footer
//   block   = content  packing:u8 (0 none, 1 Snappy)  masked CRC-32C:u32 of both
//   footer  = handle of the meta index, handle of the index, zeros up to 40 bytes, magic:u64
//   handle  = offset:varint  size:varint of a content
//
// The index has an entry for each data block: a key at or after its last one, and its handle. The meta index has one for the filter.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { maskedCrc32c } from './crc32c.js';
import { DamagedFile, LevelBytes } from './level-bytes.js';
import { unpackSnappy } from './snappy.js';

/** The location of a block's content. */
export interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** A data block, as listed in the index. */
export interface DataBlock extends Handle {
  readonly lastKey: Buffer;
  readonly isSound: boolean;
}

/** Bytes after the content of a block. */
export const trailerBytes = 5;
export const footerBytes = 48;
export const tableMagic = Buffer.from('57fb808b247547db', 'hex');

/** Reads a table and verifies every block. Throws a `DamagedFile` that says where, or what Node throws. */
export function verifyTable(path: string): void {
  const bytes = readFileSync(path);
  try {
    const blocks = dataBlocks(bytes);
    const damaged = blocks.find(({ isSound }) => !isSound);
    if (damaged !== undefined) throw failed(damaged);
    verifyMeta(bytes);
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    // Without the cause, which would mark it as an error of LevelDB.
    throw new DamagedFile(`${basename(path)}: ${error.message}`);
  }
}

/** Is every block of a table intact? */
export function isSoundTable(bytes: Buffer): boolean {
  try {
    verifyMeta(bytes);
    return dataBlocks(bytes).every(({ isSound }) => isSound);
  } catch (error) {
    if (error instanceof DamagedFile) return false;
    throw error;
  }
}

/** The data blocks of a table in order, each one checked. Throws a `DamagedFile` when the index is damaged. */
export function dataBlocks(bytes: Buffer): DataBlock[] {
  const { index } = footerOf(bytes);
  return indexEntries(contentOf(bytes, index)).map(({ key, value }) => {
    const handle = readHandle(new LevelBytes(value));
    return { ...handle, lastKey: key, isSound: isWhole(bytes, handle) };
  });
}

/** Verifies the footer, the meta index and the filter. */
function verifyMeta(bytes: Buffer): void {
  if (!bytes.subarray(-tableMagic.length).equals(tableMagic)) throw new DamagedFile('it does not end as a table does');
  for (const { value } of indexEntries(contentOf(bytes, footerOf(bytes).metaIndex))) {
    const filter = readHandle(new LevelBytes(value));
    if (!isWhole(bytes, filter)) throw failed(filter);
  }
}

function footerOf(bytes: Buffer): { readonly metaIndex: Handle; readonly index: Handle } {
  if (bytes.length < footerBytes) throw new DamagedFile('it is cut off');
  const footer = new LevelBytes(bytes.subarray(-footerBytes));
  return { metaIndex: readHandle(footer), index: readHandle(footer) };
}

function readHandle(input: LevelBytes): Handle {
  return { offset: input.varint(), size: input.varint() };
}

function isWhole(bytes: Buffer, { offset, size }: Handle): boolean {
  const end = offset + size + 1;
  if (end + 4 > bytes.length - footerBytes) return false;
  return maskedCrc32c(bytes.subarray(offset, end)) === bytes.readUInt32LE(end);
}

function contentOf(bytes: Buffer, handle: Handle): Buffer {
  if (!isWhole(bytes, handle)) throw failed(handle);
  const end = handle.offset + handle.size;
  const content = bytes.subarray(handle.offset, end);
  return bytes[end] === 1 ? unpackSnappy(content) : content;
}

/** The entries of an index; its keys share prefixes, and a list of restarts follows them (block_builder.cc). */
function indexEntries(block: Buffer): { readonly key: Buffer; readonly value: Buffer }[] {
  const restarts = block.length < 4 ? Number.NaN : block.readUInt32LE(block.length - 4);
  const end = block.length - 4 * (restarts + 1);
  if (!(end >= 0)) throw new DamagedFile('an index is cut off');
  const input = new LevelBytes(block.subarray(0, end));
  const entries: { key: Buffer; value: Buffer }[] = [];
  let key = Buffer.alloc(0);
  while (!input.isAtEnd) {
    const [shared, own, size] = [input.varint(), input.varint(), input.varint()];
    key = Buffer.concat([key.subarray(0, shared), input.take(own)]);
    entries.push({ key, value: input.take(size) });
  }
  return entries;
}

function failed({ offset }: Handle): DamagedFile {
  return new DamagedFile(`the block at byte ${offset} fails its checksum`);
}
