// The standing pictures: four periods of every graph of every archive. Determines which rows one shows as of the director's
// newest reading, and whether the file on disk already shows them. A refresh asks for all of them, a page for one.

import { join } from 'node:path';
import type { ArchiveInfo } from '../../model/archive.js';
import { rowLengthFor } from '../../model/retention.js';
import type { SeriesSource } from '../../model/series.js';
import type { GraphType, Period, StackType } from '../define/graph-request.js';
import { periods } from '../define/graph-request.js';
import { depictionOf } from '../kinds/registry.js';
import type { DrawOutcome } from '../png/draw-tally.js';
import { withMember } from '../series/stack-sums.js';
import { typesOf } from './content/graph-types.js';
import { isInSpan, type Looks, type SpanSet } from './content/span-set.js';
import { inGroups, stackMembers } from './content/stack-jobs.js';
import { type DrawnSince, isUpToDate, picturePath } from './picture-file.js';
import type { PictureJob } from './picture-job.js';
import type { StackProgress } from './stack-progress.js';

/** Lends the archives for a moment. */
export type Lend = <T>(use: (source: SeriesSource) => Promise<T>) => Promise<T>;

/** Draws some pictures; returns the outcome of each, in any order. */
export type DrawAll = (jobs: readonly PictureJob[]) => Promise<readonly DrawOutcome[]>;

/** The means to draw standing pictures, and their place. */
export interface Studio extends DrawnSince {
  readonly lend: Lend;
  readonly draw: DrawAll;
  /** The folder that has one folder per period. */
  readonly folder: string;
  readonly looks: Looks;
}

/** Archives whose rows are read before the archives are released. */
export const archivesAtATime = 16;

/** The rows in an archive's pictures of a period; `lastS` is the time of the newest reading of any archive. */
export function standingSet(
  folder: string,
  archive: Pick<ArchiveInfo, 'goneS' | 'retention'>,
  { period, lastS }: { period: Period; lastS: number },
): SpanSet {
  const { spanS, stepS: wishS, label } = periods[period];
  const { retention } = archive;
  const rowS = rowLengthFor(retention, { spanS, wishS });
  const endS = newestRowS(archive, lastS, { spanS, rowS });
  return { folder: join(folder, period), span: { startS: endS - spanS, endS, label }, rowS, pdpS: retention.stepS };
}

/** The types of an archive's pictures that are missing or older than their data, among those whose path is wanted. */
export function dueTypes(
  archive: Pick<ArchiveInfo, 'name' | 'about'>,
  set: SpanSet,
  since: DrawnSince & { readonly isWanted: (path: string) => boolean },
): readonly (GraphType | StackType)[] {
  return typesOf(archive).filter((type) => {
    const path = picturePath(set.folder, archive.name, type);
    return since.isWanted(path) && !isUpToDate(path, set.span.endS, since);
  });
}

/** The work on stacks: their content, their progress, and when to stop. */
interface StackWork {
  readonly set: SpanSet;
  readonly progress: StackProgress;
  readonly goesOn: () => boolean;
}

/** Adds the services present in the span to its stacks, read a few at a time; `isWhole` if none is missing. */
export async function addServices(
  { lend, looks: { hosts } }: Pick<Studio, 'lend' | 'looks'>,
  archives: readonly ArchiveInfo[],
  { set, progress, goesOn }: StackWork,
): Promise<{ readonly progress: StackProgress; readonly isWhole: boolean }> {
  const services = archives.filter(({ about }) => depictionOf(about).partOf === 'services');
  const missing = services.filter((archive) => isInSpan(archive, set.span) && !progress.added.has(archive.name));
  const added = new Set(progress.added);
  let { stacks } = progress;
  let left = missing.length;
  for (const some of inGroups(missing, set, archivesAtATime)) {
    if (!goesOn()) break;
    const members = await lend((source) => stackMembers(source, { archives: some, set, hosts }));
    for (const member of members) {
      stacks = withMember(stacks, member, set.span);
      added.add(member.name);
    }
    left -= some.length;
  }
  return { progress: { ...progress, stacks, added }, isWhole: left === 0 };
}

/** The end of the newest whole row. The picture of a gone archive stands still once its last row has left it. */
function newestRowS(
  { goneS }: Pick<ArchiveInfo, 'goneS'>,
  lastS: number,
  { spanS, rowS }: { spanS: number; rowS: number },
): number {
  const untilS = goneS === null ? lastS : Math.min(lastS, goneS + spanS + rowS);
  return untilS - (untilS % rowS);
}
