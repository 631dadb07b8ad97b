// Refreshing the standing pictures, day to year, after a cycle: only those whose rows have changed, the director's and the
// busiest services' first, then those that have waited longest, within a budget of processor time. What does not fit waits.
// Rows are read a few archives at a time and the archives let go in between: nothing is held while drawing.

import { join } from 'node:path';
import type { ArchiveInfo } from '../model/archive.js';
import { directorName } from '../model/name.js';
import type { SeriesSource } from '../model/series.js';
import { type GraphType, type Period, periods, type StackType } from './graph-request.js';
import { dataTimeOf, isUpToDate, picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';
import { graphJobs, isInSpan, type Looks, type SpanSet, stackJobs, stackMember, typesOf } from './picture-set.js';

/** Lends the archives for a moment. */
export type Lend = <T>(use: (source: SeriesSource) => Promise<T>) => Promise<T>;

/** Draws some pictures; tells how many were drawn and how many had the same pixels as before. */
export type DrawAll = (jobs: readonly PictureJob[]) => Promise<readonly ('drawn' | 'same')[]>;

/** What a refresh works with. */
export interface RefreshRequest {
  readonly lend: Lend;
  readonly draw: DrawAll;
  /** The folder with one folder a period. */
  readonly folder: string;
  readonly looks: Looks;
  /** Pictures drawn before this are drawn again: the program or the host names have changed since. */
  readonly drawnSinceMs: number;
  /** How busy each archive is just now; the higher, the sooner its pictures are drawn. */
  readonly busyness: ReadonlyMap<string, number>;
  /** False once the budget is spent; `share` is the part of it that may be spent on what is asked about. */
  readonly hasBudget: (share: number) => boolean;
  readonly periods: readonly Period[];
}

/** What a refresh did; `waiting` pictures did not fit the budget. */
export interface RefreshTally {
  drawn: number;
  same: number;
  waiting: number;
}

/** An archive with out-of-date pictures of one period. */
interface Due {
  readonly archive: ArchiveInfo;
  readonly set: SpanSet;
  readonly types: readonly (GraphType | StackType)[];
  /** Time of the oldest of them. */
  readonly waitingSinceS: number;
}

/** Archives whose rows are read before the archives are let go. */
const archivesAtATime = 16;

/** The part of the budget in which the busiest come first; the rest is for those that have waited longest. */
const busiestShare = 0.5;

/** Refreshes the pictures that are out of date. */
export async function refreshPictures(request: RefreshRequest): Promise<RefreshTally> {
  const archives = (await request.lend((source) => source.list())).filter(({ name }) => !name.includes('/'));
  const director = archives.find(({ name }) => name === directorName);
  const tally: RefreshTally = { drawn: 0, same: 0, waiting: 0 };
  if (director === undefined) return tally;
  const due = request.periods.flatMap((period) => dueOf(request, archives, { period, lastS: director.lastS }));
  for (const one of due.filter(({ archive }) => archive === director)) {
    await drawStacks(request, archives, { due: one, tally });
  }
  const services = due.filter(({ archive }) => archive !== director);
  const busyness = ({ archive }: Due): number => request.busyness.get(archive.name) ?? 0;
  const left = await drawInOrder(
    request,
    services.toSorted((a, b) => busyness(b) - busyness(a)),
    { share: busiestShare, tally },
  );
  const waiting = await drawInOrder(
    request,
    left.toSorted((a, b) => a.waitingSinceS - b.waitingSinceS),
    { share: 1, tally },
  );
  tally.waiting = waiting.reduce((sum, { types }) => sum + types.length, 0);
  return tally;
}

/** Draws until the share of the budget is spent; returns what is left. */
async function drawInOrder(
  request: RefreshRequest,
  due: readonly Due[],
  { share, tally }: { share: number; tally: RefreshTally },
): Promise<readonly Due[]> {
  let at = 0;
  while (at < due.length && request.hasBudget(share)) {
    const some = due.slice(at, at + archivesAtATime);
    const jobs = await request.lend(async (source) => {
      const all: PictureJob[][] = [];
      for (const { archive, set, types } of some) {
        all.push(await graphJobs(source, { archive, set, looks: request.looks, types: types as readonly GraphType[] }));
      }
      return all;
    });
    for (const ofArchive of jobs) {
      if (!request.hasBudget(share)) break;
      count(tally, await request.draw(ofArchive));
      at += 1;
    }
  }
  return due.slice(at);
}

async function drawStacks(
  request: RefreshRequest,
  archives: readonly ArchiveInfo[],
  { due, tally }: { due: Due; tally: RefreshTally },
): Promise<void> {
  const { set, types } = due;
  const { looks } = request;
  const services = archives.filter((archive) => archive.name !== directorName && isInSpan(archive, set.span));
  const members = [];
  for (let at = 0; at < services.length; at += archivesAtATime) {
    const some = services.slice(at, at + archivesAtATime);
    const read = await request.lend(async (source) => {
      const all = [];
      for (const archive of some) all.push(await stackMember(source, { archive, set, hosts: looks.hosts }));
      return all;
    });
    members.push(...read);
  }
  count(tally, await request.draw(stackJobs(members, { set, looks, types: types as readonly StackType[] })));
}

function dueOf(
  { folder, drawnSinceMs }: RefreshRequest,
  archives: readonly ArchiveInfo[],
  { period, lastS }: { period: Period; lastS: number },
): Due[] {
  const { spanS, stepS, label } = periods[period];
  return archives.flatMap((archive) => {
    const endS = newestRowS(archive, lastS, { spanS, stepS });
    const set: SpanSet = { folder: join(folder, period), span: { startS: endS - spanS, endS, label }, rowS: stepS };
    const pathOf = (type: string): string => picturePath(set.folder, archive.name, type);
    const types = typesOf(archive.name).filter((type) => !isUpToDate(pathOf(type), endS, drawnSinceMs));
    if (types.length === 0) return [];
    return [{ archive, set, types, waitingSinceS: Math.min(...types.map((type) => dataTimeOf(pathOf(type)))) }];
  });
}

/** The end of the newest whole row; once the last row of an archive that is gone has left the picture, it stands still. */
function newestRowS({ goneS }: ArchiveInfo, lastS: number, { spanS, stepS }: { spanS: number; stepS: number }): number {
  const untilS = goneS === null ? lastS : Math.min(lastS, goneS + spanS + stepS);
  return untilS - (untilS % stepS);
}

function count(tally: RefreshTally, results: readonly ('drawn' | 'same')[]): void {
  for (const result of results) tally[result] += 1;
}
