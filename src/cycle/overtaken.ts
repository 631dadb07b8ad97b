// Two collectors in one second: a reading of a second that has one already adds nothing, and is left out. What the stored one
// lacks is never left out with it: a source that failed, one that was not read, the end of a failure.

import { setTimeout as pause } from 'node:timers/promises';
import type { KnownSource, KnownState } from '../model/cycle.js';
import { problemsOf, type SourcesRead } from './read-sources.js';

/** Milliseconds by which a timer may be ahead of the clock. */
const timerMs = 10;

/** Is what was read of the second of the newest reading? */
export function isOfSameSecond(previous: KnownState, { timeS }: SourcesRead): boolean {
  return timeS === previous.timeS;
}

/** Has the newest reading, of the same second, all that was read now? */
export function isOvertaken(previous: KnownState, read: SourcesRead): boolean {
  if (!isOfSameSecond(previous, read) || problemsOf(read).length > 0) return false;
  const has = ({ timeS, failure }: KnownSource): boolean => timeS === previous.timeS && failure === null;
  const { director, haproxy } = read.outcomes;
  const hasDirector = director === null || director.read === null || has(previous.director);
  return hasDirector && (haproxy === null || has(previous.haproxy));
}

/** Waits until the clock shows the next second. */
export async function nextSecond(nowS: () => number): Promise<void> {
  const now = nowS();
  await pause(Math.ceil((Math.floor(now) + 1 - now) * 1000) + timerMs);
}
