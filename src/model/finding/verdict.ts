// The verdict on a director: all of its findings, worst first, and how bad they are together.

import { type Finding, type Severity, severities, worstFirst } from './finding.js';

/** How bad it is; `unknown` if nothing was ever read. */
export type Grade = 'ok' | 'warning' | 'critical' | 'unknown';

/** The verdict. */
export interface Verdict {
  readonly grade: Grade;
  readonly findings: readonly Finding[];
  /** How many findings there are of each severity. */
  readonly counts: Readonly<Record<Severity, number>>;
}

/** The verdict on findings of a director that was read, or not yet. */
export function verdictOf(findings: readonly Finding[], isRead: boolean): Verdict {
  const counted = severities.map((severity) => [severity, findings.filter((own) => own.severity === severity).length]);
  const counts = Object.fromEntries(counted) as Verdict['counts'];
  const found = counts.critical > 0 ? 'critical' : counts.warning > 0 ? 'warning' : 'ok';
  return { grade: found === 'ok' && !isRead ? 'unknown' : found, findings: worstFirst(findings), counts };
}

/** The exit code of commands that judge. */
export const exitCodes: Readonly<Record<Grade, number>> = { ok: 0, warning: 1, critical: 2, unknown: 3 };
