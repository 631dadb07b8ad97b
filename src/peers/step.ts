// The state machine of peers, `step(state, input, policy) → { state, effects }`: pure, so that it can be run through simulated networks.

import { isExpected, type Member, type PeerTarget, targetKey } from './member.js';
import { acknowledge, endPoll, isMajorityAlive, pollIfNeeded, setQuorum, suspend } from './quorum.js';
import { observedBy, ringOf } from './ring.js';
import type { PeersEffect, PeersInput, PeersPolicy, PeersState } from './state.js';
import { consider, endAsk, followMembers, hear, observe, suspectHost } from './suspicion.js';
import { endWatch, openTurn, probe, stateAfter, type Turn } from './turn.js';
import type { Outcome } from './votes.js';

/** The state after an input, and its effects. */
export interface PeersStep {
  readonly state: PeersState;
  readonly effects: readonly PeersEffect[];
}

/** Takes an input. */
export function step(state: PeersState, input: PeersInput, policy: PeersPolicy): PeersStep {
  const members = membersAfter(state, input);
  const turn = openTurn(state, input.nowMs, { policy, members });
  apply(turn, input);
  pollIfNeeded(turn);
  return { state: stateAfter(turn), effects: turn.effects };
}

/** When a tick is due, ms, if a new round does not need one before; null if nothing waits. */
export function nextTickMs({ watches, poll, hasQuorum }: PeersState, { pollTimeoutMs }: PeersPolicy): number | null {
  const times = [...watches.values()].flatMap(({ ask, stage, nextAskMs }) => {
    if (ask !== null) return [ask.deadlineMs];
    return stage === 'suspected' && hasQuorum ? [nextAskMs] : [];
  });
  if (poll !== null) times.push(poll.beginMs + pollTimeoutMs);
  return times.length === 0 ? null : Math.min(...times);
}

function membersAfter(state: PeersState, input: PeersInput): ReadonlyMap<string, Member> {
  if (input.type === 'disconnected') return new Map();
  return input.type === 'members' ? new Map(input.members.map((member) => [member.name, member])) : state.members;
}

function apply(turn: Turn, input: PeersInput): void {
  if (input.type === 'members') takeMembers(turn);
  if (input.type === 'disconnected') goBlind(turn);
  if (input.type === 'tick') tick(turn, input.round);
  if (input.type === 'probed') takeProbe(turn, input.target, input.outcome);
  if (input.type === 'question') takeQuestion(turn, input.question, input.target);
  if (input.type === 'answer') hear(turn, input.ask, input);
  if (input.type === 'acknowledged') acknowledge(turn, input.poll, input.from);
  if (input.type === 'over') end(turn, input.id);
}

function end(turn: Turn, id: number): void {
  if (turn.poll?.id === id) endPoll(turn);
  else endAsk(turn, id);
}

function takeMembers(turn: Turn): void {
  const expected = [...turn.members.values()].filter(isExpected);
  const reached = expected.filter(({ status }) => status === 'alive').length;
  if (!isMajorityAlive(turn)) {
    setQuorum(turn, false, { reached, expected: expected.length });
    suspend(turn);
  }
  followMembers(turn);
}

function goBlind(turn: Turn): void {
  for (const watch of [...turn.watches.values()]) endWatch(turn, watch, 'blind');
  turn.poll = null;
  setQuorum(turn, false, { reached: 0, expected: 0 });
}

function tick(turn: Turn, round: number): void {
  const { poll, policy, nowMs } = turn;
  if (poll !== null && nowMs >= poll.beginMs + policy.pollTimeoutMs) endPoll(turn);
  for (const watch of [...turn.watches.values()]) {
    if (watch.ask !== null && nowMs >= watch.ask.deadlineMs) endAsk(turn, watch.ask.id);
    else if (watch.stage === 'suspected') consider(turn, watch);
  }
  if (round === turn.round) return;
  turn.round = round;
  beginRound(turn, round);
}

/** Probes what the ring gives this agent, and all that it suspects or has named. */
function beginRound(turn: Turn, round: number): void {
  for (const member of observedBy(ringOf(turn.members.values(), round), turn.policy.self)) {
    for (const { text } of member.services) probe(turn, { member: member.name, service: text }, { isOwn: true });
    if (member.services.length === 0 && member.status === 'failed')
      suspectHost(turn, { target: { member: member.name, service: null }, sinceMs: turn.nowMs });
  }
  for (const { target } of turn.watches.values()) if (target.service !== null) probe(turn, target, { isOwn: true });
}

function takeProbe(turn: Turn, target: PeerTarget, outcome: Outcome): void {
  const key = targetKey(target);
  const probing = turn.probing.get(key);
  if (probing === undefined) return;
  turn.probing.delete(key);
  for (const question of probing.questions) turn.effects.push({ type: 'respond', question, outcome });
  if (isOffered(turn, target)) observe(turn, target, { outcome, isNew: probing.isOwn });
}

function takeQuestion(turn: Turn, question: number, target: PeerTarget): void {
  if (isOffered(turn, target)) probe(turn, target, { questions: [question] });
  else turn.effects.push({ type: 'respond', question, outcome: 'unknown' });
}

function isOffered({ members }: Turn, { member, service }: PeerTarget): boolean {
  return members.get(member)?.services.some(({ text }) => text === service) ?? false;
}
