// The soak tests have two forms: a bounded one for CI, and the full one, which takes about an hour:
// LVS_STATS_SOAK=full npx vitest run test/soak

/** True for the full form. */
export const isFull = process.env['LVS_STATS_SOAK'] === 'full';

/** Seconds of a day. */
export const dayS = 86_400;
