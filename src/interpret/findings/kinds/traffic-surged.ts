// A service whose new connections, packets or bytes rose far above its usual week, and the shape of it if the counters can tell.

import type { BaselineRate } from '../../../model/baseline/baseline.js';
import { reducer, type Sign, thresholdFor } from '../reducer.js';
import { attackShapes, shapeOf } from '../traffic-shape.js';
import { signsAgainstUsual } from '../usual.js';

/** A quarter of an hour of standard steps; half an hour if it does not look like an attack, since plain traffic has short bursts. */
const cycles = 3;
const calmCycles = 6;

/** Spreads above the usual rate that chance may explain. */
const chanceSpreads = 6;

/** A crowd brings more of the usual traffic, as the end of a month does, and has to be larger than other surges by this factor. */
const crowdFactor = 1.2;

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
    signsAgainstUsual(observation, {
      canTell: (comparison) => leastNow.some(([rate, least]) => comparison[rate].now >= least),
      signOf: (comparison, { name }): Sign | null => {
        const stay = thresholdFor(known, name, 1);
        for (const [rate, least] of leastNow) {
          const { now, usual } = comparison[rate];
          const isFar = now > surge * usual.high * stay && now - usual.high > chanceSpreads * usual.spread * stay;
          if (now < least || !isFar) continue;
          const shape = shapeOf(comparison, surge * stay);
          if (shape.shape === 'crowd' && now <= crowdFactor * surge * usual.high * stay) continue;
          const numbers = { rate, now, usual: usual.high, ...shape };
          const isAttack = attackShapes.some((one) => one === shape.shape);
          const own = isAttack ? { severity: 'critical' as const } : { openCycles: calmCycles };
          return { archives: [name], numbers, ...own };
        }
        return null;
      },
    }),
});
