// Links by the groups of their ends: how many run from the hosts of one data centre, or of one role, to those of another, and how they are.

/** The meanings that groups can have. */
export const linkAxes = ['dc', 'role'] as const;

/** The meaning of groups. */
export type LinkAxis = (typeof linkAxes)[number];

/** The links of a pair of groups. A lost link counts as lost while its agent is silent, any other one as stale. */
export interface GroupCounts {
  lost: number;
  /** Lossy or slow. */
  bad: number;
  stale: number;
  all: number;
}

/** All links that were reported at least once. */
export interface LinkGroups {
  /** By the group of the observer, then by that of the target; pairs without links are missing. */
  readonly pairs: ReadonlyMap<string, ReadonlyMap<string, Readonly<GroupCounts>>>;
  /** Links with an end of which the group is unknown. */
  readonly unplaced: number;
}
