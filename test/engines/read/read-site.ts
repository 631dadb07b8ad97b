// A data folder whose rows are read back from an engine: four resolutions, readings at uneven times, a silence, a service that came back, one that
// has been gone since long ago, and rows so old that only those of a day are kept.

import { createDirector } from '../../../src/demo/director.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { emptyState } from '../../../src/model/cycle.js';
import { parseRetention } from '../../../src/model/retention.js';
import { withStore } from '../../../src/store/open.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';

const [minuteS, hourS, dayS] = [60, 3600, 86_400];
const retention = parseRetention('30m:4d,1h:6d,2h:12d,1d:60d');
const { stepS } = retention;

/** Services of the site, and the numbers of those that are not there at a time, given as seconds before the end. */
export interface SiteServices {
  readonly count: number;
  readonly without: (agoS: number) => readonly number[];
}

const few: SiteServices = {
  count: 3,
  without: (agoS) => [...(agoS < 25 * dayS ? [2] : []), ...(agoS < 3 * dayS && agoS > 2 * dayS ? [1] : [])],
};

/** Makes it, with a history of 40 days up to about a time. */
export async function createReadSite(
  dataDir: string,
  untilS: number,
  { count, without }: SiteServices = few,
): Promise<void> {
  const epochS = untilS - 40 * dayS;
  const director = createDirector({ seed: 11, services: count, epochS, endS: untilS + dayS });
  const random = randomFrom(seed);
  const isSilent = (timeS: number): boolean => {
    const agoS = untilS - timeS;
    return (agoS < 8 * dayS && agoS > 8 * dayS - 7 * hourS) || (agoS < dayS && agoS > dayS - hourS) || random() < 0.01;
  };
  await withStore(dataDir, async (store) => {
    let known = { ...emptyState, retention };
    for (let plannedS = epochS; plannedS <= untilS; plannedS += stepS) {
      if (isSilent(plannedS)) continue;
      const timeS = plannedS + Math.floor(random() * 10 * minuteS);
      const snapshot = director.snapshotAt(timeS);
      const services = snapshot.services.filter((_, number) => !without(untilS - plannedS).includes(number));
      const cycle = interpret(known, { ...snapshot, services });
      await store.append(cycle, false);
      known = cycle.table;
    }
  });
}
