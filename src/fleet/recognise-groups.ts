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
 * The groups among some directors, those of the policy first. A group of the policy has the members that are among the directors, if there are
 * at least two of them. A recognised one has all directors that no named group has and that have equal virtual servers.
 */
export function recogniseGroups(
  directors: readonly GroupCandidate[],
  named: readonly DirectorGroup[],
): readonly Group[] {
  const known = new Set(directors.map(({ name }) => name));
  const ofPolicy = named
    .map(({ name, directors: members }) => ({
      name,
      directors: members.filter((one) => known.has(one)),
      isNamed: true,
    }))
    .filter(({ directors: members }) => members.length > 1);
  const taken = new Set(ofPolicy.flatMap((group) => group.directors));
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
