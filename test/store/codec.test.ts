// Laws of the packed forms: decoding inverts encoding, to the last bit.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipvsDataSources } from '../../src/model/archive.js';
import type { KnownPart, KnownState } from '../../src/model/cycle.js';
import type { DirectorPart } from '../../src/model/names/name.js';
import { standardRetention } from '../../src/model/retention.js';
import { consolidate, type Rows } from '../../src/model/rows/consolidate.js';
import { cloneable } from '../../src/model/table/known-table.js';
import { addReading, type Part, toColumns } from '../../src/store/layout/readings.js';
import { type Block, decodeBlock, decodeEntry, encodeBlock } from '../../src/store/layout/recent.js';
import { formatTable, parseTable } from '../../src/store/layout/table-bytes.js';
import { formatGone } from '../../src/store/layout/table-text.js';
import { BitReader, BitWriter } from '../../src/store/packing/bits.js';
import { decodeChunk, encodeChunk } from '../../src/store/packing/chunk.js';
import { readColumn, writeColumn } from '../../src/store/packing/column.js';
import { denominatorsOf, readRowColumn, writeRowColumn } from '../../src/store/packing/row-column.js';
import { dayOfSheet, decodeSheet, encodeSheet, hasDay, type Sheet, withDay } from '../../src/store/packing/sheet.js';
import { derivePdps } from '../../src/store/rows/pdp.js';
import { standardGrid as grid, slotOf, standardGrid, windowOf } from '../../src/store/rows/slot.js';

const { stepS, windowS } = grid;

const value = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 1000 }) },
  { weight: 3, arbitrary: fc.maxSafeNat() },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.double({ noNaN: true }) },
);
const column = fc.oneof(
  fc.array(value, { maxLength: 120 }),
  fc.array(fc.nat({ max: 50 }), { maxLength: 120 }).map((values) => values.map((v) => v + 10 ** 9)),
  fc.tuple(fc.nat(), fc.nat({ max: 120 })).map(([v, n]) => Array<number>(n).fill(v)),
);

