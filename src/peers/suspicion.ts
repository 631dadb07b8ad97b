// From an observation to a verdict. A target that is observed as bad is suspected; three other members are asked about it at once. If they confirm
// that it refuses connections, or that something else answers, it is named. If they confirm that it is silent, the verdict is held while Serf
// decides about its host, and then asked about again; if Serf has lost the host, the host is named instead. An observation that it is alive ends all of it.

import { type Member, type PeerTarget, targetKey } from './member.js';
import { mayJudge } from './quorum.js';
import { byHash, canObserve } from './ring.js';
import type { Ask, Watch } from './state.js';
import { change, endWatch, openWatch, type Turn } from './turn.js';
import { name } from './verdict.js';
import { isBad, type Outcome, showsHost, weigh } from './votes.js';

/** Waits before a question is repeated, ms: after no confirmation; after a majority disagreed. They double, up to the longest. */
const [firstRetryMs, firstOutvotedMs, longestRetryMs] = [1000, 5000, 30_000];

/** Takes an observation of the agent's own probe. Only `isNew` ones open a suspicion; others, made for others, change one that is there. */
export function observe(
  turn: Turn,
  target: PeerTarget,
  { outcome, isNew }: { outcome: Outcome; isNew: boolean },
): void {
  if (showsHost(outcome)) endHost(turn, target.member);
  const before = turn.watches.get(targetKey(target));
  if (outcome === 'alive' && before !== undefined) endWatch(turn, before, 'back');
  if (!isBad(outcome) || (before === undefined && !isNew)) return;
  const watch = before ?? openWatch(turn, target, outcome);
  const isWorse = watch.outcome !== outcome;
  consider(turn, change(turn, watch, { outcome, ...(isWorse && { nextAskMs: turn.nowMs }) }));
}

function endHost(turn: Turn, member: string): void {
  const host = turn.watches.get(targetKey({ member, service: null }));
  if (host !== undefined) endWatch(turn, host, 'back');
}

/** Takes the next step with a target, if one is due. */
export function consider(turn: Turn, watch: Watch): void {
  if (!mayJudge(turn)) return;
  const isLost = turn.members.get(watch.target.member)?.status === 'failed';
  if (isLost && watch.outcome === 'silent' && watch.target.service !== null) {
    leaveToHost(turn, watch);
    return;
  }
  if (watch.stage !== 'suspected' && watch.stage !== 'held') return;
  if (watch.stage === 'held' && watch.outcome === 'silent' && turn.nowMs < (watch.holdUntilMs ?? 0)) return;
  if (turn.nowMs >= watch.nextAskMs) askAbout(turn, watch);
}

/** The host decides about a silent service on it; if Serf finds the host again, the hold begins anew. */
function leaveToHost(turn: Turn, watch: Watch): void {
  suspectHost(turn, watch);
  if (watch.stage !== 'named') change(turn, watch, { stage: 'held', ask: null, holdUntilMs: null });
}

/** Opens the suspicion that a host is dead: Serf has lost it, and nothing that this agent has probed on it answers. */
export function suspectHost(turn: Turn, { target: { member }, sinceMs }: Pick<Watch, 'target' | 'sinceMs'>): void {
  const target: PeerTarget = { member, service: null };
  if (turn.watches.has(targetKey(target))) return;
  change(turn, openWatch(turn, target, 'silent'), { sinceMs, stage: 'polling' });
}

function askAbout(turn: Turn, watch: Watch): void {
  const { policy } = turn;
  const others = [...turn.members.values()].filter(
    (member) => canObserve(member) && member.name !== policy.self && member.name !== watch.target.member,
  );
  turn.lastId += 1;
  const names = chosen(others, `${turn.round}/${policy.self}/${targetKey(watch.target)}/${watch.asks}`, policy.asked);
  if (names.length === 0) {
    confirm(turn, watch, []);
    return;
  }
  const ask: Ask = { id: turn.lastId, names, answers: new Map(), deadlineMs: turn.nowMs + policy.askTimeoutMs };
  change(turn, watch, { stage: 'asking', ask, asks: watch.asks + 1 });
  turn.effects.push({ type: 'ask', ask: ask.id, names, target: watch.target });
}

