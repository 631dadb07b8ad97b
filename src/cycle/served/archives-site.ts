// The archives of a data folder as the site of a viewer: what pages need of a director, whichever process collects, and whether or not agents
// report.

import { join } from 'node:path';
import { packageRoot, packageVersion, sayDefect } from '../../cli/settings.js';
import { drawnSince, looksOf, picturesFolder } from '../../drawing/pictures.js';
import type { PolicyState } from '../../model/policy/policy.js';
import type { DrawThread } from '../../render/png/draw-pool.js';
import type { Keeper } from '../../store/shared/keeper.js';
import type { Site } from '../../web/site.js';
import type { CollectingState } from '../collecting-state.js';
import { freeBytesOf } from '../cycle.js';
import { keptShortly } from '../live/kept-shortly.js';

/** A data folder, and how it is shown. */
export interface ShownArchives {
  readonly dataDir: string;
  readonly keeper: Keeper;
  readonly policy: () => PolicyState;
  readonly director: string;
  readonly basePath: string;
}

/** The site of a data folder, without metrics, links and a map. */
export function archivesSite(
  { dataDir, keeper, policy, director, basePath }: ShownArchives,
  collecting: CollectingState['current'],
  drawn: CountedDrawing,
): Site {
  return {
    source: keeper.archives,
    known: () => keeper.archives.latest(),
    collecting,
    nowS: () => Date.now() / 1000,
    looks: keptShortly(() => ({ ...looksOf(dataDir), capacity: policy().policy.capacity })),
    policy: keptShortly(policy),
    director,
    version: packageVersion(),
    basePath,
    viewsFolder: join(packageRoot, 'views'),
    assetsFolder: join(packageRoot, 'dist', 'public'),
    picturesFolder: picturesFolder(dataDir),
    drawnSince: keptShortly(() => drawnSince(dataDir)),
    firstSeen: new Map(),
    metrics: null,
    freeBytes: keptShortly(() => freeBytesOf(dataDir)),
    drawFiles: drawn.files,
    drawPng: drawn.png,
    report: sayDefect,
  };
}

/** The means of a thread to draw, and how many pictures it has drawn. */
export interface CountedDrawing {
  readonly pictures: number;
  readonly files: DrawThread['draw'];
  readonly png: DrawThread['drawPng'];
}

/** Counts the pictures of a thread. */
export function counted({ draw, drawPng }: DrawThread): CountedDrawing {
  const drawn = { pictures: 0 };
  return {
    get pictures() {
      return drawn.pictures;
    },
    files: async (jobs: Parameters<DrawThread['draw']>[0]) => {
      const outcomes = await draw(jobs);
      drawn.pictures += outcomes.length;
      return outcomes;
    },
    png: async (graph: Parameters<DrawThread['drawPng']>[0]) => {
      const bytes = await drawPng(graph);
      drawn.pictures += 1;
      return bytes;
    },
  };
}

/** Settles once a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
