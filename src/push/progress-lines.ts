// The progress of a back-fill as lines, one for each tenth. Rows of a day or less are no back-fill.

import type { PushProgress } from './pusher.js';

const leastS = 86_400;

/** A function that reports progress; `formatTime` shows a time to people. */
export function createProgressLines(
  say: (text: string) => void,
  formatTime: (timeS: number) => string,
): (progress: PushProgress) => void {
  let tenths: number | null = null;
  return ({ doneS, wholeS, atS, samples }) => {
    if (tenths === null && wholeS - doneS <= leastS) return;
    const now = Math.floor((10 * doneS) / wholeS);
    if (tenths === null || now > tenths)
      say(`history: ${10 * now} % sent, up to the rows of ${formatTime(atS)}, ${samples} samples`);
    tenths = now === 10 ? null : now;
  };
}
