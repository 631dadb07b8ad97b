// The nouns of the state machine of peers: its state, inputs and effects. It has no clock, no sockets and no randomness: times are
// milliseconds of a clock that only grows, and come with each input.

import type { Member, PeerTarget } from './member.js';
import type { BadOutcome, Outcome } from './votes.js';

/** Times and numbers that the judgement follows. */
export interface PeersPolicy {
  /** The agent's own member. */
  readonly self: string;
  /** Members that are asked about a target. */
  readonly asked: number;
  /** Time for their answers, their probes included, ms. */
  readonly askTimeoutMs: number;
  /** Time in which members acknowledge that they can be reached, ms. */
  readonly pollTimeoutMs: number;
  /** How long the verdict on a silent target is held while Serf decides about its host, ms. */
  readonly holdMs: number;
}

/** An input. */
export type PeersInput = { readonly nowMs: number } & (
  | { readonly type: 'members'; readonly members: readonly Member[] }
  /** Serf does not answer: nothing is known about anybody. */
  | { readonly type: 'disconnected' }
  /** Time has passed; `round` may jump, as clocks are set. */
  | { readonly type: 'tick'; readonly round: number }
  | { readonly type: 'probed'; readonly target: PeerTarget; readonly outcome: Outcome }
  /** Another agent asks about a target; `question` is Serf's id of it. */
  | { readonly type: 'question'; readonly question: number; readonly target: PeerTarget }
  | { readonly type: 'answer'; readonly ask: number; readonly from: string; readonly outcome: Outcome }
  | { readonly type: 'acknowledged'; readonly poll: number; readonly from: string }
  /** No more answers or acknowledgements come. */
  | { readonly type: 'over'; readonly id: number }
);

/** A verdict against a target. */
export interface PeerVerdict {
  readonly target: PeerTarget;
  readonly outcome: BadOutcome;
  /** The agents that observed it, this one first. */
  readonly witnesses: readonly string[];
  /** When this agent first observed it, ms. */
  readonly sinceMs: number;
}

/** Why a target is no longer named, held or out of reach. */
export type ClearReason =
  | 'back'
  /** It left, or no longer offers the service. */
  | 'gone'
  /** This agent has lost its Serf. */
  | 'blind';

/** Something to do. */
export type PeersEffect =
  | { readonly type: 'probe'; readonly target: PeerTarget }
  | { readonly type: 'ask'; readonly ask: number; readonly names: readonly string[]; readonly target: PeerTarget }
  | { readonly type: 'respond'; readonly question: number; readonly outcome: Outcome }
  /** Ask all members to acknowledge. */
  | { readonly type: 'poll'; readonly poll: number }
  | { readonly type: 'named'; readonly verdict: PeerVerdict }
  | { readonly type: 'held'; readonly target: PeerTarget; readonly untilMs: number }
  /** Others reach it: the way from here to there is cut. */
  | { readonly type: 'outvoted'; readonly target: PeerTarget }
  | { readonly type: 'cleared'; readonly target: PeerTarget; readonly why: ClearReason }
  /** Whether this agent may judge, since it reaches a majority. */
  | { readonly type: 'quorum'; readonly isHeld: boolean; readonly reached: number; readonly expected: number };

/** The stage that a suspicion has reached. */
export type Stage =
  /** Observed here, and not (or not yet) by others. */
  | 'suspected'
  | 'asking'
  /** Confirmed as silent, while Serf decides about the host. */
  | 'held'
  /** Confirmed, until a majority has acknowledged. */
  | 'polling'
  | 'named';

/** A target that was observed as bad, until it is back. */
export interface Watch {
  readonly target: PeerTarget;
  readonly stage: Stage;
  /** The newest outcome of its own probes. */
  readonly outcome: BadOutcome;
  readonly sinceMs: number;
  readonly witnesses: readonly string[];
  /** The members that are asked, and the number of the question. */
  readonly ask: Ask | null;
  /** Questions without a confirmation so far, and when the next one may be asked, ms. */
  readonly asks: number;
  readonly nextAskMs: number;
  /** The end of the hold; null before it has begun. */
  readonly holdUntilMs: number | null;
  /** A poll counts for it if it began at this time or later, ms. */
  readonly readyMs: number;
  readonly isOutvoted: boolean;
  /** Whether an effect has reported it, so that its end is reported, too. */
  readonly isReported: boolean;
}

/** A question to other members. */
export interface Ask {
  readonly id: number;
  readonly names: readonly string[];
  readonly answers: ReadonlyMap<string, Outcome>;
  readonly deadlineMs: number;
}

/** A poll of all members. */
export interface Poll {
  readonly id: number;
  readonly beginMs: number;
  /** Members that did not leave when it began. */
  readonly expected: number;
  /** The newest acknowledgement; null without any. */
  readonly newest: Acknowledgement | null;
}

/** An acknowledgement and those before it: thousands may come, and a set would be copied for each. */
export interface Acknowledgement {
  readonly from: string;
  readonly count: number;
  readonly before: Acknowledgement | null;
}

/** A probe under way: for the agent itself, for others that asked, or both. */
export interface Probing {
  readonly isOwn: boolean;
  readonly questions: readonly number[];
}

/** The state; nothing in it is ever changed. */
export interface PeersState {
  readonly members: ReadonlyMap<string, Member>;
  readonly round: number | null;
  readonly watches: ReadonlyMap<string, Watch>;
  readonly probing: ReadonlyMap<string, Probing>;
  readonly poll: Poll | null;
  /** Whether the newest evidence says that this agent reaches a majority. */
  readonly hasQuorum: boolean;
  /** No poll begins before this time, ms. */
  readonly nextPollMs: number;
  /** Polls in a row that reached no majority. */
  readonly failedPolls: number;
  /** The number of the newest question or poll. */
  readonly lastId: number;
}

/** The state of an agent that knows nobody yet. */
export const initialState: PeersState = {
  members: new Map(),
  round: null,
  watches: new Map(),
  probing: new Map(),
  poll: null,
  hasQuorum: false,
  nextPollMs: Number.NEGATIVE_INFINITY,
  failedPolls: 0,
  lastId: 0,
};
