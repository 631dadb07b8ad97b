// Possible contents of a disk after a power failure: a folder, rebuilt from a journal of the operations on it.
//
// The model is a journaling file system (ext4 with data=ordered, XFS). Names: operations on them (create, rename, link, unlink,
// mkdir, rmdir, truncate) keep their order, so that a prefix of them survives, and every fsync or fdatasync of a file or folder
// commits all earlier ones. Contents: bytes are safe once their file is synced. Later bytes may be missing (`dropped`), or as of
// some moment (`torn`), or as of a different moment for every page, with zeros for pages that were never written back (`patchy`).
// LevelDB relies on this: it syncs tables, logs on request, CURRENT's new text before its rename, and the folder before a MANIFEST
// that names new files.

import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DiskCall } from './disk.js';

/** The fate of unsynced bytes. */
export type Unsynced = 'dropped' | 'torn' | 'patchy';

/** A power failure after the first `calls` calls. */
export interface Cut {
  readonly calls: readonly DiskCall[];
  readonly unsynced: Unsynced;
  readonly random: () => number;
}

const pageBytes = 4096;

/** A file under any name: its writes, and how many of them are synced. */
interface File {
  /** Writes; `bytes` is null for a truncation to `offset`. `names` counts the steps of names before it. */
  readonly changes: { readonly offset: number; readonly bytes: Buffer | null; readonly names: number }[];
  synced: number;
  /** The modification time that was set. */
  timeS: number | null;
}

type Names = Map<string, File | 'folder'>;

/** Rebuilds the files of `root` below `target`. */
export function afterPowerLoss(root: string, target: string, cut: Cut): void {
  const { steps, committed } = replay(cut.calls);
  const kept = committed + Math.floor(cut.random() * (steps.length - committed + 1));
  const names: Names = new Map();
  for (const step of steps.slice(0, kept)) step(names);
  for (const [path, file] of names) {
    if (path !== root && !path.startsWith(`${root}/`)) continue;
    const copy = join(target, path.slice(root.length));
    mkdirSync(file === 'folder' ? copy : dirname(copy), { recursive: true });
    if (file === 'folder') continue;
    writeFileSync(copy, contentOf(file, kept, cut));
    if (file.timeS !== null) utimesSync(copy, file.timeS, file.timeS);
  }
}

/** The operations on names, as repeatable steps, and the number of committed ones. */
function replay(calls: readonly DiskCall[]): { steps: readonly ((names: Names) => void)[]; committed: number } {
  const steps: ((names: Names) => void)[] = [];
  const now: Names = new Map();
  let committed = 0;
  const happen = (step: (names: Names) => void): void => {
    step(now);
    steps.push(step);
  };
  const fileAt = (path: string): File => {
    const found = now.get(path);
    if (found === undefined || found === 'folder') throw new Error(`the journal writes to ${path}, which is no file`);
    return found;
  };
  for (const { letter, path, path2, offset, bytes } of calls) {
    if (letter === 'C' && !now.has(path)) {
      const file: File = { changes: [], synced: 0, timeS: null };
      happen((names) => names.set(path, file));
    } else if (letter === 'D') happen((names) => names.set(path, 'folder'));
    else if (letter === 'U' || letter === 'R') happen((names) => names.delete(path));
    else if (letter === 'N') happen((names) => move(names, path, path2));
    else if (letter === 'L') happen((names) => names.set(path2, names.get(path) ?? fileAt(path)));
    else if (letter === 'M') fileAt(path).timeS = offset;
    else if (letter === 'W') fileAt(path).changes.push({ offset, bytes, names: steps.length });
    else if (letter === 'T') {
      happen(() => {});
      fileAt(path).changes.push({ offset, bytes: null, names: steps.length });
    } else if (letter === 'S') {
      committed = steps.length;
      const file = now.get(path);
      if (file !== undefined && file !== 'folder') file.synced = file.changes.length;
    }
  }
  return { steps, committed };
}

function move(names: Names, from: string, to: string): void {
  for (const [path, file] of [...names]) {
    if (path !== from && !path.startsWith(`${from}/`)) continue;
    names.delete(path);
    names.set(to + path.slice(from.length), file);
  }
}

/** The bytes of a file after `kept` steps of names survived. */
function contentOf({ changes, synced }: File, kept: number, { unsynced, random }: Cut): Buffer {
  const content = Buffer.alloc(Math.max(0, ...changes.map(({ offset, bytes }) => offset + (bytes?.length ?? 0))));
  const moment = (): number => synced + Math.floor(random() * (changes.length - synced + 1));
  const last = unsynced === 'dropped' ? synced : moment();
  const moments = new Map<number, number>();
  const momentOf = (page: number): number => {
    if (unsynced !== 'patchy') return last;
    const drawn = moments.get(page) ?? moment();
    moments.set(page, drawn);
    return drawn;
  };
  let length = 0;
  const write = (bytes: Buffer, offset: number): void => {
    bytes.copy(content, offset);
    length = Math.max(length, offset + bytes.length);
  };
  for (const [i, { offset, bytes, names }] of changes.entries()) {
    if (bytes === null) {
      if (i >= synced && names > kept) continue;
      content.fill(0, Math.min(offset, length));
      length = offset;
    } else if (i < synced) write(bytes, offset);
    else if (unsynced === 'torn' && i === last - 1) write(bytes.subarray(0, random() * (bytes.length + 1)), offset);
    else for (const [at, part] of pagesOf(bytes, offset)) if (i < momentOf(Math.floor(at / pageBytes))) write(part, at);
  }
  return content.subarray(0, length);
}

/** Splits a write at page boundaries; each part has its offset in the file. */
function pagesOf(bytes: Buffer, offset: number): readonly (readonly [number, Buffer])[] {
  const parts: [number, Buffer][] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + pageBytes - ((offset + from) % pageBytes));
    parts.push([offset + from, bytes.subarray(from, to)]);
    from = to;
  }
  return parts;
}
