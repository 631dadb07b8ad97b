// A process that shows the archives: the viewer on top of a keeper of the database, until a signal ends it.

import { join } from 'node:path';
import { endS } from '../cli/ending.js';
import { packageRoot, packageVersion, print, sayDefect } from '../cli/settings.js';
import { drawnSince, looksOf, picturesFolder } from '../drawing/pictures.js';
import type { PolicyState } from '../model/policy/policy.js';
import { createDrawThread } from '../render/png/draw-pool.js';
import type { Keeper } from '../store/shared/keeper.js';
import type { Access } from '../web/app.js';
import { type Address, formatUrl, listen } from '../web/listen.js';
import { createViewer } from '../web/viewer.js';
import { type CollectingState, followCycles } from './collecting-state.js';
import { freeBytesOf } from './cycle.js';
import type { Schedule } from './schedule.js';

/** The contents and the address of the viewer. */
export interface ViewerProcess {
  readonly dataDir: string;
  readonly keeper: Keeper;
  readonly address: Address;
  readonly basePath: string;
  readonly access: Access;
  readonly director: string;
  readonly policy: () => PolicyState;
  /** Aborted when the process must end. */
  readonly ending: AbortSignal;
  /** Starts collecting once the viewer answers; null when other processes collect. */
  readonly collect: ((state: CollectingState) => Schedule) | null;
}

/** Shows the archives until a signal. Everything is closed when this returns. Throws a `UserError`. */
export async function showUntilSignal(request: ViewerProcess): Promise<void> {
  const { dataDir, keeper, basePath, collect, ending } = request;
  const thread = createDrawThread();
  let prepare: (isReplaced?: boolean) => Promise<void> = async () => {};
  try {
    const following = await followCycles(keeper, (isReplaced) => void prepare(isReplaced));
    const viewer = createViewer(
      {
        source: keeper.archives,
        collecting: following.current,
        nowS: () => Date.now() / 1000,
        looks: keptShortly(() => ({ ...looksOf(dataDir), capacity: request.policy().policy.capacity })),
        policy: keptShortly(request.policy),
        director: request.director,
        version: packageVersion(),
        basePath,
        viewsFolder: join(packageRoot, 'views'),
        assetsFolder: join(packageRoot, 'dist', 'public'),
        picturesFolder: picturesFolder(dataDir),
        drawnSince: keptShortly(() => drawnSince(dataDir)),
        freeBytes: keptShortly(() => freeBytesOf(dataDir)),
        drawFiles: thread.draw,
        drawPng: thread.drawPng,
        report: sayDefect,
      },
      request.access,
    );
    if (ending.aborted) return;
    const listening = await listen(viewer.app, request.address);
    prepare = (isReplaced) => viewer.prepare(isReplaced).catch(sayDefect);
    print(`the viewer answers at ${formatUrl(listening.address)}${basePath}/`);
    const schedule = ending.aborted ? null : (collect?.(following) ?? null);
    void prepare();
    await aborted(ending);
    await Promise.all([listening.stop((endS - 2) * 1000), schedule?.stop()]);
  } finally {
    await thread.close();
    await keeper.close();
  }
}

/** Caches a value for a second: a page has hundreds of graphs, and their looks come from files. */
function keptShortly<T>(make: () => T): () => T {
  let kept: { readonly untilMs: number; readonly value: T } | null = null;
  return () => {
    const nowMs = performance.now();
    if (kept === null || nowMs > kept.untilMs) kept = { untilMs: nowMs + 1000, value: make() };
    return kept.value;
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
