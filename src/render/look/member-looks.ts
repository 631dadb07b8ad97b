// The colours of the members of stacks: services, real servers. A member has one colour on a page, in all of its stacks. Its name
// proposes it, so that it is nearly always the same on other pages too; where two members propose the same, the one that comes
// first keeps it, and the other takes a free one. Only where a page has more members than there are hues do some share one: they
// differ by a pattern, and are never neighbours. Neighbours do not look alike either: hues that follow each other in the palette, which
// goes round the colour wheel, stand apart wherever there are others.

import { coloursOf } from './theme.js';

/**
 * Patterns that distinguish members of one hue, in this order; the first is plain. None has rising lines alone, which would look
 * like the hatch.
 */
export const patterns = ['plain', 'falling', 'level', 'upright', 'crossed', 'squared', 'wide', 'steep'] as const;

/** One of the patterns. */
export type Pattern = (typeof patterns)[number];

/** The index of a colour of `Colours.members`, and a pattern. */
export interface MemberLook {
  readonly hue: number;
  readonly pattern: Pattern;
}

/** Members by name. */
export type MemberLooks = ReadonlyMap<string, MemberLook>;

/** The number of hues. */
export const hueCount = coloursOf('light').members.length;

/** Distance of the hues that are tried one after the other; it has no common divisor with their number. */
const stride = 5;

/** The least distance of two hues that do not look alike. */
const unlike = 2;

/** The distance of two hues round the palette. */
function distance(a: number, b: number): number {
  const apart = Math.abs(a - b);
  return Math.min(apart, hueCount - apart);
}

/** The looks of members that share a page. */
export interface LooksRequest {
  /** The members of each stack in its order, from the bottom up. */
  readonly stacks: readonly (readonly string[])[];
  /** All members; earlier ones choose first. */
  readonly order: readonly string[];
  /** Looks that are in use already, and stay. */
  readonly kept?: MemberLooks;
  /**
   * The look that a member should have if it is free, chosen for a whole page; by default, the one that its name proposes, if it is unlike
   * those of its neighbours.
   */
  readonly proposed?: (name: string) => MemberLook;
}

/** The look of each member of a page, those that were kept included. */
export function assignLooks({ stacks, order, kept = new Map(), proposed: chosen }: LooksRequest): MemberLooks {
  const proposed = chosen ?? proposedLook;
  const least = chosen === undefined ? unlike : 1;
  const looks = new Map(kept);
  const neighbours = neighboursIn(stacks);
  const isFree = (name: string, look: MemberLook, apart: number): boolean =>
    [...looks.values()].every(({ hue, pattern }) => hue !== look.hue || pattern !== look.pattern) &&
    [...(neighbours.get(name) ?? [])].every((other) => {
      const own = looks.get(other);
      return own === undefined || distance(own.hue, look.hue) >= apart;
    });
  const missing = order.filter((name) => !looks.has(name));
  for (const name of missing) if (isFree(name, proposed(name), least)) looks.set(name, proposed(name));
  for (const name of missing) {
    if (looks.has(name)) continue;
    const { hue: first } = proposed(name);
    const hues = Array.from({ length: hueCount }, (_, i) => (first + i * stride) % hueCount);
    const candidates = patterns.flatMap((pattern) =>
      [unlike, 1].flatMap((apart) => hues.map((hue) => ({ look: { hue, pattern }, apart }))),
    );
    const found = candidates.find(({ look, apart }) => isFree(name, look, apart));
    looks.set(name, found?.look ?? proposed(name));
  }
  return looks;
}

/** The names beside each name in any of the stacks. */
function neighboursIn(stacks: LooksRequest['stacks']): ReadonlyMap<string, ReadonlySet<string>> {
  const beside = new Map<string, Set<string>>();
  for (const names of stacks) {
    names.forEach((name, i) => {
      const all = beside.get(name) ?? new Set();
      for (const other of [names[i - 1], names[i + 1]]) if (other !== undefined) all.add(other);
      beside.set(name, all);
    });
  }
  return beside;
}

/** The look that a name proposes, plain (FNV-1a, 32 bits, with the finalizer of MurmurHash3). */
export function proposedLook(name: string): MemberLook {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return { hue: ((hash ^ (hash >>> 16)) >>> 0) % hueCount, pattern: 'plain' };
}
