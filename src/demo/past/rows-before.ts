// Where a moment lies among the ascending times of rows.

/** How many of the rows lie before a time; it is known of those before `from` that they do. */
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
