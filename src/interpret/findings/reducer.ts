// A reducer concludes the findings of one kind, cycle by cycle: from those known, an observation and the thresholds come those known next. Each
// kind only says what it sees in one observation (its signs); opening and closing after some cycles is the same for all.

import type { Finding, FindingKind, KnownFinding, Severity } from '../../model/finding/finding.js';
import type { Thresholds } from '../../model/finding/thresholds.js';
import type { Observation } from './observation.js';

/** The fault of one subject in one observation. */
export interface Sign extends Pick<Finding, 'archives' | 'numbers'> {
  /** Other than that of the kind. */
  readonly severity?: Severity;
  /** When it began, if that was before the observation. */
  readonly sinceS?: number;
  /** Observations until it opens, other than for the kind. */
  readonly openCycles?: number;
}

/** The signs of one observation. */
export interface Signs {
  /** By subject. */
  readonly found: ReadonlyMap<string, Sign>;
  /** Whether the observation cannot tell about a subject: what is known of it stays as it is. */
  readonly isUnknown?: (subject: string) => boolean;
}

/** The findings of one kind between cycles, by subject. */
export type KnownOfKind = ReadonlyMap<string, KnownFinding>;

/** The reducer of a kind, from observations `O`. */
export interface Reducer<O = Observation> {
  readonly kind: FindingKind;
  readonly step: (known: KnownOfKind, observation: O, thresholds: Thresholds) => KnownOfKind;
}

/** The definition of a kind. */
export interface KindOfFinding<O = Observation> {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** Observations until it opens and closes; those of the thresholds by default. */
  readonly openCycles?: number;
  readonly closeCycles?: number;
  /** `known` are the findings of this kind before the observation. */
  readonly signs: (observation: O, thresholds: Thresholds, known: KnownOfKind) => Signs;
}

/** The part of a threshold that keeps an open finding open: a value that swings around its threshold is one finding, not many. */
const stayPart = 0.75;

/** The lowest threshold that a subject may have. */
export function leastThreshold(threshold: number): number {
  return stayPart * threshold;
}

/** The threshold for a subject: lower while its finding is open. */
export function thresholdFor(known: KnownOfKind, subject: string, threshold: number): number {
  return (known.get(subject)?.openS ?? null) === null ? threshold : stayPart * threshold;
}

/** Makes the reducer of a kind. */
export function reducer<O extends { readonly timeS: number } = Observation>({
  kind,
  severity,
  openCycles,
  closeCycles,
  signs: signsOf,
}: KindOfFinding<O>): Reducer<O> {
  return {
    kind,
    step: (known, observation, thresholds) => {
      const { found, isUnknown = () => false } = signsOf(observation, thresholds, known);
      const next = new Map<string, KnownFinding>();
      for (const [subject, own] of known) {
        if (found.has(subject)) continue;
        const left = isUnknown(subject) ? own : withoutSign(own, closeCycles ?? thresholds.closeCycles);
        if (left !== null) next.set(subject, left);
      }
      for (const [subject, sign] of found) {
        const own = withSign(known.get(subject), { kind, subject, severity, sign, timeS: observation.timeS });
        const least = sign.openCycles ?? openCycles ?? thresholds.openCycles;
        next.set(subject, opened(own, observation.timeS, least));
      }
      return next;
    },
  };
}

/** A pending finding is dropped at the first observation without its sign; an open one closes after some. */
function withoutSign(own: KnownFinding, closeCycles: number): KnownFinding | null {
  if (own.openS === null) return null;
  const count = own.count + 1;
  return count < closeCycles ? { ...own, count } : null;
}

interface Seen extends Pick<Finding, 'kind' | 'subject' | 'severity'> {
  readonly sign: Sign;
  readonly timeS: number;
}

function withSign(before: KnownFinding | undefined, { kind, subject, severity, sign, timeS }: Seen): KnownFinding {
  const { archives, numbers } = sign;
  const shown = { kind, subject, severity: sign.severity ?? severity, archives, numbers };
  if (before === undefined) return { ...shown, sinceS: sign.sinceS ?? timeS, openS: null, count: 1 };
  const { sinceS, openS, count } = before;
  return { ...shown, sinceS, openS, count: openS === null ? count + 1 : 0 };
}

function opened(own: KnownFinding, timeS: number, openCycles: number): KnownFinding {
  return own.openS === null && own.count >= openCycles ? { ...own, openS: timeS, count: 0 } : own;
}
