// The rows of a data folder and those of an engine, and their differences.

import { randomUUID } from 'node:crypto';
import { describeEvent } from '../../../src/engine/series/event-series.js';
import { metricNames } from '../../../src/engine/series/metric-names.js';
import { type ArchiveInfo, cfs } from '../../../src/model/archive.js';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import { reachOf } from '../../../src/model/retention.js';
import type { ArchiveReader } from '../../../src/store/archives.js';
import { withArchives } from '../../../src/store/open.js';
import { until } from '../../until.js';

/** Known rows by series, `ARCHIVE METRIC LENGTH CF`: values by time. */
export type Rows = ReadonlyMap<string, ReadonlyMap<number, number>>;

const labels: Readonly<Record<number, string>> = { 300: '5m', 1800: '30m', 7200: '2h', 86400: '1d' };

/** The known rows of a data folder: the finest as far as they are kept, and longer ones for the time before; and its events, each as a row of 1. */
export async function keptRows(dataDir: string): Promise<Rows> {
  const rows = new Map<string, ReadonlyMap<number, number>>();
  const read = async (archives: ArchiveReader): Promise<void> => {
    const all = await archives.list();
    const newestS = Math.max(...all.map(({ lastS }) => lastS));
    for (const info of all) {
      for (const part of await rowsOf(info, { newestS, fetch: (query) => archives.fetch(query) })) rows.set(...part);
    }
    const stepS = all[0]?.retention.stepS ?? 0;
    for (const [key, events] of eventRows(await archives.events({ untilS: newestS - (newestS % stepS) })))
      rows.set(key, events);
  };
  await withArchives(dataDir, read, () => {});
  return rows;
}

function eventRows(events: readonly LedgerEvent[]): Rows {
  const rows = new Map<string, Map<number, number>>();
  for (const event of events) {
    const key = keyOf(Object.fromEntries(describeEvent(event, '').labels));
    rows.set(key, (rows.get(key) ?? new Map<number, number>()).set(event.timeS, 1));
  }
  return rows;
}

interface Reading {
  readonly newestS: number;
  readonly fetch: ArchiveReader['fetch'];
}

async function rowsOf({ name, retention }: ArchiveInfo, { newestS, fetch }: Reading) {
  const rows: [string, ReadonlyMap<number, number>][] = [];
  const [finest] = retention.rras;
  const finestS = finest === undefined ? 0 : reachOf(retention, finest);
  for (const rra of retention.rras) {
    const rowS = rra.pdpPerRow * retention.stepS;
    const reachS = reachOf(retention, rra);
    // At the border of the finest rows, either may have been sent.
    const endS = rra === finest ? newestS : newestS - finestS - rowS;
    const startS = newestS - (newestS % rowS) - reachS + 2 * rowS;
    for (const cf of rra === finest ? (['AVERAGE'] as const) : cfs) {
      const series = await fetch({ name, cf, startS, endS, stepS: rowS });
      if (series.stepS !== rowS) throw new Error(`rows of ${series.stepS} s instead of ${rowS} s`);
      for (const [column, dataSource] of series.dataSources.entries()) {
        const values = [...(series.columns[column] ?? [])].map(
          (value, i) => [series.startS + (i + 1) * rowS, value] as const,
        );
        const key = `${name} lvs_row_${metricNames[dataSource]} ${labels[rowS]} ${rra === finest ? '' : cf}`;
        rows.push([key, new Map(values.filter(([timeS, value]) => !Number.isNaN(value) && timeS <= endS))]);
      }
    }
  }
  return rows;
}

/** How many rows there are. */
export function countOf(rows: Rows): number {
  return [...rows.values()].reduce((sum, { size }) => sum + size, 0);
}

