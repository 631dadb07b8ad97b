// A host that is a director: this one, or another of its groups. Its loss is not that of a real server.

import type { DirectorGroup } from '../../model/policy/redundancy.js';

/** A director that is lost. */
export interface LostDirector {
  /** Whether it is that of the table. */
  readonly isOwn: boolean;
  /** Its first group; null if the policy names none. */
  readonly group: string | null;
  /** The other directors of its groups. */
  readonly partners: readonly string[];
}

/** The directors that are known by name. */
export interface Directors {
  /** The director of the table. */
  readonly own: string;
  readonly groups: readonly DirectorGroup[];
}

/** The director that a host is, by its name with or without its domain; null if it is none. */
export function lostDirector({ own, groups }: Directors, host: string): LostDirector | null {
  const mine = groups.filter(({ directors }) => directors.some((one) => isSame(one, host)));
  const isOwn = isSame(own, host);
  if (!isOwn && mine.length === 0) return null;
  const others = mine.flatMap(({ directors }) => directors.filter((one) => !isSame(one, host)));
  return { isOwn, group: mine[0]?.name ?? null, partners: [...new Set(others)] };
}

/** `lb1` is `lb1.example.com`, but `lb1.tx` is not `lb1.fr`. */
function isSame(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
