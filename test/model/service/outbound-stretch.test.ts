// The visibility of outbound traffic over time: a table of histories, and the property that following the events backwards yields
// the original set-ups.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type About, type ArchiveInfo, ipvsDataSources } from '../../../src/model/archive.js';
import type { EventKind, LedgerEvent } from '../../../src/model/ledger-event.js';
import { standardRetention } from '../../../src/model/retention.js';
import { outboundBy, reachFinder } from '../../../src/model/service/outbound.js';
import {
  type OutboundStretch,
  outboundStretches,
  type Sight,
  sightsIn,
} from '../../../src/model/service/outbound-stretch.js';

const name = '192.0.2.1_80';
const span = { startS: 1000, endS: 100_000 };

function archive(part: string, about: About, over: Partial<ArchiveInfo> = {}): ArchiveInfo {
  const always = {
    dataSources: ipvsDataSources,
    retention: standardRetention,
    firstS: 500,
    lastS: 100_000,
    goneS: null,
    events: 0,
  };
  return { name: `${name}${part}`, about, ...always, ...over };
}

const service = (flags = '', goneS: number | null = null): ArchiveInfo =>
  archive('', { kind: 'service', scheduler: 'rr', flags }, { goneS });
const server = (n: number, forwarding: string, goneS: number | null = null): ArchiveInfo =>
  archive(`/10.0.0.${n}_80`, { kind: 'real-server', forwarding, weight: 1 }, { goneS });
const event = (timeS: number, kind: EventKind, rest: Partial<LedgerEvent> = {}): LedgerEvent => ({
  timeS,
  archive: name,
  kind,
  ...rest,
});
const changed = (timeS: number, from: string, to: string, n = 1): LedgerEvent =>
  event(timeS, 'forwarding-changed', { realServer: `10.0.0.${n}_80`, from, to });

function stretchesOf(archives: readonly ArchiveInfo[], events: readonly LedgerEvent[], of = 0) {
  const [asked = service()] = archives.slice(of);
  return outboundStretches(reachFinder(archives)(asked), events, span);
}

const spansOf = (stretches: readonly OutboundStretch[]) =>
  stretches.map(({ startS, endS, outbound }) => [startS, endS, outbound.kind]);

describe('the visibility of outbound traffic', () => {
  const titled: readonly (readonly [string, readonly ArchiveInfo[], readonly LedgerEvent[], readonly unknown[]])[] = [
    ['without a change is the current one', [service(), server(1, 'Masq')], [], [[1000, 100_000, 'seen']]],
    [
      'before a change to an unknown method follows the old method',
      [service(), server(1, 'FullNat')],
      [changed(50_000, 'Route', 'FullNat')],
      [
        [49_400, 100_000, 'unsure'],
        [1000, 50_000, 'unseen'],
      ],
    ],
    [
      'before a change to direct routing was "seen", and both around the change',
      [service(), server(1, 'Route')],
      [changed(50_000, 'Masq', 'Route')],
      [
        [49_400, 100_000, 'unseen'],
        [1000, 50_000, 'seen'],
      ],
    ],
    [
      'before a change to masquerading was "unseen"',
      [service(), server(1, 'Masq')],
      [changed(50_000, 'Route', 'Masq')],
      [
        [49_400, 100_000, 'seen'],
        [1000, 50_000, 'unseen'],
      ],
    ],
    [
      'is also known for a span that ended before a change',
      [service(), server(1, 'Masq')],
      [changed(200_000, 'Route', 'Masq')],
      [[1000, 100_000, 'unseen']],
    ],
    [
      'of mixed methods lasted while both existed',
      [service(), server(1, 'Masq'), server(2, 'Route', 60_000)],
      [
        event(30_000, 'real-server-added', { realServer: '10.0.0.2_80', to: 'Route, weight 1' }),
        event(60_000, 'real-server-removed', { realServer: '10.0.0.2_80', from: 'Route, weight 1' }),
      ],
      [
        [59_400, 100_000, 'seen'],
        [29_400, 60_000, 'partly'],
        [1000, 30_000, 'seen'],
      ],
    ],
    [
      'is not changed by a real server with the same method, nor by a weight',
      [service(), server(1, 'Route'), server(2, 'Route')],
      [
        event(30_000, 'real-server-added', { realServer: '10.0.0.2_80', to: 'Route, weight 1' }),
        event(40_000, 'weight-changed', { realServer: '10.0.0.2_80', from: '1', to: '3' }),
      ],
      [[1000, 100_000, 'unseen']],
    ],
    [
      'continues while there is no real server',
      [service(), server(1, 'Route', 60_000)],
      [event(60_000, 'real-server-removed', { realServer: '10.0.0.1_80', from: 'Route, weight 1' })],
      [[1000, 100_000, 'unseen']],
    ],
    [
      'before one-packet scheduling was "seen"',
      [service('ops'), server(1, 'Masq')],
      [event(50_000, 'flags-changed', { from: '', to: 'ops' })],
      [
        [49_400, 100_000, 'one-packet'],
        [1000, 50_000, 'seen'],
      ],
    ],
    [
      'before a service returned is unknown',
      [service(), server(1, 'Masq')],
      [event(20_000, 'gone'), event(50_000, 'back')],
      [[49_400, 100_000, 'seen']],
    ],
    [
      'of a gone service is that of its lifetime',
      [service('', 60_000), server(1, 'Masq', 60_000)],
      [changed(50_000, 'Route', 'Masq'), event(60_300, 'gone')],
      [
        [49_400, 100_000, 'seen'],
        [1000, 50_000, 'unseen'],
      ],
    ],
    [
      'before the oldest remaining event is unknown',
      [service(), server(1, 'Masq')],
      [event(50_000, 'older-dropped'), changed(50_000, 'Masq', 'Masq')],
      [[49_400, 100_000, 'seen']],
    ],
  ];
  test.each(titled)('%s', (_, archives, events, expected) => {
    expect(spansOf(stretchesOf(archives, events))).toEqual(expected);
  });

  test('of a real server follows its own method', () => {
    const archives = [service(), server(1, 'Masq'), server(2, 'Route')];
    const events = [changed(50_000, 'Tunnel', 'Masq')];
    expect(spansOf(stretchesOf(archives, events, 1))).toEqual([
      [49_400, 100_000, 'seen'],
      [1000, 50_000, 'unseen'],
    ]);
    expect(spansOf(stretchesOf(archives, events, 2))).toEqual([[1000, 100_000, 'unseen']]);
  });
});