interface Matrix {
  readonly status: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

/** The known rows of an engine up to a time. Throws if it has a row twice. */
export async function engineRows(base: string, director: string, timeS: number): Promise<Rows> {
  // VictoriaMetrics shows what it took after some seconds, and new series only to a new question.
  await fetch(`${base}/internal/force_flush`);
  const query = `{__name__=~"lvs_(row_.+|event)",director="${director}",asked!="${randomUUID()}"}[900d]`;
  const body = new URLSearchParams({ query, time: String(timeS), nocache: '1' });
  const response = await fetch(`${base}/api/v1/query`, { method: 'POST', body });
  const { status, data } = (await response.json()) as Matrix;
  if (status !== 'success') throw new Error(`the query ended with ${response.status}`);
  const rows = new Map<string, ReadonlyMap<number, number>>();
  for (const { metric, values } of data.result) {
    const known = values.filter(([, value]) => value !== 'NaN');
    const key = keyOf(metric);
    const own = new Map(known.map(([atS, value]) => [atS, Number(value)]));
    if (own.size < known.length) throw new Error(`${known.length - own.size} rows of ${key} twice`);
    rows.set(key, own);
  }
  return rows;
}

/** The known rows that VictoriaMetrics has stored, which a query could show as one. Throws if it has a row twice. */
export async function exportedRows(base: string, director: string): Promise<Rows> {
  await fetch(`${base}/internal/force_flush`);
  const matcher = `{__name__=~"lvs_(row_.+|event)",director="${director}",asked!="${randomUUID()}"}`;
  // Only with reduce_mem_usage are samples of one time never joined.
  const body = new URLSearchParams({ 'match[]': matcher, reduce_mem_usage: '1' });
  const response = await fetch(`${base}/api/v1/export`, { method: 'POST', body });
  if (response.status !== 200) throw new Error(`the export ended with ${response.status}`);
  const rows = new Map<string, Map<number, number>>();
  // An unknown row is null, but NaN at the beginning of a block.
  const text = (await response.text()).replaceAll('"values":[NaN', '"values":[null');
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const { metric, values, timestamps } = JSON.parse(line) as ExportedBlock;
    const key = keyOf(metric);
    const own = rows.get(key) ?? new Map<number, number>();
    rows.set(key, own);
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const atS = (timestamps[i] ?? Number.NaN) / 1000;
      if (own.has(atS)) throw new Error(`${key} at ${atS} is stored twice`);
      own.set(atS, value);
    }
  }
  return rows;
}

/** A part of a series; null is an unknown row. */
interface ExportedBlock {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
  readonly timestamps: readonly number[];
}

function keyOf(metric: Readonly<Record<string, string>>): string {
  const { archive, __name__: name, row, cf = '', event, from = '', real_server: realServer = '' } = metric;
  return event === undefined ? `${archive} ${name} ${row} ${cf}` : `${archive} ${name} ${event} ${realServer} ${from}`;
}

const missing = ' is missing';

/** How an engine's rows differ from those of a folder: its first differences. Values may differ by a ratio. */
export function differences(kept: Rows, found: Rows, mostRatio: number): readonly string[] {
  const texts: string[] = [];
  for (const [key, rows] of kept) {
    const own = found.get(key) ?? new Map<number, number>();
    for (const [timeS, value] of rows) {
      const other = own.get(timeS);
      if (other === undefined) texts.push(`${key} at ${timeS}${missing}`);
      else if (Math.abs(other - value) > mostRatio * Math.abs(value))
        texts.push(`${key} at ${timeS}: ${other} for ${value}`);
    }
    const [firstS, lastS] = [Math.min(...rows.keys()), Math.max(...rows.keys())];
    for (const timeS of own.keys()) {
      if (timeS >= firstS && timeS <= lastS && !rows.has(timeS)) texts.push(`${key} at ${timeS} is unknown`);
    }
  }
  return texts.length > 20 ? [`${texts.length} differences`, ...texts.slice(0, 20)] : texts;
}

/**
 * How an engine's rows differ from those of a folder, once it shows all of them. VictoriaMetrics does not show rows that it is just converting, not
 * even after a flush. Throws what reading throws.
 */
export async function shownDifferences(
  kept: Rows,
  read: () => Promise<Rows>,
  mostRatio: number,
): Promise<readonly string[]> {
  let texts: readonly string[] = [];
  let failed: unknown = null;
  await until('the engine shows every row', async () => {
    try {
      texts = differences(kept, await read(), mostRatio);
    } catch (error) {
      failed = error;
    }
    return failed !== null || !texts.some((text) => text.endsWith(missing));
  }).catch(() => {});
  if (failed !== null) throw failed;
  return texts;
}
