// Groups: directors that serve the same virtual servers, each of which can do the work of the others. The policy names them; further ones are
// recognised by equal virtual servers.

import type { DirectorGroup } from '../model/policy/redundancy.js';

/** A director, as far as groups are concerned. */
export interface GroupCandidate {
  readonly name: string;
  /** The names of the virtual servers in its newest table. */
  readonly services: readonly string[];
}

/** A group that is shown as one. */
export interface Group extends DirectorGroup {
  /** Whether the policy names it; otherwise it was recognised. */
  readonly isNamed: boolean;
}

/**
 * The groups among some directors, those of the policy first. A director is in one group, the first that names it, so that nothing counts twice.
 * A group of the policy has the members that are among the directors, if there are at least two of them. A recognised one has all directors that no named group has and that have equal virtual servers.
 */
export function recogniseGroups(
  directors: readonly GroupCandidate[],
  named: readonly DirectorGroup[],
): readonly Group[] {
  const known = new Set(directors.map(({ name }) => name));
  const taken = new Set<string>();
  const ofPolicy: Group[] = [];
  for (const { name, directors: members } of named) {
    const own = [...new Set(members)].filter((one) => known.has(one) && !taken.has(one));
    if (own.length < 2) continue;
    for (const one of own) taken.add(one);
    ofPolicy.push({ name, directors: own, isNamed: true });
  }
  const alike = new Map<string, string[]>();
  for (const { name, services } of directors) {
    if (taken.has(name) || services.length === 0) continue;
    const key = services.toSorted().join('\n');
    alike.set(key, [...(alike.get(key) ?? []), name]);
  }
  const recognised = [...alike.values()]
    .filter((members) => members.length > 1)
    .map((members) => ({ name: members.join('+'), directors: members, isNamed: false }));
  return [...ofPolicy, ...recognised];
}
