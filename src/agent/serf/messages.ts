// The messages of Serf as values: members, the agent's own name, questions of other agents, records of a query. Tags are what any member of the pool likes to
// write, so nothing is taken before it has the right form.

import { isObject } from '../../files/json-object.js';
import { canonicalAddress } from '../../model/links/target.js';
import { type Member, type MemberStatus, type PeerTarget, parseServices } from '../../peers/member.js';
import type { Outcome } from '../../peers/votes.js';
import { tagBytes } from './tag-size.js';

/** The tag by which agents know each other. */
export const agentTag = 'lvs-stats';

/** The queries of agents: questions about a target, and polls, which any Serf acknowledges by itself. */
export const [questionQuery, pollQuery] = ['lvs-stats-probe', 'lvs-stats-poll'] as const;

/** Members, and what of their names and tags is not understood. */
export interface ReadMembers {
  readonly members: readonly Member[];
  /** Ports of Serf by member. */
  readonly serfPorts: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

/** Parses the answer to `members`. Throws an `Error` if it is none. */
export function parseMembers(body: Readonly<Record<string, unknown>> | null): ReadMembers {
  const list = body?.['Members'];
  // Go writes an empty list as nil.
  if (!Array.isArray(list) && list !== null) throw new Error('the other end is not Serf: it has no members');
  const problems: string[] = [];
  const serfPorts = new Map<string, number>();
  const members = (list ?? []).flatMap((value: unknown): readonly Member[] => {
    if (!isObject(value)) return [];
    const member = parseMember(value, problems);
    if (member !== null && typeof value['Port'] === 'number') serfPorts.set(member.name, value['Port']);
    return member === null ? [] : [member];
  });
  return { members, serfPorts, problems };
}

/** The bytes of the tags of a member with that of an agent; null if the member is not among them. */
export function agentTagBytes(body: Readonly<Record<string, unknown>> | null, name: string): number | null {
  const list = body?.['Members'];
  const members: readonly unknown[] = Array.isArray(list) ? list : [];
  const member = members.find((one) => isObject(one) && one['Name'] === name);
  if (!isObject(member)) return null;
  const tags = isObject(member['Tags']) ? Object.entries(member['Tags']) : [];
  const texts = tags.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []));
  return tagBytes({ ...Object.fromEntries(texts), [agentTag]: '1' });
}

const statuses: readonly MemberStatus[] = ['alive', 'leaving', 'left', 'failed'];

function parseMember(value: Readonly<Record<string, unknown>>, problems: string[]): Member | null {
  const { Name: name, Addr: addr, Status: word, Tags: tags } = value;
  const status = statuses.find((one) => one === word);
  // "none" is a member of which Serf has only heard.
  if (typeof name !== 'string' || status === undefined) return null;
  const address = addressOf(addr);
  if (!/^[\x21-\x7e]{1,128}$/.test(name) || address === null) {
    problems.push(`the member "${name}" has a name with blanks, or no address: it is not watched`);
    return null;
  }
  const svc = isObject(tags) && typeof tags['svc'] === 'string' ? tags['svc'] : '';
  const { services, refused } = parseServices(svc);
  for (const text of refused)
    problems.push(`the tag svc of ${name} has "${text}": write KIND/PORT, such as redis/6379`);
  return { name, address, status, isAgent: isObject(tags) && agentTag in tags, services };
}

/** An address of 4 or 16 bytes. */
function addressOf(bytes: unknown): string | null {
  if (!(bytes instanceof Uint8Array)) return null;
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return null;
  return canonicalAddress((Buffer.from(bytes).toString('hex').match(/..../g) ?? []).join(':'));
}

/** The name of Serf's own member, from the answer to `stats`. Throws an `Error` if it has none. */
export function parseOwnName(body: Readonly<Record<string, unknown>> | null): string {
  const agent = body?.['agent'];
  const name = isObject(agent) ? agent['name'] : null;
  if (typeof name === 'string') return name;
  throw new Error('the other end is not Serf: it does not say its name');
}

/** A question of another agent. */
export interface PeerQuestion {
  readonly id: number;
  readonly target: PeerTarget;
}

/** Parses an event; null if it is no question that is understood. */
export function parseQuestion(record: Readonly<Record<string, unknown>>): PeerQuestion | null {
  const { Event: event, Name: name, ID: id, Payload: payload } = record;
  if (event !== 'query' || name !== questionQuery || typeof id !== 'number') return null;
  const [, member, service] = /^1 (\S{1,128}) (\S{1,64})$/.exec(textOf(payload)) ?? [];
  return member === undefined || service === undefined ? null : { id, target: { member, service } };
}

/** The text of a question. */
export function questionText({ member, service }: PeerTarget): string {
  return `1 ${member} ${service}`;
}

/** A record of a query of this agent. */
export type QueryRecord =
  | { readonly type: 'ack' | 'response'; readonly from: string; readonly text: string }
  | { readonly type: 'done' };

/** Parses a record; null if it is none. */
export function parseQueryRecord({
  Type: type,
  From: from,
  Payload: payload,
}: Readonly<Record<string, unknown>>): QueryRecord | null {
  if (type === 'done') return { type };
  if ((type !== 'ack' && type !== 'response') || typeof from !== 'string') return null;
  return { type, from, text: textOf(payload) };
}

const outcomes: readonly Outcome[] = ['alive', 'closed', 'wrong', 'silent', 'unknown'];

/** The outcome in an answer; a text that is none says nothing. */
export function parseAnswer(text: string): Outcome {
  return outcomes.find((one) => text === `1 ${one}`) ?? 'unknown';
}

/** The text of an answer. */
export function answerText(outcome: Outcome): string {
  return `1 ${outcome}`;
}

function textOf(payload: unknown): string {
  return payload instanceof Uint8Array ? Buffer.from(payload).toString('latin1') : '';
}
