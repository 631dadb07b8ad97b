// The director's stacks within a budget: every service has to be read for one of them, so a large director's may take more
// than a cycle has. One that does not fit is put aside and gone on with by the next cycle, for the span that it was begun
// for: the picture is then some rows behind, and says so. The day's comes first, but not for ever: its share is bounded,
// and of the others the one that is under way comes first, then the one that has waited for the most rows.

import type { ArchiveInfo } from '../model/archive.js';
import { directorName } from '../model/name.js';
import type { Period, StackType } from './graph-request.js';
import { dataTimeOf, picturePath } from './picture-file.js';
import { type SpanSet, stackJobs } from './picture-set.js';
import type { RefreshRequest, RefreshTally } from './refresh.js';
import { beginStacks, dropProgress, readProgress, type StackProgress, saveProgress } from './stack-progress.js';
import { addServices } from './standing-picture.js';
import { readDirectorTold } from './told.js';

/** The stacks of a period that are out of date. */
export interface DueStacks {
  readonly period: Period;
  readonly set: SpanSet;
  /** Those that are still to be drawn. */
  readonly types: Set<StackType>;
  /** Time of the oldest of them. */
  readonly waitingSinceS: number;
}

/** The part of the budget for the day's stacks while others wait too, and that for all stacks. */
const dayShare = 0.25;
const stacksShare = 0.4;

/** The director's archives, the time of its newest reading, and where to count. */
interface Director {
  readonly archives: readonly ArchiveInfo[];
  readonly lastS: number;
  readonly tally: RefreshTally;
}

/** Refreshes stacks that are out of date, as far as their share of the budget goes. */
export async function refreshStacks(
  request: RefreshRequest,
  due: readonly DueStacks[],
  director: Director,
): Promise<void> {
  const day = due.filter(({ period }) => period === 'day');
  const others = inTurn(due.filter(({ period }) => period !== 'day'));
  const turns = [
    ...day.map((one) => ({ one, share: others.length > 0 ? dayShare : stacksShare })),
    ...[...others, ...day].map((one) => ({ one, share: stacksShare })),
  ];
  for (const { one, share } of turns) await goOn(request, one, { ...director, share });
  for (const { types } of due) director.tally.waiting += types.size;
}

function inTurn(due: readonly DueStacks[]): readonly DueStacks[] {
  const rowsLate = ({ set, waitingSinceS }: DueStacks): number => (set.span.endS - waitingSinceS) / set.rowS;
  const isUnderWay = ({ set }: DueStacks): number => (readProgress(set.folder) === null ? 0 : 1);
  // Those that are missing have waited for ever: among them the shorter period comes first.
  const missing = (one: DueStacks): number => (one.waitingSinceS === 0 ? 1 : 0);
  const ranks = due.map((one) => [isUnderWay(one), missing(one), missing(one) === 1 ? 0 : rowsLate(one)] as const);
  const order = [...due.keys()].sort((a, b) => {
    const [first, second] = [ranks[a] ?? [0, 0, 0], ranks[b] ?? [0, 0, 0]];
    return second[0] - first[0] || second[1] - first[1] || second[2] - first[2];
  });
  return order.flatMap((index) => due[index] ?? []);
}

/** Goes on with the stacks of a period until they are up to date, or the share of the budget is spent. */
async function goOn(
  request: RefreshRequest,
  due: DueStacks,
  { archives, lastS, share, tally }: Director & { readonly share: number },
): Promise<void> {
  const goesOn = (): boolean => request.hasBudget(share);
  const { folder } = due.set;
  while (due.types.size > 0 && goesOn()) {
    const begun = resumed(due, lastS) ?? beginStacks([...due.types], due.set, lastS);
    const set = endingAt(due.set, begun.endS);
    const { progress, isWhole } = await addServices(request, archives, { set, progress: begun, goesOn });
    const isDone = isWhole && (await draw(request, { due, set, progress, goesOn, tally }));
    if (isDone) dropProgress(folder);
    else saveProgress(folder, { ...progress, lastS });
  }
}

/** What was put aside, if a picture would be newer for it and its rows have not been taken back since. */
function resumed(due: DueStacks, lastS: number): StackProgress | null {
  const progress = readProgress(due.set.folder);
  if (progress === null || progress.lastS > lastS || progress.endS > due.set.span.endS) return null;
  return progress.stacks.some(({ type }) => isWanted(due, type, progress.endS)) ? progress : null;
}

/** Is a stack still to be drawn, and would one that ends there show more than the picture there is? */
function isWanted({ set, types }: DueStacks, type: StackType, endS: number): boolean {
  return types.has(type) && (endS === set.span.endS || dataTimeOf(picturePath(set.folder, directorName, type)) < endS);
}

/** The same pictures of a span that ended earlier. */
function endingAt(set: SpanSet, endS: number): SpanSet {
  const { startS, endS: nowS, label } = set.span;
  return { ...set, span: { startS: startS + endS - nowS, endS, label } };
}

interface Drawing {
  readonly due: DueStacks;
  readonly set: SpanSet;
  readonly progress: StackProgress;
  readonly goesOn: () => boolean;
  readonly tally: RefreshTally;
}

/** Draws what is not newer already, a picture at a time; false where some are left. */
async function draw(request: RefreshRequest, { due, set, progress, goesOn, tally }: Drawing): Promise<boolean> {
  const told = await request.lend((source) => readDirectorTold(source, set));
  for (const stack of progress.stacks.filter(({ type }) => isWanted(due, type, progress.endS))) {
    if (!goesOn()) return false;
    for (const result of await request.draw(stackJobs([stack], { set, looks: request.looks, told })))
      tally[result] += 1;
    if (progress.endS === due.set.span.endS) due.types.delete(stack.type);
  }
  return true;
}
