// The cycles of a server, and its readings for metrics in between. Both may need rights of their own, so they run one after another.

import { type DriftOptions, referencePlaces } from '../../cli/drift/drift-options.js';
import type { Owner } from '../../cli/owner.js';
import { say, sayDefect } from '../../cli/settings.js';
import { type IpvsadmCommand, locateIpvsadm } from '../../collect/ipvs/locate-ipvsadm.js';
import type { LiveReading } from '../../metrics/live.js';
import { readerSocket } from '../../model/installed-paths.js';
import { type PolicyState, policyOfFile } from '../../model/policy/policy.js';
import type { Retention } from '../../model/retention.js';
import { UserError } from '../../model/user-error.js';
import type { Keeper } from '../../store/shared/keeper.js';
import type { CollectingState } from '../collecting-state.js';
import { type CycleOutcome, runCycle } from '../cycle.js';
import { liveReadingOf, permittedIpvsadm } from '../live/choose-reader.js';
import { createSerially, type Serially } from '../live/serially.js';
import { reportCycle } from '../report-cycle.js';
import type { ScheduleRequest } from '../schedule.js';
import type { OwnCycle } from './viewer-process.js';

/** The options of a server that say what it reads. */
export interface ServedOptions extends DriftOptions {
  readonly data: string;
  readonly ipvsadm?: string;
  readonly haproxy?: string;
  readonly haproxyCa?: string;
  readonly retention?: Retention;
}

/** The means of a server. */
export interface ServedGround {
  readonly keeper: Keeper;
  readonly owner: Owner;
  readonly policy: () => PolicyState;
}

/** The cycles and the readings of a server. */
export interface ServedCycles {
  /** The cycles, for its schedule. */
  readonly request: (state: CollectingState) => ScheduleRequest;
  /** Reads the table for metrics. */
  readonly readLive: () => Promise<LiveReading>;
  /** Runs work while no cycle does. */
  readonly inTurn: Serially;
  /** The newest cycle. */
  readonly newest: () => OwnCycle;
}

const procRoot = '/proc';

/** Prepares the cycles of a server. */
export async function servedCycles(options: ServedOptions, ground: ServedGround): Promise<ServedCycles> {
  const { keeper, owner } = ground;
  const serially = createSerially();
  const ipvsadm = await owner.asRoot(async () => permittedIpvsadm(options.ipvsadm ?? null, procRoot));
  const readLive = liveReadingOf({ ipvsadm, procRoot, reader: readerSocket, known: () => keeper.archives.latest() });
  let newest: OwnCycle = { cycleS: null, tookS: new Map() };
  const nowS = (): number => Date.now() / 1000;
  return {
    readLive: () => owner.asRoot(readLive),
    inTurn: serially,
    newest: () => newest,
    request: (state) => ({
      nowS,
      stepS: (options.retention ?? state.current().retention).stepS,
      newestS: async () => state.current().lastS,
      run: async (signal) => {
        const startS = nowS();
        const outcome = await serially(() => runCycle({ ...cycleRequest(options, ground), nowS, signal }));
        if (outcome.kind !== 'stored') return;
        newest = { cycleS: nowS() - startS, tookS: outcome.tookS };
        reportStored(outcome);
      },
      onFailure: (error) => {
        state.fail(error, Math.floor(nowS()));
        if (error instanceof UserError) say(error.message, { level: 'error', code: error.code });
        else sayDefect(error);
      },
    }),
  };
}

function cycleRequest(
  options: ServedOptions,
  { keeper, owner, policy }: ServedGround,
): Omit<Parameters<typeof runCycle>[0], 'nowS' | 'signal'> {
  const { data, ipvsadm, haproxy, haproxyCa, retention } = options;
  return {
    dataDir: data,
    policy: policyOfFile(policy()),
    drift: referencePlaces(options),
    lend: keeper.lend,
    owner,
    ipvsadm: locateOrError(ipvsadm ?? null, haproxy !== undefined),
    haproxy: haproxy ?? null,
    haproxyCa: haproxyCa ?? null,
    ...(retention === undefined ? {} : { retention }),
    procRoot,
    recordDir: null,
    acceptTime: false,
  };
}

/** The error, if HAProxy is collected: this machine may have no ipvsadm. */
function locateOrError(replacement: string | null, hasHaproxy: boolean): IpvsadmCommand | UserError {
  try {
    return locateIpvsadm({ replacement, path: process.env['PATH'] ?? '' });
  } catch (error) {
    if (!hasHaproxy || !(error instanceof UserError)) throw error;
    return error;
  }
}

function reportStored({ notes, cycle, problems }: Extract<CycleOutcome, { readonly kind: 'stored' }>): void {
  for (const { text, level } of notes) say(text, { level });
  reportCycle(cycle);
  for (const { message, code } of problems) say(message, { level: 'error', code });
}
