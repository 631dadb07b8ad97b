// The rows of standard archives, in the terms the tests use.

import { heartbeatOf, standardRetention } from '../src/model/retention.js';

/** The step and the round-robin archives. */
export const { stepS, rras } = standardRetention;

/** The silence after which a data source is unknown, in seconds. */
export const heartbeatS = heartbeatOf(standardRetention);
