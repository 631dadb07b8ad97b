// The groups of a fleet that is shown: found anew after each cycle, each with the pages of a director.

import { createGroupSource, type GroupSource } from '../../fleet/group-source.js';
import { type Group, type GroupCandidate, recogniseGroups } from '../../fleet/recognise-groups.js';
import type { DirectorGroup } from '../../model/policy/redundancy.js';
import { formatRetention } from '../../model/retention.js';
import { servicesThere } from '../../web/data/catalogue.js';
import { oneAtATime } from '../../web/data/one-at-a-time.js';
import { type FleetGroup, type FleetPart, pathOfPart } from '../../web/fleet/fleet.js';
import { groupSite } from '../../web/fleet/group-site.js';
import { type AssembledViewer, assembleViewer } from '../../web/viewer.js';

interface Ground {
  readonly directors: readonly FleetPart[];
  /** The groups that the policy names. */
  readonly named: () => readonly DirectorGroup[];
  readonly say: (text: string) => void;
}

interface ShownGroup extends FleetGroup, Pick<AssembledViewer, 'prepare'> {
  readonly source: GroupSource;
}

/** The groups of a fleet. */
export interface FleetGroups {
  readonly current: () => readonly FleetGroup[];
  /** Finds the groups, and computes what their pages need; called at the start and after a cycle of any director. */
  refresh(isReplaced?: boolean): Promise<void>;
}

/** Creates the groups of some directors. None are known before the first refresh. */
export function createFleetGroups(ground: Ground): FleetGroups {
  let shown: readonly ShownGroup[] = [];
  const refused = new Set<string>();
  let isStale = false;
  const refreshNow = async (): Promise<void> => {
    const candidates = await Promise.all(ground.directors.map((part) => candidateOf(part)));
    const found = withLasting(recogniseGroups(candidates, ground.named()), shown, candidates);
    const next = found.flatMap((group) => {
      const before = shown.find((one) => keyOf(one.group) === keyOf(group));
      return before ?? shownGroup(group, ground, refused) ?? [];
    });
    const isReplaced = isStale;
    isStale = false;
    try {
      for (const { source, prepare } of next) {
        await source.observe();
        await prepare(isReplaced);
      }
    } catch (error) {
      isStale ||= isReplaced;
      throw error;
    }
    shown = next;
  };
  // The directors of a fleet are read in the same seconds.
  const refreshSoon = oneAtATime(refreshNow);
  return {
    current: () => shown,
    refresh: (isReplaced = false) => {
      isStale ||= isReplaced;
      return refreshSoon();
    },
  };
}

async function candidateOf({ name, parts }: FleetPart): Promise<GroupCandidate> {
  const services = servicesThere(await parts.catalogue());
  return { name, services: services.map(({ info }) => info.name) };
}

function keyOf({ name, directors, isNamed }: Group): string {
  return JSON.stringify([name, directors, isNamed]);
}

/**
 * Groups that were recognised stay while their directors share at least half of their virtual servers: a change of the configuration reaches
 * one director before the others.
 */
function withLasting(
  found: readonly Group[],
  before: readonly { readonly group: Group }[],
  candidates: readonly GroupCandidate[],
): readonly Group[] {
  const taken = new Set(found.flatMap(({ directors }) => directors));
  const lasting = before
    .map(({ group }) => group)
    .filter(({ isNamed, directors }) => {
      const own = candidates.filter(({ name }) => directors.includes(name)).map(({ services }) => services);
      return !isNamed && !directors.some((name) => taken.has(name)) && isAlike(own);
    });
  return [...found, ...lasting];
}

function isAlike(lists: readonly (readonly string[])[]): boolean {
  const all = new Set(lists.flat());
  const common = [...all].filter((name) => lists.every((list) => list.includes(name)));
  return all.size > 0 && 2 * common.length >= all.size;
}

/** The pages of a group; null if its directors keep different rows, which is reported once. */
function shownGroup(group: Group, { directors, say }: Ground, refused: Set<string>): ShownGroup | null {
  const members = group.directors.flatMap((name) => directors.filter((part) => part.name === name));
  const kept = new Set(members.map(({ parts }) => formatRetention(parts.site.collecting().retention)));
  if (kept.size > 1) {
    const names = group.directors.join(' and ');
    if (!refused.has(names))
      say(`${names} are not shown as a group: they keep different rows (${[...kept].join('; ')})`);
    refused.add(names);
    return null;
  }
  const source = createGroupSource(members.map(({ name, parts }) => ({ director: name, source: parts.site.source })));
  const site = groupSite(
    group,
    members.map(({ parts }) => parts.site),
    source,
  );
  // Rows of a group are not final at its newest reading: a director that is read later still completes them.
  const viewer = assembleViewer(site, 0);
  const isCarrying: GroupSource['isCarrying'] = (now) => source.isCarrying(now);
  return { ...viewer, name: group.name, path: pathOfPart('g', group.name), group, source, isCarrying };
}
