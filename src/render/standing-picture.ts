// The standing pictures: four periods of every graph of every archive. Which rows one shows as of the director's newest
// reading, and whether the file on disk shows them already. A refresh asks for all of them, a page for one.

import { join } from 'node:path';
import type { ArchiveInfo } from '../model/archive.js';
import { directorName } from '../model/name.js';
import type { SeriesSource } from '../model/series.js';
import type { GraphType, Period, StackMember, StackType } from './graph-request.js';
import { periods } from './graph-request.js';
import { isUpToDate, picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';
import { isInSpan, type Looks, type SpanSet, stackMember, typesOf } from './picture-set.js';

/** Lends the archives for a moment. */
export type Lend = <T>(use: (source: SeriesSource) => Promise<T>) => Promise<T>;

/** Draws some pictures; tells how many were drawn and how many had the same pixels as before. */
export type DrawAll = (jobs: readonly PictureJob[]) => Promise<readonly ('drawn' | 'same')[]>;

/** What standing pictures are drawn with, and where they are kept. */
export interface Studio {
  readonly lend: Lend;
  readonly draw: DrawAll;
  /** The folder with one folder a period. */
  readonly folder: string;
  readonly looks: Looks;
  /** Pictures drawn before this are drawn again: the program or the host names have changed since. */
  readonly drawnSinceMs: number;
}

/** Archives whose rows are read before the archives are let go. */
export const archivesAtATime = 16;

/** What the pictures of an archive show of a period; `lastS` is the time of the director's newest reading. */
export function standingSet(
  folder: string,
  archive: Pick<ArchiveInfo, 'goneS'>,
  { period, lastS }: { period: Period; lastS: number },
): SpanSet {
  const { spanS, stepS, label } = periods[period];
  const endS = newestRowS(archive, lastS, { spanS, stepS });
  return { folder: join(folder, period), span: { startS: endS - spanS, endS, label }, rowS: stepS };
}

/** The types of those pictures of an archive that are missing or older than their data. */
export function dueTypes(
  name: string,
  set: SpanSet,
  { drawnSinceMs }: Pick<Studio, 'drawnSinceMs'>,
): readonly (GraphType | StackType)[] {
  return typesOf(name).filter((type) => !isUpToDate(picturePath(set.folder, name, type), set.span.endS, drawnSinceMs));
}

/** What a stack shows of each service there was in its span, read a few at a time. */
export async function stackMembers(
  { lend, looks }: Pick<Studio, 'lend' | 'looks'>,
  archives: readonly ArchiveInfo[],
  set: SpanSet,
): Promise<readonly StackMember[]> {
  const services = archives.filter(({ name }) => name !== directorName && !name.includes('/'));
  const seen = services.filter((archive) => isInSpan(archive, set.span));
  const members: StackMember[] = [];
  for (let at = 0; at < seen.length; at += archivesAtATime) {
    const some = seen.slice(at, at + archivesAtATime);
    const read = await lend(async (source) => {
      const all = [];
      for (const archive of some) all.push(await stackMember(source, { archive, set, hosts: looks.hosts }));
      return all;
    });
    members.push(...read);
  }
  return members;
}

/** The end of the newest whole row; once the last row of an archive that is gone has left the picture, it stands still. */
function newestRowS(
  { goneS }: Pick<ArchiveInfo, 'goneS'>,
  lastS: number,
  { spanS, stepS }: { spanS: number; stepS: number },
): number {
  const untilS = goneS === null ? lastS : Math.min(lastS, goneS + spanS + stepS);
  return untilS - (untilS % stepS);
}
