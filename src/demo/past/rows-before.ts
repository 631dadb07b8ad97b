// Finds the position of a moment among the ascending times of rows.

/** The number of rows before a time; those before `from` are known to be. */
export function rowsBefore(timesS: Float64Array, from: number, beforeS: number): number {
  let low = from;
  let high = timesS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesS[middle] ?? 0) < beforeS) low = middle + 1;
    else high = middle;
  }
  return low;
}
