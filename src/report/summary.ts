// The first page of a report, for a manager: how much the director carried, which services grew most, what ran out or will, and what broke.

import type { LedgerEvent } from '../model/ledger-event.js';
import type { CapacityOutlook } from '../render/capacity/read-outlooks.js';
import type { ArchiveReport } from './archive-report.js';
import type { Report } from './report.js';

/** A service that grew, by the larger of both directions' gains in bytes per second. */
export interface Grown {
  readonly report: ArchiveReport;
  /** The gain of the averages over the span before, bytes per second; NaN if unknown. */
  readonly gain: Readonly<Record<'in' | 'out', number>>;
}

/** An outlook of an archive. */
export interface ArchiveOutlook {
  readonly report: ArchiveReport;
  readonly outlook: CapacityOutlook;
}

/** The content of the summary. */
export interface Summary {
  readonly grown: readonly Grown[];
  /** Stated limits: those that were reached first, then the earliest. */
  readonly limits: readonly ArchiveOutlook[];
  /** Limits that are not reached within two years. */
  readonly notSoon: number;
  /** Services that could not have lost their busiest real server, the worst first. */
  readonly spareless: readonly ArchiveReport[];
  /** Failures, newest first, and the number of further events. */
  readonly broken: readonly LedgerEvent[];
  readonly brokenMore: number;
}

const mostGrown = 5;
const mostLimits = 8;
const mostBroken = 10;
const mostSpareless = 5;

/** Of the most that any of the others ever held; pairs of equal real servers are at 2. */
const sparePart = 2;

/** The summary of a report. */
export function summaryOf(report: Report): Summary {
  const { all, hasAll, archives } = report;
  const grown = archives
    .map((one): Grown => ({ report: one, gain: { in: gainOf(one, 'in'), out: gainOf(one, 'out') } }))
    .filter(({ gain }) => greatestGain(gain) > 0)
    .toSorted((a, b) => greatestGain(b.gain) - greatestGain(a.gain));
  const limits = [...(all !== null && hasAll ? [all] : []), ...archives]
    .flatMap((one) => one.outlooks.map((outlook) => ({ report: one, outlook })))
    .filter(({ outlook }) => outlook.limit !== null)
    .toSorted((a, b) => urgencyOf(a.outlook) - urgencyOf(b.outlook));
  const soon = limits.filter(({ outlook: { outlook } }) => outlook?.kind !== 'not-soon');
  const broken = report.broken.toSorted((a, b) => b.timeS - a.timeS);
  return {
    grown: grown.slice(0, mostGrown),
    limits: soon.slice(0, mostLimits),
    notSoon: limits.length - soon.length,
    spareless: archives
      .filter(({ spare }) => spare?.spare.kind === 'shared' && spare.spare.part > sparePart)
      .toSorted((a, b) => partOf(b) - partOf(a))
      .slice(0, mostSpareless),
    broken: broken.slice(0, mostBroken),
    brokenMore: Math.max(0, broken.length - mostBroken),
  };
}

function partOf({ spare }: ArchiveReport): number {
  return spare?.spare.kind === 'shared' ? spare.spare.part : 0;
}

/** The gain of an average: average − average / (1 + growth). */
function gainOf({ figures, growth }: ArchiveReport, name: 'in' | 'out'): number {
  const average = figures[name]?.average ?? Number.NaN;
  return average - average / (1 + growth[name]);
}

function greatestGain(gain: Grown['gain']): number {
  return Math.max(0, ...[gain.in, gain.out].filter((one) => !Number.isNaN(one)));
}

const later: Readonly<Record<NonNullable<CapacityOutlook['outlook']>['kind'], number>> = {
  reached: 0,
  reaches: 1,
  'may-reach': 2,
  'too-little': 3,
  'not-soon': 4,
};

/** Smaller is more urgent. */
function urgencyOf({ outlook }: CapacityOutlook): number {
  if (outlook === null) return Number.POSITIVE_INFINITY;
  return later[outlook.kind] * 1e11 + timeOf(outlook);
}

/** When a limit was or will be reached; 0 if that is unknown. */
function timeOf(outlook: NonNullable<CapacityOutlook['outlook']>): number {
  if (outlook.kind === 'reached') return outlook.atS;
  return outlook.kind === 'reaches' || outlook.kind === 'may-reach' ? outlook.fromS : 0;
}
