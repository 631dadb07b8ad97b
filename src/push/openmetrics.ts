// Rows as OpenMetrics text, which `promtool tsdb create-blocks-from openmetrics` turns into blocks: the other way for rows that are too old for
// Prometheus to take. They are the rows that a push sends, with the same names and times.
// https://github.com/OpenObservability/OpenMetrics/blob/main/specification/OpenMetrics.md

import { eventMetric } from '../engine/series/event-series.js';
import { metricsByDataSource } from '../engine/series/metric-names.js';
import { type Label, labelsOf } from '../engine/series/row-series.js';
import type { ArchiveInfo, Cf } from '../model/archive.js';
import type { Series } from '../model/series.js';
import { eventSamples } from './event-samples.js';
import { floorTo, type Level } from './plan/levels.js';
import { OutdatedPlan } from './read-rows.js';
import { tableOf } from './read-table.js';
import type { LendSource } from './sender.js';

/** The rows to write. */
export interface OpenMetricsRequest {
  readonly lend: LendSource;
  /** The value of the label `director`. */
  readonly director: string;
  /** Only this archive; null for all. */
  readonly name: string | null;
  /** Rows that end at or before this time are not wanted. */
  readonly sinceS: number;
}

/**
 * The text in parts, a series at a time; samples of one metric stand together. An unknown row between the first and the newest reading is NaN.
 * Throws what reading the archives throws.
 */
export async function* openMetrics({ lend, director, name, sinceS }: OpenMetricsRequest): AsyncGenerator<string> {
  const listed = await lend((source) => source.list());
  const archives = listed.filter((info) => name === null || info.name === name);
  const table = tableOf(listed, { sinceS });
  for (const [dataSource, metric] of metricsByDataSource) {
    const own = archives.filter(({ dataSources }) => dataSources.some((one) => one.name === dataSource));
    if (own.length === 0 || table === null) continue;
    yield `# TYPE ${metric} gauge\n`;
    for (const archive of own) {
      // The longest rows are the oldest.
      for (const level of table.levels.toReversed()) {
        for (const cf of level.cfs) {
          yield await seriesText(lend, { archive, dataSource, level, cf, director, ...table });
        }
      }
    }
  }
  if (table !== null) yield await eventsText({ lend, director, name, sinceS }, table.newestS);
  yield '# EOF\n';
}

/** The events up to a time, those of a series together. */
async function eventsText({ lend, director, name, sinceS }: OpenMetricsRequest, untilS: number): Promise<string> {
  const span = { sinceS: sinceS + 1, untilS, ...(name === null ? {} : { archive: name }) };
  const events = await lend((source) => source.events(span));
  const series = new Map<string, string>();
  for (const { labels, timeS, value } of eventSamples(events, director)) {
    const head = textOfLabels(labels);
    series.set(head, `${series.get(head) ?? ''}${head} ${value} ${timeS}\n`);
  }
  return series.size === 0 ? '' : `# TYPE ${eventMetric} gauge\n${[...series.values()].join('')}`;
}

/** A metric and its labels. */
function textOfLabels(labels: readonly Label[]): string {
  const [[, metric] = ['', '']] = labels;
  const texts = labels.slice(1).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${metric}{${texts.join(',')}}`;
}

interface SeriesRequest {
  readonly archive: ArchiveInfo;
  readonly dataSource: string;
  readonly level: Level;
  readonly cf: Cf | null;
  readonly director: string;
  readonly oldestS: number;
  readonly newestS: number;
}

/** Attempts to read rows, some of which may expire meanwhile. */
const mostAttempts = 3;

async function seriesText(lend: LendSource, request: SeriesRequest): Promise<string> {
  const { archive, dataSource, level, cf, director } = request;
  const { rowS } = level;
  const head = textOfLabels(labelsOf({ archive: archive.name, dataSource, rowS, cf }, director));
  const series = await readSeries(lend, request);
  const [column] = series?.columns ?? [];
  if (series === null || column === undefined) return '';
  let text = '';
  for (const [i, value] of column.entries()) {
    const timeS = series.startS + (i + 1) * rowS;
    if (timeS > archive.firstS && timeS <= archive.lastS) text += `${head} ${value} ${timeS}\n`;
  }
  return text;
}

/** The rows of a series; null if there are none. */
async function readSeries(lend: LendSource, request: SeriesRequest): Promise<Series | null> {
  const { archive, dataSource, level, cf, oldestS, newestS } = request;
  const { name } = archive;
  const endS = floorTo(Math.min(newestS, level.untilS), level.rowS);
  for (let attempt = 0; ; attempt += 1) {
    // A row of each length may expire with every cycle that is stored meanwhile.
    const startS = floorTo(Math.max(oldestS, level.sinceS), level.rowS) + attempt * level.rowS;
    if (startS >= endS) return null;
    const query = { name, cf: cf ?? 'AVERAGE', startS, endS: endS - 1, stepS: level.rowS, dataSources: [dataSource] };
    const series = await lend((source) => source.fetch(query));
    if (series.stepS === level.rowS) return series;
    if (attempt === mostAttempts) throw new OutdatedPlan(`other rows of ${name} than planned`);
  }
}
