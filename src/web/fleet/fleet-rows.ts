// The directors and groups of a fleet as rows of words and figures.

import { carriedNow } from '../../fleet/carriers.js';
import type { Grade } from '../../model/finding/verdict.js';
import { directorName } from '../../model/names/name.js';
import { formatLocal } from '../../render/look/local-time.js';
import { formatFigure, noFigure } from '../../render/look/si-format.js';
import { busynessOf, type Figures, hourlyChange } from '../data/board.js';
import { servicesThere } from '../data/catalogue.js';
import { isCurrent, statusOf } from '../health.js';
import { siteVerdict } from '../now/findings.js';
import { formatChange } from '../now/now-rows.js';
import { type Spark, sparkOf } from '../now/spark.js';
import { formatAgo } from '../pages/age.js';
import type { Status } from '../wire.js';
import { type Fleet, type FleetGroup, type FleetPart, type PartKind, partsInOrder } from './fleet.js';

/** The facts about a director or a group now; numbers are NaN if unknown, as all are of one whose data is old. */
export interface PartFacts {
  readonly part: FleetPart;
  readonly status: Status;
  readonly grade: Grade;
  readonly counts: Readonly<Record<'critical' | 'warning' | 'notice', number>>;
  readonly services: number;
  /** Bytes per second in and out, new connections per second. */
  readonly traffic: number;
  readonly conns: number;
  /** The traffic of the last hour against the same one a week ago: 0.1 is 10 % more. */
  readonly change: number;
  readonly figures: Figures | undefined;
  /** Whether it carries traffic now; null if that is unknown. */
  readonly isCarrying: boolean | null;
}

/** Reads the facts about a director or a group. */
async function readFacts(part: FleetPart, isCarrying: FleetGroup['isCarrying'] = carriedNow): Promise<PartFacts> {
  const { site, catalogue: readCatalogue, boards } = part.parts;
  const catalogue = await readCatalogue();
  const status = statusOf(site);
  const figures = (await boards(catalogue, new Set([directorName]))).of(directorName);
  const now = isCurrent(status) ? figures?.now : undefined;
  const { grade, counts } = siteVerdict(site);
  return {
    part,
    status,
    grade,
    counts,
    services: servicesThere(catalogue).length,
    traffic: busynessOf(now, 'traffic'),
    conns: busynessOf(now, 'cps'),
    change: hourlyChange(isCurrent(status) ? figures : undefined),
    figures,
    isCarrying: now === undefined ? null : isCarrying(now),
  };
}

/** The facts about a fleet. */
export interface FleetFacts {
  readonly directors: readonly PartFacts[];
  readonly groups: readonly GroupFacts[];
}

/** The facts about a group, and its newest failover of the last 14 days. */
export interface GroupFacts extends PartFacts {
  readonly part: FleetGroup;
  readonly failover: { readonly timeS: number; readonly from: string; readonly to: string } | null;
}

const failoverDays = 14;

/** Reads the facts about all directors and groups. */
export async function readFleet({ directors, groups }: Pick<Fleet, 'directors' | 'groups'>): Promise<FleetFacts> {
  return {
    directors: await Promise.all(
      directors.map((part) => {
        const own = groups().find(({ group }) => group.directors.includes(part.name));
        return readFacts(part, own?.isCarrying);
      }),
    ),
    groups: await Promise.all(groups().map((part) => readGroup(part))),
  };
}

async function readGroup(part: FleetGroup): Promise<GroupFacts> {
  const facts = await readFacts(part);
  const sinceS = (facts.status.lastS ?? 0) - failoverDays * 86_400;
  const events = await part.parts.site.source.events({ archive: directorName, sinceS });
  const last = events.findLast(({ kind }) => kind === 'failover');
  const failover = last === undefined ? null : { timeS: last.timeS, from: last.from ?? '', to: last.to ?? '' };
  return { ...facts, part, failover };
}

