// The viewer, put together: what it reads, what it works out after each cycle, and the server that answers.

import type { Express } from 'express';
import { directorName } from '../model/name.js';
import { createApp } from './app.js';
import { readAssets } from './assets.js';
import { createBoard } from './board.js';
import { createCatalogue } from './catalogue.js';
import type { Verifier } from './passwords.js';
import type { Site } from './site.js';
import { createStacks } from './stacks.js';
import { periodNames, rowsOfStretch } from './stretches.js';

/** The viewer of a site. */
export interface Viewer {
  readonly app: Express;
  /** Works out what pages will ask for of the newest cycle; called after each, and before the first visitor. */
  prepare(): Promise<void>;
}

/** Makes the viewer. Throws a `UserError` where its assets were not built. */
export function createViewer(site: Site, verifier: Verifier | null): Viewer {
  const catalogue = createCatalogue(site);
  const board = createBoard(site.source, catalogue);
  const stacks = createStacks(site, catalogue);
  const assets = readAssets(site.assetsFolder);
  const app = createApp({ site, catalogue, board, stacks, assets, verifier });
  const prepare = async (): Promise<void> => {
    const { lastS, byName } = await catalogue();
    if (!byName.has(directorName)) return;
    await board.refresh();
    const ground = { lastS, timeZone: site.looks().timeZone, widthPx: 700 };
    for (const { period } of periodNames()) {
      const stretch = { kind: 'period', period } as const;
      await stacks(await rowsOfStretch(site.source, { archive: { goneS: null }, stretch }, ground));
    }
  };
  return { app, prepare };
}
