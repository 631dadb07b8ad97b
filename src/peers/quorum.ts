// Judging needs a majority: an agent that reaches at most half of the members that did not leave judges nobody. What Serf believes is too slow for
// that at the beginning of a partition, when the smaller side has lost but few of the others. So, before a silent target is named, all members are
// polled: more than half of them must acknowledge, in a poll that began after the evidence was complete.

import { isExpected } from './member.js';
import { partOf } from './ring.js';
import type { Poll, Watch } from './state.js';
import { change, type Turn } from './turn.js';
import { name } from './verdict.js';

/** Whether Serf says that a majority is alive. */
export function isMajorityAlive({ members }: Turn): boolean {
  const expected = [...members.values()].filter(isExpected);
  return expected.filter(({ status }) => status === 'alive').length * 2 > expected.length;
}

/** Whether the agent may judge. */
export function mayJudge(turn: Turn): boolean {
  return turn.hasQuorum && isMajorityAlive(turn);
}

/** Rest after a poll that reached a majority and did not settle everything, ms. */
const restMs = 3000;

/**
 * Rests after polls that reached no majority, ms; they double up to the longest. Each member passes every poll on, and has room for some ten a second:
 * a hundred agents that start at once and poll every five seconds would keep each other from ever reaching anybody.
 */
const [firstRestMs, longestRestMs] = [3000, 60_000];

/** Half of a rest to one and a half, different for each agent and each time. */
function restAfter(failedPolls: number, self: string): number {
  const wholeMs = Math.min(longestRestMs, firstRestMs * 2 ** (failedPolls - 1));
  return wholeMs * (0.5 + partOf(`${self}/${failedPolls}`));
}

/** Begins a poll if it is needed and none is under way. */
export function pollIfNeeded(turn: Turn): void {
  if (turn.poll !== null || turn.nowMs < turn.nextPollMs || !isMajorityAlive(turn)) return;
  const isWaiting = [...turn.watches.values()].some(({ stage }) => stage === 'polling');
  if (!isWaiting && turn.hasQuorum) return;
  turn.lastId += 1;
  const expected = [...turn.members.values()].filter(isExpected).length;
  turn.poll = { id: turn.lastId, beginMs: turn.nowMs, expected, newest: null };
  turn.effects.push({ type: 'poll', poll: turn.lastId });
}

/** Counts an acknowledgement; when all have come, those of members that Serf has lost included, the poll is over. */
export function acknowledge(turn: Turn, poll: number, from: string): void {
  if (turn.poll?.id !== poll || !turn.members.has(from)) return;
  const { newest, expected } = turn.poll;
  const count = 1 + (newest?.count ?? 0);
  turn.poll = { ...turn.poll, newest: { from, count, before: newest } };
  // The agent itself counts without an acknowledgement.
  if (count + 1 < expected) return;
  const reached = reachedBy(turn, turn.poll);
  if ([...turn.members.values()].filter(isExpected).every((member) => reached.has(member.name))) endPoll(turn);
}

/** The members that have acknowledged, and the agent itself. */
function reachedBy({ policy }: Turn, { newest }: Poll): ReadonlySet<string> {
  const reached = new Set([policy.self]);
  for (let one = newest; one !== null; one = one.before) reached.add(one.from);
  return reached;
}

/** Ends a poll, and names what waited for it if a majority was reached. */
export function endPoll(turn: Turn): void {
  const poll = turn.poll;
  if (poll === null) return;
  turn.poll = null;
  const acknowledged = reachedBy(turn, poll);
  const expected = [...turn.members.values()].filter(isExpected);
  const reached = expected.filter((member) => acknowledged.has(member.name)).length;
  setQuorum(turn, reached * 2 > expected.length, { reached, expected: expected.length });
  if (!mayJudge(turn)) {
    turn.failedPolls += 1;
    turn.nextPollMs = turn.nowMs + restAfter(turn.failedPolls, turn.policy.self);
    suspend(turn);
    return;
  }
  turn.failedPolls = 0;
  for (const watch of turn.watches.values()) {
    if (watch.stage === 'polling' && watch.readyMs <= poll.beginMs) decide(turn, watch, acknowledged);
  }
}

/** A host that acknowledges is alive, whatever Serf believes. */
function decide(turn: Turn, watch: Watch, reached: ReadonlySet<string>): void {
  const isHost = watch.target.service === null;
  if (isHost && reached.has(watch.target.member)) turn.nextPollMs = turn.nowMs + restMs;
  else name(turn, watch);
}

/** Without a majority, whatever was on its way to a verdict begins anew: the evidence may be the partition's. */
export function suspend(turn: Turn): void {
  for (const watch of turn.watches.values()) {
    if (watch.target.service === null || watch.stage === 'named') continue;
    change(turn, watch, { stage: 'suspected', ask: null, holdUntilMs: null });
  }
}

/** Notes whether a majority is reached, and reports a change. */
export function setQuorum(
  turn: Turn,
  isHeld: boolean,
  { reached, expected }: { reached: number; expected: number },
): void {
  if (turn.hasQuorum !== isHeld) turn.effects.push({ type: 'quorum', isHeld, reached, expected });
  turn.hasQuorum = isHeld;
}
