// The rows of standard archives, in the terms of the tests.

import { heartbeatOf, standardRetention } from '../src/model/retention.js';

/** Step and round-robin archives. */
export const { stepS, rras } = standardRetention;

/** Seconds of silence after which a data source is unknown. */
export const heartbeatS = heartbeatOf(standardRetention);
