// Refreshes the director's stacks within a budget. Each of them needs every service, so a large director's may take longer than
// a cycle. An unfinished stack is put aside and resumed by the next cycle, for its original span: the picture is then some rows
// behind, and says so. The day's stack comes first, but with a bounded share. Among the others, the one in progress comes
// first, then the one that has waited for the most rows.

import type { ArchiveInfo } from '../../model/archive.js';
import { directorName } from '../../model/names/name.js';
import type { Period, StackType } from '../define/graph-request.js';
import { countDrawn, countFailed, type DrawTally, failedPicture, isOfOnePicture } from '../png/draw-tally.js';
import type { SpanSet } from './content/span-set.js';
import { readDirector, stackJobs } from './content/stack-jobs.js';
import { dataTimeOf, picturePath } from './picture-file.js';
import { noteDrawn, type RefreshCounts, type RefreshRequest } from './refresh-tally.js';
import {
  beginStacks,
  dropProgress,
  progressPath,
  readProgress,
  type StackProgress,
  saveProgress,
} from './stack-progress.js';
import { addServices } from './standing-picture.js';

/** The stacks of a period that are out of date. */
export interface DueStacks {
  readonly period: Period;
  readonly set: SpanSet;
  /** Those not drawn yet. */
  readonly types: Set<StackType>;
  /** Time of the oldest of them. */
  readonly waitingSinceS: number;
}

/** The fraction of the budget for the day's stacks while others wait too, and that for all stacks. */
const dayShare = 0.25;
const stacksShare = 0.4;

/** The director's archives, the time of its newest reading, and the counts. */
interface Director extends RefreshCounts {
  readonly archives: readonly ArchiveInfo[];
  readonly lastS: number;
}

/** Refreshes stacks that are out of date, within their share of the budget. */
export async function refreshStacks(
  request: RefreshRequest,
  due: readonly DueStacks[],
  director: Director,
): Promise<void> {
  const day = due.filter(({ period }) => period === 'day');
  const others = inTurn(
    due.filter(({ period }) => period !== 'day'),
    director.failures,
  );
  const turns = [
    ...day.map((one) => ({ one, share: others.length > 0 ? dayShare : stacksShare })),
    ...[...others, ...day].map((one) => ({ one, share: stacksShare })),
  ];
  for (const { one, share } of turns) {
    try {
      await goOn(request, one, { ...director, share });
    } catch (error) {
      if (!isOfOnePicture(error)) throw error;
      giveUp(one, error, director);
    }
  }
  for (const { types } of due) director.tally.waiting += types.size;
}

/** Counts the stacks of a period that cannot be made. */
function giveUp({ set, types }: DueStacks, error: unknown, { tally, failures }: RefreshCounts): void {
  const failed = [...types].map((type) => failedPicture(picturePath(set.folder, directorName, type), error));
  types.clear();
  noteDrawn(failures, failed, failed);
  countDrawn(tally, failed);
}

/** Those that failed the last time come last. */
function inTurn(due: readonly DueStacks[], failures: RefreshCounts['failures']): readonly DueStacks[] {
  const sound = ({ set, types }: DueStacks): number =>
    [...types].every((type) => failures.has(picturePath(set.folder, directorName, type))) ? 0 : 1;
  const rowsLate = ({ set, waitingSinceS }: DueStacks): number => (set.span.endS - waitingSinceS) / set.rowS;
  const isUnderWay = ({ set }: DueStacks): number => (readProgress(set.folder) === null ? 0 : 1);
  // Missing pictures have waited forever; among them the shorter period comes first.
  const missing = (one: DueStacks): number => (one.waitingSinceS === 0 ? 1 : 0);
  const ranks = due.map(
    (one) => [sound(one), isUnderWay(one), missing(one), missing(one) === 1 ? 0 : rowsLate(one)] as const,
  );
  const order = [...due.keys()].sort((a, b) => {
    const [first, second] = [ranks[a] ?? [0, 0, 0, 0], ranks[b] ?? [0, 0, 0, 0]];
    return second[0] - first[0] || second[1] - first[1] || second[2] - first[2] || second[3] - first[3];
  });
  return order.flatMap((index) => due[index] ?? []);
}

/** Continues the stacks of a period until they are up to date, or the share of the budget is spent. */
async function goOn(
  request: RefreshRequest,
  due: DueStacks,
  { archives, lastS, share, ...counting }: Director & { readonly share: number },
): Promise<void> {
  const goesOn = (): boolean => request.hasBudget(share);
  const { folder } = due.set;
  while (due.types.size > 0 && goesOn()) {
    const begun = progressToResume(due, lastS) ?? beginStacks(due.set, lastS);
    const set = endingAt(due.set, begun.endS);
    const { progress, isWhole } = await addServices(request, archives, { set, progress: begun, goesOn });
    const isDone = isWhole && (await draw(request, { due, set, progress, archives, goesOn, ...counting }));
    if (isDone) dropProgress(folder);
    else putAside(folder, { ...progress, lastS }, counting.tally);
  }
}

/** If stacks cannot be put aside, the next refresh begins them anew; only these pictures are affected. */
function putAside(folder: string, progress: StackProgress, tally: DrawTally): void {
  try {
    saveProgress(folder, progress);
  } catch (error) {
    countFailed(tally, failedPicture(progressPath(folder), error));
  }
}

/** The stacks that were put aside, if they would yield a newer picture and their rows have not been removed since. */
function progressToResume(due: DueStacks, lastS: number): StackProgress | null {
  const progress = readProgress(due.set.folder);
  if (progress === null || progress.lastS > lastS || progress.endS > due.set.span.endS) return null;
  return progress.stacks.some(({ type }) => isWanted(due, type, progress.endS)) ? progress : null;
}

/** Is a stack still to be drawn, and would one with this end be newer than the existing picture? */
function isWanted({ set, types }: DueStacks, type: StackType, endS: number): boolean {
  return types.has(type) && (endS === set.span.endS || dataTimeOf(picturePath(set.folder, directorName, type)) < endS);
}

/** The same pictures for a span that ended earlier. */
function endingAt(set: SpanSet, endS: number): SpanSet {
  const { startS, endS: nowS, label } = set.span;
  return { ...set, span: { startS: startS + endS - nowS, endS, label } };
}

interface StackDraw extends RefreshCounts {
  readonly due: DueStacks;
  readonly set: SpanSet;
  readonly progress: StackProgress;
  readonly archives: readonly ArchiveInfo[];
  readonly goesOn: () => boolean;
}

/** Draws the pictures that are not newer already, one at a time; false if some are left. */
async function draw(request: RefreshRequest, drawing: StackDraw): Promise<boolean> {
  const { due, set, progress, goesOn, archives, tally, failures } = drawing;
  const { looks } = request;
  const director = await request.lend((source) => readDirector(source, set, { archives, looks }));
  for (const stack of progress.stacks.filter(({ type }) => isWanted(due, type, progress.endS))) {
    if (!goesOn()) return false;
    const jobs = stackJobs(progress.stacks, { set, looks, ...director, types: [stack.type] });
    const results = await request.draw(jobs);
    noteDrawn(failures, jobs, results);
    countDrawn(tally, results);
    // A failed picture is retried by the next refresh.
    const isFailed = results.some((result) => typeof result !== 'string');
    if (isFailed || progress.endS === due.set.span.endS) due.types.delete(stack.type);
  }
  return true;
}
