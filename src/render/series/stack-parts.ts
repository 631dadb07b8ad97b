// The basis of a stack: its services, or the real servers of one, as parts: the largest by name, the rest as one.

import { compareNames } from '../../model/kinds/registry.js';
import { shortName } from '../define/heading.js';
import { assignLooks, type MemberLook, proposedLook } from '../look/member-looks.js';
import type { FairStretch } from './fair-share.js';
import { inStackOrder } from './stack-order.js';
import type { StackRows } from './stack-rows.js';
import { type Contribution, type StackSums, withoutExcess } from './stack-sums.js';
import type { WholePeak } from './whole-peak.js';

/** A service or real server, or all others, and its contribution to each row (0 if unknown or absent). */
export interface StackPart extends Contribution {
  /** Name of its archive; null for the others. */
  readonly archive: string | null;
  readonly name: string;
  readonly hosts: readonly string[];
  /** Null for the others, which are grey. */
  readonly look: MemberLook | null;
}

/** A stack, as plain data: small, however many services there are. */
export interface Stack {
  readonly rows: StackRows;
  /** Largest first, the others last. */
  readonly parts: readonly StackPart[];
  /** The sort of its parts, and their number. */
  readonly of: 'services' | 'real servers' | 'processors';
  readonly services: number;
  /** Time of the newest reading of any of them. */
  readonly lastS: number;
  /** The scheduler's promise; null if it promises nothing that this stack shows. */
  readonly fair: Fair | null;
  readonly peak: WholePeak;
}

/** Promised shares, the newest stretch first, and the remark on one that is off: "10.0.0.5:80 takes 41 % of …"; or ''. */
export interface Fair {
  /** The promise at the end of the span: by weight or evenly, with one share per part; null if none is in force any more. */
  readonly inForce: { readonly isByWeight: boolean; readonly shares: readonly number[] } | null;
  readonly stretches: readonly FairStretch[];
  readonly sentence: string;
}

/** The stack of finished sums, alone on a page. */
export function stackOf(sums: StackSums, of: Stack['of'] = 'services'): Stack {
  const [stack] = stacksOf([sums], of);
  if (stack === undefined) throw new RangeError('one stack for each sum');
  return stack;
}

/** The stacks of finished sums that share a page, in the same order: a member has one colour in all of them. */
export function stacksOf(all: readonly StackSums[], of: Stack['of'] = 'services'): readonly Stack[] {
  const order = of === 'processors' ? (sums: StackSums) => sums : inOrder;
  const stacks = all.map((sums) => stackWithoutLooks(order(sums), of));
  const looks = assignLooks({ stacks: stacks.map(({ parts }) => namesOf(parts)), order: byShare(stacks) });
  const lookOf = ({ archive }: StackPart): MemberLook | null =>
    archive === null ? null : (looks.get(archive) ?? proposedLook(archive));
  return stacks.map((stack) => ({ ...stack, parts: stack.parts.map((part) => ({ ...part, look: lookOf(part) })) }));
}

/** The archives of parts, from the bottom of the stack. */
export function namesOf(parts: readonly Pick<StackPart, 'archive'>[]): readonly string[] {
  return parts.flatMap(({ archive }) => archive ?? []);
}

function inOrder(sums: StackSums): StackSums {
  return withoutExcess({ ...sums, named: inStackOrder(sums.named) });
}

function stackWithoutLooks({ rows, services, newestS, named, others }: StackSums, of: Stack['of']): Stack {
  const parts = named.map(({ name: archive, hostNames: hosts, ...contribution }): StackPart => {
    return { ...contribution, archive, name: shortName(archive), hosts, look: null };
  });
  if (others !== null) {
    const name = `others (${services - named.length})`;
    parts.push({ ...others, archive: null, name, hosts: [], look: null });
  }
  return { rows, parts, of, services, lastS: newestS, fair: null, peak: null };
}

/** All members, by their greatest share in any of the stacks, then by address. */
function byShare(stacks: readonly Stack[]): readonly string[] {
  const shares = new Map<string, number>();
  for (const { parts } of stacks) {
    const total = parts.reduce((sum, { size }) => sum + size, 0);
    for (const { archive, size } of parts) {
      if (archive !== null) shares.set(archive, Math.max(shares.get(archive) ?? 0, total > 0 ? size / total : 0));
    }
  }
  const sized = [...shares].sort(([a, x], [b, y]) => y - x || compareNames(a, b));
  return sized.map(([name]) => name);
}
