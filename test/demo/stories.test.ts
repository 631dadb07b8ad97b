// The stories that the demonstration tells, as findings: each cause opens one, and quiet services open none.

import { expect, test } from 'vitest';
import { createDirector } from '../../src/demo/director.js';
import { withFindings } from '../../src/interpret/findings/find.js';
import { interpret } from '../../src/interpret/interpret.js';
import { emptyState } from '../../src/model/cycle.js';
import { seed } from '../seed.js';
import { dayS, endS } from './simulated-history.js';

/** The findings that open in the days before the end, as `kind archive`. */
function openedIn(seed: number, { services, days }: { services: number; days: number }): readonly string[] {
  const director = createDirector({ seed, services, epochS: endS - days * dayS, endS });
  const opened: string[] = [];
  let table = emptyState;
  for (const timeS of director.readingTimes(endS - days * dayS, endS)) {
    const cycle = withFindings(table, interpret(table, director.snapshotAt(timeS)));
    for (const { kind, archive, to } of cycle.events) if (kind === 'finding-opened') opened.push(`${to} ${archive}`);
    table = cycle.table;
  }
  return opened;
}

test('each story of the last 20 days opens one finding, and nothing else does', () => {
  expect(openedIn(seed, { services: 18, days: 20 })).toEqual([
    'server-drained 198.51.100.30_443',
    'service-left 203.0.113.61_80',
    'service-left 203.0.113.62_8080',
    'server-left 198.51.100.30_443',
    'processor-overloaded all',
    'server-drained 192.0.2.20_443',
    'share-off 198.51.100.50_443',
  ]);
});
