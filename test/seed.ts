// The seed of all searches: the same in every check, another where LVS_STATS_SEED names one. `LVS_STATS_SEED=new` takes one that was
// never tried; vitest.config.ts chooses it, and prints it.

import fc from 'fast-check';
import './equal-columns.js';

/** The seed. */
export const seed = Number(process.env['LVS_STATS_SEED'] ?? 1);

fc.configureGlobal({ seed });
