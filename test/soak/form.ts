// The soaks come in two forms: a bounded one that CI can afford, and the full one, which takes an hour or so:
// LVS_STATS_SOAK=full npx vitest run test/soak

/** Is the full form asked for? */
export const isFull = process.env['LVS_STATS_SOAK'] === 'full';

/** Seconds of a day. */
export const dayS = 86_400;
