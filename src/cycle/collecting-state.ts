// The state of collecting, as a server knows it: from the stored cycles, whichever process stored them, and from cycles of its own schedule
// that failed before that.

import type { Failure } from '../model/cycle.js';
import { directorName } from '../model/names/name.js';
import { standardRetention } from '../model/retention.js';
import type { SeriesSource } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import type { Keeper } from '../store/shared/keeper.js';
import type { CollectorState } from '../web/site.js';

/** The state, kept up to date. */
export interface CollectingState {
  readonly current: () => CollectorState;
  /** Reports a failed cycle of the server's own at `atS`. */
  fail(error: unknown, atS: number): void;
}

type News = Parameters<Parameters<Keeper['onCycle']>[0]>[0];

/** Follows the cycles of a keeper. Calls `onNews` after each, once the state has changed, with whether readings were replaced. */
export async function followCycles(
  { archives, onCycle }: Keeper,
  onNews: (isReplaced: boolean) => void,
): Promise<CollectingState> {
  let stored: CollectorState = { retention: standardRetention, lastS: null, failure: null };
  let own: CollectorState['failure'] = null;
  const take = async ({
    retention,
    timeS,
    failure,
    haproxyFailure,
    frozen,
    syncDaemons,
    leftOut,
    findings,
    drift,
  }: News): Promise<void> => {
    const reason = await failureOf(archives, failure, 'cycle-failed');
    const haproxyReason = reason === null ? await failureOf(archives, haproxyFailure, 'haproxy-failed') : null;
    if (reason === null) own = null;
    const silences = await archives.silences();
    const failing = reason ?? haproxyReason;
    stored = { retention, lastS: timeS, failure: failing, frozen, syncDaemons, leftOut, findings, drift, silences };
  };
  // Serial: news may arrive while the earlier state is still being read.
  let taken = Promise.resolve();
  onCycle((news) => {
    taken = taken.then(() => take(news)).then(() => onNews(news.isReplaced));
  });
  const first = archives.latest().then(({ retention, timeS, director, haproxy, leftOut, findings, drift }) => {
    const { failure, kernel } = director;
    const haproxyFailure = haproxy.failure;
    return take({ retention, isReplaced: false, timeS, failure, haproxyFailure, leftOut, findings, drift, ...kernel });
  });
  taken = first.catch(() => {});
  await first;
  return {
    current: () => (stored.failure === null && own !== null ? { ...stored, failure: own } : stored),
    fail: (error, atS) => {
      own = {
        sinceS: own?.sinceS ?? atS,
        text: error instanceof UserError ? error.message : 'an error in lvs-stats; see its log',
      };
    },
  };
}

/** A run of failed cycles with the reason of the last, from the ledger; its code when the ledger cannot be read. */
export async function failureOf(
  archives: SeriesSource,
  failure: Failure | null,
  kind: FailureKind,
): Promise<CollectorState['failure']> {
  if (failure === null) return null;
  const text = await readReason(archives, failure, kind).catch(() => null);
  const own = { sinceS: failure.sinceS, text: text ?? failure.code };
  return kind === 'haproxy-failed' ? { ...own, isBesideTable: true } : own;
}

type FailureKind = 'cycle-failed' | 'haproxy-failed';

async function readReason(archives: SeriesSource, { sinceS }: Failure, wanted: FailureKind): Promise<string | null> {
  const events = await archives.events({ archive: directorName, sinceS });
  const event = events.findLast(({ kind }) => kind === wanted);
  return event?.detail ?? event?.to ?? null;
}
