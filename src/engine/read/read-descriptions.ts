// The directors that an engine knows, and the archives of one of them, by their descriptions. These are sent when something changes, and at
// least once a day.

import type { ArchiveInfo } from '../../model/archive.js';
import { compareNames } from '../../model/kinds/registry.js';
import { directorName } from '../../model/names/name.js';
import { type QueryGround, querySpan, queryValues, type Samples } from '../query/query.js';
import { selector } from '../query/selector.js';
import { type ArchiveSamples, archiveOfSamples, descriptionMetrics } from '../series/description-series.js';
import { metricPrefix } from '../series/metric-names.js';
import { rowLabel } from '../series/row-series.js';

const dayS = 86_400;

/** Seconds for which a description holds: it is sent once a day, and a pusher may have been away. */
export const describedForS = 2 * dayS;

/** Seconds within which a director must have been read to be known: twenty years, the longest that rows are kept. */
export const longestS = 20 * 365 * dayS;

/** The directors of an engine by name, with the time of the newest reading that a description states. Throws a `PassingError`. */
export async function readDirectors(nowS: number, ground: QueryGround): Promise<ReadonlyMap<string, number>> {
  const series = selector({ __name__: descriptionMetrics.last, archive: directorName });
  const found = await queryValues(`last_over_time(${series}[${longestS}s])`, latestOf(nowS), ground);
  return new Map(found.map(({ labels, value }) => [String(labels['director']), value]));
}

/** The archives of a director, and the time of its newest reading as far as rows and descriptions show it. */
export interface EngineArchives {
  readonly all: readonly ArchiveInfo[];
  readonly newestS: number;
}

/** The archives of a director whose descriptions state a newest reading. Throws a `PassingError`. */
export async function readArchives(
  { director, statedS }: { readonly director: string; readonly statedS: number },
  ground: QueryGround,
): Promise<EngineArchives> {
  const described = selector({ __name__: { pattern: 'lvs_archive_.+' }, director });
  const found = newestByArchive(await querySpan(described, spanAround(statedS), ground));
  const [first] = found.flatMap((samples) => archiveOfSamples(samples, statedS) ?? []);
  if (first === undefined) return { all: [], newestS: statedS };
  const { stepS } = first.retention;
  const newestS = Math.max(statedS, await newestRowS({ director, statedS, stepS }, ground));
  const all = found.flatMap((samples) => archiveOfSamples(samples, newestS) ?? []);
  return { all: all.sort((a, b) => compareNames(a.name, b.name)), newestS };
}

/** The end of the newest known row of a director that was read at a time; 0 if there is none. */
async function newestRowS(
  { director, statedS, stepS }: { readonly director: string; readonly statedS: number; readonly stepS: number },
  ground: QueryGround,
): Promise<number> {
  const metric = { pattern: `${metricPrefix}.+` };
  const rows = selector({ __name__: metric, director, archive: directorName, row: rowLabel(stepS) });
  const found = await querySpan(rows, spanAround(statedS), ground);
  const known = found.flatMap(({ samples }) => samples.filter(([, value]) => !Number.isNaN(value)));
  return known.reduce((newestS, [timeS]) => Math.max(newestS, timeS), 0);
}

function spanAround(timeS: number): { readonly startS: number; readonly endS: number } {
  return { startS: Math.floor(timeS) - describedForS, endS: Math.floor(timeS) + describedForS };
}

/** A director's clock may be ahead of this one. */
export function latestOf(nowS: number): number {
  return Math.floor(nowS) + dayS;
}

/** The newest samples of each archive that is described whole. */
function newestByArchive(series: readonly Samples[]): readonly ArchiveSamples[] {
  const byArchive = new Map<string, Map<string, NewestSample>>();
  for (const { labels, samples } of series) {
    const newest = samples.reduce<NewestSample | null>(
      (best, [timeS, value]) => (Number.isNaN(value) || timeS < (best?.timeS ?? 0) ? best : { labels, timeS, value }),
      null,
    );
    const [archive, metric] = [String(labels['archive']), String(labels['__name__'])];
    const own = byArchive.get(archive) ?? new Map<string, NewestSample>();
    byArchive.set(archive, own);
    if (newest !== null && newest.timeS > (own.get(metric)?.timeS ?? 0)) own.set(metric, newest);
  }
  return [...byArchive.values()].flatMap((own) => {
    const [info, first, last] = (['info', 'first', 'last'] as const).map((one) => own.get(descriptionMetrics[one]));
    if (info === undefined || first === undefined || last === undefined) return [];
    return {
      labels: info.labels,
      firstS: first.value,
      lastS: last.value,
      describedS: last.timeS,
      goneS: own.get(descriptionMetrics.gone)?.value ?? 0,
      events: own.get(descriptionMetrics.events)?.value ?? 0,
      weight: own.get(descriptionMetrics.weight)?.value ?? null,
    };
  });
}

interface NewestSample {
  readonly labels: Samples['labels'];
  readonly timeS: number;
  readonly value: number;
}
