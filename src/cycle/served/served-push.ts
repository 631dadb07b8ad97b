// Pushing inside a server: a turn after each cycle, beside cycles and the viewer, which it never holds up. `lvs-stats push` does the same as a
// process of its own.

import { setTimeout as pause } from 'node:timers/promises';
import { say, sayDefect } from '../../cli/settings.js';
import type { EngineAddress } from '../../engine/connection/engine-address.js';
import type { PushState } from '../../model/finding/push-finding.js';
import { pushForever } from '../../push/run-push.js';
import type { Keeper } from '../../store/shared/keeper.js';
import { StoreError } from '../../store/store-error.js';
import type { Serially } from '../live/serially.js';
import { openPush } from '../push/open-push.js';
import { waitingFor } from '../push/waiting.js';

/** The means of a server's push. */
export interface ServedPushGround {
  readonly dataDir: string;
  readonly keeper: Keeper;
  readonly address: EngineAddress;
  readonly director: string;
  readonly inTurn: Serially;
}

/** A running push. */
export interface ServedPush {
  /** How it goes, by the receiver's name. */
  readonly states: () => Readonly<Record<string, PushState>>;
  readonly stop: () => Promise<void>;
}

/** The first wait after a failure, and the one after an error in lvs-stats, ms. */
const [firstWaitMs, defectWaitMs] = [1000, 60_000];

/** Starts pushing. Throws a `UserError`: `push-running` if another process pushes to that receiver, `bad-cursor`. */
export async function servePush({ dataDir, keeper, address, director, inTurn }: ServedPushGround): Promise<ServedPush> {
  const ending = new AbortController();
  const { signal } = ending;
  const { pusher, close } = await openPush({
    ...{ dataDir, address, director, inTurn, signal, sinceS: 0 },
    lend: (use) => use(keeper.archives),
    onProgress: () => {},
  });
  let failure = pusher.cursor?.failure ?? null;
  const watched = {
    get cursor() {
      return pusher.cursor;
    },
    turn: async () => {
      await pusher.turn();
      failure = null;
    },
    fail: async (text: string) => {
      failure = { sinceS: failure?.sinceS ?? Math.floor(Date.now() / 1000), text };
      await pusher.fail(text);
    },
  };
  let unfollow = (): void => {};
  const wait = waitingFor(signal, (listener) => {
    unfollow = keeper.onCycle(listener);
  });
  const report = (text: string, level: 'warning' | 'notice'): void => say(`push: ${text}`, { level });
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await pushForever({ pusher: watched, name: address.name, signal, wait, report, firstWaitMs });
      } catch (error) {
        if (signal.aborted) return;
        const text = error instanceof StoreError ? error.message : 'an error in lvs-stats; see its log';
        failure = { sinceS: failure?.sinceS ?? Math.floor(Date.now() / 1000), text: `gets no rows: ${text}` };
        if (error instanceof StoreError) say(`push: ${text}`, { level: 'error', code: error.code });
        else sayDefect(error);
        await pause(defectWaitMs, null, { signal }).catch(() => {});
      }
    }
  };
  const running = run();
  return {
    states: () => ({
      [address.name]: { failure, refused: pusher.cursor?.refused ?? null, tooOld: pusher.cursor?.tooOld ?? null },
    }),
    stop: async () => {
      ending.abort();
      unfollow();
      await running;
      await close();
    },
  };
}
