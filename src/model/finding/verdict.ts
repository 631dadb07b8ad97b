// The verdict on a director: all of its findings, worst first, and how bad they are together. Silenced ones are listed apart and do not count.

import type { PolicyState } from '../policy/policy.js';
import { type Silence, silenceOf } from '../policy/silence.js';
import { type Finding, type KnownFinding, openFindings, type Severity, severities, worstFirst } from './finding.js';
import { type FirstSeen, type Moment, momentFindings } from './moment.js';
import type { SilencedFinding } from './silenced.js';

/** How bad it is; `unknown` if nothing was ever read. */
export type Grade = 'ok' | 'warning' | 'critical' | 'unknown';

/** The verdict. */
export interface Verdict {
  readonly grade: Grade;
  readonly findings: readonly Finding[];
  /** Worst first. */
  readonly silenced: readonly SilencedFinding[];
  /** How many findings there are of each severity, without the silenced ones. */
  readonly counts: Readonly<Record<Severity, number>>;
}

/** The circumstances of a verdict. */
export interface VerdictGround {
  readonly nowS: number;
  /** Whether the director was ever read. */
  readonly isRead: boolean;
  readonly silences: readonly Silence[];
}

/** The verdict on findings. */
export function verdictOf(all: readonly Finding[], { nowS, isRead, silences }: VerdictGround): Verdict {
  const judged = worstFirst(all).map((finding) => ({ finding, silence: silenceOf(finding, silences, nowS) }));
  const findings = judged.flatMap(({ finding, silence }) => (silence === null ? [finding] : []));
  const silenced = judged.flatMap(({ finding, silence }) => (silence === null ? [] : [{ finding, silence }]));
  const counted = severities.map((severity) => [severity, findings.filter((own) => own.severity === severity).length]);
  const counts = Object.fromEntries(counted) as Verdict['counts'];
  const found = counts.critical > 0 ? 'critical' : counts.warning > 0 ? 'warning' : 'ok';
  return { grade: found === 'ok' && !isRead ? 'unknown' : found, findings, silenced, counts };
}

/** The facts of a moment, from which a verdict follows. */
export interface KnownNow {
  readonly moment: Moment;
  /** The findings of the newest cycle. */
  readonly findings: Iterable<KnownFinding> | undefined;
  /** The silences beside those of the policy. */
  readonly silences: readonly Silence[];
  readonly policy: PolicyState;
  /** The memory of a process that stays. */
  readonly firstSeen?: FirstSeen;
}

/** The verdict at a moment. */
export function verdictNow({ moment, findings, silences, policy, firstSeen }: KnownNow): Verdict {
  const { nowS, lastS } = moment;
  const all = [...momentFindings(moment, policy, firstSeen), ...openFindings(findings)];
  return verdictOf(all, { nowS, isRead: lastS !== null, silences: [...policy.policy.silences, ...silences] });
}

/** The exit code of commands that judge. */
export const exitCodes: Readonly<Record<Grade, number>> = { ok: 0, warning: 1, critical: 2, unknown: 3 };
