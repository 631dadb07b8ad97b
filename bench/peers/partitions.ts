// Partitions of a pool and their healing. In a partition a verdict is right if an agent of the larger side names a member of the smaller one; whatever else
// is named, by whom and when it may be, is a false death. Two halves name nobody.

import { setTimeout as pause } from 'node:timers/promises';
import { verdictsIn } from '../../test/engines/peers/agent-log.js';
import type { Pool } from '../../test/engines/peers/pool.js';
import { untilJoined, untilPeace } from './settle.js';

/** The result of some partitions. */
export interface Partitions {
  readonly runs: number;
  readonly falseDeaths: readonly string[];
  /** Verdicts on what the larger side had lost. */
  readonly rightVerdicts: number;
  /** From the healing until all Serfs saw all members, nobody was named and all judged, ms. */
  readonly peaceMs: readonly number[];
}

/** How long partitions last, s: shorter than Serf's decision, and longer than a verdict on silence is held. */
const lengthsS = [5, 15, 30, 45] as const;

/** Polls and questions that began in the partition end within this time, ms. */
const lateMs = 5000;

/** Time without a fault between two partitions, ms. */
const quietMs = 10_000;

/** Parts a pool `runs` times; `first` is the number of the first run, which decides sizes and lengths. */
export async function partPool(
  pool: Pool,
  { runs, first, random }: { readonly runs: number; readonly first: number; readonly random: () => number },
): Promise<Partitions> {
  const all: Partitions[] = [];
  for (let i = 0; i < runs; i += 1) all.push(await partOnce(pool, first + i, random));
  return togetherOf(all);
}

/** The results of several pools. */
export function togetherOf(all: readonly Partitions[]): Partitions {
  return {
    runs: all.reduce((sum, { runs }) => sum + runs, 0),
    falseDeaths: all.flatMap(({ falseDeaths }) => falseDeaths),
    rightVerdicts: all.reduce((sum, { rightVerdicts }) => sum + rightVerdicts, 0),
    peaceMs: all.flatMap(({ peaceMs }) => peaceMs),
  };
}

async function partOnce(pool: Pool, number: number, random: () => number): Promise<Partitions> {
  const count = pool.hosts.length;
  // From one member to a half, which every fifth run has.
  const half = Math.floor(count / 2);
  const size = number % 5 === 4 ? half : 1 + Math.floor(random() * (half - 1));
  const lastsS = lengthsS[number % lengthsS.length] ?? lengthsS[0];
  const shuffled = pool.hosts.map(({ name }) => ({ name, at: random() })).sort((a, b) => a.at - b.at);
  const small = new Set(shuffled.slice(0, size).map(({ name }) => name));
  const sinceMs = performance.now();
  const heal = pool.spaces.part([...small]);
  await pause(lastsS * 1000 + 5000 * random());
  heal();
  const healedMs = performance.now();
  await untilJoined(pool);
  await untilPeace(pool);
  const peaceMs = performance.now() - healedMs;
  // What is named late belongs to this partition, not to the next one.
  await pause(quietMs);
  await untilPeace(pool);
  const hasLarger = 2 * size < count;
  const sideOf = (name: string): string => `${name} (${small.has(name) ? 'smaller' : 'larger'} side)`;
  const verdicts = verdictsIn(pool.log, sinceMs).map(({ agent, subject, atMs }) => {
    const [member = ''] = subject.split(' ');
    const isRight = hasLarger && !small.has(agent) && small.has(member) && atMs < healedMs + lateMs;
    const when = `${((atMs - sinceMs) / 1000).toFixed(1)} s after the cut, ${((atMs - healedMs) / 1000).toFixed(1)} s after its healing`;
    return {
      isRight,
      text: `${sideOf(agent)} named ${subject} of ${sideOf(member)} ${when}; ${size} of ${count} were cut off`,
    };
  });
  return {
    runs: 1,
    falseDeaths: verdicts.filter(({ isRight }) => !isRight).map(({ text }) => text),
    rightVerdicts: verdicts.filter(({ isRight }) => isRight).length,
    peaceMs: [peaceMs],
  };
}
