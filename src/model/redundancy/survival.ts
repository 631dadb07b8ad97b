// The losses that a service survives: that of a real server, a host, a rack, a data centre, a director. It survives a loss if usable real servers are
// left, and none of them would have more at the peak of the last 30 days than is allowed, by what each ever held.

import { leastPeakPerS, loadAfter, type ServicePeak } from '../capacity/loss.js';
import type { RequiredLevel } from '../policy/redundancy.js';
import { type Place, placeOfServer } from '../topology/place.js';
import type { Topology } from '../topology/topology.js';

/** The losses, the smallest first. */
export const lossLevels = ['server', 'host', 'rack', 'dc', 'director'] as const;

/** A loss. */
export type LossLevel = (typeof lossLevels)[number];

/** How a loss ends; `unknown` if it is not known what stands where. */
export type LossOutcome = 'survives' | 'overloaded' | 'lost' | 'unknown';

/** The worst loss of a level. */
export interface Survival {
  readonly level: LossLevel;
  readonly outcome: LossOutcome;
  /** The lost thing: a real server's archive, or the name of a host, rack or data centre; null if that is not known. */
  readonly worst: string | null;
  /** Usable real servers that are left. */
  readonly left: number;
  /** The load of the heaviest of them at the peak, as a part of the most it ever held; NaN if unknown. */
  readonly part: number;
  /** The archive of the heaviest; null if unknown. */
  readonly heaviest: string | null;
}

/** A usable real server of a service, and where it stands. */
export interface Standing {
  readonly archive: string;
  readonly address: string;
  readonly place: Place;
}

/** A service whose survival is judged. */
export interface JudgedService {
  readonly service: string;
  /** Its usable real servers. */
  readonly standings: readonly Standing[];
  /** Null if unknown. */
  readonly peak: ServicePeak | null;
  readonly required: RequiredLevel | null;
}

/** The losses that a service survives. */
export interface ServiceSurvival extends JudgedService {
  /** One of each level. */
  readonly survivals: Readonly<Record<LossLevel, Survival>>;
}

/** The measures of survival. */
export interface SurvivalGround {
  /** How many times the most it ever held a real server may get. */
  readonly allowed: number;
  /** The directors that can stand in for this one. */
  readonly partners: readonly string[];
}

/** The usable real servers of a pool (weights by name), and where they stand. */
export function standingsOf(
  topology: Topology,
  service: string,
  pool: ReadonlyMap<string, number>,
): readonly Standing[] {
  return [...pool].flatMap(([name, weight]) => {
    if (weight <= 0) return [];
    return [{ archive: `${service}/${name}`, ...placeOfServer(topology, name) }];
  });
}

/** Judges a service. */
export function survivalOf(judged: JudgedService, ground: SurvivalGround): ServiceSurvival {
  const worst = (level: Exclude<LossLevel, 'director'>): Survival => worstLoss(judged, level, ground);
  const survivals = {
    server: worst('server'),
    host: worst('host'),
    rack: worst('rack'),
    dc: worst('dc'),
    director: ofDirector(judged, ground),
  };
  return { ...judged, survivals };
}

/** Another director has the same real servers. */
function ofDirector({ standings }: JudgedService, { partners }: SurvivalGround): Survival {
  const outcome = partners.length > 0 ? 'survives' : 'unknown';
  return { level: 'director', outcome, worst: null, left: standings.length, part: Number.NaN, heaviest: null };
}

const severityOf: Readonly<Record<LossOutcome, number>> = { survives: 0, unknown: 1, overloaded: 2, lost: 3 };

/** The worst loss of a level. */
function worstLoss(
  judged: JudgedService,
  level: Exclude<LossLevel, 'director'>,
  ground: Pick<SurvivalGround, 'allowed'>,
): Survival {
  const { standings } = judged;
  const nothing = { level, worst: null, left: 0, part: Number.NaN, heaviest: null };
  if (standings.length === 0) return { ...nothing, outcome: 'lost' };
  const counts = new Map<string, number>();
  for (const one of standings) {
    const unit = unitOf(one, level);
    if (unit === null) return { ...nothing, outcome: 'unknown', left: standings.length };
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  // Without a load, the worst is the one that has most of them.
  if (judged.peak === null) {
    const [worst, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    const left = standings.length - count;
    return { ...nothing, outcome: left === 0 ? 'lost' : 'survives', worst, left };
  }
  const losses = [...counts.keys()].map((unit) => lossOf(judged, { level, unit }, ground));
  const rank = ({ outcome, part, left }: Survival): readonly number[] => [
    severityOf[outcome],
    Number.isNaN(part) ? 0 : part,
    -left,
  ];
  return losses.reduce((a, b) => (isAbove(rank(b), rank(a)) ? b : a));
}

function isAbove(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

/** A unit of a level: the archive of a real server, or the name of a host, rack or data centre; null if the topology does not say. */
export function unitOf({ archive, place }: Standing, level: Exclude<LossLevel, 'director'>): string | null {
  return level === 'server' ? archive : place[level];
}

/** The loss of one unit. */
export function lossOf(
  { standings, peak }: Pick<JudgedService, 'standings' | 'peak'>,
  { level, unit }: { readonly level: Exclude<LossLevel, 'director'>; readonly unit: string },
  { allowed }: Pick<SurvivalGround, 'allowed'>,
): Survival {
  const lost = new Set(standings.flatMap((one) => (unitOf(one, level) === unit ? [one.archive] : [])));
  const left = standings.length - lost.size;
  if (left === 0) return { level, outcome: 'lost', worst: unit, left, part: Number.NaN, heaviest: null };
  const load = loadAfter(peak, lost);
  const isTooMuch = load.part > allowed && (peak?.whole ?? 0) >= leastPeakPerS;
  return { level, outcome: isTooMuch ? 'overloaded' : 'survives', worst: unit, left, ...load };
}

/**
 * The loss by which a service is judged: the worst up to the level that it has to survive, or up to a host; of equal ones the smallest. What
 * does not survive a small loss does not survive a large one either, wherever its real servers stand.
 */
export function judgedLoss({ survivals, required }: Pick<ServiceSurvival, 'survivals' | 'required'>): Survival {
  const levels = lossLevels.slice(0, lossLevels.indexOf(required ?? 'host') + 1);
  const losses = levels.map((level) => survivals[level]);
  return losses.reduce((a, b) => (severityOf[b.outcome] > severityOf[a.outcome] ? b : a), survivals.server);
}
