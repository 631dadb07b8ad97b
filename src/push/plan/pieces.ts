// Cuts the rows of a span into pieces that are read and sent at once: the same rows of several archives, a bounded number of samples.

import type { Cf } from '../../model/archive.js';
import { floorTo, type Level } from './levels.js';

/** The rows of a span of time: those that end after `startS` up to `endS`. */
export interface Slice {
  readonly startS: number;
  readonly endS: number;
}

/** An archive to send rows of. */
export interface PushedArchive {
  readonly name: string;
  /** How many data sources it has. */
  readonly columns: number;
  /** Times of its first and its newest reading; rows are final up to the latter. */
  readonly firstS: number;
  readonly lastS: number;
  /** Where its rows begin, if not with the slice: it lagged behind the others. */
  readonly afterS: number | null;
}

/** The same rows of some archives. */
export interface Piece extends Slice {
  readonly archives: readonly PushedArchive[];
  readonly rowS: number;
  readonly cf: Cf | null;
}

/** Bounds of a request. */
const [mostSamples, mostSeries] = [20_000, 5000];

/** The pieces of a slice, those of the longest rows first. */
export function piecesOf(slice: Slice, archives: readonly PushedArchive[], levels: readonly Level[]): readonly Piece[] {
  return levels.toReversed().flatMap((level) => {
    return [...byStart(archives, slice.startS)].flatMap(([afterS, group]) => {
      const startS = floorTo(Math.max(afterS, level.sinceS), level.rowS);
      const endS = floorTo(Math.min(slice.endS, level.untilS), level.rowS);
      return startS < endS ? cut({ startS, endS }, group, level) : [];
    });
  });
}

function byStart(archives: readonly PushedArchive[], startS: number): ReadonlyMap<number, readonly PushedArchive[]> {
  const groups = new Map<number, PushedArchive[]>();
  for (const archive of archives) {
    const afterS = archive.afterS ?? startS;
    const group = groups.get(afterS);
    if (group === undefined) groups.set(afterS, [archive]);
    else group.push(archive);
  }
  return groups;
}

function cut(whole: Slice, group: readonly PushedArchive[], { rowS, cfs }: Level): readonly Piece[] {
  const pieces: Piece[] = [];
  const most = Math.max(1, ...group.map(({ columns }) => columns));
  const rowsEach = Math.max(1, Math.floor(mostSamples / most));
  for (let { startS } = whole; startS < whole.endS; ) {
    const endS = Math.min(whole.endS, startS + rowsEach * rowS);
    const part = { startS, endS };
    const inIt = group.filter(({ firstS, lastS }) => firstS < endS && floorTo(lastS, rowS) > startS);
    for (const archives of chunks(inIt, (endS - startS) / rowS)) {
      for (const cf of cfs) pieces.push({ ...part, archives, rowS, cf });
    }
    startS = endS;
  }
  return pieces;
}

function* chunks(archives: readonly PushedArchive[], rows: number): Generator<readonly PushedArchive[]> {
  let chunk: PushedArchive[] = [];
  let series = 0;
  for (const archive of archives) {
    const more = series + archive.columns;
    if (chunk.length > 0 && (more > mostSeries || more * rows > mostSamples)) {
      yield chunk;
      [chunk, series] = [[], 0];
    }
    chunk.push(archive);
    series += archive.columns;
  }
  if (chunk.length > 0) yield chunk;
}
