// The common cause of lost links. A link that is lost may be so because of the host that watches, the host that is watched, the way between two
// data centres, or itself. In this order:
//
//  1. the way between two data centres, if at least two observers of one lose nearly all links to at least two hosts of the other, and others
//     reach such hosts well;
//  2. the observer, if it loses more than half of its links, to at least two hosts, and others reach most of these well; where nobody else
//     watches them, if it loses all of at least three;
//  3. the target, if at least two observers lose it, and more than half of the links to it are lost;
//  4. the way between two data centres, if nobody else can tell;
//  5. the link alone.
//
// The first rule comes before the second and the third: while a way is cut, each observer at one end loses what it watches at the other.
// A cut is named once everybody who could tell has reported since it began, or would have.

import type { Blame, Cut } from '../../model/links/link.js';
import { probesPerRound, roundS, spacingS } from '../../model/links/round.js';

/** A link, as far as blame needs it. */
export interface JudgedLink {
  readonly observer: string;
  /** The address that is watched. */
  readonly target: string;
  /** Data centres of its ends; null if unknown. */
  readonly fromDc: string | null;
  readonly toDc: string | null;
  /** As in `LinkHistory`. */
  readonly lostS: number | null;
  readonly lastS: number;
}

/** Share of the links between two data centres that must be lost. */
const nearlyAll = 0.8;

/** Seconds from a cut to the moment at which each report since tells of it. */
const roundOfProbesS = (probesPerRound - 1) * spacingS;

/**
 * Seconds after the first lost probe at which a cut is named, whoever has not reported: a round that it hit too late, and a whole one. The cut may
 * have come up to 30 seconds before that probe.
 */
export const latestNamingS = roundS + roundOfProbesS - spacingS;

/** The cuts that explain the lost links, the widest blame first. Those that it is too early to name are left out. */
export function cutsOf(links: readonly JudgedLink[], nowS: number): readonly Cut[] {
  const left = new Set(links.filter(({ lostS }) => lostS !== null));
  if (left.size === 0) return [];
  const by = indexed(links, left);
  const cuts: Cut[] = [];
  const add = (blame: Blame, subject: string, { all, lost }: Group): void => {
    cuts.push(cutFrom({ blame, subject, all, lost }));
    for (const link of lost) left.delete(link);
  };
  for (const [subject, all] of by.ways) {
    const group = groupOf(all, left);
    if (isWayCut(group) && isReachedByOthers(group.lost, by)) add('dcs', subject, group);
  }
  for (const [subject, all] of by.observers) {
    const group = groupOf(all, left);
    if (isObserverCut(group, by)) add('observer', subject, group);
  }
  for (const [subject, all] of by.targets) {
    const group = groupOf(all, left);
    const observers = countOf(group.lost, 'observer');
    const others = all.filter((link) => link.lostS === null || left.has(link));
    if (observers >= 2 && 2 * group.lost.length > others.length) add('target', subject, group);
  }
  for (const [subject, all] of by.ways) {
    const group = groupOf(all, left);
    if (isWayCut(group)) add('dcs', subject, group);
  }
  for (const link of left) {
    add('pair', `${link.observer}/${link.target}`, { all: [link], lost: [link] });
  }
  return cuts.filter((cut) => isTimely(cut, by, nowS));
}

/** Links, and those of them that are lost and not explained yet. */
interface Group {
  readonly all: readonly JudgedLink[];
  readonly lost: readonly JudgedLink[];
}

interface Index {
  readonly observers: ReadonlyMap<string, readonly JudgedLink[]>;
  readonly targets: ReadonlyMap<string, readonly JudgedLink[]>;
  /** By `tx~fr`, without direction: a ping goes both ways. */
  readonly ways: ReadonlyMap<string, readonly JudgedLink[]>;
}

