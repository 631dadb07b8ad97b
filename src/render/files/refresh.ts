// Refreshes the standing pictures, day to year, after a cycle: only those whose rows have changed, within a budget of processor
// time. It has three shares in turn: the director's stacks (refresh-stacks.ts), the busiest services, and those that have
// waited longest; the rest of one passes to the next. Pictures that do not fit wait. Rows are read a few archives at a time,
// and the archives are released in between: nothing is held while drawing. With `viewed`, pictures that nobody views are left alone.

import { type ArchiveInfo, newestReadingS } from '../../model/archive.js';
import { kindOfName } from '../../model/kinds/registry.js';
import { directorName } from '../../model/names/name.js';
import { type Reach, reachFinder } from '../../model/service/outbound.js';
import { type GraphType, type Period, type StackType, stackTypes } from '../define/graph-request.js';
import {
  countDrawn,
  emptyTally,
  type FailedPicture,
  failedPicture,
  isOfOnePicture,
  requireAny,
} from '../png/draw-tally.js';
import { askingOnce } from '../series/annotations.js';
import { graphJobs } from './content/graph-jobs.js';
import type { SpanSet } from './content/span-set.js';
import { FailedPictures } from './failed-pictures.js';
import { removeForgotten } from './forgotten.js';
import { dataTimeOf, picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';
import { type DueStacks, refreshStacks } from './refresh-stacks.js';
import { noteDrawn, type RefreshCounts, type RefreshRequest, type RefreshTally } from './refresh-tally.js';
import { archivesAtATime, dueTypes, standingSet } from './standing-picture.js';

/** An archive with out-of-date pictures of one period. */
interface Due {
  readonly archive: ArchiveInfo;
  readonly set: SpanSet;
  readonly types: readonly (GraphType | StackType)[];
  /** Time of the oldest of them. */
  readonly waitingSinceS: number;
}

/** The fraction of the budget after which the busiest no longer come first; the rest is for those that have waited longest. */
const busiestShare = 0.7;

/** Refreshes the pictures that are out of date; failures are in the tally. Throws a `UserError` if all of them fail. */
export async function refreshPictures(request: RefreshRequest): Promise<RefreshTally> {
  const all = await request.lend((source) => source.list());
  const tally: RefreshTally = { ...emptyTally(), waiting: 0 };
  const lastS = newestReadingS(all);
  if (lastS === 0) return tally;
  removeForgotten(request.folder, new Set(all.map(({ name }) => name)), lastS);
  const failures = new FailedPictures(request.folder);
  try {
    await refreshAll(request, all, { tally, failures });
  } finally {
    failures.save();
  }
  requireAny(tally);
  return tally;
}

async function refreshAll(
  request: RefreshRequest,
  all: readonly ArchiveInfo[],
  counting: RefreshCounts,
): Promise<void> {
  const archives = all.filter(({ name }) => kindOfName(name)?.hasStandingPictures);
  const director = archives.find(({ name }) => name === directorName);
  const lastS = newestReadingS(all);
  const stacks = request.periods.flatMap((period) => {
    if (director === undefined) return [];
    return dueOf(request, director, { period, lastS }).map(({ types, ...rest }): DueStacks => {
      return { ...rest, period, types: new Set(stackTypes.filter((type) => types.includes(type))) };
    });
  });
  await refreshStacks(request, stacks, { archives, lastS, ...counting });
  const { tally, failures } = counting;
  const services = dueServices(request, archives, lastS);
  const busyness = ({ archive }: Due): number => request.busyness.get(archive.name) ?? 0;
  const lastFailed = new Set(services.filter((due) => pathsOf(due).every((path) => failures.has(path))));
  const behind = (a: Due, b: Due): number => Number(lastFailed.has(a)) - Number(lastFailed.has(b));
  const reachOf = reachFinder(all);
  const left = await drawInOrder(
    request,
    services.toSorted((a, b) => behind(a, b) || busyness(b) - busyness(a)),
    { share: busiestShare, reachOf, ...counting },
  );
  const waiting = await drawInOrder(
    request,
    left.toSorted((a, b) => behind(a, b) || a.waitingSinceS - b.waitingSinceS),
    { share: 1, reachOf, ...counting },
  );
  tally.waiting += waiting.reduce((sum, { types }) => sum + types.length, 0);
}

interface DrawShare extends RefreshCounts {
  readonly share: number;
  readonly reachOf: (archive: ArchiveInfo) => Reach;
}

/** Draws until the share of the budget is spent; returns the rest. */
async function drawInOrder(request: RefreshRequest, due: readonly Due[], drawing: DrawShare): Promise<readonly Due[]> {
  const { share, tally, failures } = drawing;
  let at = 0;
  while (at < due.length && request.hasBudget(share)) {
    const some = due.slice(at, at + archivesAtATime);
    for (const { jobs, failed } of await readJobs(request, some, drawing.reachOf)) {
      if (!request.hasBudget(share)) break;
      const results = [...failed, ...(await request.draw(jobs))];
      noteDrawn(failures, [...failed, ...jobs], results);
      countDrawn(tally, results);
      at += 1;
    }
  }
  return due.slice(at);
}

interface ReadJobs {
  readonly jobs: readonly PictureJob[];
  /** Pictures whose rows cannot be read. */
  readonly failed: readonly FailedPicture[];
}

function readJobs(
  request: RefreshRequest,
  some: readonly Due[],
  reachOf: DrawShare['reachOf'],
): Promise<readonly ReadJobs[]> {
  return request.lend(async (source) => {
    const all: ReadJobs[] = [];
    const asked = askingOnce(source);
    for (const due of some) {
      const { archive, set, types } = due;
      try {
        const wanted = { reach: reachOf(archive), set, looks: request.looks };
        all.push({ jobs: await graphJobs(asked, { ...wanted, types: types as readonly GraphType[] }), failed: [] });
      } catch (error) {
        if (!isOfOnePicture(error)) throw error;
        all.push({ jobs: [], failed: pathsOf(due).map((path) => failedPicture(path, error)) });
      }
    }
    return all;
  });
}

function pathsOf({ archive, set, types }: Due): readonly string[] {
  return types.map((type) => picturePath(set.folder, archive.name, type));
}

/** Checking tens of thousands of files takes time too. */
function dueServices(request: RefreshRequest, archives: readonly ArchiveInfo[], lastS: number): readonly Due[] {
  const services = archives.filter(({ name }) => name !== directorName);
  return services.flatMap((archive) => {
    if (!request.hasBudget(1)) return [];
    return request.periods.flatMap((period) => dueOf(request, archive, { period, lastS }));
  });
}

/** An archive is new for two days: its pictures are drawn once, so that their files are there for whoever looks. */
const newForS = 2 * 86_400;

/** Tells which pictures of an archive are drawn at all. */
function wantedOf(
  { viewed }: RefreshRequest,
  { name, firstS }: Pick<ArchiveInfo, 'name' | 'firstS'>,
  lastS: number,
): (path: string) => boolean {
  if (viewed === undefined || name === directorName) return () => true;
  const isNew = firstS > lastS - newForS;
  return (path) => viewed.has(path) || (isNew && dataTimeOf(path) === 0);
}

function dueOf(request: RefreshRequest, archive: ArchiveInfo, at: { period: Period; lastS: number }): Due[] {
  const set = standingSet(request.folder, archive, at);
  const types = dueTypes(archive, set, { ...request, isWanted: wantedOf(request, archive, at.lastS) });
  if (types.length === 0) return [];
  const drawnS = types.map((type) => dataTimeOf(picturePath(set.folder, archive.name, type)));
  return [{ archive, set, types, waitingSinceS: Math.min(...drawnS) }];
}
