// Runs all checks of this machine, in the order in which they build on one another, and gives the remedies. It changes nothing: it loads no
// module and writes no file.

import type { IpvsadmPlace } from '../collect/ipvs/locate-ipvsadm.js';
import { isModuleLoaded } from '../collect/ipvs/proc/kernel.js';
import { checkAgent, type ExaminedAgent } from './agent-checks.js';
import { type Check, fine } from './check.js';
import { checkAccessTimes, checkDataFolder, checkRoom, readChangedS, readRoom } from './data-checks.js';
import { type CheckedReferences, checkDrift } from './drift-checks.js';
import { checkConnectionTable, checkEvidence } from './evidence-checks.js';
import { checkHaproxy } from './haproxy-checks.js';
import { checkEstimation, checkModule, checkPermission } from './kernel-checks.js';
import { checkPeers, type ExaminedPeers } from './peer-checks.js';
import { checkClock, checkFont, checkNode } from './program-checks.js';
import { checkPolicy, checkSchedule, checkSettings } from './setup-checks.js';
import { checkIpvsadm, checkTable } from './table-checks.js';

/** The machine to check. */
export interface DiagnoseRequest {
  /** In the form of `process.version`. */
  readonly nodeVersion: string;
  readonly ipvsadm: IpvsadmPlace;
  /** The location of HAProxy's statistics; omitted or null when they are not read. */
  readonly haproxy?: string | null;
  readonly haproxyCa?: string | null;
  /** The location of /proc. */
  readonly procRoot: string;
  /** The status of the connection table from root (handed-status.ts). */
  readonly handedStatus?: string | null;
  /** How long the kernel may take to refresh its counters; omitted for the usual time. */
  readonly refreshMs?: number;
  readonly dataDir: string;
  /** The user of this process; null when the system has none. */
  readonly userId: number | null;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
  /** Why the shipped font cannot be used; null when it can. */
  readonly fontProblem: () => string | null;
  /** Seconds between two cycles, from the settings; omitted when they do not say. */
  readonly stepS?: number;
  /** The folder that stands for `/`, where cron and systemd look. */
  readonly root: string;
  /** The file of settings, and why it is invalid; null when it is valid. */
  readonly settings: { readonly file: string; readonly problem: string | null };
  /** Why the policy file is not in force; null when it is, or when there is none. */
  readonly policyProblem: string | null;
  /** Whether only the pictures that somebody looks at are kept current; omitted for all of them. */
  readonly isOnlyViewed?: boolean;
  /** The references of drift; omitted or null when the table is not compared. */
  readonly drift?: CheckedReferences | null;
  /** The agent of this host, tried out; omitted or null where none is set up. */
  readonly agent?: ExaminedAgent | null;
  /** Its peers, tried out; omitted or null where none are watched. */
  readonly peers?: ExaminedPeers | null;
}

function evidenceOf({ procRoot, root, handedStatus }: DiagnoseRequest): readonly Check[] {
  return [checkEvidence(procRoot), checkConnectionTable(procRoot, root, handedStatus ?? null)];
}

/** A check of the table, as a warning for machines that may have none. */
function mildly(check: Check): Check {
  return check.state === 'problem' ? { ...check, state: 'warning' } : check;
}

/** Runs every check; problems are results, and nothing is thrown for them. */
export async function diagnose(request: DiagnoseRequest): Promise<readonly Check[]> {
  const { procRoot, dataDir, nowS } = request;
  const { check: ipvsadm, command } = checkIpvsadm(request.ipvsadm);
  const isReplaced = request.ipvsadm.replacement !== null;
  const isElsewhere = command !== null && !command.isLocal;
  const haproxy = request.haproxy ?? null;
  // A machine may have only HAProxy.
  const tableChecks = [
    ipvsadm,
    isReplaced ? fine('permission', 'not needed here: another command reads the table') : checkPermission(procRoot),
    ...(isElsewhere ? [] : [checkModule(procRoot), await checkEstimation(procRoot, request.refreshMs)]),
    ...(isElsewhere || !isModuleLoaded(procRoot) ? [] : evidenceOf(request)),
    await checkTable(command, procRoot, nowS),
  ];
  const isAlone = haproxy !== null && !isReplaced && !isModuleLoaded(procRoot);
  return [
    checkNode(request.nodeVersion),
    ...(isAlone ? tableChecks.map(mildly) : tableChecks),
    ...(haproxy === null ? [] : [await checkHaproxy(haproxy, request.haproxyCa ?? null)]),
    checkDataFolder(dataDir, request.userId),
    checkRoom(readRoom(dataDir)),
    ...(request.isOnlyViewed === true ? [checkAccessTimes(dataDir, procRoot)] : []),
    checkFont(request.fontProblem),
    checkSettings(request.settings.file, request.settings.problem),
    checkPolicy(request.policyProblem),
    ...(request.drift ? await checkDrift(request.drift, request.root) : []),
    ...(request.agent ? checkAgent(request.agent) : []),
    ...(request.peers ? checkPeers(request.peers) : []),
    checkSchedule(request.root, request.stepS ?? null),
    checkClock(nowS(), readChangedS(dataDir)),
  ];
}
