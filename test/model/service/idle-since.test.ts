import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import { idleSince } from '../../../src/model/service/idle-since.js';

const service = '192.0.2.1_80';
const name = `${service}/10.0.0.5_80`;
const of = (timeS: number, kind: LedgerEvent['kind'], rest: Partial<LedgerEvent> = {}): LedgerEvent => {
  return { timeS, archive: service, kind, ...rest };
};
const own = (timeS: number, kind: LedgerEvent['kind'], from: string, to: string): LedgerEvent =>
  of(timeS, kind, { realServer: '10.0.0.5_80', from, to });
const other = (timeS: number): LedgerEvent =>
  of(timeS, 'weight-changed', { realServer: '10.0.0.6_80', from: '1', to: '0' });

describe('the time since which a weight is 0', () => {
  test.each([
    ['that of the change', [own(600, 'weight-changed', '1', '0')], 600, true],
    [
      'that of the newest change if it was set twice',
      [
        own(600, 'weight-changed', '1', '0'),
        own(900, 'weight-changed', '0', '5'),
        own(1200, 'weight-changed', '5', '0'),
      ],
      1200,
      true,
    ],
    ['unaffected by another real server', [own(600, 'weight-changed', '1', '0'), other(900)], 600, true],
    [
      'that of its return with weight 0',
      [
        own(600, 'weight-changed', '1', '0'),
        own(900, 'real-server-removed', 'Masq, weight 0', ''),
        own(1200, 'real-server-added', '', 'Masq, weight 0'),
      ],
      1200,
      false,
    ],
    [
      'that of the change if it returned with another weight at once',
      [own(900, 'real-server-added', '', 'Masq, weight 0'), own(900, 'weight-changed', '1', '0')],
      900,
      true,
    ],
    ['that of the first reading of its service', [of(300, 'appeared')], 300, false],
    [
      'that of the return of its service',
      [own(600, 'weight-changed', '1', '0'), of(900, 'gone'), of(1500, 'back')],
      1500,
      false,
    ],
    ['that of its own first reading if the ledger has no event', [], 100, false],
  ])('is %s', (_, events, sinceS, isSeen) => {
    expect(idleSince(events, { name, firstS: 100 })).toEqual({ sinceS, isSeen, isEarlier: false });
  });

  test('precedes the oldest event if the ledger dropped the change', () => {
    const events = [of(5000, 'older-dropped'), other(5000), other(6000)];
    expect(idleSince(events, { name, firstS: 100 })).toEqual({ sinceS: 5000, isSeen: false, isEarlier: true });
  });
});
