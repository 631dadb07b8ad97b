// The progress of a span's stacks, in memory and on disk. Stacks that exceed the budget are put aside half done, beside the
// pictures, and resumed later.
//
//   file = CRC-32 of the rest, little-endian:32   [version, progress] as V8 writes plain data

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { readBounded } from '../../files/read-file.js';
import { directorName } from '../../model/names/name.js';
import { stackTypes } from '../define/graph-request.js';
import { emptySums, type StackSums } from '../series/stack-sums.js';
import type { SpanSet } from './content/span-set.js';
import { writePicture } from './picture-file.js';

/** Raise this with every change of the format; older files are then begun anew. */
const version = 4;

/** Far more than the stacks of ten thousand services take. */
const maxBytes = 2 ** 28;

/** Stacks of one span, and the services that were added to them. */
export interface StackProgress {
  /** The end of their span, even if time has moved on since. */
  readonly endS: number;
  /** Time of the director's newest reading when the last of the services was added. */
  readonly lastS: number;
  readonly added: ReadonlySet<string>;
  readonly stacks: readonly StackSums[];
}

/** Stacks of a span before any service was added: all types, since they share colours. Rows take longer to read than to add. */
export function beginStacks(set: SpanSet, lastS: number): StackProgress {
  return { endS: set.span.endS, lastS, added: new Set(), stacks: stackTypes.map((type) => emptySums(type, set)) };
}

/** The stacks put aside in a folder of pictures; null if there are none, or none that are whole. */
export function readProgress(folder: string): StackProgress | null {
  try {
    const bytes = readBounded(progressPath(folder), maxBytes);
    const rest = bytes.subarray(4);
    if (crc32(rest) !== bytes.readUInt32LE(0)) return null;
    const [writtenAs, progress] = deserialize(rest) as [number, StackProgress];
    return writtenAs === version ? progress : null;
  } catch {
    // It can be made again.
    return null;
  }
}

/** Puts stacks aside. Throws a `UserError` if they cannot be written. */
export function saveProgress(folder: string, progress: StackProgress): void {
  const rest = serialize([version, progress]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(rest), 0);
  writePicture(progressPath(folder), Buffer.concat([sum, rest]), progress.endS);
}

/** Removes the stacks put aside; if that fails, they are replaced later, or found to be old. */
export function dropProgress(folder: string): void {
  try {
    rmSync(progressPath(folder), { force: true });
  } catch {}
}

/** The file of a folder for stacks put aside. */
export function progressPath(folder: string): string {
  return join(folder, `${directorName}.unfinished`);
}
