// How the collecting goes, as a server knows it: from the cycles that are stored, whoever stores them, and from those of its own
// schedule that did not come so far.

import type { Failure } from '../model/cycle.js';
import { directorName } from '../model/name.js';
import type { SeriesSource } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import type { Keeper } from '../store/keeper.js';
import type { Collecting } from '../web/site.js';

/** The state, kept up to date. */
export interface CollectingState {
  readonly current: () => Collecting;
  /** Tells of a cycle of the server's own that failed; `atS` is when. */
  fail(error: unknown, atS: number): void;
}

/** Follows the cycles of a keeper; `onNews` is called after each, when the state has changed. */
export async function followCycles({ archives, onCycle }: Keeper, onNews: () => void): Promise<CollectingState> {
  const { timeS, failure } = await archives.latest();
  let stored: Collecting = { lastS: timeS, failure: await failureOf(archives, failure) };
  let own: Collecting['failure'] = null;
  onCycle((news) => {
    void failureOf(archives, news.failure).then((told) => {
      if (told === null) own = null;
      stored = { lastS: news.timeS, failure: told };
      onNews();
    });
  });
  return {
    current: () => (stored.failure === null && own !== null ? { ...stored, failure: own } : stored),
    fail: (error, atS) => {
      own = {
        sinceS: own?.sinceS ?? atS,
        text: error instanceof UserError ? error.message : 'an error of lvs-stats, see its log',
      };
    },
  };
}

/** A run of failed cycles with the reason of the last, which the ledger has. */
async function failureOf(archives: SeriesSource, failure: Failure | null): Promise<Collecting['failure']> {
  if (failure === null) return null;
  const events = await archives.events({ archive: directorName, sinceS: failure.sinceS });
  const event = events.findLast(({ kind }) => kind === 'cycle-failed');
  return { sinceS: failure.sinceS, text: event?.detail ?? event?.to ?? failure.code };
}
