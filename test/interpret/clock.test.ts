import { describe, expect, test } from 'vitest';
import { admit, clockStepS } from '../../src/interpret/clock.js';
import { interpret } from '../../src/interpret/interpret.js';
import { emptyState, type KnownState } from '../../src/model/cycle.js';
import type { HostClock, ServiceReading, Snapshot } from '../../src/model/snapshot.js';

const startS = 1_763_700_000;
const up = (uptimeS: number, bootId: string | null = 'a'): HostClock => ({ uptimeS, bootId });

/** A busy service with a count of `n` connections. */
function service(n: bigint): ServiceReading {
  const id = { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 } as const;
  const counters = { conns: n, inPkts: 8n * n, outPkts: 10n * n, inBytes: 800n * n, outBytes: 9000n * n };
  const realServer = { id: { address: '10.0.0.1', port: 80 }, counters, forwarding: 'Masq', weight: 1 } as const;
  const realServers = [{ ...realServer, activeConn: 5, inActConn: 7 }];
  return { id, counters, scheduler: 'wlc', flags: '', realServers };
}

function tableAt(host: HostClock | null): KnownState {
  return interpret(emptyState, { timeS: startS, host, services: [service(1000n)] }).table;
}

function snapshotAt(aheadS: number, host: HostClock | null): Snapshot {
  return { timeS: startS + aheadS, host, services: [service(1300n)] };
}

describe('a clock that was', () => {
  test.each<[title: string, before: HostClock | null, aheadS: number, now: HostClock | null, stepS: number]>([
    ['left alone', up(1000), 300, up(1300), 0],
    ['left alone, with the uptime rounded down', up(1000), 301, up(1300), 0],
    ['left alone through an hour of silence', up(1000), 3600, up(4600), 0],
    ['stopped for a leap second', up(1000), 299, up(1300), 0],
    ['set back by three seconds', up(1000), 297, up(1300), -3],
    ['set back by an hour and has caught up', up(1000), 100, up(4700), -3600],
    ['set back, with a remote table', up(1000, null), 100, up(4700, null), -3600],
    ['set back after a boot by less than the uptime', up(1000), 100, up(4700, 'b'), -3600],
    ['behind after the virtual machine paused', up(1000), 330, up(1300), 0],
    ['set forward by a hundred seconds', up(1000), 400, up(1300), 100],
    ['set forward by an hour', up(1000), 3900, up(1300), 3600],
    ['wrong while the machine was down', up(1000), 400, up(100, 'b'), 0],
    ['set forward while a boot is possible', up(1000, null), 3900, up(1300, null), 0],
    ['set forward by hand at each reading', up(1000), 300, up(1004), 0],
    ['of a recording', null, 100, null, 0],
  ])('%s', (_, before, aheadS, now, stepS) => {
    const [table, snapshot] = [tableAt(before), snapshotAt(aheadS, now)];
    expect(clockStepS(table, snapshot)).toBe(stepS);
    const { readings, events } = interpret(table, snapshot);
    const expected =
      stepS === 0 ? [] : [{ archive: 'all', kind: 'clock-set', to: `${stepS > 0 ? '+' : ''}${stepS} s` }];
    expect(events.filter(({ kind }) => kind === 'clock-set')).toMatchObject(expected);
    const growth = readings.map(({ archive, values }) => [archive, ...values.slice(0, 3)]);
    const conns = stepS === 0 && now?.bootId !== 'b' ? 300 : Number.NaN;
    expect(growth).toEqual([
      ['all', 5, 7, conns],
      ['192.0.2.1_80', 5, 7, conns],
      ['192.0.2.1_80/10.0.0.1_80', 5, 7, conns],
    ]);
  });

  test('set makes only one interval unknown', () => {
    const first = tableAt(up(1000));
    const second = interpret(first, snapshotAt(100, up(4700)));
    const third = interpret(second.table, { ...snapshotAt(400, up(5000)), services: [service(1700n)] });
    expect(third.readings.map(({ sinceS, values }) => [sinceS - startS, values[2]])).toEqual([
      [100, 400],
      [100, 400],
      [100, 400],
    ]);
  });
});

describe('a reading that is not newer is rejected', () => {
  const refusal = (aheadS: number): string => {
    try {
      admit(tableAt(up(1000)), snapshotAt(aheadS, up(1300)), false);
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
    return 'admitted';
  };

  test('with the remedy if the last one lies in the future', () => {
    expect(refusal(-3600)).toMatch(
      /^the clock says 2025-11-21 03:40:00 UTC, but the last reading is from 2025-11-21 04:40:00 UTC: nothing was stored/,
    );
    expect(refusal(-3600)).toMatch(/"lvs-stats rewind", which drops the readings in the future$/);
  });

  test('without a remedy if both are of the same second', () => {
    expect(refusal(0)).toContain('nothing was stored');
    expect(refusal(0)).not.toContain('rewind');
  });
});
