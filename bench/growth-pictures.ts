// The growth of drawing with the number of services: one picture, which should cost the same for any number; finding and reading the
// pictures that a cycle makes out of date; and a whole refresh.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesSource } from '../src/model/series.js';
import { reachFinder } from '../src/model/service/outbound.js';
import { graphTypes } from '../src/render/define/graph-request.js';
import { graphJobs } from '../src/render/files/content/graph-jobs.js';
import { writePicture } from '../src/render/files/picture-file.js';
import { refreshPictures } from '../src/render/files/refresh.js';
import { type DrawAll, standingSet } from '../src/render/files/standing-picture.js';
import { drawHere } from '../src/render/png/draw-pool.js';
import { looks } from './one-picture.js';
import { processorRoundsMs, spentMs } from './timed.js';

/** Beyond this number a whole refresh takes minutes: 90,000 pictures. */
const maxRefreshed = 1000;

/** Milliseconds of processor time, by measurement. */
export async function picturesMs(
  source: SeriesSource,
  { folder, services, name }: { readonly folder: string; readonly services: number; readonly name: string },
): Promise<Readonly<Record<string, number>>> {
  const archives = await source.list();
  const archive = archives.find((one) => one.name === name);
  if (archive === undefined) throw new Error(`there is no archive of ${name}`);
  const reach = reachFinder(archives)(archive);
  const set = standingSet(join(folder, 'one'), archive, { period: 'day', lastS: archive.lastS });
  const picture = await processorRoundsMs(async () => {
    await drawHere(await graphJobs(source, { reach, set, looks, types: graphTypes }));
    rmSync(set.folder, { recursive: true });
  });
  // Files replace pictures: this measures everything but the drawing.
  const pretend: DrawAll = async (jobs) => {
    for (const { path, dataS } of jobs) writePicture(path, Buffer.from('a picture'), dataS);
    return jobs.map(() => 'drawn' as const);
  };
  const undrawn = await refreshMs(source, { folder: join(folder, 'undrawn'), draw: pretend });
  const whole =
    services > maxRefreshed ? Number.NaN : await refreshMs(source, { folder: join(folder, 'drawn'), draw: drawHere });
  return {
    'a picture, mean of the nine of a service': picture / graphTypes.length,
    'a refresh of the day without the drawing: rows read, stacks summed, files written': undrawn,
    'a refresh of the day, all pictures drawn': whole,
  };
}

async function refreshMs(source: SeriesSource, { folder, draw }: { folder: string; draw: DrawAll }): Promise<number> {
  const request = {
    lend: <T>(use: (archives: SeriesSource) => Promise<T>) => use(source),
    draw,
    folder,
    looks,
    drawnSinceMs: 0,
    wholeSinceMs: 0,
    busyness: new Map<string, number>(),
    hasBudget: () => true,
    periods: ['day'] as const,
  };
  const ms = await spentMs(() => refreshPictures(request));
  rmSync(folder, { recursive: true });
  return ms;
}
