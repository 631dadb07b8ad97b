// Checks what this process may read beside the table, and shows how to gain access: how full the connection table is, and why counters
// restarted. Neither keeps the program from its job.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHostClock } from '../collect/ipvs/proc/kernel.js';
import { readKernel } from '../collect/ipvs/proc/read-kernel.js';
import { type EntriesProblem, type EntriesSource, readTableUse } from '../collect/ipvs/proc/read-table-use.js';
import { statusFile } from '../model/installed-paths.js';
import { type Check, fine, warning } from './check.js';
import { scheduleFiles } from './setup-checks.js';

const sources: Readonly<Record<EntriesSource, string>> = {
  status: 'exactly, from /proc/net/ip_vs_status',
  'handed-status': 'exactly, from /proc/net/ip_vs_status, which systemd or cron passed on',
  slabs: 'to within a few objects, from /proc/slabinfo',
};

/** Each with the rights or the kernel that it needs: none of them is worth a capability that reads every file. */
const problems: Readonly<Record<EntriesProblem, readonly [state: 'ok' | 'warning', finding: string, remedy: string]>> =
  {
    'status-closed': [
      'warning',
      'its connections are unknown: only root may read /proc/net/ip_vs_status',
      'the timer of "lvs-stats setup --systemd" and the line of "lvs-stats setup --cron" pass it to the collector; or collect as root',
    ],
    'status-odd': [
      'warning',
      'its connections are unknown: /proc/net/ip_vs_status differs from that of Linux 7.3',
      'report this, and attach that file',
    ],
    'slabs-closed': [
      'ok',
      'its connections are unknown: only root may read /proc/slabinfo',
      'collect as root, or with Linux 7 and /proc/net/ip_vs_status, which needs no more than "lvs-stats setup"',
    ],
    'slabs-merged': [
      'ok',
      'its connections are unknown: this kernel keeps them in one cache with other objects',
      'boot with slab_nomerge and collect as root, or use Linux 7, which has /proc/net/ip_vs_status',
    ],
  };

/** Checks how full the connection table is, as far as this process and the collector that `root` starts can tell. */
export function checkConnectionTable(procRoot: string, root: string, handed: string | null): Check {
  const name = 'connections';
  const { size, entries } = readTableUse(procRoot, handed);
  const buckets = size === null ? 'a table of unknown size' : `a table of ${size} buckets`;
  if (typeof entries === 'string') {
    const [state, finding, remedy] = problems[entries];
    return { name, state, finding: `${buckets}; ${finding}`, remedy };
  }
  const found = `${buckets}, ${entries.count} connections (known ${sources[entries.source]})`;
  const [deaf] = entries.source === 'status' ? filesWithoutStatus(root) : [];
  if (deaf === undefined) return fine(name, found);
  const how = deaf.kind === 'cron' ? '--cron' : '--systemd';
  return warning(
    name,
    `${found}, but ${deaf.path} does not pass that file to the collector, whose user may not read it`,
    `lvs-stats setup ${how}${deaf.instance}`,
  );
}

/** Files of a schedule that an older version of setup wrote. */
function filesWithoutStatus(root: string): ReturnType<typeof scheduleFiles> {
  return scheduleFiles(root).filter(({ path }) => {
    const text = readFileSync(join(root, path), 'utf8');
    return /setpriv|^User=/m.test(text) && !text.includes(statusFile);
  });
}

/** Checks the evidence for restarted or frozen counters; on a complete machine anybody may read all of it. */
export function checkEvidence(procRoot: string): Check {
  const kernel = readKernel(procRoot);
  const clock = readHostClock(procRoot, true);
  const settings = 'sys/net/ipv4/vs';
  const isThere: readonly (readonly [path: string, isRead: boolean])[] = [
    ['net/ip_vs_stats', kernel.totals !== null],
    ['net/ip_vs_stats_percpu', kernel.processors.size > 0],
    ['sys/kernel/random/boot_id', (clock?.bootId ?? null) !== null],
    ['../sys/module/ip_vs', clock?.moduleId !== undefined],
    ['self/ns/net', clock?.networkNamespace !== undefined],
    [
      `${settings}/run_estimation`,
      kernel.isEstimating !== null || !existsSync(join(procRoot, settings, 'run_estimation')),
    ],
    [
      `${settings}/est_cpulist`,
      kernel.estimationCpus !== undefined || !existsSync(join(procRoot, settings, 'est_cpulist')),
    ],
  ];
  const missing = isThere.filter(([, isRead]) => !isRead).map(([path]) => join(procRoot, path));
  if (missing.length === 0) return fine('evidence', 'the evidence for restarted and frozen counters can be read');
  return warning(
    'evidence',
    `cannot read ${missing.join(', ')}: why counters restarted or froze may stay unknown`,
    'in a container, mount its own /proc and /sys; a kernel older than 2.6.39 does not count per processor',
  );
}
