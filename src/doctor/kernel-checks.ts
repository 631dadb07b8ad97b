// Checks the kernel through /proc: the capability for reading the table (proc_pid_status(5), CapEff), whether ip_vs is loaded, and whether
// it counts at all (net.ipv4.vs.run_estimation and est_cpulist, ipvs-sysctl.rst).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasNetAdmin } from '../collect/ipvs/proc/capability.js';
import { isModuleLoaded } from '../collect/ipvs/proc/kernel.js';
import { readEstimation, readKernel } from '../collect/ipvs/proc/read-kernel.js';
import { isStill, stoppingSetting } from '../interpret/director/freeze.js';
import { type Check, fine, problem, warning } from './check.js';

/** Whether this process may read the table itself. */
export function checkPermission(procRoot: string): Check {
  const isPermitted = hasNetAdmin(readOrNull(join(procRoot, 'self/status')) ?? '');
  if (isPermitted === null) {
    return warning('permission', `${procRoot}/self/status shows no capabilities`, 'run as root to be sure');
  }
  if (isPermitted) return fine('permission', 'CAP_NET_ADMIN is effective');
  return problem(
    'permission',
    'this process lacks CAP_NET_ADMIN, which reading the table needs',
    [
      'run "lvs-stats collect" as root, or give its own user only this capability:',
      'setpriv --reuid USER --regid USER --init-groups --inh-caps +net_admin --ambient-caps +net_admin lvs-stats collect',
      "or let sudo have it: --ipvsadm 'sudo ipvsadm'",
    ].join('\n'),
  );
}

/** Whether ip_vs is loaded. */
export function checkModule(procRoot: string): Check {
  if (isModuleLoaded(procRoot)) return fine('module', 'ip_vs is loaded');
  return problem(
    'module',
    `ip_vs is not loaded: there is no ${procRoot}/net/ip_vs`,
    [
      'the first service (keepalived, ipvsadm -A) or "modprobe ip_vs" loads it;',
      'if it is loaded and this is a container, run on the host or in the network namespace of the director',
    ].join('\n'),
  );
}

/** The kernel collects the processors' counts every 2 s. */
const usualRefreshMs = 2500;

/** Whether the counters move; takes some seconds when there is traffic. */
export async function checkEstimation(procRoot: string, refreshMs = usualRefreshMs): Promise<Check> {
  const check = checkSwitch(procRoot);
  const before = readKernel(procRoot);
  if (check.state !== 'ok' || before.totals === null || before.processors.size === 0) return check;
  await pause(refreshMs);
  const now = readKernel(procRoot);
  if (!isStill(before, now)) return check;
  await pause(refreshMs);
  if (!isStill(before, { ...now, totals: readKernel(procRoot).totals })) return check;
  return problem(
    'counting',
    'the processors count packets, but the kernel does not add them to its counters, which are frozen',
    'check that net.ipv4.vs.est_cpulist names an existing processor, and check the kernel log',
  );
}

/** A kernel without a switch always counts. */
function checkSwitch(procRoot: string): Check {
  const estimation = readEstimation(procRoot);
  const stopping = stoppingSetting(estimation);
  if (stopping !== null) {
    const setting = estimation.isEstimating === false ? 'run_estimation=1' : 'est_cpulist=all';
    return problem(
      'counting',
      `${stopping}: the kernel has frozen all counters`,
      `sysctl -w net.ipv4.vs.${setting}, and look in /etc/sysctl.d for what sets it`,
    );
  }
  if (estimation.isEstimating === null) {
    return fine('counting', 'nothing here can freeze the counters, or ip_vs is not loaded');
  }
  const cpus =
    estimation.estimationCpus === undefined ? '' : `, and are refreshed on processors ${estimation.estimationCpus}`;
  return fine('counting', `the counters are not frozen${cpus}`);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
