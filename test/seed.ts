// The seed of all searches: the same in every check unless LVS_STATS_SEED names another. `LVS_STATS_SEED=new` takes a random one,
// which vitest.config.ts chooses and prints.

import fc from 'fast-check';
import './equal-columns.js';

/** The seed. */
export const seed = Number(process.env['LVS_STATS_SEED'] ?? 1);

fc.configureGlobal({ seed });
