// What a stack is drawn from: its services as parts, the largest by name, the rest as one.

import { shortName } from './heading.js';
import type { Contribution, StackRows, StackSums } from './stack-sums.js';
import { assignPatterns, type Pattern } from './theme.js';

/** A service, or all others, and what it adds in each row (0 where unknown or not there). */
export interface Part extends Contribution {
  /** Name of the service's archive; null for the others. */
  readonly archive: string | null;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly pattern: Pattern;
}

/** A stack, as plain data: small, however many services there are. */
export interface Stack {
  readonly rows: StackRows;
  /** Largest first, the others last. */
  readonly parts: readonly Part[];
  /** How many services there are in it. */
  readonly services: number;
  /** Time of the newest reading of any of them. */
  readonly lastS: number;
}

/** The stack of the services that were summed up. */
export function stackOf({ rows, services, newestS, named, others }: StackSums): Stack {
  const patterns = assignPatterns(named.map(({ name }) => name));
  const parts = named.map(({ name: archive, hostNames: hosts, ...contribution }): Part => {
    return { ...contribution, archive, name: shortName(archive), hosts, pattern: patterns.get(archive) ?? 'plain' };
  });
  if (others !== null) {
    const name = `others (${services - named.length})`;
    parts.push({ ...others, archive: null, name, hosts: [], pattern: 'plain' });
  }
  return { rows, parts, services, lastS: newestS };
}
