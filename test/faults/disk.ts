// A disk that fails on demand or keeps a journal of its calls, for the files below one folder: disk.c, compiled at its first use
// and preloaded into the program under test. Needs gcc.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const hasGcc = spawnSync('gcc', ['--version']).status === 0;

/** The faults of a disk: the error, and the letters (see disk.c) of the failing calls. */
export const faults = {
  'a full disk': { errno: constants.errno.ENOSPC, calls: 'CWSDL' },
  'a read-only disk': { errno: constants.errno.EROFS, calls: 'CEWSTNLUDRM' },
  'a disk that cannot be read': { errno: constants.errno.EIO, calls: 'OG' },
  'a disk that cannot be written': { errno: constants.errno.EIO, calls: 'CEWSTNLUDRM' },
  'a folder without permission': { errno: constants.errno.EACCES, calls: 'CEOTNLUDRM' },
  'too few file handles': { errno: constants.errno.EMFILE, calls: 'CEO' },
} as const satisfies Readonly<Record<string, { errno: number; calls: string }>>;

export type Fault = keyof typeof faults;

/** The failing calls: `count` of them from number `from` (1 is the first), or all if `count` is 0. */
export interface Failing {
  readonly fault: Fault;
  readonly from: number;
  readonly count: number;
}

/** A call in the journal: its letter in disk.c, the paths, the offset in the file, and the bytes written. */
export interface DiskCall {
  readonly letter: string;
  readonly path: string;
  readonly path2: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Compiles the library; returns the environments of a program whose disk fails or keeps a journal. */
export function useDisk(): {
  failing: (root: string, failing: Failing) => Readonly<Record<string, string>>;
  watched: (root: string, journal: string) => Readonly<Record<string, string>>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-disk-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, 'disk.so');
  let isCompiled = false;
  const preload = (root: string): Record<string, string> => {
    const source = fileURLToPath(new URL('disk.c', import.meta.url));
    const options = ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror', '-U_FORTIFY_SOURCE'];
    if (!isCompiled) execFileSync('gcc', [...options, '-o', library, source, '-ldl', '-lpthread']);
    isCompiled = true;
    return { LD_PRELOAD: library, DISK_ROOT: root };
  };
  return {
    failing: (root, { fault, from, count }) => ({
      ...preload(root),
      DISK_FAIL: faults[fault].calls,
      DISK_ERRNO: String(faults[fault].errno),
      DISK_FROM: String(from),
      DISK_COUNT: String(count),
    }),
    watched: (root, journal) => ({ ...preload(root), DISK_JOURNAL: journal }),
  };
}

/** Reads a journal, in the order of the calls. */
export function readJournal(path: string): readonly DiskCall[] {
  const text = readFileSync(path);
  const calls: DiskCall[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = /^([A-Z]) (-?\d+) (\d+) (.*)\t(.*)$/.exec(text.toString('utf8', at, end));
    if (line === null) throw new Error(`${path}: nothing that disk.c writes at byte ${at}`);
    const [, letter = '', offset, length, from = '', path2 = ''] = line;
    const count = 'WA'.includes(letter) ? Number(length) : 0;
    const bytes = text.subarray(end + 1, end + 1 + count);
    if (bytes.length < count) throw new Error(`${path}: cut off`);
    calls.push({ letter, path: from, path2, offset: Number(offset), bytes });
    at = end + 1 + count;
  }
  return calls;
}
