// A service whose new connections, packets or bytes rose far above its usual week, and the shape of it if the counters can tell.

import type { BaselineRate } from '../../../model/baseline/baseline.js';
import { reducer, type Sign, thresholdFor } from '../reducer.js';
import { attackShapes, shapeOf } from '../traffic-shape.js';
import { signsAgainstUsual } from '../usual.js';

/** A quarter of an hour of standard steps. */
const cycles = 3;

/** Spreads above the usual rate that chance may explain. */
const chanceSpreads = 6;

/** The judged rates, and the ones per second that no service need fear. */
const leastNow: readonly (readonly [rate: BaselineRate, perS: number])[] = [
  ['Conns', 1],
  ['InPkts', 1000],
  ['InBytes', 1e6],
  ['OutBytes', 1e6],
];

/** The reducer. */
export const trafficSurged = reducer({
  kind: 'traffic-surged',
  severity: 'warning',
  openCycles: cycles,
  closeCycles: 2 * cycles,
  signs: (observation, { surge }, known) =>
    signsAgainstUsual(observation, (comparison, { name }): Sign | null => {
      const stay = thresholdFor(known, name, 1);
      for (const [rate, least] of leastNow) {
        const { now, usual } = comparison[rate];
        const isFar = now > surge * usual.high * stay && now - usual.high > chanceSpreads * usual.spread * stay;
        if (now < least || !isFar) continue;
        const shape = shapeOf(comparison, surge * stay);
        const numbers = { rate, now, usual: usual.high, ...shape };
        const isAttack = attackShapes.some((one) => one === shape.shape);
        return { archives: [name], numbers, ...(isAttack && { severity: 'critical' as const }) };
      }
      return null;
    }),
});
