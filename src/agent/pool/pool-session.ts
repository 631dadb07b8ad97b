// One connection to Serf, and the state machine on it: Serf's events become inputs, effects become probes, queries and answers. It ends with the
// connection, or with the agent, which then takes its tag off, so that nobody counts on it.

import type { Member, PeerService, PeerTarget } from '../../peers/member.js';
import type { PeersEffect, PeersPolicy } from '../../peers/state.js';
import type { Outcome } from '../../peers/votes.js';
import type { SerfConnection } from '../serf/connection.js';
import {
  agentTag,
  answerText,
  parseAnswer,
  parseMembers,
  parseOwnName,
  parseQueryRecord,
  parseQuestion,
  pollQuery,
  type QueryRecord,
  questionQuery,
  questionText,
  type ReadMembers,
} from '../serf/messages.js';
import type { Clock } from '../timing.js';
import type { Journal } from './journal.js';
import { type Machine, startMachine } from './machine.js';

/** The finding of a probe. */
export interface PeerProbe {
  readonly outcome: Outcome;
  /** To the answer, or to the end of the wait; NaN if there was no probe. */
  readonly ms: number;
  /** For people. */
  readonly detail: string;
}

/** Probes a service of a member. Does not throw. */
export type ProbePeer = (member: Member, service: PeerService, timeoutMs: number) => Promise<PeerProbe>;

/** The circumstances of a session. */
export interface PoolPlace {
  readonly probe: ProbePeer;
  /** Time for which silence is held, ms. */
  readonly holdMs: number;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** Whether Serf leaves its pool when the agent ends. */
  readonly leaves: boolean;
  /** Services of members that cannot be probed, as text for people. */
  readonly kindProblems: (members: readonly Member[]) => readonly string[];
  /** Takes what Serf knows of its members, again and again. */
  readonly onMembers: (read: ReadMembers, self: string) => void;
}

/** Time of a probe, ms: what takes longer is down. */
const probeTimeoutMs = 2000;

const events = 'member-join,member-leave,member-failed,member-update,member-reap';
const nsPerMs = 1_000_000;

/** Copies of an answer that other members pass on. */
const relays = 2;

/** Members are asked for at least this often, ms, since Serf drops events that it cannot deliver. */
const refreshMs = 5000;

/** Rest after a list of members, ms: when a hundred agents start, each makes an event, and each list has them all. */
const leastRefreshMs = 500;

const policyOf = (self: string, holdMs: number): PeersPolicy => ({
  self,
  asked: 3,
  askTimeoutMs: 2 * probeTimeoutMs,
  pollTimeoutMs: 2000,
  holdMs,
});

/** Runs until the connection ends, or the signal; `onUp` says that Serf lets the agent in, and has taken its tag. Throws why the connection has ended. */
export async function runSession(connection: SerfConnection, place: PoolPlace, onUp: () => void): Promise<void> {
  const self = parseOwnName(await connection.request('stats'));
  const policy = policyOf(self, place.holdMs);
  const session = { connection, place, policy };
  const machine = startMachine(policy, place.clock, (effect) => carryOut(session, machine, effect));
  try {
    const refresh = refresher(session, machine);
    await connection.subscribe('stream', { Type: `${events},query:${questionQuery}` }, (record) => {
      const question = parseQuestion(record);
      if (question !== null) machine.give({ type: 'question', question: question.id, target: question.target });
      else if (record['Event'] !== 'query') refresh();
    });
    await connection.request('tags', { Tags: { [agentTag]: '1' }, DeleteTags: [] });
    onUp();
    refresh();
    const timer = setInterval(refresh, refreshMs);
    try {
      await endOf(connection, place.signal);
    } finally {
      clearInterval(timer);
    }
    machine.close();
    await connection.request('tags', { Tags: {}, DeleteTags: [agentTag] });
    if (place.leaves) await connection.request('leave', null, leaveTimeoutMs);
  } finally {
    machine.give({ type: 'disconnected' });
    machine.close();
    place.journal.away();
  }
}