describe('a column', () => {
  test('round-trips, alone or next to others', () => {
    fc.assert(
      fc.property(column, column, (a, b) => {
        const bits = new BitWriter();
        writeColumn(bits, Float64Array.from(a));
        writeColumn(bits, Float64Array.from(b));
        const reader = new BitReader(bits.finish());
        expect([...readColumn(reader, a.length)]).toEqual(a);
        expect([...readColumn(reader, b.length)]).toEqual(b);
      }),
      { numRuns: 1000 },
    );
  });

  test('ends or throws a RangeError if truncated', () => {
    fc.assert(
      fc.property(column, fc.nat({ max: 40 }), (values, keep) => {
        const bits = new BitWriter();
        writeColumn(bits, Float64Array.from(values));
        try {
          readColumn(new BitReader(bits.finish().subarray(0, keep)), values.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  test('of regular traffic takes little more space than its noise', () => {
    const values = Float64Array.from({ length: 96 }, (_, i) => 1_000_000 + ((i * 7919) % 256));
    const bits = new BitWriter();
    writeColumn(bits, values);
    expect(bits.finish().length).toBeLessThan(96 * 1.4 + 16);
  });
});

describe('a column that follows another', () => {
  test('round-trips, given the column it follows', () => {
    const counts = fc.array(
      fc.oneof(
        fc.nat({ max: 5000 }),
        fc.maxSafeNat().map((n) => n % 2 ** 51),
      ),
      { minLength: 2, maxLength: 100 },
    );
    fc.assert(
      fc.property(counts, fc.nat({ max: 2000 }), fc.nat({ max: 100 }), (leading, factor, noise) => {
        const leader = Float64Array.from(leading);
        const values = leader.map((value, i) => Math.min(2 ** 51, value * factor + ((i * 7919) % (noise + 1))));
        const bits = new BitWriter();
        writeColumn(bits, values, [null, leader]);
        expect(readColumn(new BitReader(bits.finish()), values.length, () => leader)).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  test('takes less space than alone if bytes follow packets', () => {
    const packets = Float64Array.from({ length: 96 }, (_, i) => 20_000 + ((i * 7919) % 9001));
    const bytes = packets.map((count, i) => count * 730 + ((i * 31) % 997));
    const sizeWith = (leaders: readonly Float64Array[]): number => {
      const bits = new BitWriter();
      writeColumn(bits, bytes, leaders);
      return bits.length;
    };
    expect(sizeWith([packets])).toBeLessThan(0.7 * sizeWith([]));
  });
});

describe('rows', () => {
  const denominators = denominatorsOf({ stepS: 300, pdpPerRow: 24 });
  const written = (rows: Float64Array): BitWriter => {
    const bits = new BitWriter();
    writeRowColumn(bits, rows, { denominators });
    return bits;
  };
  const double = fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 10 ** 9 }).map((n) => n / 7200) },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.nat({ max: 10 ** 9 }), fc.nat({ max: 40 })).map(([n, ulps]) => ulpsAfter(n / 300, ulps)),
    },
    { weight: 2, arbitrary: value },
    { weight: 1, arbitrary: fc.double() },
    {
      weight: 1,
      arbitrary: fc.constantFrom(0, -0, Number.MIN_VALUE, 2 ** 51, 2 ** 60, Number.MAX_VALUE, Number.POSITIVE_INFINITY),
    },
  );

  test('round-trip to the last bit, whatever their values', () => {
    fc.assert(
      fc.property(fc.array(double, { maxLength: 100 }), (all) => {
        const rows = Float64Array.from(all);
        const bits = new BitReader(written(rows).finish());
        expect(readRowColumn(bits, rows.length, { denominators }).values).toEqual(rows);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    { title: 'that close their slots', lateS: () => 0, maxBytes: 2.2 },
    { title: 'that are all a second late', lateS: () => 1, maxBytes: 3.2 },
    {
      title: 'that are late, one in fifty by a second more',
      lateS: (i: number) => (i % 50 === 7 ? 2 : 1),
      maxBytes: 3.7,
    },
  ])('of readings $title pack tightly', ({ lateS, maxBytes }) => {
    const count = 24 * 96 + 2;
    const timesS = Float64Array.from({ length: count }, (_, i) => 300 * (i + 1) + lateS(i));
    const sinceS = timesS.map((_, i) => timesS[i - 1] ?? 0);
    const growth = timesS.map((_, i) => 5000 + ((i * 7919) % 1501));
    const [pdps = new Float64Array()] = derivePdps(
      [{ timesS, sinceS, values: [growth, growth, growth], unknownS: new Map() }],
      ipvsDataSources,
      { stepS: 300, firstSlot: 1, count: 24 * 96, columns: [2] },
    ).columns;
    const rows = consolidate(pdps, 24, 'AVERAGE');
    expect(rows.some(Number.isNaN)).toBe(false);
    expect(written(rows).length / 8 / rows.length).toBeLessThan(maxBytes);
  });
});

function ulpsAfter(from: number, ulps: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, from);
  view.setBigUint64(0, view.getBigUint64(0) + BigInt(ulps));
  return view.getFloat64(0);
}

describe('a sheet', () => {
  const rra = standardGrid.coarse[0];
  const days = fc.uniqueArray(fc.integer({ min: 160, max: 175 }), { minLength: 1, maxLength: 16 });

  test('returns each day unchanged, whatever order they were added in', () => {
    fc.assert(
      fc.property(days, fc.array(value, { minLength: 12, maxLength: 12 }), (all, values) => {
        if (rra === undefined) throw new Error('standard archives have coarse rows');
        const dayOf = (day: number): Rows => {
          const average = [0, 1, 2].map((column) => Float64Array.from(values, (one) => one + day * column));
          return { AVERAGE: average, MAX: average.map((column) => column.map((one) => one * 2)) };
        };
        let stored: Uint8Array | null = null;
        const place = { sheet: 10, rra };
        for (const day of [...all, ...all.slice(0, 1)]) {
          const sheet: Sheet | null = stored === null ? null : decodeSheet(stored, { ...place, columns: 3 });
          stored = encodeSheet(withDay(sheet, { day, rows: dayOf(day) }), place);
        }
        const bytes = stored ?? new Uint8Array();
        const whole = decodeSheet(bytes, { ...place, columns: 3 });
        expect(whole.days).toEqual([...all].sort((a, b) => a - b));
        for (const day of all) expect(dayOfSheet(whole, day)).toEqual(dayOf(day));
        for (let day = 160; day < 176; day += 1) expect(hasDay(bytes, day, rra)).toBe(all.includes(day));
        const part = decodeSheet(bytes, { ...place, columns: 3 }, { cfs: ['MAX'], columns: [1] });
        expect(part.rows.MAX[1]).toEqual(whole.rows.MAX[1]);
        expect(part.rows.MAX[0]?.length).toBe(0);
      }),
    );
  });
});

/** Parts of consecutive readings: their intervals and values. */
const parts: fc.Arbitrary<readonly Part[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 700 }), fc.array(value, { minLength: 7, maxLength: 7 })), { maxLength: 60 })
  .map((steps) => {
    let timeS = 1_763_700_000 - (1_763_700_000 % grid.windowS);
    const bySlot = new Map<number, readonly Part[]>();
    for (const [lengthS, values] of steps) {
      const reading = { archive: 'x', sinceS: timeS, timeS: timeS + lengthS, values: Float64Array.from(values) };
      timeS += lengthS;
      const slot = slotOf(grid, timeS);
      bySlot.set(slot, addReading(bySlot.get(slot) ?? [], reading, { dataSources: ipvsDataSources, stepS }));
    }
    return [...bySlot.values()].flat();
  });

describe('readings', () => {
  test('of a window round-trip through a chunk', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const window = windowOf(grid, slotOf(grid, all[0]?.timeS ?? 1));
        const columns = toColumns(
          all.filter(({ timeS }) => windowOf(grid, slotOf(grid, timeS)) === window),
          7,
        );
        expect(decodeChunk(encodeChunk(columns, { window, windowS }), { window, windowS }, { columns: 7 })).toEqual(
          columns,
        );
      }),
    );
  });

  test('of a slot round-trip through a block, all at once or one archive at a time', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const slot = slotOf(grid, all.at(-1)?.timeS ?? 300);
        const own = all.filter(({ timeS }) => slotOf(grid, timeS) === slot);
        const block: Block = new Map(own.length === 0 ? [] : [3, 17, 31].map((number) => [number, own]));
        const bytes = encodeBlock(block, { slot, stepS });
        expect(decodeBlock(bytes, { slot, stepS }, () => 7)).toEqual(block);
        expect(decodeEntry(bytes, 17, { slot, stepS, columns: 7 })).toEqual(own);
        expect(decodeEntry(bytes, 18, { slot, stepS, columns: 7 })).toEqual([]);
      }),
    );
  });

  test('of archives with different data sources round-trip through one block', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const slot = slotOf(grid, all.at(-1)?.timeS ?? 300);
        const own = all.filter(({ timeS }) => slotOf(grid, timeS) === slot);
        const first = (columns: number): readonly Part[] =>
          own.map(({ values, unknownS, ...times }) => {
            return { ...times, values: values.slice(0, columns), unknownS: unknownS?.slice(0, columns) ?? null };
          });
        const counts = new Map(
          own.length === 0
            ? []
            : [
                [3, 7],
                [4, 5],
                [17, 2],
                [31, 7],
              ],
        );
        const block: Block = new Map([...counts].map(([number, columns]) => [number, first(columns)]));
        const bytes = encodeBlock(block, { slot, stepS });
        expect(decodeBlock(bytes, { slot, stepS }, (number) => counts.get(number))).toEqual(block);
        for (const [number, columns] of counts) {
          expect(decodeEntry(bytes, number, { slot, stepS, columns })).toEqual(first(columns));
        }
        // An unknown archive keeps its time and does not affect the others.
        const without = decodeBlock(bytes, { slot, stepS }, (number) =>
          number === 4 ? undefined : counts.get(number),
        );
        expect([...without.keys()]).toEqual([...block.keys()]);
        if (own.length > 0) expect(without.get(4)?.map(({ timeS }) => timeS)).toEqual([own[0]?.timeS]);
        expect(without.get(31)).toEqual(block.get(31));
      }),
    );
  });

  test('contribute at most three parts to a slot', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const counts = new Map<number, number>();
        for (const { timeS } of all) counts.set(slotOf(grid, timeS), (counts.get(slotOf(grid, timeS)) ?? 0) + 1);
        for (const count of counts.values()) expect(count).toBeLessThanOrEqual(3);
      }),
    );
  });
});