/** A row of the page. */
export interface FleetRow {
  readonly kind: PartKind;
  readonly name: string;
  readonly href: string;
  /** Which director of a group carries the traffic, and since when; whether a member carries or stands by. */
  readonly remark: string;
  readonly traffic: string;
  readonly share: string;
  readonly conns: string;
  readonly change: string;
  readonly spark: Spark;
  readonly services: string;
  readonly grade: Grade;
  readonly findings: string;
  readonly age: string;
  readonly isLate: boolean;
}

/** Rows of the page: groups, each with its directors, then all other directors. */
export function fleetRows(facts: FleetFacts, timeZone: string): readonly FleetRow[] {
  const shareOf = sharesOf(facts);
  const byPart = new Map<FleetPart, PartFacts>(facts.directors.map((one) => [one.part, one]));
  const groups = facts.groups.map(({ part }) => part);
  const places = partsInOrder({ directors: facts.directors.map(({ part }) => part), groups: () => groups });
  return places.flatMap(({ part, kind }) => {
    const group = facts.groups.find((one) => one.part === part);
    if (group !== undefined)
      return rowOf(group, { kind, remark: carriedBy(group, facts.directors, timeZone), share: shareOf(group) });
    const own = byPart.get(part);
    if (own === undefined) return [];
    if (kind === 'single') return rowOf(own, { kind, remark: '', share: shareOf(own) });
    return rowOf(memberFacts(own), { kind, remark: standingOf(own), share: Number.NaN });
  });
}

/** The share of the fleet's traffic, which is unknown while any part of it is. */
export function sharesOf({ directors, groups }: FleetFacts): (facts: PartFacts) => number {
  const grouped = new Set(groups.flatMap(({ part }) => part.group.directors));
  const counted = [...groups, ...directors.filter(({ part }) => !grouped.has(part.name))];
  const total = counted.reduce((sum, { traffic }) => sum + traffic, 0);
  return ({ traffic }) => (total > 0 ? traffic / total : Number.NaN);
}

/** A director that stands by has lost nothing against last week, whoever carried the traffic then. */
function memberFacts(facts: PartFacts): PartFacts {
  return facts.isCarrying === true ? facts : { ...facts, change: Number.NaN };
}

function standingOf({ isCarrying }: PartFacts): string {
  if (isCarrying === null) return '';
  return isCarrying ? 'carries the traffic' : 'stands by';
}

/** "carried by lb2 since 2026-12-03 12:35, before by lb1". */
function carriedBy({ part, failover }: GroupFacts, directors: readonly PartFacts[], timeZone: string): string {
  const carrying = directors.filter(
    ({ part: { name }, isCarrying }) => part.group.directors.includes(name) && isCarrying === true,
  );
  const names = carrying.map((facts) => facts.part.name);
  if (names.length === 0) return 'no director is known to carry traffic';
  const isSince = failover !== null && names.length === 1 && names[0] === failover.to;
  const since = isSince
    ? ` since ${formatLocal(timeZone, failover.timeS).slice(0, 16)}, before by ${failover.from}`
    : '';
  return `carried by ${names.join(' and ')}${since}`;
}

function rowOf(
  { part, status, grade, counts, services, traffic, conns, change, figures }: PartFacts,
  { kind, remark, share }: Pick<FleetRow, 'kind' | 'remark'> & { readonly share: number },
): FleetRow {
  const isLate = status.state !== 'ok';
  return {
    kind,
    name: part.name,
    href: `${part.parts.site.basePath}/`,
    remark,
    traffic: formatFigure(8 * traffic),
    share: Number.isNaN(share) ? noFigure : `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`,
    conns: formatFigure(conns),
    change: formatChange(change),
    spark: sparkOf(figures?.spark ?? [], figures?.sparkLastWeek ?? []),
    services: String(services),
    grade,
    findings: countsText(counts),
    age: status.lastS === null ? 'no data yet' : formatAgo(status.nowS - status.lastS),
    isLate,
  };
}

/** "2 critical, 1 warning"; '' if there is nothing. */
function countsText(counts: PartFacts['counts']): string {
  const words = [
    [counts.critical, 'critical'],
    [counts.warning, counts.warning === 1 ? 'warning' : 'warnings'],
    [counts.notice, counts.notice === 1 ? 'notice' : 'notices'],
  ] as const;
  return words.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}
