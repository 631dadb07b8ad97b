// How the rows of an engine differ from those of a data folder.

import { type ArchiveInfo, cfs, newestReadingS } from '../../../src/model/archive.js';
import { reachOf } from '../../../src/model/retention.js';
import { chooseRra } from '../../../src/model/rows/choose-rra.js';
import type { RowsQuery, Series, SeriesSource } from '../../../src/model/series.js';

const dayS = 86_400;

/** The sources, and the ratio by which values may differ. */
export interface Compared {
  readonly kept: SeriesSource;
  readonly engine: SeriesSource;
  readonly mostRatio: number;
}

/** The queries of all rows that an archive keeps, of each length. */
export function wholeQueries({ name, retention }: ArchiveInfo, newestS: number): readonly RowsQuery[] {
  return retention.rras.map((rra) => {
    const rowS = rra.pdpPerRow * retention.stepS;
    const startS = newestS - (newestS % dayS) - reachOf(retention, rra) + dayS;
    return { name, startS, endS: newestS, stepS: rowS };
  });
}

/** The differences in the rows of some queries, and how many known rows were compared. */
export async function compareRows(
  queries: readonly RowsQuery[],
  { kept, engine, mostRatio }: Compared,
): Promise<{ readonly texts: readonly string[]; readonly known: number }> {
  const archives = await kept.list();
  const todayS = Math.floor(newestReadingS(archives) / dayS) * dayS;
  const texts: string[] = [];
  let known = 0;
  for (const query of queries) {
    const info = archives.find(({ name }) => name === query.name);
    if (info === undefined) throw new Error(`no archive ${query.name}`);
    const { expiredS } = chooseRra(query, { retention: info.retention, lastS: info.lastS, todayS });
    const [own, other] = [await kept.fetchBoth(query), await engine.fetchBoth(query)];
    for (const cf of cfs) {
      const found = differences(own[cf], other[cf], { mostRatio, expiredS });
      texts.push(...found.texts);
      known += found.known;
    }
  }
  return { texts: texts.length > 20 ? [`${texts.length} differences`, ...texts.slice(0, 20)] : texts, known };
}

/** Rows that the director keeps no longer may be known to the engine. Its oldest row is not pushed, since it may expire meanwhile. */
function differences(
  own: Series,
  other: Series,
  { mostRatio, expiredS }: { readonly mostRatio: number; readonly expiredS: number },
): { readonly texts: readonly string[]; readonly known: number } {
  const { columns, ...frame } = own;
  const { columns: others, ...otherFrame } = other;
  if (JSON.stringify(frame) !== JSON.stringify(otherFrame))
    return { texts: [`${JSON.stringify(frame)}: ${JSON.stringify(otherFrame)}`], known: 0 };
  const texts: string[] = [];
  let known = 0;
  for (const [i, column] of columns.entries()) {
    for (const [row, value] of column.entries()) {
      const found = others[i]?.[row] ?? Number.NaN;
      const timeS = own.startS + (row + 1) * own.stepS;
      if (!Number.isNaN(value)) known += 1;
      if ((Number.isNaN(value) && Number.isNaN(found)) || timeS <= expiredS + own.stepS) continue;
      if (Math.abs(found - value) <= mostRatio * Math.abs(value)) continue;
      texts.push(`${own.name} ${own.dataSources[i]} ${own.stepS} ${own.cf} at ${timeS}: ${found} for ${value}`);
    }
  }
  return { texts, known };
}