/** The links that share an end or a way with a lost one. */
function indexed(links: readonly JudgedLink[], lost: ReadonlySet<JudgedLink>): Index {
  const observers = new Map<string, JudgedLink[]>();
  const targets = new Map<string, JudgedLink[]>();
  const ways = new Map<string, JudgedLink[]>();
  for (const link of lost) {
    observers.set(link.observer, []);
    targets.set(link.target, []);
    const way = wayOf(link);
    if (way !== null) ways.set(way, []);
  }
  for (const link of links) {
    observers.get(link.observer)?.push(link);
    targets.get(link.target)?.push(link);
    if (ways.size > 0) ways.get(wayOf(link) ?? '')?.push(link);
  }
  return { observers, targets, ways };
}

/** The two data centres between which a link runs; null if it stays in one, or if they are unknown. */
function wayOf({ fromDc, toDc }: JudgedLink): string | null {
  if (fromDc === null || toDc === null || fromDc === toDc) return null;
  return fromDc < toDc ? `${fromDc}~${toDc}` : `${toDc}~${fromDc}`;
}

function groupOf(all: readonly JudgedLink[], left: ReadonlySet<JudgedLink>): Group {
  return { all, lost: all.filter((link) => left.has(link)) };
}

function countOf(links: readonly JudgedLink[], field: 'observer' | 'target'): number {
  return new Set(links.map((link) => link[field])).size;
}

function isWayCut({ all, lost }: Group): boolean {
  return lost.length >= nearlyAll * all.length && countOf(lost, 'observer') >= 2 && countOf(lost, 'target') >= 2;
}

/** Whether others reach at least two of the hosts, and most of those that anybody else watches. */
function isReachedByOthers(lost: readonly JudgedLink[], { targets }: Index): boolean {
  const ways = new Set(lost.map(wayOf));
  const others = (link: JudgedLink): boolean => !ways.has(wayOf(link));
  const { watched, well } = seenByOthers(lost, targets, others);
  return well >= 2 && 2 * well > watched;
}

function isObserverCut({ all, lost }: Group, { targets }: Index): boolean {
  const hosts = countOf(lost, 'target');
  if (hosts < 2 || 2 * lost.length <= all.length) return false;
  const [first] = lost;
  const { watched, well } = seenByOthers(lost, targets, ({ observer }) => observer !== first?.observer);
  return watched === 0 ? lost.length === all.length && hosts >= 3 : 2 * well > watched;
}

/** How many of the hosts are watched by others, and how many of them most of these reach. */
function seenByOthers(
  lost: readonly JudgedLink[],
  targets: Index['targets'],
  isOther: (link: JudgedLink) => boolean,
): { readonly watched: number; readonly well: number } {
  let [watched, well] = [0, 0];
  for (const target of new Set(lost.map((link) => link.target))) {
    const others = (targets.get(target) ?? []).filter(isOther);
    if (others.length === 0) continue;
    watched += 1;
    if (2 * others.filter(({ lostS }) => lostS === null).length >= others.length) well += 1;
  }
  return { watched, well };
}

interface CutParts extends Group {
  readonly blame: Blame;
  readonly subject: string;
}

function cutFrom({ blame, subject, all, lost }: CutParts): Cut {
  return {
    blame,
    subject,
    sinceS: Math.min(...lost.map(({ lostS }) => lostS ?? Number.POSITIVE_INFINITY)),
    lost: lost.length,
    links: all.length,
    observers: [...new Set(lost.map(({ observer }) => observer))].toSorted(),
    targets: [...new Set(lost.map(({ target }) => target))].toSorted(),
  };
}

/** Whether everybody who watches these hosts, and everything that these observers watch, was reported since the cut, or would have been. */
function isTimely({ sinceS, observers, targets }: Cut, by: Index, nowS: number): boolean {
  if (nowS - sinceS >= latestNamingS) return true;
  const neighbours = [
    ...observers.flatMap((observer) => by.observers.get(observer) ?? []),
    ...targets.flatMap((target) => by.targets.get(target) ?? []),
  ];
  return neighbours.every(({ lastS }) => lastS - sinceS >= roundOfProbesS);
}
