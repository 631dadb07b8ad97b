// The table at the moment of a request, for metrics: read afresh, by one reader at a time, and at most one hundredth of the time. A request
// that comes meanwhile gets the newest answer; so does one whose reading fails or hangs, with a sign of it.

import type { LiveAnswer, LiveReader, LiveReading } from '../../metrics/live.js';
import type { Serially } from './serially.js';

/** The parts of a live reader. */
export interface LiveReaderParts {
  /** Reads once; what it throws is reported. */
  readonly read: () => Promise<LiveReading>;
  /** Reads when no cycle runs; by default at once. */
  readonly inTurn?: Serially | undefined;
  readonly report: (error: unknown) => void;
  /** A monotonic clock, milliseconds. */
  readonly nowMs: () => number;
  /** Milliseconds that a request waits for a reading; then it gets the answer before. */
  readonly patienceMs?: number;
}

/** A reading of 10 ms may be repeated after a second. */
const restPerWork = 100;

/** The longest rest after a reading that failed: one that hung has waited, not worked. */
const maxRestOfFailedMs = 30_000;

/** Prometheus gives up after ten seconds by default; a scrape should take under two. */
const usualPatienceMs = 1500;

/** Creates a live reader. */
export function createLiveReader({
  read,
  inTurn = (work) => work(),
  report,
  nowMs,
  patienceMs = usualPatienceMs,
}: LiveReaderParts): LiveReader {
  let answer: LiveAnswer = { reading: null, isFailing: false };
  let underWay: Promise<void> | null = null;
  let isReading = false;
  let nextMs = Number.NEGATIVE_INFINITY;
  const readOnce = async (): Promise<void> => {
    isReading = true;
    const startMs = nowMs();
    try {
      answer = { reading: await read(), isFailing: false };
    } catch (error) {
      if (!answer.isFailing) report(error);
      answer = { reading: answer.reading, isFailing: true };
    } finally {
      const endMs = nowMs();
      const restMs = restPerWork * (endMs - startMs);
      nextMs = endMs + (answer.isFailing ? Math.min(restMs, maxRestOfFailedMs) : restMs);
      isReading = false;
      underWay = null;
    }
  };
  return async () => {
    if (underWay === null && nowMs() < nextMs) return answer;
    underWay ??= inTurn(readOnce);
    const isInTime = await Promise.race([underWay.then(() => true), after(patienceMs)]);
    // A reading that waits for a cycle has not failed.
    return isInTime ? answer : { reading: answer.reading, isFailing: isReading || answer.isFailing };
  };
}

/** Resolves to false after some milliseconds; does not keep the process alive. */
function after(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
  });
}
