// Cuts the damaged blocks out of a LevelDB table: nothing in it moves, but its index no longer names them. The new index replaces the
// filter and the old index (LevelDB works without a filter), or a damaged block. The list of files records the length of a table, so the
// length stays the same.

import { maskedCrc32c } from './crc32c.js';
import { varint } from './level-bytes.js';
import { type DataBlock, footerBytes, type Handle, tableMagic, trailerBytes } from './table-file.js';

/** A copy of a table with only its sound blocks; null when its index does not fit. */
export function cutTable(bytes: Buffer, blocks: readonly DataBlock[]): Buffer | null {
  const cut = Buffer.from(bytes);
  const dataEnd = Math.max(0, ...blocks.map(endOf));
  const metaIndex = writeBlock(cut, encodeIndex([]), dataEnd);
  const index = encodeIndex(blocks.filter(({ isSound }) => isSound));
  const room = [
    { offset: endOf(metaIndex), end: cut.length - footerBytes },
    ...blocks.filter(({ isSound }) => !isSound).map((block) => ({ offset: block.offset, end: endOf(block) })),
  ].find(({ offset, end }) => index.length + trailerBytes <= end - offset);
  if (room === undefined) return null;
  writeFooter(cut, metaIndex, writeBlock(cut, index, room.offset));
  return cut;
}

function endOf({ offset, size }: Handle): number {
  return offset + size + trailerBytes;
}

/** An index in the least space: each key, from the first to the last, shares its beginning with the one before. */
function encodeIndex(blocks: readonly DataBlock[]): Buffer {
  const parts: Buffer[] = [];
  let before: Buffer = Buffer.alloc(0);
  for (const { lastKey, offset, size } of blocks) {
    const shared = sharedLength(before, lastKey);
    const own = lastKey.subarray(shared);
    const handle = Buffer.concat([varint(offset), varint(size)]);
    parts.push(varint(shared), varint(own.length), varint(handle.length), own, handle);
    before = lastKey;
  }
  const oneRestart = Buffer.from([0, 0, 0, 0, 1, 0, 0, 0]);
  return Buffer.concat([...parts, oneRestart]);
}

function sharedLength(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

function writeBlock(table: Buffer, content: Buffer, offset: number): Handle {
  const end = offset + content.length;
  table.set(content, offset);
  table[end] = 0;
  table.writeUInt32LE(maskedCrc32c(table.subarray(offset, end + 1)), end + 1);
  return { offset, size: content.length };
}

function writeFooter(table: Buffer, metaIndex: Handle, index: Handle): void {
  const footer = table.subarray(-footerBytes).fill(0);
  footer.set(Buffer.concat([metaIndex, index].flatMap(({ offset, size }) => [varint(offset), varint(size)])));
  footer.set(tableMagic, footerBytes - tableMagic.length);
}
