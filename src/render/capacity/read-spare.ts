// Reads whether a service could have lost its busiest real server at its peak of the last 30 days (model/capacity/spare.ts). The peak is the step
// in which the service got most new connections, among those in which the connections of all its real servers are known.

import type { ServicePeak } from '../../model/capacity/loss.js';
import {
  type NoSpare,
  type ServerAtPeak,
  type Spare,
  spareDays,
  spareOf,
  spareText,
} from '../../model/capacity/spare.js';
import type { Retention } from '../../model/retention.js';
import type { Series, SeriesSource } from '../../model/series.js';

import { shortName } from '../define/heading.js';
import { formatLocal } from '../look/local-time.js';

/** A spare, and the end of the step of the peak. */
export interface SpareAt {
  readonly spare: Spare | NoSpare;
  readonly atS: number;
}

/** A real server: its archive, and when it existed. */
export interface SpareServer {
  readonly name: string;
  readonly firstS: number;
  readonly goneS: number | null;
}

/** A service, the real servers that count, and the time of the newest reading. */
export interface SpareOf {
  readonly service: string;
  readonly servers: readonly SpareServer[];
  readonly retention: Retention;
  readonly lastS: number;
}

/** A spare in words, with the time of the peak. */
export function spareWords({ spare, atS }: SpareAt, timeZone: string): string {
  return spareText(spare, { nameOf: shortName, atPeak: formatLocal(timeZone, atS).slice(0, 16) });
}

type RowSource = Pick<SeriesSource, 'fetch' | 'fetchMany'>;

const [hourS, dayS] = [3600, 86_400];
const dataSources = ['Conns'];

/** Windows that are read at most, the highest first. */
const mostWindows = 10;

/** The spare of a service; null if it is unknown. Throws `no-such-archive`. */
export async function readSpare(source: RowSource, of: SpareOf): Promise<SpareAt | null> {
  const peak = await readPeak(source, of);
  if (peak === null) return null;
  const spare = spareOf(peak.servers, peak.whole);
  return spare && { spare, atS: peak.atS };
}

/** The peak of a service; null if it is unknown. Throws `no-such-archive`. */
export async function readPeak(source: RowSource, of: SpareOf): Promise<ServicePeak | null> {
  if (of.servers.length === 0) return null;
  let peak: Peak | null = null;
  for (const window of await highestWindows(source, of)) {
    if (peak !== null && peak.whole >= window.highest) break;
    const found = await peakIn(source, of, window);
    if (found !== null && found.whole > (peak?.whole ?? 0)) peak = found;
  }
  if (peak === null) return null;
  const most = await mostEver(source, of, peak.servers);
  const servers = peak.servers.map((server, i): ServerAtPeak => ({ ...server, most: most[i] ?? Number.NaN }));
  return { atS: peak.endS, whole: peak.whole, servers };
}

interface Window {
  /** The greatest step within. */
  readonly highest: number;
  readonly startS: number;
  readonly endS: number;
}

/** The shortest rows of an hour or more: windows of the last days, by the greatest step within each. */
async function highestWindows(source: RowSource, { service, retention, lastS }: SpareOf): Promise<readonly Window[]> {
  const rowS = windowS(retention);
  const endS = Math.ceil(lastS / rowS) * rowS;
  const rows = await source.fetch({
    ...{ name: service, cf: 'MAX', startS: lastS - spareDays * dayS, endS: endS - 1, stepS: rowS, dataSources },
  });
  const windows = [...(rows.columns[0] ?? [])].flatMap((value, row) =>
    value > 0
      ? [{ highest: value, startS: rows.startS + row * rows.stepS, endS: rows.startS + (row + 1) * rows.stepS }]
      : [],
  );
  return windows.sort((a, b) => b.highest - a.highest).slice(0, mostWindows);
}

function windowS({ stepS, rras }: Retention): number {
  const lengths = rras.map(({ pdpPerRow }) => pdpPerRow * stepS);
  return lengths.find((rowS) => rowS >= hourS) ?? lengths.at(-1) ?? stepS;
}

/** The step with most new connections, and the real servers that were there. */
interface Peak {
  readonly endS: number;
  /** The rate of the service itself. */
  readonly whole: number;
  readonly servers: readonly Omit<ServerAtPeak, 'most'>[];
}

async function peakIn(
  source: RowSource,
  { service, servers, retention }: SpareOf,
  window: Window,
): Promise<Peak | null> {
  const present = servers.filter(
    ({ firstS, goneS }) => firstS < window.endS && (goneS ?? window.endS) >= window.startS,
  );
  if (present.length === 0) return null;
  const query = {
    cf: 'AVERAGE',
    startS: window.startS,
    endS: window.endS - 1,
    stepS: retention.stepS,
    dataSources,
  } as const;
  const [own, ...all] = await source.fetchMany({ ...query, names: [service, ...present.map(({ name }) => name)] });
  let peak: Peak | null = null;
  for (const [row, whole] of (own?.columns[0] ?? []).entries()) {
    if (own === undefined || !(whole > (peak?.whole ?? 0))) continue;
    const endS = own.startS + (row + 1) * own.stepS;
    const there = present.flatMap(({ name, firstS, goneS }, i) => {
      const isThere = firstS < endS && (goneS ?? endS) >= endS;
      return isThere ? [{ name, atPeak: all[i]?.columns[0]?.[row] ?? Number.NaN }] : [];
    });
    if (there.length > 0 && there.every(({ atPeak }) => !Number.isNaN(atPeak))) peak = { endS, whole, servers: there };
  }
  return peak;
}

/** The greatest step of each real server that is kept, NaN if none is: maxima of days, and of the windows since the last one. */
async function mostEver(
  source: RowSource,
  { retention, lastS }: SpareOf,
  servers: Peak['servers'],
): Promise<readonly number[]> {
  const names = servers.map(({ name }) => name);
  const todayS = lastS - (lastS % dayS);
  const query = { names, cf: 'MAX', dataSources } as const;
  const longest = retention.rras.at(-1) ?? { pdpPerRow: 1, rows: 0 };
  const longestS = longest.pdpPerRow * retention.stepS;
  const startS = Math.max(0, todayS - (longest.rows - 1) * longestS);
  const days = await source.fetchMany({ ...query, startS, endS: todayS - 1, stepS: longestS });
  const recent = await source.fetchMany({ ...query, startS: todayS - dayS, endS: lastS, stepS: windowS(retention) });
  return names.map((_, i) => greatestOf([days[i], recent[i]]));
}

function greatestOf(all: readonly (Series | undefined)[]): number {
  let greatest = Number.NaN;
  for (const series of all)
    for (const value of series?.columns[0] ?? []) if (!(value <= greatest) && !Number.isNaN(value)) greatest = value;
  return greatest;
}
