// Handles two collectors in one second: a second reading of the same second adds nothing and is dropped. It is kept when it has something
// that the stored one lacks: a source that failed or was not read, or the end of a failure.

import { setTimeout as pause } from 'node:timers/promises';
import type { KnownSource, KnownState } from '../model/cycle.js';
import { problemsOf, type SourcesRead } from './sources/read-sources.js';

/** Milliseconds by which a timer may run ahead of the clock. */
const timerMs = 10;

/** Is this reading of the same second as the newest one? */
export function isOfSameSecond(previous: KnownState, { timeS }: SourcesRead): boolean {
  return timeS === previous.timeS;
}

/** Does the newest reading, of the same second, have everything that was read now? */
export function isOvertaken(previous: KnownState, read: SourcesRead): boolean {
  if (!isOfSameSecond(previous, read) || problemsOf(read).length > 0) return false;
  const has = ({ timeS, failure }: KnownSource): boolean => timeS === previous.timeS && failure === null;
  return read.reads.every(({ isAsked, knownIn }) => !isAsked || has(knownIn(previous)));
}

/** Waits until the clock shows the next second. */
export async function nextSecond(nowS: () => number): Promise<void> {
  const now = nowS();
  await pause(Math.ceil((Math.floor(now) + 1 - now) * 1000) + timerMs);
}
