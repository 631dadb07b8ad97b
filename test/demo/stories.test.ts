// The stories that the demonstration tells, as findings: each cause opens one, and quiet services open none.

import { expect, test } from 'vitest';
import { createDirector } from '../../src/demo/director.js';
import { withFindings } from '../../src/interpret/findings/find.js';
import { interpret } from '../../src/interpret/interpret.js';
import { emptyState } from '../../src/model/cycle.js';
import { RememberedWeek } from '../interpret/findings/usual-week.js';
import { seed } from '../seed.js';
import { dayS, endS } from './simulated-history.js';

interface Stretch {
  readonly services: number;
  readonly days: number;
  /** Weeks of history before them. */
  readonly weeks: number;
  /** Which reading of those weeks is read: every one by default, as backups of a few minutes need it. */
  readonly everyBefore?: number;
  /** Seconds from its end to that of the history. */
  readonly beforeS?: number;
}

/** The findings that open in the days before the end, as `kind archive`; `weeks` of history precede them. */
function openedIn(seed: number, { services, days, weeks, everyBefore = 1, beforeS = 0 }: Stretch) {
  const untilS = endS - beforeS;
  const epochS = untilS - (days + 7 * weeks) * dayS;
  const director = createDirector({ seed, services, epochS, endS });
  const week = new RememberedWeek();
  const opened: string[] = [];
  let table = emptyState;
  for (const [i, timeS] of [...director.readingTimes(epochS, untilS)].entries()) {
    if (timeS < untilS - (days + 1) * dayS && i % everyBefore > 0) continue;
    const read = interpret(table, director.snapshotAt(timeS));
    const cycle = withFindings(table, read, { usual: week.usual(timeS) });
    week.add(read);
    for (const { kind, archive, to } of cycle.events) {
      if (kind === 'finding-opened' && timeS > untilS - days * dayS) opened.push(`${to} ${archive}`);
    }
    table = cycle.table;
  }
  return opened;
}

/** The stories of the last nine days, the oldest first. */
const recent = [
  'service-left 203.0.113.61_80',
  'traffic-surged 203.0.113.40_873',
  'service-left 203.0.113.62_8080',
  'server-left 198.51.100.30_443',
  'traffic-surged 192.0.2.10_443',
  'processor-overloaded all',
  'server-drained 192.0.2.20_443',
  'share-off 198.51.100.50_443',
  'traffic-collapsed 198.51.100.20_443',
];

/** The earlier stories of a year. */
const earlier = [
  'traffic-surged 203.0.113.40_873',
  'traffic-surged 203.0.113.40_873',
  'server-drained 198.51.100.30_443',
];

test('each story of the last nine days opens one finding, and nothing else does', () => {
  expect(openedIn(seed, { services: 18, days: 9.5, weeks: 2 })).toEqual(recent);
});

/** The wide form is no test unless it is asked for: none may be skipped. */
const wide = process.env['LVS_STATS_STORIES'] === 'year' ? test : null;

wide?.('so it is over a year (LVS_STATS_STORIES=year)', () => {
  expect(openedIn(seed, { services: 18, days: 351, weeks: 2 })).toEqual([...earlier, ...recent]);
});

test('quiet weeks with a holiday open nothing', () => {
  expect(openedIn(seed, { services: 8, days: 14, weeks: 2, everyBefore: 6, beforeS: 119 * dayS })).toEqual([]);
});