function chosen(members: readonly Member[], seed: string, most: number): readonly string[] {
  return byHash(members, seed)
    .slice(0, most)
    .map((member) => member.name);
}

/** Takes an answer to a question of this agent. */
export function hear(turn: Turn, id: number, { from, outcome }: { from: string; outcome: Outcome }): void {
  for (const watch of turn.watches.values()) {
    if (watch.ask?.id !== id || !watch.ask.names.includes(from)) continue;
    const ask = { ...watch.ask, answers: new Map([...watch.ask.answers, [from, outcome]]) };
    settle(turn, change(turn, watch, { ask }), false);
  }
}

/** Ends a question: no more answers come. */
export function endAsk(turn: Turn, id: number): void {
  for (const watch of turn.watches.values()) if (watch.ask?.id === id) settle(turn, watch, true);
}

function settle(turn: Turn, watch: Watch, isOver: boolean): void {
  const { ask } = watch;
  if (ask === null) return;
  const decision = weigh(ask.names.length, [...ask.answers.values()], isOver);
  if (decision === 'confirmed') confirm(turn, watch, [...ask.answers]);
  if (decision === 'outvoted') outvote(turn, watch);
  if (decision === 'unconfirmed') {
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (watch.asks - 1));
    change(turn, watch, { stage: 'suspected', ask: null, nextAskMs: turn.nowMs + waitMs });
  }
}

/** Others reach the target: only the way from here is cut. Whatever was held begins anew. */
function outvote(turn: Turn, watch: Watch): void {
  const waitMs = Math.min(longestRetryMs, firstOutvotedMs * 2 ** (watch.asks - 1));
  change(turn, watch, {
    stage: 'suspected',
    ask: null,
    isOutvoted: true,
    isReported: true,
    holdUntilMs: null,
    nextAskMs: turn.nowMs + waitMs,
  });
  if (!watch.isOutvoted) turn.effects.push({ type: 'outvoted', target: watch.target });
}

function confirm(turn: Turn, watch: Watch, answers: readonly (readonly [string, Outcome])[]): void {
  const agreeing = answers.filter(([, outcome]) => isBad(outcome));
  const seen = [watch.outcome, ...agreeing.map(([, outcome]) => outcome)];
  const outcome = seen.includes('closed') ? 'closed' : seen.includes('wrong') ? 'wrong' : 'silent';
  const confirmed = change(turn, watch, {
    witnesses: agreeing.map(([from]) => from),
    outcome,
    ask: null,
    asks: 0,
    isOutvoted: false,
    nextAskMs: turn.nowMs,
  });
  // An answer may arrive after this agent has lost the majority.
  if (!mayJudge(turn)) change(turn, confirmed, { stage: 'suspected' });
  else if (outcome !== 'silent') name(turn, confirmed);
  else hold(turn, confirmed);
}

function hold(turn: Turn, watch: Watch): void {
  if (watch.holdUntilMs !== null && turn.nowMs >= watch.holdUntilMs) {
    change(turn, watch, { stage: 'polling', readyMs: turn.nowMs });
    return;
  }
  const untilMs = watch.holdUntilMs ?? turn.nowMs + turn.policy.holdMs;
  change(turn, watch, { stage: 'held', holdUntilMs: untilMs, isReported: true });
  if (watch.holdUntilMs === null) turn.effects.push({ type: 'held', target: watch.target, untilMs });
}

/** Serf has changed its mind about members: hosts that are back are cleared, and what was held because of them begins anew. */
export function followMembers(turn: Turn): void {
  for (const watch of [...turn.watches.values()]) {
    const member = turn.members.get(watch.target.member);
    const { service } = watch.target;
    const isThere = member !== undefined && (member.status === 'alive' || member.status === 'failed');
    const isOffered = service === null || member?.services.some(({ text }) => text === service);
    if (!isThere || !isOffered) endWatch(turn, watch, 'gone');
    else if (service === null && member.status === 'alive') endWatch(turn, watch, 'back');
    else consider(turn, watch);
  }
}
