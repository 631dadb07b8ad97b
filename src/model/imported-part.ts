// The imported part of an archive: the quantities that the other program kept, and the rows here that were made from its longer
// rows.

/** Rows made from longer rows of another program, up to `rowS` seconds long. */
export interface LongerRows {
  readonly startS: number;
  readonly endS: number;
  readonly rowS: number;
}

/** The imported part of an archive. */
export interface ImportedPart {
  /** The first second that imported rows cover. */
  readonly sinceS: number;
  /** Time of the first reading; null if everything was imported. */
  readonly readSinceS: number | null;
  /** Data sources with imported rows; null if not recorded, as by older versions. */
  readonly sources: readonly string[] | null;
  /** In order and disjoint. */
  readonly longer: readonly LongerRows[];
}

/** Most stretches that are kept separate; beyond that, the nearest are merged. */
const maxStretches = 64;

/** Merges stretches: in order, disjoint, and not too many. If they overlap, the longer rows count. */
export function joinLonger(stretches: readonly LongerRows[]): readonly LongerRows[] {
  const edges = [...new Set(stretches.flatMap(({ startS, endS }) => [startS, endS]))].sort((a, b) => a - b);
  const joined: LongerRows[] = [];
  for (const [i, startS] of edges.entries()) {
    const endS = edges[i + 1];
    const rowS = endS === undefined ? 0 : longestRowS(stretches, { startS, endS });
    if (endS === undefined || rowS === 0) continue;
    const before = joined.at(-1);
    if (before?.endS === startS && before.rowS === rowS) joined.splice(-1, 1, { ...before, endS });
    else joined.push({ startS, endS, rowS });
  }
  while (joined.length > maxStretches) {
    const gaps = joined.slice(1).map(({ startS }, i) => startS - (joined[i]?.endS ?? 0));
    const nearest = gaps.indexOf(Math.min(...gaps));
    const [one, next] = joined.slice(nearest, nearest + 2);
    if (one === undefined || next === undefined) break;
    joined.splice(nearest, 2, { startS: one.startS, endS: next.endS, rowS: Math.max(one.rowS, next.rowS) });
  }
  return joined;
}

/** Length of the longest source rows in a span; 0 if they are no longer than the rows here. */
function longestRowS(
  stretches: readonly LongerRows[],
  { startS, endS }: { readonly startS: number; readonly endS: number },
): number {
  let rowS = 0;
  for (const one of stretches) if (one.startS < endS && one.endS > startS) rowS = Math.max(rowS, one.rowS);
  return rowS;
}

/**
 * Was a data source never kept up to a time: neither read by then, nor kept by the program that the rows were imported from?
 */
export function isNeverKept(imported: ImportedPart | undefined, dataSource: string, untilS: number): boolean {
  if (imported === undefined || imported.sources === null || imported.sources.includes(dataSource)) return false;
  return imported.readSinceS === null || imported.readSinceS >= untilS;
}
