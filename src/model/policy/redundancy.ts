// How much redundancy the operator requires, and which directors stand in for each other.

import { nameMatcher } from '../names/match-name.js';

/** The losses that a service may have to survive, the smallest first. */
export const requiredLevels = ['host', 'rack', 'dc'] as const;

/** A loss that a service may have to survive. */
export type RequiredLevel = (typeof requiredLevels)[number];

/** The services that a glob matches have to survive a loss. */
export interface RedundancyRule {
  /** A glob over services, as in `--match`, without host names: `198.51.100.*:443`, `*`. */
  readonly of: string;
  readonly level: RequiredLevel;
}

/** All rules. */
export type Redundancy = readonly RedundancyRule[];

/** A group of directors, each of which can do the work of the others. */
export interface DirectorGroup {
  readonly name: string;
  readonly directors: readonly string[];
}

/** The function that finds the loss that a service has to survive: the largest that a rule names; null if none does. */
export function requirementOf(rules: Redundancy): (service: string) => RequiredLevel | null {
  const matchers = rules.map(({ of, level }) => ({ matches: nameMatcher(of), level }));
  return (service) => {
    const levels = matchers.flatMap(({ matches, level }) => (matches(service, []) ? [level] : []));
    return requiredLevels.findLast((level) => levels.includes(level)) ?? null;
  };
}

/** The other directors of a director's groups. */
export function partnersOf(groups: readonly DirectorGroup[], director: string): readonly string[] {
  const all = groups.flatMap(({ directors }) => (directors.includes(director) ? directors : []));
  return [...new Set(all)].filter((one) => one !== director);
}
