import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../../../src/model/ledger-event.js';
import { foldEvents } from '../../../../src/web/pages/events/fold-events.js';

const reset = (archive: string, more: Partial<LedgerEvent> = {}): LedgerEvent => ({
  timeS: 1_795_271_700,
  archive,
  kind: 'counters-reset',
  cause: 'machine-restarted',
  ...more,
});

const services = ['192.0.2.1_80', '192.0.2.2_80', '192.0.2.3_80'];

/** The summaries, and how many events each has. */
const summaries = (events: readonly LedgerEvent[], all = events) =>
  foldEvents(events, all).map((fold) => [fold.summary, fold.events.length]);

describe('folded events', () => {
  test.each<readonly [title: string, events: readonly LedgerEvent[], expected: readonly unknown[]]>([
    [
      'of one cause at one time are one line, in the place of the first',
      [reset('all'), ...services.map((name) => reset(name)), reset('192.0.2.9_80', { timeS: 1_795_000_000 })],
      [
        ['', 1],
        ['3 services: counters reset (machine restarted)', 3],
        ['', 1],
      ],
    ],
    [
      'of two causes stay apart',
      [...services, ...services].map((name, i) => reset(name, { cause: i < 3 ? 'zeroed' : 'module-reloaded' })),
      [
        ['3 services: counters reset (zeroed)', 3],
        ['3 services: counters reset (ip_vs reloaded)', 3],
      ],
    ],
    [
      'that are few are listed one by one',
      services.slice(1).map((name) => reset(name)),
      [
        ['', 1],
        ['', 1],
      ],
    ],
    [
      'of real servers and of proxies are named as such',
      [
        ...[1, 2, 3].map((n): LedgerEvent => {
          return {
            timeS: 1_795_271_700,
            archive: '192.0.2.1_80',
            kind: 'real-server-added',
            realServer: `10.0.0.${n}_80`,
          };
        }),
        ...['a', 'b', 'c'].map((name) => reset(`haproxy_be_${name}`, { cause: 'haproxy-reloaded' })),
      ],
      [
        ['3 real servers: added', 3],
        ['3 proxies: counters reset (HAProxy was reloaded)', 3],
      ],
    ],
  ])('%s', (_, events, expected) => {
    expect(summaries(events)).toEqual(expected);
  });

  test('count those on other pages of the list too', () => {
    const all = Array.from({ length: 120 }, (_, i) => reset(`192.0.2.1_${i + 1}`));
    expect(summaries(all.slice(0, 100), all)).toEqual([['120 services: counters reset (machine restarted)', 100]]);
  });
});
