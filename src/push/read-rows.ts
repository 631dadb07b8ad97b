// Reads the rows of a piece from the archives, as series for a receiver.

import type { SeriesRows } from '../engine/series/row-series.js';
import type { Series, SeriesSource } from '../model/series.js';
import type { Piece, PushedArchive } from './plan/pieces.js';

/** Rows have expired, or were removed, since the piece was planned. */
export class OutdatedPlan extends Error {}

/** The rows of a piece. Throws an `OutdatedPlan`, and what `fetchMany` throws. */
export async function readRows(source: SeriesSource, piece: Piece): Promise<readonly SeriesRows[]> {
  const { archives, startS, endS, rowS, cf } = piece;
  const names = archives.map(({ name }) => name);
  const query = { names, startS, endS: endS - 1, stepS: rowS, cf: cf ?? 'AVERAGE' };
  const all = await source.fetchMany(query);
  return all.flatMap((series, i) => {
    const archive = archives[i];
    if (archive === undefined || series.stepS !== rowS || series.startS !== startS || series.endS !== endS)
      throw new OutdatedPlan(`other rows of ${series.name} than planned`);
    return seriesRows(series, archive, piece);
  });
}

function seriesRows({ dataSources, columns }: Series, archive: PushedArchive, piece: Piece): readonly SeriesRows[] {
  const { startS, rowS, cf } = piece;
  const wanted = wantedRows(archive, piece);
  return dataSources.map((dataSource, column) => {
    const values = columns[column] ?? new Float64Array(0);
    return { archive: archive.name, dataSource, rowS, cf, firstS: startS + rowS, values, wanted };
  });
}

/** Rows between the first and the newest reading; null if all of them are. */
function wantedRows({ firstS, lastS }: PushedArchive, { startS, endS, rowS }: Piece): Uint8Array | null {
  if (firstS < startS + rowS && lastS >= endS) return null;
  return Uint8Array.from({ length: (endS - startS) / rowS }, (_, i) => {
    const timeS = startS + (i + 1) * rowS;
    return timeS > firstS && timeS <= lastS ? 1 : 0;
  });
}
