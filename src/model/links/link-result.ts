// The result of a round over one link, from the times of its probes.

import type { ProbeTimes } from './fping-output.js';
import type { LinkResult } from './report.js';

/** The result; null if no probe tells anything. */
export function linkResult(to: string, times: ProbeTimes): LinkResult | null {
  if (times.length === 0) return null;
  const answers = times.filter((ms) => ms !== null).sort((a, b) => a - b);
  return {
    to,
    outcomes: times.map((ms) => (ms === null ? '0' : '1')).join(''),
    rtt: answers.length === 0 ? null : rounded(medianOf(answers)),
    rttMax: answers.length === 0 ? null : rounded(answers.at(-1) ?? Number.NaN),
  };
}

/** The median of sorted numbers. */
function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