describe('the table', () => {
  test('round-trips through its text, counters beyond 2^53 included', () => {
    const counters = [2n ** 64n - 1n, 0n, 2n ** 53n + 1n, 7n, 10n ** 19n];
    const known = { counters, lastS: 1_763_700_000, absentS: null };
    const table: KnownState = {
      retention: standardRetention,
      timeS: 1_763_700_000,
      host: { bootId: 'b', uptimeS: 12.5, moduleId: '4711', networkNamespace: '4026531840/21' },
      gone: new Map([['192.0.2.1_80', 1_763_600_000]]),
      leftOut: { count: 3, entries: [{ kind: 'refused', entry: '192.0.2.9_80', text: 'it is left out' }] },
      director: {
        timeS: 1_763_699_700,
        host: null,
        services: new Map([
          [
            'fwm_1',
            {
              ...known,
              scheduler: 'sh',
              flags: '(sh-port) persistent 60',
              realServers: new Map([
                ['10.0.0.1_0', { ...known, forwarding: 'Masq', weight: 2 ** 31 - 1, absentS: 1_763_700_000 }],
              ]),
            },
          ],
        ]),
        kernel: {
          parts: new Map<DirectorPart, KnownPart>([
            ['total', known],
            ['table', { counters: [], lastS: 1_763_700_000, absentS: 1_763_700_300 }],
          ]),
          frozen: { sinceS: 1_763_699_700, reason: 'net.ipv4.vs.run_estimation is 0' },
          syncDaemons: '',
        },
        books: new Map([['fwm_1', { carried: [-5, 0, 0, 0, 7.5], sinceS: null }]]),
        failure: { code: 'timed-out', sinceS: 1, lastS: 301, cycles: 2 },
      },
      haproxy: {
        entries: new Map([
          [
            'haproxy_be_a%2Db/s',
            {
              counters: [2n ** 64n - 1n, null, 0n],
              mode: 'tcp',
              status: 'no check',
              weight: null,
              lastS: 1_763_700_000,
              absentS: null,
            },
          ],
          [
            'haproxy_fe_x',
            { counters: [], mode: 'http', status: 'OPEN', weight: 7, lastS: 1_763_700_000, absentS: 1_763_700_300 },
          ],
        ]),
        timeS: 1_763_700_300,
        process: { pid: 7, uptimeS: 9 },
        failure: null,
      },
    };
    const parsed = parseTable(formatTable(table), formatGone(table.gone), standardRetention);
    expect(cloneable(parsed)).toEqual(table);
  });
});
