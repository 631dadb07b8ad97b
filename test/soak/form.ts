// The soaks come in two forms: a bounded one that CI can afford, and the full one, which takes an hour or so:
// LVS_STATS_SOAK=full npx vitest run test/soak

/** Is the full form asked for? */
export const isFull = process.env['LVS_STATS_SOAK'] === 'full';

/** Another seed tells other lives. */
export const seed = Number(process.env['LVS_STATS_SEED'] ?? 1);

/** What a soak may take, ms: that of the bounded form is for a machine that has much else to do. */
export const timeoutMs = (isFull ? 180 : 10) * 60_000;

/** Seconds of a day. */
export const dayS = 86_400;
