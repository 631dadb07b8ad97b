// The pages of a server: after each cycle, whichever process ran it, and when none comes, it judges and delivers. This runs beside cycles and
// the viewer, which it never holds up.

import { existsSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createHeartbeat } from '../../alert/heartbeat.js';
import type { Failure } from '../../alert/outbox.js';
import { outboxPath, readOutbox, writeOutbox } from '../../alert/outbox-file.js';
import { createPager, type Pager } from '../../alert/pager.js';
import { say, sayDefect } from '../../cli/settings.js';
import { endGroups } from '../../collect/process/process-group.js';
import { findingId } from '../../model/finding/finding.js';
import type { Moment } from '../../model/finding/moment.js';
import { verdictNow } from '../../model/finding/verdict.js';
import type { PolicyState } from '../../model/policy/policy.js';
import { poolsOf } from '../../model/table/pools.js';
import type { Keeper } from '../../store/shared/keeper.js';
import { StoreError } from '../../store/store-error.js';
import type { CollectingState } from '../collecting-state.js';
import { freeBytesOf } from '../cycle.js';
import type { Serially } from '../live/serially.js';
import { type PageTargets, receiversOf } from './page-targets.js';
import { pagedTopology } from './paged-topology.js';
import type { WatchedLinks } from './watch-links.js';

/** The means of a server's pages. */
export interface PagesGround {
  readonly dataDir: string;
  readonly keeper: Keeper;
  readonly policy: () => PolicyState;
  readonly targets: PageTargets;
  readonly state: CollectingState;
  /** The findings of links, and which of them say that a host is dead; null if no agents report. */
  readonly links: (() => WatchedLinks) | null;
  /** The receivers of rows, by name; null if nothing is pushed. */
  readonly pushes: (() => NonNullable<Moment['pushes']>) | null;
  /** Writes files of the data folder while no cycle has other rights than the folder's owner. */
  readonly inTurn: Serially;
}

/** The running pages of a server. */
export interface ServedPages {
  /** There was a cycle. */
  readonly news: () => void;
  /** The receivers that fail, by name. */
  readonly failures: () => Readonly<Record<string, Failure>>;
  /** Ends a running hook, and waits at most some seconds for a turn that has begun. */
  readonly stop: () => Promise<void>;
}

/** Steps without a cycle after which a turn is made all the same. */
const idleSteps = 1.25;

/** Milliseconds for a turn to end when the server stops. */
const graceMs = 2000;

const nowS = (): number => Math.floor(Date.now() / 1000);

function report(text: string, level: 'error' | 'notice'): void {
  say(`pages: ${text}`, level === 'error' ? { level, code: 'delivery-failed' } : { level });
}

/** Starts the pages of a server. */
export function servePages(ground: PagesGround): ServedPages {
  const { dataDir, state, targets, inTurn } = ground;
  const { outbox, problem } = readOutbox(dataDir, nowS());
  if (problem !== null) say(problem, { level: 'error', code: 'bad-outbox' });
  const pager = createPager({ outbox, keep: (next) => inTurn(async () => writeOutbox(dataDir, next)), report, nowS });
  const topologyOf = pagedTopology({ dataDir, inTurn, report: (text) => report(text, 'error') });
  const beat =
    targets.heartbeat === null ? null : createHeartbeat(targets.heartbeat, { firstS: state.current().lastS, report });
  let [isStopped, isDue] = [false, false];
  let timer: NodeJS.Timeout | undefined;
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (isStopped) return;
      if (error instanceof StoreError) report(error.message, 'error');
      else sayDefect(error);
    }
  };
  const run = async (): Promise<void> => {
    clearTimeout(timer);
    while (isDue && !isStopped) {
      isDue = false;
      await attempt(() => Promise.all([turn(pager, { ...ground, topologyOf }), beat?.(state.current())]));
    }
    if (!isStopped) timer = setTimeout(wake, idleSteps * state.current().retention.stepS * 1000).unref();
  };
  let running: Promise<void> | null = attempt(() => pager.resume(currentReceivers(ground))).then(run);
  const finish = (): void => {
    running = null;
    // Something may have happened after the last look.
    if (isDue && !isStopped) wake();
  };
  void running.then(finish);
  const wake = (): void => {
    isDue = true;
    if (running !== null || isStopped) return;
    running = run();
    void running.then(finish);
  };
  return {
    news: wake,
    failures: () => pager.outbox().failures,
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      endGroups();
      if (running !== null) await Promise.race([running, pause(graceMs, null, { ref: false })]);
    },
  };
}

function currentReceivers({ targets, policy, state }: PagesGround) {
  return receiversOf(targets, policy().policy.mail, { stepS: state.current().retention.stepS, report });
}

interface TurnGround extends PagesGround {
  readonly topologyOf: ReturnType<typeof pagedTopology>;
}

async function turn(pager: Pager, ground: TurnGround): Promise<void> {
  const { dataDir, keeper, policy: policyNow, state, inTurn } = ground;
  const policy = policyNow();
  const receivers = currentReceivers(ground);
  const isCertain = policy.problem === null;
  if (receivers.channels.length + receivers.states.length === 0 && isCertain) {
    pager.forget();
    if (existsSync(outboxPath(dataDir))) await inTurn(async () => rmSync(outboxPath(dataDir), { force: true }));
    return;
  }
  const known = await keeper.archives.latest();
  const watched = ground.links?.() ?? null;
  const { failure, silences = [] } = state.current();
  const moment = {
    nowS: nowS(),
    retention: known.retention,
    lastS: known.timeS,
    failure,
    freeBytes: freeBytesOf(dataDir),
    undelivered: pager.outbox().failures,
    ...(ground.pushes === null ? {} : { pushes: ground.pushes() }),
    ...(watched === null ? {} : { links: watched.findings }),
  };
  const { findings } = verdictNow({ moment, findings: known.findings, silences, policy });
  const { paging } = policy.policy;
  const topology = await ground.topologyOf(policy);
  const shown = new Set(findings.map(findingId));
  const own = watched?.evidence.filter(({ finding }) => shown.has(findingId(finding))) ?? [];
  const facts = { findings, own, pools: poolsOf(known), topology };
  const paged = { policy: paging, stepS: known.retention.stepS, nowS: moment.nowS };
  await pager.turn({ facts, ground: paged, receivers, isCertain });
}
