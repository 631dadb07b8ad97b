// The state of a service's real servers between two changes: their presence, weights and shares. A phase begins when a weight
// changes, a real server comes or goes, one takes more than its weight is due, or the service's counters restart.

import type { Character } from '../cast/character.js';
import type { Restart } from '../cast/service-counts.js';

/** Lists have one value per real server, by position. */
export interface Phase {
  readonly fromS: number;
  /** The service's counters restarted, and those of its real servers with it. */
  readonly isRestart: boolean;
  /** Connections from the previous phase are still open, on real servers that are still there. */
  readonly lingers: boolean;
  /** null: not in the table. */
  readonly weights: readonly (number | null)[];
  /** Added since the previous phase, too late to resume its old counters. */
  readonly isAnew: readonly boolean[];
  /** Fractions of new connections; their sum is 1. */
  readonly shares: readonly number[];
  /** Cumulative shares: where the part of a real server ends in [0, 1]. */
  readonly edges: readonly number[];
  /** The next real server with a share, in a ring. */
  readonly neighbours: readonly number[];
  readonly smallestShare: number;
}

/** The kernel keeps a removed real server, and its counters, for about this long. */
const resumesS = 120;

/** The phases of a service, oldest first; the first begins with its first restart. */
export function phasesOf(character: Character, restarts: readonly Restart[]): readonly Phase[] {
  const { changes, pulls } = character.story;
  const originS = restarts[0]?.atS ?? 0;
  const starts = new Set([...restarts, ...changes, ...pulls].map(({ atS }) => atS));
  const phases: Phase[] = [];
  for (const fromS of [...starts].filter((atS) => atS >= originS).sort((a, b) => a - b)) {
    const weights = weightsAt(character, fromS);
    const before = phases.at(-1);
    const restart = restarts.find(({ atS }) => atS === fromS);
    const isAnew = weights.map((weight, i) => weight !== null && wasAbsentAt(character, i, fromS - resumesS));
    phases.push({
      fromS,
      isRestart: restart !== undefined,
      lingers: before?.weights.every((was, i) => was === null || weights[i] !== null) === true && !restart?.isFresh,
      weights,
      isAnew: isAnew.map((value, i) => value && before?.weights[i] === null),
      ...sharesOf(weights.map((weight, i) => (weight === null ? null : weight * pullAt(character, i, fromS)))),
    });
  }
  return phases;
}

/** The phase at a time; the first one for earlier times. */
export function phaseAt(phases: readonly Phase[], timeS: number): Phase | undefined {
  return phases.findLast(({ fromS }) => fromS <= timeS) ?? phases[0];
}

/** The weights of a service's real servers at a time, while it is in the table; null for those that are not there. */
export function weightsAt({ realServers, story }: Character, timeS: number): readonly (number | null)[] {
  return realServers.map(({ weight }, i) => {
    const change = story.changes.findLast(({ atS, realServer }) => realServer === i && atS <= timeS);
    return change === undefined ? weight : change.weight;
  });
}

function pullAt({ story }: Character, realServer: number, timeS: number): number {
  return story.pulls.findLast((pull) => pull.realServer === realServer && pull.atS <= timeS)?.factor ?? 1;
}

function wasAbsentAt(character: Character, realServer: number, timeS: number): boolean {
  return weightsAt(character, timeS)[realServer] === null;
}

/** By the weights, as far as real servers take their due. */
function sharesOf(
  weights: readonly (number | null)[],
): Pick<Phase, 'shares' | 'edges' | 'neighbours' | 'smallestShare'> {
  const total = weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0);
  const shares = weights.map((weight) => (total > 0 ? (weight ?? 0) / total : 0));
  const sharers = [...shares.keys()].filter((i) => (shares[i] ?? 0) > 0);
  const last = sharers.at(-1) ?? 0;
  let sum = 0;
  const edges = shares.map((share, i) => {
    sum += share;
    return i >= last ? 1 : sum;
  });
  const neighbours = shares.map((_, i) => sharers.find((other) => other > i) ?? sharers[0] ?? i);
  const smallestShare = Math.min(...sharers.map((i) => shares[i] ?? 0));
  return { shares, edges, neighbours, smallestShare };
}
