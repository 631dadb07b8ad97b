// The tally of pictures. One that fails costs one picture: it is counted, and the first few reasons are kept. Where the disk is full, or
// nothing at all can be drawn, more of them would fail for the same reason: that ends the work.

import { UserError } from '../../model/user-error.js';

/** A picture that could not be drawn; `endsAll` where no other can be either. */
export interface FailedPicture {
  readonly path: string;
  readonly reason: string;
  readonly endsAll: boolean;
}

/** The outcome of a picture: drawn, the same pixels as before, or failed. */
export type DrawOutcome = 'drawn' | 'same' | FailedPicture;

/** How many pictures were drawn and were the same, and those that failed, if any did. */
export interface DrawTally {
  drawn: number;
  same: number;
  failures?: { count: number; readonly firstReasons: string[] };
}

const mostReasons = 3;
const mostReasonChars = 500;

/** So many failures and nothing else: the reason is not that of one picture. */
const mostInVain = 50;

/** Of the system's errors those that are the same for every picture. */
const endAll = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EFBIG'];

/** A tally of nothing. */
export function emptyTally(): DrawTally {
  return { drawn: 0, same: 0 };
}

/** The failure of a picture, by the error. */
export function failedPicture(path: string, error: unknown): FailedPicture {
  const text = error instanceof Error ? error.message : String(error);
  const reason = error instanceof UserError ? text : `cannot draw ${path} (${text})`;
  return { path, reason: reason.slice(0, mostReasonChars), endsAll: endAll.includes(codeOf(error)) };
}

function codeOf(error: unknown): string {
  const cause = error instanceof UserError && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** Is it what the rows of one archive, or one drawing, may fail with? Where the archives cannot be used at all, errors have codes of their own. */
export function isOfOnePicture(error: unknown): boolean {
  return !(error instanceof UserError) || error.code === 'corrupt' || error.code === 'no-such-archive';
}

/** Counts what became of pictures. Throws a `UserError` where no other can be drawn. */
export function countDrawn(tally: DrawTally, results: readonly DrawOutcome[]): void {
  for (const result of results) {
    if (typeof result === 'string') tally[result] += 1;
    else countFailed(tally, result);
  }
}

/** Counts a picture that failed. Throws a `UserError` where no other can be drawn. */
export function countFailed(tally: DrawTally, { reason, endsAll }: FailedPicture): void {
  const failures = tally.failures ?? { count: 0, firstReasons: [] };
  tally.failures = failures;
  failures.count += 1;
  if (failures.firstReasons.length < mostReasons) failures.firstReasons.push(reason);
  const isInVain = failures.count >= mostInVain && tally.drawn + tally.same === 0;
  if (endsAll || isInVain) throw new UserError('picture-not-written', reason);
}

/** Throws a `UserError` where pictures failed, and no other was drawn. */
export function requireAny({ drawn, same, failures }: DrawTally): void {
  if (failures === undefined || drawn + same > 0) return;
  throw new UserError('picture-not-written', failures.firstReasons[0] ?? 'no picture could be drawn');
}

/** Says which pictures failed, a line a reason; nothing where none did. */
export function failureLines({ failures }: DrawTally): readonly string[] {
  if (failures === undefined) return [];
  const { count, firstReasons } = failures;
  const others = count - firstReasons.length;
  return others === 0 ? firstReasons : [...firstReasons, `${others} other pictures could not be drawn either`];
}
