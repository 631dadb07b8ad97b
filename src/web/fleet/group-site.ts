// A group of directors as the site of a viewer.

import type { Group } from '../../fleet/recognise-groups.js';
import type { KnownFinding } from '../../model/finding/finding.js';
import { isOfDirector } from '../../model/names/name.js';
import type { SeriesSource } from '../../model/series.js';
import type { CollectorState, Site } from '../site.js';
import { pathOfPart } from './fleet.js';

/** The site of a group, made from those of its directors. Throws a `RangeError` if there are none. */
export function groupSite(group: Group, members: readonly Site[], source: SeriesSource): Site {
  const [first] = members;
  if (first === undefined) throw new RangeError(`the group ${group.name} has no directors`);
  const base = first.fleetHref?.replace(/\/$/, '') ?? '';
  return {
    ...first,
    source,
    director: group.name,
    basePath: `${base}/${pathOfPart('g', group.name)}`,
    collecting: () => groupState(members.map((site) => site.collecting())),
    firstSeen: new Map(),
    freeBytes: () => Math.min(...members.map((site) => site.freeBytes())),
    picturesFolder: null,
    metrics: null,
    links: null,
    linkFindings: null,
    linksToward: null,
    map: null,
    sql: null,
  };
}

/**
 * The state of collecting of a group: as new as that of its newest director, and failing only if all of them fail. What is wrong with the
 * machine of one director is not wrong with the group.
 */
function groupState(members: readonly CollectorState[]): CollectorState {
  const byAge = members.toSorted((a, b) => (b.lastS ?? 0) - (a.lastS ?? 0));
  const [newest] = byAge;
  if (newest === undefined) throw new RangeError('a group has directors');
  const { drift: _, ...state } = newest;
  return {
    ...state,
    failure: members.every(({ failure }) => failure !== null) ? newest.failure : null,
    findings: onceEach(byAge.flatMap(({ findings = [] }) => findings).filter(({ subject }) => !isOfDirector(subject))),
    silences: members.flatMap(({ silences = [] }) => silences),
  };
}

/** Findings of several directors: what is wrong with a real server is wrong for all of them. The oldest of each kind and subject is kept. */
function onceEach(findings: readonly KnownFinding[]): readonly KnownFinding[] {
  const kept = new Map<string, KnownFinding>();
  for (const finding of findings) {
    const key = `${finding.kind}/${finding.subject}`;
    const before = kept.get(key);
    if (before === undefined || rankOf(finding) < rankOf(before)) kept.set(key, finding);
  }
  return [...kept.values()];
}

/** An open finding before a pending one, then the older one. */
function rankOf({ openS, sinceS }: KnownFinding): number {
  return openS === null ? Number.MAX_SAFE_INTEGER : sinceS;
}