/** Serf tells the pool that it leaves, and waits until that has spread. */
const leaveTimeoutMs = 30_000;

interface Session {
  readonly connection: SerfConnection;
  readonly place: PoolPlace;
  readonly policy: PeersPolicy;
}

/** Resolves at the signal; throws why the connection has ended. */
function endOf(connection: SerfConnection, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    connection.ended.then(reject);
  });
}

/** Reads the members at once, and again after a rest if there was an event meanwhile. */
function refresher({ connection, place, policy }: Session, machine: Machine): () => void {
  let [isReading, isStale] = [false, false];
  const read = async (): Promise<void> => {
    isReading = true;
    do {
      isStale = false;
      const members = parseMembers(await connection.request('members'));
      const problems = [...members.problems, ...place.kindProblems(members.members)];
      place.journal.members({ ...members, problems });
      place.onMembers(members, policy.self);
      machine.give({ type: 'members', members: members.members });
      await place.clock.sleep(leastRefreshMs, place.signal);
    } while (isStale && !place.signal.aborted);
    isReading = false;
  };
  return () => {
    isStale = true;
    // A failure is the end of the connection, or brings it about.
    if (!isReading) read().catch(() => connection.close());
  };
}

function carryOut(session: Session, machine: Machine, effect: PeersEffect): void {
  const { connection, place, policy } = session;
  if (effect.type === 'probe') void probe(session, machine, effect.target);
  else if (effect.type === 'ask') {
    const { ask, names, target } = effect;
    const body = { Name: questionQuery, Payload: Buffer.from(questionText(target)), FilterNodes: names };
    query(session, machine, { id: ask, body, timeoutMs: policy.askTimeoutMs }, ({ from, text }) =>
      machine.give({ type: 'answer', ask, from, outcome: parseAnswer(text) }),
    );
  } else if (effect.type === 'poll') {
    const { poll } = effect;
    const body = { Name: pollQuery, RequestAck: true };
    query(session, machine, { id: poll, body, timeoutMs: policy.pollTimeoutMs }, ({ from }) =>
      machine.give({ type: 'acknowledged', poll, from }),
    );
  } else if (effect.type === 'respond') {
    const body = { ID: effect.question, Payload: Buffer.from(answerText(effect.outcome)) };
    // A question that has expired is refused.
    connection.request('respond', body).catch(() => {});
  } else place.journal.effect(effect, place.clock.steadyMs());
}

interface Query {
  readonly id: number;
  readonly body: object;
  readonly timeoutMs: number;
}

function query(
  { connection, place }: Session,
  machine: Machine,
  { id, body, timeoutMs }: Query,
  take: (record: QueryRecord & { type: 'ack' | 'response' }) => void,
): void {
  const full = { ...body, Timeout: timeoutMs * nsPerMs, RelayFactor: relays };
  const asked = connection.subscribe('query', full, (record, stop) => {
    const parsed = parseQueryRecord(record);
    if (parsed === null) return;
    if (parsed.type !== 'done') {
      take(parsed);
      return;
    }
    stop();
    machine.give({ type: 'over', id });
  });
  asked.then(place.journal.asked, (error: unknown) => {
    place.journal.refused(error);
    machine.give({ type: 'over', id });
  });
}

async function probe({ place }: Session, machine: Machine, target: PeerTarget): Promise<void> {
  const offer = (): { readonly member: Member; readonly service: PeerService } | null => {
    const member = machine.state().members.get(target.member);
    const service = member?.services.find(({ text }) => text === target.service);
    return member === undefined || service === undefined ? null : { member, service };
  };
  const offered = offer();
  if (offered === null) {
    machine.give({ type: 'probed', target, outcome: 'unknown' });
    return;
  }
  const { member, service } = offered;
  const probed = await place.probe(member, service, probeTimeoutMs);
  // Meanwhile Serf may have ended, or the service may be gone.
  if (offer() !== null) place.journal.probed(target, member.address, { ...probed, atMs: place.clock.steadyMs() });
  machine.give({ type: 'probed', target, outcome: probed.outcome });
}
