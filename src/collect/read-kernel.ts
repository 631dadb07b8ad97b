// Reads what this machine's kernel counts beside the table: files of /proc, each of which may be missing (an older kernel, a
// container, no permission): then what it would tell is unknown. `procRoot` is /proc, or a captured tree.

import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelReading } from '../model/snapshot.js';
import { parseIpVsStats } from './parse-ip-vs-stats.js';
import { parseIpVsStatsPercpu } from './parse-ip-vs-stats-percpu.js';
import { parseSlabinfo } from './parse-slabinfo.js';
import { readOptional } from './read-optional.js';

/** Reads all but the daemons, which only ipvsadm tells. */
export function readKernel(procRoot: string): KernelReading {
  // Processors first: what they have counted by now is in the totals a refresh later, if at all.
  const processors = parseIpVsStatsPercpu(readText(join(procRoot, 'net/ip_vs_stats_percpu')));
  const stats = readTotals(procRoot);
  const switched = /^([01])\n/.exec(readText(join(procRoot, 'sys/net/ipv4/vs/run_estimation')))?.[1];
  return {
    totals: stats?.totals ?? null,
    ratesPerS: stats?.ratesPerS ?? null,
    laterTotals: null,
    processors,
    tableSize: readTableSize(procRoot),
    tableEntries: readTableEntries(procRoot),
    isEstimating: switched === undefined ? null : switched === '1',
    syncDaemons: null,
  };
}

/** Reads the totals alone. */
export function readTotals(procRoot: string): ReturnType<typeof parseIpVsStats> {
  return parseIpVsStats(readText(join(procRoot, 'net/ip_vs_stats')));
}

/** Buckets, by the first line of the table, the rest of which may be megabytes: "IP Virtual Server version 1.2.1 (size=4096)". */
function readTableSize(procRoot: string): number | null {
  const size = /^IP Virtual Server version [\d.]+ \(size=(\d{1,10})\)\n/.exec(
    readHead(join(procRoot, 'net/ip_vs')),
  )?.[1];
  return size === undefined ? null : Number(size);
}

function readTableEntries(procRoot: string): number | null {
  const aliases = readText(join(procRoot, '../sys/kernel/slab/ip_vs_conn/aliases')).trim();
  // Merged with caches of others, it would count theirs too.
  return aliases === '' || aliases === '0' ? parseSlabinfo(readText(join(procRoot, 'slabinfo'))) : null;
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

function readText(path: string): string {
  return readOptional(path) ?? '';
}
