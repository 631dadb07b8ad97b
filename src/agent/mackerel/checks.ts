// The checks of an agent in Mackerel: one for each target that it has named, until Mackerel has its end. Mackerel keeps what it got, so only changes
// are due, and verdicts in force once a minute. A target whose verdict ended because this agent lost sight of it is UNKNOWN, until a probe answers or
// nobody offers it any more.

import type { PeerTarget } from '../../peers/member.js';
import { targetKey } from '../../peers/member.js';
import type { LastProbe, PeerFinding } from '../pool/journal.js';

/** The status of a check, of those that Mackerel has. */
export type CheckStatus = 'OK' | 'CRITICAL' | 'UNKNOWN';

/** A check, which never changes: another status is another one. */
export interface Check {
  readonly target: PeerTarget;
  readonly status: CheckStatus;
  readonly message: string;
  /** When the status began, ms. */
  readonly sinceMs: number;
  /** When Mackerel took it, ms; null before. */
  readonly sentMs: number | null;
}

/** The checks of an agent. */
export interface Checks {
  /** Takes a finding with its text. */
  readonly note: (finding: PeerFinding, text: string, nowMs: number) => void;
  /** Takes a target that Mackerel has as not OK, from an earlier life of this agent. */
  readonly recall: (target: PeerTarget, status: CheckStatus, nowMs: number) => void;
  /** Ends unknown checks by what is known at the moment; `isOffered` is null if that is unknown. */
  readonly settle: (
    probes: readonly LastProbe[],
    isOffered: (target: PeerTarget) => boolean | null,
    nowMs: number,
  ) => void;
  /** The checks that Mackerel has to get. */
  readonly due: (nowMs: number) => readonly Check[];
  /** Notes that Mackerel took them. */
  readonly sent: (checks: readonly Check[], nowMs: number) => void;
  /** Makes all verdicts in force unknown: the agent ends. */
  readonly end: (nowMs: number) => void;
  /** Verdicts that did not fit so far. */
  readonly left: () => number;
}

/** Most checks that are kept: ten requests. */
export const mostChecks = 1000;

/** Time after which a verdict in force is reported again, ms. */
const repeatMs = 60_000;

/** An empty set of checks. */
export function openChecks(): Checks {
  const checks = new Map<string, Check>();
  let left = 0;

  const put = (target: PeerTarget, status: CheckStatus, message: string, sinceMs: number): void => {
    const key = targetKey(target);
    if (checks.has(key) || checks.size < mostChecks)
      checks.set(key, { target, status, message, sinceMs, sentMs: null });
    else left += 1;
  };

  return {
    note(finding, text, nowMs) {
      if (finding.type === 'named') put(finding.verdict.target, 'CRITICAL', text, nowMs);
      if (finding.type !== 'cleared' || !checks.has(targetKey(finding.target))) return;
      put(finding.target, finding.why === 'blind' ? 'UNKNOWN' : 'OK', text, nowMs);
    },
    recall(target, status, nowMs) {
      const key = targetKey(target);
      if (checks.has(key) || checks.size >= mostChecks) return;
      const message = `${key} was named before this agent started`;
      // As a verdict it is nobody's any more, and Mackerel has it.
      checks.set(key, {
        target,
        status: 'UNKNOWN',
        message,
        sinceMs: nowMs,
        sentMs: status === 'UNKNOWN' ? nowMs : null,
      });
    },
    settle(probes, isOffered, nowMs) {
      for (const { target, status, sinceMs } of checks.values()) {
        if (status !== 'UNKNOWN') continue;
        const answers = probes.some(
          (probe) =>
            probe.outcome === 'alive' &&
            probe.atMs >= sinceMs &&
            probe.target.member === target.member &&
            (target.service === null || probe.target.service === target.service),
        );
        const key = targetKey(target);
        if (answers) put(target, 'OK', `${key} answers again`, nowMs);
        else if (isOffered(target) === false) put(target, 'OK', `${key} is no longer offered`, nowMs);
      }
    },
    due: (nowMs) =>
      [...checks.values()].filter(
        ({ status, sentMs }) => sentMs === null || (status === 'CRITICAL' && nowMs - sentMs >= repeatMs),
      ),
    sent(taken, nowMs) {
      for (const check of taken) {
        const key = targetKey(check.target);
        // It may have changed while it was on its way.
        if (checks.get(key) !== check) continue;
        if (check.status === 'OK') checks.delete(key);
        else checks.set(key, { ...check, sentMs: nowMs });
      }
    },
    end(nowMs) {
      for (const { target, status } of [...checks.values()])
        if (status === 'CRITICAL') put(target, 'UNKNOWN', `${targetKey(target)} was down when this agent ended`, nowMs);
    },
    left: () => left,
  };
}
