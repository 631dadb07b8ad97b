// A report: the numbers of the director and of the chosen archives over a span, their changes, and where the rows are coarse.

import type { ArchiveInfo } from '../model/archive.js';
import { spareDays } from '../model/capacity/spare.js';
import { ipvs } from '../model/kinds/ipvs.js';
import { isOf, kindOf } from '../model/kinds/registry.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { directorName, serviceOf } from '../model/names/name.js';
import type { Capacity } from '../model/policy/capacity.js';
import type { ServiceSurvival } from '../model/redundancy/survival.js';
import { type Retention, rowName } from '../model/retention.js';
import type { Reach } from '../model/service/outbound.js';
import { outboundStretches } from '../model/service/outbound-stretch.js';
import { monthOf, monthStartS } from '../model/time/month.js';
import { readOutlooks } from '../render/capacity/read-outlooks.js';
import { readSpare, type SpareAt } from '../render/capacity/read-spare.js';
import { type ArchiveReport, type ReportSpan, reportOf } from './archive-report.js';
import { isBreakage } from './breakage.js';
import { type ReportSource, readRows, stretchesOf } from './stretches.js';
import type { QuantityName } from './traffic.js';

/** The losses that services survive. */
export interface ReportRedundancy {
  readonly services: readonly ServiceSurvival[];
  readonly hasTopology: boolean;
  /** How many times the most it ever held a real server may get. */
  readonly allowed: number;
}

/** The common part of a report. */
export interface ReportFrame {
  /** The name of the director. */
  readonly director: string;
  readonly span: ReportSpan;
  /** End of the pictures, which show whole rows only. */
  readonly picturesEndS: number;
  /** Time of the director's newest reading. */
  readonly lastS: number;
  readonly timeZone: string;
  /** A word that must be seen, such as "demonstration". */
  readonly note: string | null;
  /** Which losses the chosen services survive as of the newest reading. */
  readonly redundancy: ReportRedundancy;
}

/** A report; `archives` are the chosen ones without the director, the busiest first. */
export interface Report extends ReportFrame {
  /** The director's numbers, from which shares are computed; null if it has none. */
  readonly all: ArchiveReport | null;
  /** Was the director itself chosen? */
  readonly hasAll: boolean;
  readonly archives: readonly ArchiveReport[];
  /** The newest events, newest first, and the number of further ones. */
  readonly events: readonly LedgerEvent[];
  readonly eventsLeftOut: number;
  /** The events that say that something broke, newest first. */
  readonly broken: readonly LedgerEvent[];
}

/** Most events that a report lists. */
const maxEvents = 200;

/** The span of a report, and the one before. */
export function reportSpan(
  { startS, endS }: { readonly startS: number; readonly endS: number },
  lastS: number,
  retention: Retention,
): ReportSpan {
  const beforeS = startS - (endS - startS);
  return {
    startS,
    endS,
    retention,
    stretches: stretchesOf({ startS, endS }, lastS, retention),
    before: stretchesOf({ startS: Math.max(0, beforeS), endS: startS }, lastS, retention),
  };
}

/** An archive to read. */
export interface ArchiveRequest {
  readonly reach: Reach;
  readonly hosts: readonly string[];
  /** The limits that the operator stated. */
  readonly capacity?: Capacity | undefined;
}

/** Reads an archive and computes its numbers; also returns its events in the span, oldest first. */
export async function readArchiveReport(
  source: ReportSource,
  { reach, hosts, capacity }: ArchiveRequest,
  span: ReportSpan,
): Promise<{ readonly report: ArchiveReport; readonly events: readonly LedgerEvent[] }> {
  const { archive } = reach;
  const { startS, endS } = span;
  const rows = await readRows(source, archive, span.stretches);
  // Before its first reading there is nothing to compare with.
  const rowsBefore = archive.firstS < startS ? await readRows(source, archive, span.before) : [];
  const months = await source.percentiles({ name: archive.name, startS, endS });
  // Set-ups are worked out backwards from now, so the ledger is read to its end. Months are whole ones.
  const ledgerSpan = {
    startS: Math.min(span.before[0]?.startS ?? startS, monthStartS(monthOf(startS))),
    endS: monthStartS(monthOf(endS) + 1),
  };
  const ledger = await source.events({ archive: serviceOf(archive.name), sinceS: ledgerSpan.startS + 1 });
  const outbounds = outboundStretches(reach, ledger, ledgerSpan);
  const isOwn = serviceOf(archive.name) === archive.name;
  const events = isOwn ? ledger.filter(({ timeS }) => timeS > startS && timeS <= endS) : [];
  const then = { ...archive, lastS: Math.min(archive.lastS, endS) };
  const outlooks = await readOutlooks(source, { archive: then, hosts, capacity });
  const spare = await spareOf(source, reach, then);
  const read = { archive, hosts, rows, rowsBefore, months, events, outbounds, outlooks, spare };
  return { report: reportOf(read, span), events };
}

