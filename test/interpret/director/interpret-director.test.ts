// Missed cycles: their duration, and the cause that the uptime reveals.

import { describe, expect, test } from 'vitest';
import { interpret, interpretFailure } from '../../../src/interpret/interpret.js';
import { emptyState, type KnownState } from '../../../src/model/cycle.js';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import type { HostClock } from '../../../src/model/snapshot.js';

const startS = 1_763_700_000;
const up = (uptimeS: number, bootId = 'a'): HostClock => ({ uptimeS, bootId });
const table: KnownState = { ...emptyState, timeS: startS, host: up(10_000) };

/** The event of missed cycles in the next cycle. */
function missedBy(aheadS: number, host: HostClock | null, previous = table): LedgerEvent | undefined {
  const { events } = interpret(previous, { timeS: startS + aheadS, host, services: [] });
  return events.find(({ kind }) => kind === 'cycle-missed');
}

describe('a silence', () => {
  test.each<[title: string, aheadS: number, host: HostClock | null, expected: Partial<LedgerEvent> | undefined]>([
    ['of one cycle is no event', 300, up(10_300), undefined],
    ['up to the heartbeat is no event, since all values stay known', 600, up(10_600), undefined],
    [
      'of hours while the machine is up is blamed on the collector',
      11_700,
      up(21_700),
      { to: '3 h 15 min', cause: 'collector-stopped' },
    ],
    ['after a boot is blamed on the machine', 900, up(120, 'b'), { to: '15 min', cause: 'machine-down' }],
    [
      'within one boot is blamed on the collector, whatever the clock says',
      90_000,
      up(10_004),
      { cause: 'collector-stopped' },
    ],
    ['in a recording has no known cause', 7200, null, { to: '2 h' }],
    ['of days is reported in days', 187_200, up(197_200), { to: '2 days 4 h', cause: 'collector-stopped' }],
    ['that is only a clock set forward is no event', 3900, up(10_300), undefined],
  ])('%s', (_, aheadS, host, expected) => {
    const event = missedBy(aheadS, host);
    if (expected === undefined) expect(event).toBeUndefined();
    else expect(event).toMatchObject({ timeS: startS + aheadS, sinceS: startS, archive: 'all', ...expected });
    if (expected?.cause === undefined) expect(event?.cause).toBeUndefined();
  });

  test('reports how long the machine has been up without the collector', () => {
    expect(missedBy(90_000, up(80_000, 'b'))).toMatchObject({
      cause: 'machine-down',
      detail: 'the machine has been up for only 22 h 13 min, and nothing has been collected since',
    });
  });

  test('before the first reading is no event', () => {
    expect(missedBy(90_000, up(100_000), emptyState)).toBeUndefined();
  });

  test('ends and starts with a failed cycle too', () => {
    const fault = { timeS: startS + 9000, code: 'module-not-loaded', message: 'it is not loaded', host: up(60, 'b') };
    const failed = interpretFailure(table, fault);
    expect(failed.events.map(({ kind, sinceS, cause }) => [kind, sinceS, cause])).toEqual([
      ['cycle-missed', startS, 'machine-down'],
      ['cycle-failed', undefined, undefined],
    ]);
    const next = interpretFailure(failed.table, { ...fault, timeS: startS + 9300 });
    expect(next.events).toEqual([]);
    expect(missedBy(9600, up(660, 'b'), next.table)).toBeUndefined();
    expect(missedBy(12_900, up(4000, 'b'), next.table)).toMatchObject({
      sinceS: startS + 9300,
      cause: 'collector-stopped',
    });
  });
});
