// A turn of the state machine: a copy of the state that one input changes, and the effects that it has. Nothing outlives the turn.

import { type Member, type PeerTarget, targetKey } from './member.js';
import type { ClearReason, PeersEffect, PeersPolicy, PeersState, Poll, Probing, Watch } from './state.js';
import type { BadOutcome } from './votes.js';

/** The state while an input is worked on. */
export interface Turn {
  readonly policy: PeersPolicy;
  readonly nowMs: number;
  readonly members: ReadonlyMap<string, Member>;
  readonly watches: Map<string, Watch>;
  readonly probing: Map<string, Probing>;
  readonly effects: PeersEffect[];
  round: number | null;
  poll: Poll | null;
  hasQuorum: boolean;
  nextPollMs: number;
  failedPolls: number;
  lastId: number;
}

/** A turn from a state. */
export function openTurn(
  state: PeersState,
  nowMs: number,
  { policy, members = state.members }: { policy: PeersPolicy; members?: ReadonlyMap<string, Member> },
): Turn {
  const { round, poll, hasQuorum, nextPollMs, failedPolls, lastId } = state;
  const copies = { watches: new Map(state.watches), probing: new Map(state.probing) };
  return { policy, nowMs, members, ...copies, effects: [], round, poll, hasQuorum, nextPollMs, failedPolls, lastId };
}

/** The state after a turn. */
export function stateAfter({
  members,
  watches,
  probing,
  round,
  poll,
  hasQuorum,
  nextPollMs,
  failedPolls,
  lastId,
}: Turn): PeersState {
  return { members, watches, probing, round, poll, hasQuorum, nextPollMs, failedPolls, lastId };
}

/** Changes a watch, and returns it. */
export function change(turn: Turn, watch: Watch, by: Partial<Watch>): Watch {
  const changed = { ...watch, ...by };
  turn.watches.set(targetKey(watch.target), changed);
  return changed;
}

/** Ends a watch; what was reported of it ends with a reason. */
export function endWatch(turn: Turn, { target, isReported }: Watch, why: ClearReason): void {
  turn.watches.delete(targetKey(target));
  if (isReported) turn.effects.push({ type: 'cleared', target, why });
}

/** The newest observation, as a watch that nobody has been asked about. */
export function openWatch(turn: Turn, target: PeerTarget, outcome: BadOutcome): Watch {
  const watch: Watch = {
    target,
    stage: 'suspected',
    outcome,
    sinceMs: turn.nowMs,
    witnesses: [],
    ask: null,
    asks: 0,
    nextAskMs: turn.nowMs,
    holdUntilMs: null,
    readyMs: turn.nowMs,
    isOutvoted: false,
    isReported: false,
  };
  turn.watches.set(targetKey(target), watch);
  return watch;
}

/** Probes a target, unless a probe of it is under way; notes who wants to know. */
export function probe(turn: Turn, target: PeerTarget, wants: Partial<Probing>): void {
  const key = targetKey(target);
  const before = turn.probing.get(key);
  if (before === undefined) turn.effects.push({ type: 'probe', target });
  turn.probing.set(key, {
    isOwn: (before?.isOwn ?? false) || (wants.isOwn ?? false),
    questions: [...(before?.questions ?? []), ...(wants.questions ?? [])],
  });
}
