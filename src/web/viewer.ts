// The viewer, assembled: its sources, its work after each cycle, and its server.

import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { directorName } from '../model/names/name.js';
import type { SeriesSource } from '../model/series.js';
import { type Access, createApp } from './app.js';
import type { AppParts } from './app-parts.js';
import { createBoards, type ReadBoard } from './data/board.js';
import { type Catalogue, createCatalogues } from './data/catalogue.js';
import { createKeptLedgers } from './data/kept-ledgers.js';
import { oneAtATime } from './data/one-at-a-time.js';
import { createRollingRows } from './data/rolling-rows.js';
import { createStacks, type ReadStacks } from './data/stacks.js';
import { periodNames, rowsOfStretch } from './data/stretches.js';
import { readAssets } from './routes/assets.js';
import type { Site } from './site.js';

/** The viewer of a site. */
export interface Viewer {
  readonly app: Express;
  /**
   * Computes the data that pages need of the newest cycle, then shows it; called at the start, after each cycle, and if
   * readings were replaced.
   */
  prepare(isReplaced?: boolean): Promise<void>;
}

/** 2,000 services have 91 MB of rows: 38 kB each of the last day and week, and 7 kB of the same day a week ago and of days. */
export const maxRowBytes = 100 * 2 ** 20;

/** Events that rows and figures depend on are few; each takes some 200 bytes. */
const maxEvents = 50_000;

/** Creates the viewer of one director. Throws a `UserError` if its assets were not built. */
export function createViewer(given: Site, access: Access): Viewer {
  const { parts, prepare } = assembleViewer(given);
  return { app: createApp(parts, access), prepare };
}

/** A viewer without its application. */
export interface AssembledViewer extends Pick<Viewer, 'prepare'> {
  readonly parts: Omit<AppParts, 'turnstiles'>;
}

/** Assembles the parts of a viewer that keeps up to `rowBytes` of rows. Throws a `UserError` if its assets were not built. */
export function assembleViewer(given: Site, rowBytes = maxRowBytes): AssembledViewer {
  // Readings are replaced by others of the same times if the archives go back, rows are imported, or another process has
  // recreated them.
  const born = randomUUID();
  let timesBack = 0;
  const site: Site = {
    ...given,
    collecting: () => ({ ...given.collecting(), generation: `${born} ${timesBack}` }),
  };
  let shownS = 0;
  let isStale = false;
  const catalogues = createCatalogues(site);
  const rolling = createRollingRows(figureRows(site), rowBytes);
  const ledgers = createKeptLedgers(site.source, maxEvents);
  const kept = { rows: rolling.read, ledger: ledgers.read };
  const boards = createBoards(kept);
  const stacks = createStacks({ ...site, ...kept });
  const assets = readAssets(site.assetsFolder);
  const prepareNow = async (): Promise<void> => {
    const next = await catalogues.read();
    if (isStale || next.lastS < shownS) {
      isStale = false;
      timesBack += 1;
      for (const { forget } of [rolling, ledgers, stacks, boards]) forget();
    }
    shownS = next.lastS;
    // A source that sums up is asked for what somebody looks at: it may have many directors.
    if (next.lastS > 0 && site.source.summing === undefined)
      await precompute(next, { site, boards: boards.read, stacks: stacks.read });
    catalogues.show(next);
  };
  const prepareSoon = oneAtATime(prepareNow);
  return {
    parts: { site, catalogue: catalogues.shown, boards: boards.read, stacks, assets },
    prepare: (isReplaced = false) => {
      isStale ||= isReplaced;
      return prepareSoon();
    },
  };
}

/** The rows of which figures are means. A source that sums up consolidates longer ones by itself. */
function figureRows({ source, collecting }: Site): Pick<SeriesSource, 'fetchMany'> {
  const { summing } = source;
  if (summing === undefined) return source;
  return {
    fetchMany: (query) =>
      query.cf === 'AVERAGE' && query.stepS > collecting().retention.stepS
        ? summing.means(query)
        : source.fetchMany(query),
  };
}

/** Computes the data that the pages of a catalogue need: figures of all services, and the stacks of the four periods. */
async function precompute(
  catalogue: Catalogue,
  { site, boards, stacks }: { readonly site: Site; readonly boards: ReadBoard; readonly stacks: ReadStacks },
): Promise<void> {
  await boards(catalogue);
  // A machine that runs only HAProxy has no stacks.
  if (!catalogue.byName.has(directorName)) return;
  const archive = { goneS: null, retention: site.collecting().retention };
  const ground = { lastS: catalogue.lastS, timeZone: site.looks().timeZone, widthPx: 700 };
  for (const { period } of periodNames()) {
    const stretch = { kind: 'period', period } as const;
    // Any one: all types are made at once.
    await stacks(await rowsOfStretch(site.source, { archive, stretch }, ground), catalogue, 'cps');
  }
}
