// A fleet: several directors in one viewer. Each of them, and each group of them, has the pages of a director below a path of its own.

import type { Group } from '../../fleet/recognise-groups.js';
import type { AppSite } from '../app.js';
import type { Means } from '../data/board.js';
import type { FrameSite, SiteFrame } from '../frame/site-frame.js';
import type { Site } from '../site.js';
import type { AssembledViewer } from '../viewer.js';

/** A director, or a group. */
export interface FleetPart {
  readonly name: string;
  /** The path of its pages: `d/lb1`, `g/edge`. */
  readonly path: string;
  readonly parts: AssembledViewer['parts'];
}

/** A group. */
export interface FleetGroup extends FleetPart {
  readonly group: Group;
  /** Does one of its directors carry traffic, by the means of that director's newest row? Null if that is unknown. */
  readonly isCarrying: (now: Means) => boolean | null;
}

/** The fleet. */
export interface Fleet {
  readonly site: FleetSite;
  readonly directors: readonly FleetPart[];
  /** The groups, which may change after each cycle. */
  readonly groups: () => readonly FleetGroup[];
}

/** The needs of the fleet's own pages besides the directors. */
export interface FleetSite extends Omit<AppSite, 'frame'>, Pick<Site, 'assetsFolder' | 'looks' | 'nowS' | 'version'> {}

/** A group, one of its directors, or a director in no group. */
export type PartKind = 'group' | 'member' | 'single';

/** A director or a group, and its place in a list; `group` is that of a member. */
export interface PlacedPart {
  readonly part: FleetPart;
  readonly kind: PartKind;
  readonly group: FleetGroup | null;
}

/** Groups, each followed by its directors, then all other directors. */
export function partsInOrder({ directors, groups }: Pick<Fleet, 'directors' | 'groups'>): readonly PlacedPart[] {
  const all = groups();
  const grouped = new Set(all.flatMap(({ group }) => group.directors));
  return [
    ...all.flatMap((part): readonly PlacedPart[] => [
      { part, kind: 'group', group: null },
      ...directors
        .filter(({ name }) => part.group.directors.includes(name))
        .map((member): PlacedPart => ({ part: member, kind: 'member', group: part })),
    ]),
    ...directors
      .filter(({ name }) => !grouped.has(name))
      .map((part): PlacedPart => ({ part, kind: 'single', group: null })),
  ];
}

/** The path of a director's or a group's pages. */
export function pathOfPart(kind: 'd' | 'g', name: string): string {
  return `${kind}/${encodeURIComponent(name)}`;
}

/** The frame of the fleet's own pages. */
export const fleetFrame: SiteFrame = {
  views: [{ path: '', label: 'Fleet' }],
  searchPathOf: () => 'search',
  hasPeriods: false,
  apiPath: 'api/fleet',
};

/** The fleet as the frame of its pages shows it: as new as the newest of its data. */
export function framedFleet({ site, directors }: Fleet): FrameSite {
  return {
    ...site,
    frame: fleetFrame,
    collecting: () => {
      const states = directors.map(({ parts }) => parts.site.collecting());
      const newest = states.reduce((a, b) => ((b.lastS ?? 0) > (a.lastS ?? 0) ? b : a));
      // What fails for one director is among its findings; an engine fails for all of them.
      const failure = newest.failure?.isOfEngine ? newest.failure : null;
      return { retention: newest.retention, lastS: newest.lastS, failure };
    },
  };
}
