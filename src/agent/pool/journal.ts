// The findings of an agent about its peers: one line in the log for each change, and the newest probe of each target and the verdicts in force, for
// metrics. It decides nothing.

import { countOf } from '../../model/text/count-of.js';
import { isExpected, type Member, type PeerTarget, targetKey } from '../../peers/member.js';
import type { PeersEffect, PeerVerdict } from '../../peers/state.js';
import type { Outcome } from '../../peers/votes.js';
import type { Say } from '../log.js';
import { openOutage } from '../outage.js';
import type { ReadMembers } from '../serf/messages.js';

/** An effect that is a finding, and nothing to do. */
export type PeerFinding = Extract<PeersEffect, { type: 'named' | 'held' | 'outvoted' | 'cleared' | 'quorum' }>;

/** The newest probe of a target. */
export interface LastProbe {
  readonly target: PeerTarget;
  readonly address: string;
  readonly outcome: Outcome;
  readonly ms: number;
  readonly detail: string;
  readonly atMs: number;
}

/** The findings at a moment. */
export interface PeerFindings {
  readonly probes: readonly LastProbe[];
  readonly verdicts: readonly PeerVerdict[];
  readonly members: Readonly<Record<string, number>>;
  /** Whether this agent reaches a majority, and so may judge. */
  readonly hasQuorum: boolean;
}

/** A journal. */
export interface Journal {
  readonly effect: (finding: PeerFinding, nowMs: number) => void;
  readonly probed: (target: PeerTarget, address: string, probe: Omit<LastProbe, 'target' | 'address'>) => void;
  /** Notes the members, and what of them is not understood. */
  readonly members: (read: ReadMembers) => void;
  /** Serf is away: nothing is known about anybody. */
  readonly away: () => void;
  readonly asked: () => void;
  readonly refused: (error: unknown) => void;
  readonly findings: (nowMs: number) => PeerFindings;
}

/** A probe that is older says nothing about now, ms: in a pool of 200 an agent meets each member every eight minutes. */
const probeLifeMs = 15 * 60_000;

/** Takes a finding and the text of its line. */
export type OnFinding = (finding: PeerFinding, text: string, nowMs: number) => void;

/** A journal that writes its lines with `say`, and passes findings on. */
export function openJournal(say: Say, onFinding: OnFinding = () => {}): Journal {
  const probes = new Map<string, LastProbe>();
  const verdicts = new Map<string, PeerVerdict>();
  const sinceMs = new Map<string, number>();
  const [asking, reading] = [openOutage(say), openOutage(say)];
  let counts: Readonly<Record<string, number>> = {};
  let hasQuorum = false;

  return {
    effect(finding, nowMs) {
      if (finding.type === 'quorum') hasQuorum = finding.isHeld;
      const key =
        'target' in finding
          ? targetKey(finding.target)
          : finding.type === 'named'
            ? targetKey(finding.verdict.target)
            : '';
      if (finding.type === 'named') verdicts.set(key, finding.verdict);
      if (finding.type === 'cleared') verdicts.delete(key);
      const { level, text } = lineOf(finding, {
        detail: probes.get(key)?.detail ?? '',
        lastedMs: nowMs - (sinceMs.get(key) ?? nowMs),
      });
      if (finding.type === 'cleared') sinceMs.delete(key);
      else if (!sinceMs.has(key)) sinceMs.set(key, nowMs);
      say(text, level);
      onFinding(finding, text, nowMs);
    },
    probed(target, address, probe) {
      if (probe.outcome !== 'unknown') probes.set(targetKey(target), { target, address, ...probe });
    },
    members({ members, problems }) {
      const offered = offeredBy(members);
      for (const key of probes.keys()) if (!offered.has(key)) probes.delete(key);
      counts = countsOf(members.map(({ status }) => status));
      const [first] = problems;
      if (first === undefined) reading.worked('all members and tags are understood again');
      else reading.failed(problems.join(), `${first}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''}`);
    },
    away() {
      probes.clear();
      counts = {};
    },
    asked: () => asking.worked('Serf takes queries again'),
    refused: (error) =>
      asking.failed('refused', `Serf refuses a query: ${error instanceof Error ? error.message : String(error)}`),
    findings(nowMs) {
      for (const [key, { atMs }] of probes) if (nowMs - atMs > probeLifeMs) probes.delete(key);
      return { probes: [...probes.values()], verdicts: [...verdicts.values()], members: counts, hasQuorum };
    },
  };
}

/** The services of the members that did not leave. */
function offeredBy(members: readonly Member[]): ReadonlySet<string> {
  const expected = members.filter(isExpected);
  return new Set(
    expected.flatMap(({ name: member, services }) => services.map(({ text }) => targetKey({ member, service: text }))),
  );
}

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

interface Line {
  readonly text: string;
  readonly level: 'notice' | 'warning' | 'error';
}

function lineOf(finding: PeerFinding, { detail, lastedMs }: { detail: string; lastedMs: number }): Line {
  if (finding.type === 'named') return { text: namedText(finding.verdict, detail), level: 'error' };
  if (finding.type === 'quorum') return quorumLine(finding);
  const subject = targetKey(finding.target);
  if (finding.type === 'held')
    return { text: `${subject} does not answer: held while Serf decides about its host`, level: 'notice' };
  if (finding.type === 'outvoted')
    return { text: `${subject} is out of reach from here only: others reach it`, level: 'warning' };
  if (finding.why === 'gone') return { text: `${subject} is no longer offered`, level: 'notice' };
  if (finding.why === 'blind') return { text: `${subject} is unknown, since Serf does not answer`, level: 'notice' };
  return { text: `${subject} is back after ${Math.round(lastedMs / 1000)} s`, level: 'notice' };
}

const outcomeTexts: Readonly<Record<PeerVerdict['outcome'], string>> = {
  closed: 'is down: it refuses clients',
  wrong: 'is down: something else answers',
  silent: 'is down: it does not answer',
};

function namedText({ target, outcome, witnesses }: PeerVerdict, detail: string): string {
  const what =
    target.service === null
      ? 'is dead: Serf has lost it, and a majority of the others is there'
      : outcomeTexts[outcome];
  const said = detail === '' || target.service === null ? '' : ` (${detail})`;
  return `${targetKey(target)} ${what}${said}; seen by ${witnesses.join(', ')}`;
}

function quorumLine({ isHeld, reached, expected }: PeerFinding & { type: 'quorum' }): Line {
  const reachedText = `${reached} of ${countOf(expected, 'member')} of the Serf pool`;
  if (isHeld) return { text: `reached ${reachedText}: peers are judged`, level: 'notice' };
  return { text: `reached only ${reachedText}, which is no majority: no peer is judged`, level: 'warning' };
}
