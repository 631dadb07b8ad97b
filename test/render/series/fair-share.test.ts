import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceOf, dealtBy } from '../../../src/model/service/promise.js';
import type { ServiceSetup } from '../../../src/model/service/service-setup.js';
import type { StackMember } from '../../../src/render/define/graph-request.js';
import { fairShares, imbalanceOf } from '../../../src/render/series/fair-share.js';
import { randomFrom } from '../../random.js';
import { daySpan, seriesOf } from '../sample-series.js';

const span = daySpan;
const rows = 288;

function setup(weights: readonly number[], over: Partial<ServiceSetup> = {}): ServiceSetup {
  const named = weights.map((weight, i) => [`10.0.0.${i + 1}_80`, weight] as const);
  const forwardings = new Map(named.map(([name]) => [name, 'Masq'] as const));
  const always = { startS: 0, endS: Number.POSITIVE_INFINITY };
  return { ...always, scheduler: 'wrr', flags: '', weights: new Map(named), forwardings, ...over };
}

/** Real servers with these numbers of connections in each row. */
function members(countsOf: (server: number, row: number) => number, servers: number): StackMember[] {
  return Array.from({ length: servers }, (_, i) => ({
    name: `192.0.2.1_80/10.0.0.${i + 1}_80`,
    hostNames: [],
    firstS: 0,
    goneS: null,
    series: seriesOf((name, row) => (name === 'Conns' ? countsOf(i, row) / 300 : countsOf(i, row))),
  }));
}

describe("a scheduler's promise", () => {
  test.each([
    ['rr', '', 'Conns'],
    ['wrr', '', 'Conns'],
    ['wrr', 'ops', 'Conns'],
    ['lc', '', 'ActiveConn'],
    ['wlc', '', 'ActiveConn'],
    ['wrr', 'persistent 300', null],
    ['wlc', 'persistent 300 mask 64', null],
    ['sh', '(sh-port)', null],
    ['mh', '', null],
  ])('of %s %s is about %s', (scheduler, flags, dealt) => {
    expect(dealtBy({ scheduler, flags })).toBe(dealt);
  });

  test("is by weight if the scheduler's name says so, and otherwise even among positive weights", () => {
    expect([...fairShares(setup([1, 2, 0, 5])).values()]).toEqual([0.125, 0.25, 0, 0.625]);
    expect([...fairShares(setup([1, 2, 0], { scheduler: 'rr' })).values()]).toEqual([0.5, 0.5, 0]);
  });

  test('leaves less room to chance the more connections there are', () => {
    expect(chanceOf(0.25, 100)).toBeCloseTo(3 * Math.sqrt((0.25 * 0.75) / 100));
    expect(chanceOf(0.25, 10_000)).toBeCloseTo(0.013, 3);
    expect(chanceOf(0.25, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('an imbalance', () => {
  test('is reported with its share, the promise and its start', () => {
    // The first real server takes 41 % from row 200 on.
    const shareOf = (server: number, row: number) => (row < 200 ? 0.25 : server === 0 ? 0.41 : 0.59 / 3);
    const found = imbalanceOf(
      members((server, row) => 2000 * shareOf(server, row), 4),
      { setup: setup([1, 1, 1, 1]), span },
    );
    expect(found).toMatchObject({ name: '192.0.2.1_80/10.0.0.1_80', dealt: 'Conns', fairShare: 0.25 });
    expect(found?.share).toBeCloseTo(0.41);
    expect(found?.sinceS).toBe(span.startS + 200 * 300);
  });

  test('is judged by active connections under least connections', () => {
    const found = imbalanceOf(
      members((server) => (server === 0 ? 5 : 95), 2),
      { setup: setup([1, 1], { scheduler: 'wlc' }), span },
    );
    expect(found).toMatchObject({ dealt: 'ActiveConn', share: 0.05, fairShare: 0.5, sinceS: span.startS });
  });

  test('is not reported once it is over, nor for only two rows', () => {
    const of = (isOff: (row: number) => boolean) =>
      imbalanceOf(
        members((server, row) => (isOff(row) ? (server === 0 ? 900 : 100) : 500), 2),
        { setup: setup([1, 1]), span },
      );
    expect(of((row) => row < 280)).toBeNull();
    expect(of((row) => row >= rows - 2)).toBeNull();
    expect(of((row) => row >= rows - 3)).not.toBeNull();
  });

  test('is not reported for the time before the newest change of weights', () => {
    const found = imbalanceOf(
      members((server, row) => (row < 286 ? (server === 0 ? 900 : 100) : 500), 2),
      { setup: setup([1, 1], { startS: span.startS + 286 * 300 }), span },
    );
    expect(found).toBeNull();
  });

  test('is not reported if connections are too few, or nothing is promised', () => {
    const few = members((server) => (server === 0 ? 6 : 2), 2);
    expect(imbalanceOf(few, { setup: setup([1, 1]), span })).toBeNull();
    const many = members((server) => (server === 0 ? 600 : 200), 2);
    expect(imbalanceOf(many, { setup: setup([1, 1], { flags: 'persistent 60' }), span })).toBeNull();
    expect(imbalanceOf(many, { setup: setup([1, 1]), span })).not.toBeNull();
  });

  test('ignores a real server of weight 0', () => {
    const found = imbalanceOf(
      members((server) => (server === 0 ? 400 : 100), 3),
      { setup: setup([0, 1, 1], { scheduler: 'wlc' }), span },
    );
    expect(found).toBeNull();
  });

  test('is not reported if connections are distributed at random', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom(40, 400, 4000),
        (seed, servers, each) => {
          const random = randomFrom(seed);
          const dealt = Array.from({ length: rows }, () => {
            const counts = new Array<number>(servers).fill(0);
            for (let n = 0; n < each; n++) {
              const to = Math.floor(random() * servers);
              counts[to] = (counts[to] ?? 0) + 1;
            }
            return counts;
          });
          const all = members((server, row) => dealt[row]?.[server] ?? 0, servers);
          const even = setup(new Array<number>(servers).fill(1));
          expect(imbalanceOf(all, { setup: even, span })).toBeNull();
        },
      ),
      { numRuns: 20 },
    );
  });
});
