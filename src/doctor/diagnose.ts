// What this machine lacks for the job, and how to fix it: all checks, in the order in which they build on one another.
// Nothing is changed by looking: no module is loaded, no file written.

import type { IpvsadmPlace } from '../collect/ipvs/locate-ipvsadm.js';
import { isModuleLoaded } from '../collect/ipvs/proc/kernel.js';
import { type Check, fine } from './check.js';
import { checkDataFolder, checkRoom, readChangedS, readRoom } from './data-checks.js';
import { checkConnectionTable, checkEvidence } from './evidence-checks.js';
import { checkHaproxy } from './haproxy-checks.js';
import { checkEstimation, checkModule, checkPermission } from './kernel-checks.js';
import { checkClock, checkFont, checkNode } from './program-checks.js';
import { checkSchedule, checkSettings } from './setup-checks.js';
import { checkIpvsadm, checkTable } from './table-checks.js';

/** The machine to look at. */
export interface DiagnoseRequest {
  /** As `process.version` gives it. */
  readonly nodeVersion: string;
  readonly ipvsadm: IpvsadmPlace;
  /** Where HAProxy's statistics are read from; missing, or null, where they are not. */
  readonly haproxy?: string | null;
  readonly haproxyCa?: string | null;
  /** Where /proc is. */
  readonly procRoot: string;
  /** The status of the connection table that root has handed over (handed-status.ts). */
  readonly handedStatus?: string | null;
  /** How long the kernel may take to refresh its counters; missing for the usual time. */
  readonly refreshMs?: number;
  readonly dataDir: string;
  /** Of this process; null where the system has none. */
  readonly userId: number | null;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
  /** Why the font that is shipped cannot be used, null where it can. */
  readonly fontProblem: () => string | null;
  /** Seconds between two cycles, as settings say it; missing where they do not. */
  readonly stepS?: number;
  /** The folder that stands for `/`, below which cron and systemd look. */
  readonly root: string;
  /** The file of settings, and why it is not understood, null where it is. */
  readonly settings: { readonly file: string; readonly problem: string | null };
}

function evidenceOf({ procRoot, root, handedStatus }: DiagnoseRequest): readonly Check[] {
  return [checkEvidence(procRoot), checkConnectionTable(procRoot, root, handedStatus ?? null)];
}

/** What is wrong with the table, on a machine that may have none. */
function mildly(check: Check): Check {
  return check.state === 'problem' ? { ...check, state: 'warning' } : check;
}

/** Makes every check; what is wrong is in them, nothing is thrown for it. */
export async function diagnose(request: DiagnoseRequest): Promise<readonly Check[]> {
  const { procRoot, dataDir, nowS } = request;
  const { check: ipvsadm, command } = checkIpvsadm(request.ipvsadm);
  const isReplaced = request.ipvsadm.replacement !== null;
  const isElsewhere = command !== null && !command.isLocal;
  const haproxy = request.haproxy ?? null;
  // A machine may have HAProxy alone.
  const ofTable = [
    ipvsadm,
    isReplaced ? fine('permission', 'not needed here: another command reads the table') : checkPermission(procRoot),
    ...(isElsewhere ? [] : [checkModule(procRoot), await checkEstimation(procRoot, request.refreshMs)]),
    ...(isElsewhere || !isModuleLoaded(procRoot) ? [] : evidenceOf(request)),
    await checkTable(command, procRoot, nowS),
  ];
  const isAlone = haproxy !== null && !isReplaced && !isModuleLoaded(procRoot);
  return [
    checkNode(request.nodeVersion),
    ...(isAlone ? ofTable.map(mildly) : ofTable),
    ...(haproxy === null ? [] : [await checkHaproxy(haproxy, request.haproxyCa ?? null)]),
    checkDataFolder(dataDir, request.userId),
    checkRoom(readRoom(dataDir)),
    checkFont(request.fontProblem),
    checkSettings(request.settings.file, request.settings.problem),
    checkSchedule(request.root, request.stepS ?? null),
    checkClock(nowS(), readChangedS(dataDir)),
  ];
}
