// The ring: in each round all members stand in the order of a hash of the round and their names, and each target is observed by the two agents that
// stand nearest before it. All agents compute the same ring without asking anybody. A member that comes or goes changes only who observes its two
// successors; the next round shuffles everybody, so that no pair depends on one way, or on one broken observer, for longer than a round.

import { isExpected, type Member } from './member.js';

/** Observers of each target in a round. */
const observersPerTarget = 2;

/** The ring of a round: the members that Serf expects, failed ones included. */
export function ringOf(members: Iterable<Member>, round: number): readonly Member[] {
  return byHash([...members].filter(isExpected), String(round));
}

/** The members that `self` observes, nearest first: those with fewer than two other agents in between. */
export function observedBy(ring: readonly Member[], self: string): readonly Member[] {
  const at = ring.findIndex(({ name }) => name === self);
  if (at < 0) return [];
  const observed: Member[] = [];
  let between = 0;
  for (let i = 1; i < ring.length && between < observersPerTarget; i += 1) {
    const member = ring[(at + i) % ring.length];
    if (member === undefined) break;
    observed.push(member);
    if (canObserve(member)) between += 1;
  }
  return observed;
}

/** Whether a member observes others. */
export function canObserve({ isAgent, status }: Member): boolean {
  return isAgent && status === 'alive';
}

/** Members in an order that a seed decides, the same everywhere. */
export function byHash(members: readonly Member[], seed: string): readonly Member[] {
  const seeded = hashedWith(offsetBasis, `${seed}/`);
  const placed = members.map((member) => ({ member, place: finished(hashedWith(seeded, member.name)) }));
  placed.sort((a, b) => a.place - b.place || (a.member.name < b.member.name ? -1 : 1));
  return placed.map(({ member }) => member);
}

/** A part of one that follows from a text, evenly spread. */
export function partOf(text: string): number {
  return finished(hashedWith(offsetBasis, text)) / 2 ** 32;
}

const [offsetBasis, prime] = [0x811c9dc5, 0x01000193];

/** FNV-1a of text in UTF-8 after other text. Nearly all names are ASCII; encoding each would take most of the time of a ring. */
function hashedWith(before: number, text: string): number {
  let hash = before;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return new TextEncoder().encode(text).reduce((so, byte) => Math.imul(so ^ byte, prime), before);
    hash = Math.imul(hash ^ unit, prime);
  }
  return hash;
}

/** The finalizer of MurmurHash3: FNV alone keeps the order of names that differ in their last letter. */
function finished(fnv: number): number {
  let hash = Math.imul(fnv ^ (fnv >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
