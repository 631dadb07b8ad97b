// The basis of a stack: its services, or the real servers of one, as parts: the largest by name, the rest as one.

import { shortName } from '../define/heading.js';
import { assignPatterns, type Pattern } from '../look/theme.js';
import type { FairStretch } from './fair-share.js';
import type { Contribution, StackRows, StackSums } from './stack-sums.js';

/** A service or real server, or all others, and its contribution to each row (0 if unknown or absent). */
export interface StackPart extends Contribution {
  /** Name of its archive; null for the others. */
  readonly archive: string | null;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly pattern: Pattern;
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
}

/** Promised shares, the newest stretch first, and the remark on one that is off: "10.0.0.5:80 takes 41 % of …"; or ''. */
export interface Fair {
  /** The promise at the end of the span: by weight or evenly, with one share per part; null if none is in force any more. */
  readonly inForce: { readonly isByWeight: boolean; readonly shares: readonly number[] } | null;
  readonly stretches: readonly FairStretch[];
  readonly sentence: string;
}

/** The stack of finished sums. */
export function stackOf({ rows, services, newestS, named, others }: StackSums, of: Stack['of'] = 'services'): Stack {
  const patterns = assignPatterns(named.map(({ name }) => name));
  const parts = named.map(({ name: archive, hostNames: hosts, ...contribution }): StackPart => {
    return { ...contribution, archive, name: shortName(archive), hosts, pattern: patterns.get(archive) ?? 'plain' };
  });
  if (others !== null) {
    const name = `others (${services - named.length})`;
    parts.push({ ...others, archive: null, name, hosts: [], pattern: 'plain' });
  }
  return { rows, parts, of, services, lastS: newestS, fair: null };
}
