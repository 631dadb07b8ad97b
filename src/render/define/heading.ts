// The words around a plot: its subject, what it shows, and the age of its data.

import { identify } from '../../model/names/parse-name.js';
import type { Series } from '../../model/series.js';
import { twoDigits } from '../../model/text/two-digits.js';
import { type DepictionRegistry, depicted, depictionOf } from '../kinds/registry.js';
import { formatLocal, wallTime, zoneName } from '../look/local-time.js';
import { neverKeptRemark } from '../series/never-kept.js';
import type { Span, Subject } from './graph-request.js';
import type { Heading } from './picture.js';

/** The heading of a picture of `subject`, such as `192.0.2.1:80  TCP  www.example.com`. */
export function headingOf(subject: Subject, shows: string, of: DepictionRegistry = depicted): Heading {
  return { ...namesOf(subject.name, of), hosts: subject.hostNames, shows };
}

/** "Traffic, bit/s · 24 h". */
export function formatShows(kind: { readonly title: string; readonly unit: string }, span: Span): string {
  return `${kind.title}, ${kind.unit} · ${span.label}`;
}

/** A service in a legend: its endpoint, with its protocol or family unless that is TCP or IPv4; for a real server, its endpoint. */
export function shortName(name: string, of: DepictionRegistry = depicted): string {
  const own = identify(name, of.kinds);
  const isShort = own !== null && depictionOf(own.kind, of).isShortInLegends === true;
  return isShort ? own.kind.ownName(own.parts) : longName(name, of);
}

/** The same if services are mixed: "10.0.0.5:8080 of 192.0.2.1:80". */
export function longName(name: string, of: DepictionRegistry = depicted): string {
  const { endpoint, protocol } = namesOf(name, of);
  return ['TCP', 'IPv4', ''].includes(protocol) ? endpoint : `${endpoint} ${protocol}`;
}

/** The content of the footer: time of the newest known row, its RRA, and how gauges are read. */
export interface FooterContent {
  readonly timeS: number | null;
  /** None of the shown quantities was ever kept. */
  readonly isNeverKept?: boolean;
  readonly series: Pick<Series, 'cf' | 'stepS' | 'pdpS' | 'lastS'>;
  readonly timeZone: string;
  readonly sampled: boolean;
  /** The sampled quantity, unless it is connections. */
  readonly sampledOf?: string | undefined;
  readonly tile: boolean;
}

/** "data to 2026-11-21 14:35 JST · AVERAGE of 5 min rows"; for a tile "data to 14:35 JST" with its date. */
export function formatFooter({
  timeS,
  isNeverKept,
  series,
  timeZone,
  sampled,
  sampledOf,
  tile,
}: FooterContent): string {
  if (isNeverKept === true) return neverKeptRemark;
  if (timeS === null) return tile ? 'no data' : `no data · ${series.cf} of ${formatStep(series.stepS)} rows`;
  if (tile) {
    const { month, day, hour, minute } = wallTime(timeZone, timeS);
    return `to ${twoDigits(month)}-${twoDigits(day)} ${twoDigits(hour)}:${twoDigits(minute)} ${zoneName(timeZone, timeS)}`;
  }
  const rows = `data to ${formatLocal(timeZone, timeS)} · ${series.cf} of ${formatStep(series.stepS)} rows`;
  return sampled ? `${rows} · ${sampledOf ?? 'connections'} sampled every ${formatStep(series.pdpS)}` : rows;
}

/** The hatch text for the time before `firstS`. */
export function formatBefore(firstS: number, timeZone: string): string {
  return Number.isFinite(firstS) ? `nothing was read before ${formatLocal(timeZone, firstS)}` : 'unknown';
}

/** An empty plot: its rows, its span, and what it would show. */
interface NoData {
  readonly series: Pick<Series, 'lastS' | 'stepS' | 'pdpS'>;
  readonly span: Span;
  readonly timeZone: string;
  readonly subject: Pick<Subject, 'goneS'>;
}

/** The sentence in a plot without data; in a tile it breaks after its first colon that a space follows. */
export function formatNoData({ series, span, timeZone, subject: { goneS } }: NoData): string {
  if (goneS !== undefined && goneS !== null) {
    return `Gone since ${formatLocal(timeZone, goneS)}: no data in these ${span.label}.`;
  }
  if (!(series.lastS > 0)) return 'No data yet: nothing has been read.';
  const newest = formatLocal(timeZone, series.lastS);
  // A span ends with a whole row; the newest reading may be a little later.
  if (series.lastS > span.startS && series.lastS < span.endS + series.stepS) {
    const begins = series.stepS > series.pdpS ? `its first row of ${formatStep(series.stepS)}` : 'the next';
    return `Too few readings yet; the graph begins with ${begins}: the newest is from ${newest}.`;
  }
  return `No data in these ${span.label}: the newest reading is from ${newest}.`;
}

/** Length of a row in words: "5 min", "2 h", "1 day". */
export function formatStep(rowS: number): string {
  if (rowS % 86_400 === 0) return `${rowS / 86_400} day`;
  if (rowS % 3600 === 0) return `${rowS / 3600} h`;
  return rowS % 60 === 0 ? `${rowS / 60} min` : `${rowS} s`;
}

function namesOf(name: string, of: DepictionRegistry): Pick<Heading, 'endpoint' | 'protocol'> {
  const own = identify(name, of.kinds);
  return own === null ? { endpoint: name, protocol: '' } : depictionOf(own.kind, of).namesOf(own.parts);
}
