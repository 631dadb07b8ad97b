// The options of the benchmark of peers, from the environment.

import { UserError } from '../../src/model/user-error.js';

/** Sizes of pools, and runs. */
export interface PeersOptions {
  readonly sizes: readonly number[];
  /** Partitions of pools of more than `smallPool` members. */
  readonly partitions: number;
  readonly seed: number;
}

/** Pools up to this size are parted twenty times, several of them at once. */
export const smallPool = 12;

/** Reads the options. Throws a `UserError` for one that is no number in its bounds. */
export function peersOptions(env: Readonly<Record<string, string | undefined>>): PeersOptions {
  const { LVS_STATS_POOLS: sizes = '12,50,100', LVS_STATS_PARTITIONS: partitions = '2' } = env;
  return {
    sizes: sizes.split(',').map((word) => numberOf('LVS_STATS_POOLS', word, [5, 500])),
    partitions: numberOf('LVS_STATS_PARTITIONS', partitions, [0, 100]),
    seed: numberOf('LVS_STATS_SEED', env['LVS_STATS_SEED'] ?? '1', [1, 2 ** 31]),
  };
}

/** Reads the options of simulated pools. Throws as `peersOptions` does. */
export function simulatedOptions(
  env: Readonly<Record<string, string | undefined>>,
): Pick<PeersOptions, 'sizes' | 'seed'> {
  const { LVS_STATS_SIMULATED: sizes = '100,1000,5000', LVS_STATS_SEED: seed = '1' } = env;
  return {
    sizes: sizes.split(',').map((word) => numberOf('LVS_STATS_SIMULATED', word, [12, 5000])),
    seed: numberOf('LVS_STATS_SEED', seed, [1, 2 ** 31]),
  };
}

function numberOf(name: string, word: string, [least, most]: readonly [number, number]): number {
  const number = /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UserError('bad-command', `${name} has "${word}": write whole numbers from ${least} to ${most}`);
}
