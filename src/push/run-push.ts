// Runs a pusher: a turn after each cycle, and again after a growing wait while the receiver fails. A failure is one line, and so is its end.

import { PassingError } from '../engine/connection/http.js';
import { UserError } from '../model/user-error.js';
import type { Pusher } from './pusher.js';
import { newRefusals } from './refusals.js';

/** The circumstances of a pusher. */
export interface RunGround {
  readonly pusher: Pick<Pusher, 'turn' | 'fail' | 'cursor'>;
  /** The receiver in messages. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Resolves after some milliseconds, when the signal is aborted, and, if `orNews`, after a cycle. */
  readonly wait: (ms: number, orNews: boolean) => Promise<void>;
  readonly report: (text: string, level: 'warning' | 'notice') => void;
  /** The first wait after a failure, ms; it doubles up to a minute. */
  readonly firstWaitMs: number;
}

/** Attempts of a single run. */
const mostAttempts = 5;

const longestWaitMs = 60_000;

/** Milliseconds without a cycle after which the archives are looked at all the same. */
const idleMs = 30_000;

/** Sends everything once. Throws a `UserError`, `push-failed`, after some attempts that failed. */
export async function pushOnce(ground: RunGround): Promise<void> {
  const { pusher, name, signal, wait, firstWaitMs } = ground;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await turn(ground);
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (signal.aborted) return;
      await pusher.fail(error.message);
      if (attempt === mostAttempts) {
        const cure = 'correct that and run it again: it resumes where it stopped';
        throw new UserError('push-failed', `${name} ${error.message}: ${cure}`, { cause: error });
      }
      await wait(waitMsOf(error, firstWaitMs * 2 ** (attempt - 1)), false);
    }
  }
}

/** Pushes after each cycle, until the signal is aborted. Throws errors that are defects. */
export async function pushForever(ground: RunGround): Promise<void> {
  const { pusher, name, signal, wait, report, firstWaitMs } = ground;
  let isFailing = false;
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    // Also in an earlier process.
    const hasFailed = pusher.cursor?.failure != null;
    try {
      await turn(ground);
      if (isFailing || hasFailed) report(`${name} takes rows again`, 'notice');
      [isFailing, waitMs] = [false, firstWaitMs];
      await wait(idleMs, true);
    } catch (error) {
      const text = failureText(error);
      if (signal.aborted) return;
      await pusher.fail(text);
      if (!isFailing) report(`${name} ${text}; rows wait in the archives, and are sent when it works again`, 'warning');
      isFailing = true;
      await wait(waitMsOf(error, waitMs), false);
      waitMs = Math.min(2 * waitMs, longestWaitMs);
    }
  }
}

/** A turn; reports rows that the receiver refused in it, even if it fails later. */
async function turn({ pusher, name, report }: RunGround): Promise<void> {
  const before = pusher.cursor;
  try {
    await pusher.turn();
  } finally {
    for (const text of newRefusals(before, pusher.cursor, name)) report(text, 'warning');
  }
}

/** A failure as a sentence about the receiver. Throws anything that is a defect. */
function failureText(error: unknown): string {
  if (error instanceof PassingError) return error.message;
  if (error instanceof UserError) return `gets no rows: ${error.message}`;
  throw error;
}

function waitMsOf(error: unknown, waitMs: number): number {
  return Math.max(waitMs, error instanceof PassingError ? 1000 * error.waitS : 0);
}
