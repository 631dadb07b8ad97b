// The tally of pictures. A failure costs one picture: it is counted, and the first few reasons are kept. If the disk is full,
// or nothing at all can be drawn, the rest would fail for the same reason, so the work ends.

import { UserError } from '../../model/user-error.js';

/** A picture that could not be drawn; `endsAll` if no other can be either. */
export interface FailedPicture {
  readonly path: string;
  readonly reason: string;
  readonly endsAll: boolean;
}

/** The outcome of a picture: drawn, the same pixels as before, or failed. */
export type DrawOutcome = 'drawn' | 'same' | FailedPicture;

/** Numbers of pictures drawn and unchanged, and the failures, if any. */
export interface DrawTally {
  drawn: number;
  same: number;
  failures?: { count: number; readonly firstReasons: string[] };
}

const maxReasons = 3;
const maxReasonChars = 500;

/** After this many failures and no success, the cause is not a single picture. */
const maxFailures = 50;

/** System errors that affect every picture. */
const endAll = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EFBIG'];

/** An empty tally. */
export function emptyTally(): DrawTally {
  return { drawn: 0, same: 0 };
}

/** The failure of a picture, from its error. */
export function failedPicture(path: string, error: unknown): FailedPicture {
  const text = error instanceof Error ? error.message : String(error);
  const reason = error instanceof UserError ? text : `cannot draw ${path} (${text})`;
  return { path, reason: reason.slice(0, maxReasonChars), endsAll: endAll.includes(codeOf(error)) };
}

function codeOf(error: unknown): string {
  const cause = error instanceof UserError && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** Is it an error of one archive's rows, or of one drawing? If the archives cannot be used at all, errors have codes of their own. */
export function isOfOnePicture(error: unknown): boolean {
  return !(error instanceof UserError) || error.code === 'corrupt' || error.code === 'no-such-archive';
}

/** Counts the outcomes of pictures. Throws a `UserError` if no other can be drawn. */
export function countDrawn(tally: DrawTally, results: readonly DrawOutcome[]): void {
  for (const result of results) {
    if (typeof result === 'string') tally[result] += 1;
    else countFailed(tally, result);
  }
}

/** Counts a picture that failed. Throws a `UserError` if no other can be drawn. */
export function countFailed(tally: DrawTally, { reason, endsAll }: FailedPicture): void {
  const failures = tally.failures ?? { count: 0, firstReasons: [] };
  tally.failures = failures;
  failures.count += 1;
  if (failures.firstReasons.length < maxReasons) failures.firstReasons.push(reason);
  const isInVain = failures.count >= maxFailures && tally.drawn + tally.same === 0;
  if (endsAll || isInVain) throw new UserError('picture-not-written', reason);
}

/** Throws a `UserError` if pictures failed, and no other was drawn. */
export function requireAny({ drawn, same, failures }: DrawTally): void {
  if (failures === undefined || drawn + same > 0) return;
  throw new UserError('picture-not-written', failures.firstReasons[0] ?? 'no picture could be drawn');
}

/** The failed pictures, one line per reason; nothing if there are none. */
export function failureLines({ failures }: DrawTally): readonly string[] {
  if (failures === undefined) return [];
  const { count, firstReasons } = failures;
  const others = count - firstReasons.length;
  return others === 0 ? firstReasons : [...firstReasons, `${others} other pictures could not be drawn either`];
}
