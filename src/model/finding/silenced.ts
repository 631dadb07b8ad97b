// A silenced finding: it is listed apart, and does not count.

import type { Silence } from '../policy/silence.js';
import type { Finding } from './finding.js';

/** A finding with the silence that keeps it from counting. */
export interface SilencedFinding {
  readonly finding: Finding;
  readonly silence: Silence;
}