/** A real server's methods in order; '' while it is absent. */
const lives = fc.array(fc.array(fc.constantFrom('Masq', 'Route', 'Tunnel', ''), { minLength: 8, maxLength: 8 }), {
  minLength: 1,
  maxLength: 4,
});
const partS = 3000;
const timeOf = (part: number): number => span.startS + part * partS;

/** The ledger of such lives, with changes at the start of each part except the first. */
function ledgerOf(all: readonly (readonly string[])[]): LedgerEvent[] {
  return Array.from({ length: 7 }, (_, i) => i + 1).flatMap((part) =>
    all.flatMap((life, n): LedgerEvent[] => {
      const [from = '', to = ''] = [life[part - 1], life[part]];
      const realServer = `10.0.0.${n}_80`;
      if (from === to) return [];
      if (from === '') return [event(timeOf(part), 'real-server-added', { realServer, to: `${to}, weight 1` })];
      if (to === '') return [event(timeOf(part), 'real-server-removed', { realServer, from: `${from}, weight 1` })];
      return [changed(timeOf(part), from, to, n)];
    }),
  );
}

/** The visibility in one row. */
function sightIn(stretches: readonly OutboundStretch[], startS: number, endS: number): Sight | undefined {
  return sightsIn(stretches, { startS, stepS: endS - startS, count: 1 })[0];
}

test('many rows get the same visibility as each alone, wherever stretches start and end', () => {
  const kinds: readonly OutboundStretch['outbound'][] = [
    { kind: 'seen' },
    { kind: 'unseen', reason: 'tunnel' },
    { kind: 'partly', reason: 'tunnel', unseen: 1, of: 2 },
  ];
  const border = fc.integer({ min: -4, max: 30 });
  const stretch = fc.record({ startS: border, endS: border, outbound: fc.constantFrom(...kinds) });
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), (stretches, stepS) => {
      const rows = Array.from({ length: 6 }, (_, row) => sightIn(stretches, row * stepS, (row + 1) * stepS));
      expect(sightsIn(stretches, { startS: 0, stepS, count: 6 })).toEqual(rows);
    }),
  );
});

test('following the events backwards yields the original visibility', () => {
  fc.assert(
    fc.property(lives, (all) => {
      const archives = all.map((life, n) => {
        const last = life.findLastIndex((method) => method !== '');
        return server(n, life[Math.max(0, last)] ?? '', last === 7 ? null : timeOf(last + 1));
      });
      const stretches = stretchesOf([service(), ...archives], ledgerOf(all));
      for (let part = 0; part < 8; part += 1) {
        const methods = all.flatMap((life) => life[part] || []);
        if (methods.length === 0) continue;
        const sight = sightIn(stretches, timeOf(part) + 600, timeOf(part) + 2 * 600);
        expect([part, sight]).toEqual([part, outboundBy('', methods).kind]);
        // A row that contains a change reflects both sides.
        const before = all.flatMap((life) => life[part - 1] || []);
        if (before.length === 0 || outboundBy('', before).kind === outboundBy('', methods).kind) continue;
        const around = sightIn(stretches, timeOf(part) - 300, timeOf(part));
        expect(['turning', 'partly']).toContain(around);
      }
    }),
  );
});
