// The limits that an operator stated, as they apply to one archive.

import { nameMatcher } from '../names/match-name.js';
import { directorName, isOfDirector, partName } from '../names/name.js';
import type { Capacity, CapacityLimit } from '../policy/capacity.js';

/** A quantity that may have a limit. */
export type CapacityMeasure = CapacityLimit['measure'];

/** All of them, in display order. */
export const capacityMeasures = ['bitsPerS', 'newConnectionsPerS', 'openConnections'] as const;

/** The limit of an archive, the smallest of those that match; null if there is none. A real server has none of its own. */
export function limitOf(
  capacity: Capacity,
  { name, hosts }: { readonly name: string; readonly hosts: readonly string[] },
  measure: CapacityMeasure,
): number | null {
  const limits = capacity.filter((one) => one.measure === measure && isFor(one, name, hosts));
  return limits.length === 0 ? null : Math.min(...limits.map(({ limit }) => limit));
}

function isFor({ of }: CapacityLimit, name: string, hosts: readonly string[]): boolean {
  if (isOfDirector(name)) return of === 'director' && [directorName, partName('total')].includes(name);
  return of !== 'director' && nameMatcher(of)(name, hosts);
}
