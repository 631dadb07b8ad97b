// Random stories of an archive: times and counters as a collector might read them, bad days included.
// The store and rrdtool get the same story; for rrdtool, a reset is a drop of all five counters.

import { randomFrom } from '../random.js';

/** One reading, for both. Growth is null if the counters restarted. */
export interface StoryReading {
  readonly timeS: number;
  readonly gauges: readonly [number, number];
  readonly growth: readonly bigint[] | null;
}

type Pace = (random: () => number, timeS: number) => number;

/** Seconds to the next reading, by pace. */
const paces: Readonly<Record<string, Pace>> = {
  exact: (_, timeS) => 300 - (timeS % 300),
  steady: () => 300,
  jitter: (random) => 295 + Math.floor(random() * 10),
  'on and across boundaries': (random, timeS) =>
    random() < 0.5 ? 300 - (timeS % 300) : 1 + Math.floor(random() * 400),
  dense: (random) => 1 + Math.floor(random() * 60),
  'around the heartbeat': (random) => 590 + Math.floor(random() * 20),
  sparse: (random) => 200 + Math.floor(random() * 900),
  gaps: (random) => (random() < 0.1 ? Math.floor(random() * 90_000) + 700 : 300),
  'long gaps': (random) => (random() < 0.03 ? Math.floor(random() * 40 * 86400) + 700 : 300),
  mixed: (random) => [1, 7, 299, 300, 301, 450, 599, 600, 601, 1200, 7200][Math.floor(random() * 11)] ?? 300,
};

export const paceNames = Object.keys(paces);

/** A story of `count` readings from the seed. The pace scales with the step. */
export function tellStory(seed: number, count: number, pace: string, stepS = 300): readonly StoryReading[] {
  const random = randomFrom(seed);
  const resetShare = random() < 0.5 ? 0 : random() * 0.1;
  // Up to 10^12 bytes per reading: beyond a total of 2^64, rrdtool's own subtraction of decimal texts loses digits.
  const size = 10 ** Math.floor(random() * 8);
  let timeS = 1_700_000_000 + Math.floor(random() * 1_000_000);
  const story: StoryReading[] = [];
  for (let i = 0; i < count; i += 1) {
    const gauges = [Math.floor(random() * 5000), Math.floor(random() * 100)] as const;
    const growth = [1, 8, 9, 5000, 90_000].map((factor) => BigInt(Math.floor(random() * size * factor)));
    story.push({ timeS, gauges, growth: i > 0 && random() < resetShare ? null : growth });
    const lengthS = paces[pace]?.(random, timeS) ?? 300;
    timeS += stepS === 300 ? lengthS : Math.max(1, Math.round((lengthS * stepS) / 300));
  }
  return story;
}

/** rrdtool's update arguments for a story: counters start high and drop far at each restart. */
export function updateArguments(story: readonly StoryReading[]): readonly string[] {
  let counters = [0n, 0n, 0n, 0n, 0n].map(() => 1n << 62n);
  return story.map(({ timeS, gauges, growth }) => {
    counters = counters.map((value, i) => (growth === null ? value / 2n : value + (growth[i] ?? 0n)));
    return [timeS, ...gauges, ...counters].join(':');
  });
}