/** The spare of a service of the kernel; null for any other archive, and for one that is gone. */
async function spareOf(source: ReportSource, { realServers }: Reach, archive: ArchiveInfo): Promise<SpareAt | null> {
  const { name, about, goneS, retention, lastS } = archive;
  if (kindOf(about).level !== 'top' || goneS !== null || !isOf(ipvs, about)) return null;
  return readSpare(source, { service: name, servers: realServers, retention, lastS });
}

/** Why an archive has no spare, for one that has none. */
export function whyNoSpare({ archive: { about, goneS } }: Pick<ArchiveReport, 'archive'>): string {
  if (!isOf(ipvs, about) || kindOf(about).level !== 'top') return 'only services of ipvs have one';
  if (goneS !== null) return 'the service is gone';
  return `no step of the last ${spareDays} days has new connections, with those of all real servers known`;
}

/** Builds a report, one archive after the other. */
export class ReportBuilder {
  readonly #archives: ArchiveReport[] = [];
  #all: ArchiveReport | null = null;
  #hasAll = false;
  #events: LedgerEvent[] = [];
  #eventCount = 0;
  #broken: LedgerEvent[] = [];

  /** Adds an archive; for the director as a mere reference, `isChosen` is false. */
  add({ report, events }: Awaited<ReturnType<typeof readArchiveReport>>, isChosen = true): void {
    if (report.archive.name === directorName) {
      this.#all = report;
      this.#hasAll = isChosen;
    } else this.#archives.push(report);
    if (!isChosen) return;
    this.#eventCount += events.length;
    this.#broken.push(...events.filter(isBreakage));
    this.#events.push(...events.slice(-maxEvents));
    if (this.#events.length > 4 * maxEvents) this.#events = newest(this.#events);
  }

  /** The report of the archives added. */
  finish(frame: ReportFrame): Report {
    const events = newest(this.#events);
    const byName = new Intl.Collator('en', { numeric: true });
    return {
      ...frame,
      all: this.#all,
      hasAll: this.#hasAll,
      archives: this.#archives.toSorted(
        (a, b) => b.busyness - a.busyness || byName.compare(a.archive.name, b.archive.name),
      ),
      events,
      eventsLeftOut: this.#eventCount - events.length,
      broken: this.#broken,
    };
  }
}

/** An archive's fraction of the director's sum of a quantity; NaN if unknown, and for proxies, which are not part of the sum. */
export function shareOf({ all }: Pick<Report, 'all'>, { archive, figures }: ArchiveReport, name: QuantityName): number {
  if (!isOf(ipvs, archive.about)) return Number.NaN;
  const [own, whole] = [figures[name], all?.figures[name]];
  if (own === null || whole === null || whole === undefined) return Number.NaN;
  return whole.total > 0 ? own.total / whole.total : Number.NaN;
}

/** Coarser rows in words: "day rows to 2026-05-12, 2-hour rows to …"; '' if there are none. */
export function coarseStretches({
  stretches,
  retention,
}: ReportSpan): readonly { readonly what: string; readonly toS: number }[] {
  return stretches
    .filter(({ rowS }) => rowS > retention.stepS)
    .map(({ rowS, endS }) => ({ what: `${rowName(rowS)} rows`, toS: endS }));
}

function newest(events: readonly LedgerEvent[]): LedgerEvent[] {
  return events
    .toSorted((a, b) => b.timeS - a.timeS || (a.archive < b.archive ? -1 : a.archive > b.archive ? 1 : 0))
    .slice(0, maxEvents);
}
