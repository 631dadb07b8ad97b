import { describe, expect, test } from 'vitest';
import { type About, type ArchiveInfo, ipvsDataSources } from '../../../src/model/archive.js';
import type { EventKind, LedgerEvent } from '../../../src/model/ledger-event.js';
import { standardRetention } from '../../../src/model/retention.js';
import { setupsOf } from '../../../src/model/service/service-setup.js';

const name = '192.0.2.1_80';

function archive(part: string, about: About): ArchiveInfo {
  return {
    name: `${name}${part}`,
    about,
    dataSources: ipvsDataSources,
    retention: standardRetention,
    firstS: 1000,
    lastS: 90_000,
    goneS: null,
    events: 0,
  };
}

const service = archive('', { kind: 'service', scheduler: 'wrr', flags: '' });
const server = (n: number, weight: number) =>
  archive(`/10.0.0.${n}_80`, { kind: 'real-server', forwarding: 'Masq', weight });
const event = (timeS: number, kind: EventKind, rest: Partial<LedgerEvent> = {}): LedgerEvent => ({
  timeS,
  archive: name,
  kind,
  ...rest,
});
const setupRows = (realServers: readonly ArchiveInfo[], events: readonly LedgerEvent[]) =>
  setupsOf({ service, realServers, events }).map(({ startS, endS, scheduler, weights }) => [
    startS,
    endS,
    scheduler,
    [...weights]
      .map(([server, weight]) => `${server} ${weight}`)
      .sort()
      .join(', '),
  ]);

describe('the set-ups of a service', () => {
  test('are the current one since its appearance if nothing changed', () => {
    expect(setupRows([server(1, 1), server(2, 3)], [event(1000, 'appeared')])).toEqual([
      [1000, Number.POSITIVE_INFINITY, 'wrr', '10.0.0.1_80 1, 10.0.0.2_80 3'],
    ]);
  });

  test('follow from changes of weight, scheduler and real servers, with a gap before each change', () => {
    const events = [
      event(10_000, 'real-server-removed', { realServer: '10.0.0.3_80', from: 'Route, weight 7' }),
      event(20_000, 'scheduler-changed', { from: 'wlc', to: 'wrr' }),
      event(30_000, 'weight-changed', { realServer: '10.0.0.2_80', from: '5', to: '3' }),
      event(30_000, 'real-server-added', { realServer: '10.0.0.1_80', to: 'Masq, weight 1' }),
    ];
    expect(setupRows([server(1, 1), server(2, 3)], events)).toEqual([
      [30_000, Number.POSITIVE_INFINITY, 'wrr', '10.0.0.1_80 1, 10.0.0.2_80 3'],
      [20_000, 29_400, 'wrr', '10.0.0.2_80 5'],
      [10_000, 19_400, 'wlc', '10.0.0.2_80 5'],
      [1000, 9400, 'wlc', '10.0.0.2_80 5, 10.0.0.3_80 7'],
    ]);
  });

  test("reach back to the service's return", () => {
    const events = [
      event(10_000, 'gone'),
      event(20_000, 'back'),
      event(30_000, 'flags-changed', { from: 'ops', to: '' }),
    ];
    expect(setupRows([server(1, 1)], events).map(([startS]) => startS)).toEqual([30_000, 20_000]);
  });

  test('of a gone service cover its lifetime', () => {
    const gone = { ...service, goneS: 50_000 };
    const events = [
      event(20_000, 'weight-changed', { realServer: '10.0.0.1_80', from: '5', to: '1' }),
      event(50_300, 'gone'),
    ];
    const setups = setupsOf({ service: gone, realServers: [{ ...server(1, 1), goneS: 50_000 }], events });
    expect(setups.map(({ startS, endS, weights }) => [startS, endS, [...weights.values()]])).toEqual([
      [20_000, 49_400, [1]],
      [1000, 19_400, [5]],
    ]);
  });

  test('reach back to the oldest remaining event', () => {
    const events = [
      event(20_000, 'older-dropped'),
      event(20_000, 'weight-changed', { realServer: '10.0.0.1_80', from: '5', to: '1' }),
    ];
    expect(setupRows([server(1, 1)], events).map(([startS]) => startS)).toEqual([20_000]);
  });

  test('ignore events that do not change them', () => {
    const events = [
      event(10_000, 'counters-reset', { cause: 'zeroed' }),
      event(20_000, 'forwarding-changed', { realServer: '10.0.0.1_80', from: 'Masq', to: 'Route' }),
    ];
    expect(setupRows([server(1, 1)], events)).toHaveLength(1);
  });
});
