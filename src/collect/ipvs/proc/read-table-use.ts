// Reads the size and use of the kernel's connection table: exactly from /proc/net/ip_vs_status (Linux 7), earlier from the first line of
// /proc/net/ip_vs and from /proc/slabinfo. A table of Linux 7 belongs to its network namespace, and grows and shrinks with its connections;
// an older one is shared by all namespaces, with the size given to the module.

import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { statusFile } from '../../../model/installed-paths.js';
import { parseIpVsStatus } from './parse-ip-vs-status.js';
import { parseSlabinfo } from './parse-slabinfo.js';
import { readOptional } from './read-optional.js';

/** The origin of the entries, or why they are unknown. */
export type EntriesSource = 'status' | 'handed-status' | 'slabs';
export type EntriesProblem = 'status-closed' | 'status-odd' | 'slabs-closed' | 'slabs-merged';

/** Buckets of the table, null when unknown, and the connections and templates in it. */
export interface TableUse {
  readonly size: number | null;
  readonly entries: { readonly count: number; readonly source: EntriesSource } | EntriesProblem;
}

/** `handed` is the status that root passed to this process: it counts only when the file itself is unreadable. */
export function readTableUse(procRoot: string, handed: string | null): TableUse {
  const path = join(procRoot, 'net', statusFile);
  const text = readOptional(path);
  if (text === null && !existsSync(path)) return { size: readTableSize(procRoot), entries: readSlabs(procRoot) };
  const status = parseIpVsStatus(text ?? handed ?? '');
  if (text !== null) {
    if (status === null) return { size: readTableSize(procRoot), entries: 'status-odd' };
    return { size: status.buckets, entries: { count: status.entries, source: 'status' } };
  }
  const size = readTableSize(procRoot);
  // Another network namespace's table normally has another size; one that was resized meanwhile is not believed either.
  if (status === null || status.buckets !== size) return { size, entries: 'status-closed' };
  return { size, entries: { count: status.entries, source: 'handed-status' } };
}

/** Buckets, from the first line of the table, whose rest may be megabytes: "IP Virtual Server version 1.2.1 (size=4096)". */
function readTableSize(procRoot: string): number | null {
  const size = /^IP Virtual Server version [\d.]+ \(size=(\d{1,10})\)\n/.exec(
    readHead(join(procRoot, 'net/ip_vs')),
  )?.[1];
  return size === undefined ? null : Number(size);
}

function readSlabs(procRoot: string): TableUse['entries'] {
  const aliases = readOptional(join(procRoot, '../sys/kernel/slab/ip_vs_conn/aliases'))?.trim() ?? '';
  // A merged cache would count the objects of others too.
  if (aliases !== '' && aliases !== '0') return 'slabs-merged';
  const text = readOptional(join(procRoot, 'slabinfo'));
  if (text === null) return 'slabs-closed';
  const count = parseSlabinfo(text);
  return count === null ? 'slabs-merged' : { count, source: 'slabs' };
}

const headBytes = 128;

function readHead(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(headBytes);
      return bytes.toString('latin1', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
