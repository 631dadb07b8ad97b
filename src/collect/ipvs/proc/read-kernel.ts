// Reads the kernel's other counters on this machine: files of /proc, each of which may be missing (an older kernel, a container, no
// permission); its values are then unknown. `procRoot` is /proc, or a captured tree.

import { join } from 'node:path';
import type { KernelReading } from '../../../model/snapshot.js';
import { parseIpVsStats, parseIpVsStatsPercpu } from './parse-ip-vs-stats.js';
import { readOptional } from './read-optional.js';
import { readTableUse } from './read-table-use.js';

/** Reads everything but the daemons, which need ipvsadm. `handedStatus` is the status passed by root (handed-status.ts). */
export function readKernel(procRoot: string, handedStatus: string | null = null): KernelReading {
  // Processors first: their counts up to now enter the totals a refresh later, if at all.
  const processors = parseIpVsStatsPercpu(readText(join(procRoot, 'net/ip_vs_stats_percpu')));
  const stats = readTotals(procRoot);
  const { size, entries } = readTableUse(procRoot, handedStatus);
  return {
    totals: stats?.totals ?? null,
    ratesPerS: stats?.ratesPerS ?? null,
    laterTotals: null,
    processors,
    tableSize: size,
    tableEntries: typeof entries === 'string' ? null : entries.count,
    ...readEstimation(procRoot),
    syncDaemons: null,
  };
}

/** Reads the totals alone. */
export function readTotals(procRoot: string): ReturnType<typeof parseIpVsStats> {
  return parseIpVsStats(readText(join(procRoot, 'net/ip_vs_stats')));
}

/** Reads the settings that stop the estimator: `run_estimation`, and since Linux 6.2 the processors of its threads. */
export function readEstimation(procRoot: string): Pick<KernelReading, 'isEstimating' | 'estimationCpus'> {
  const settings = join(procRoot, 'sys/net/ipv4/vs');
  const switched = /^([01])\n/.exec(readText(join(settings, 'run_estimation')))?.[1];
  const cpus = /^([\d,-]*)\n/.exec(readText(join(settings, 'est_cpulist')))?.[1];
  return {
    isEstimating: switched === undefined ? null : switched === '1',
    ...(cpus === undefined ? {} : { estimationCpus: cpus }),
  };
}

function readText(path: string): string {
  return readOptional(path) ?? '';
}
