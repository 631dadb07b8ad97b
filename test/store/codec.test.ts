// Laws of the packed forms: what is written is read back, to the last bit.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipvsDataSources } from '../../src/model/archive.js';
import type { KnownPart, KnownState } from '../../src/model/cycle.js';
import type { DirectorPart } from '../../src/model/names/name.js';
import { standardRetention } from '../../src/model/retention.js';
import { BitReader, BitWriter } from '../../src/store/layout/bits.js';
import { decodeChunk, encodeChunk } from '../../src/store/layout/chunk.js';
import { readColumn, writeColumn } from '../../src/store/layout/column.js';
import { addReading, type Part, toColumns } from '../../src/store/layout/readings.js';
import { type Block, decodeBlock, decodeEntry, encodeBlock } from '../../src/store/layout/recent.js';
import { formatGone, formatTable, parseTable } from '../../src/store/layout/table-text.js';
import { standardGrid as grid, slotOf, windowOf } from '../../src/store/rows/slot.js';

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
  test('comes back as it was, also after and before others', () => {
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

  test('that is cut off fails, or reads as something else, but ends', () => {
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

  test('of regular traffic takes little more than the noise in it', () => {
    const values = Float64Array.from({ length: 96 }, (_, i) => 1_000_000 + ((i * 7919) % 256));
    const bits = new BitWriter();
    writeColumn(bits, values);
    expect(bits.finish().length).toBeLessThan(96 * 1.4 + 16);
  });
});

/** Parts of consecutive readings: their distances, and what was read. */
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
  test('of a window come back from their chunk', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const window = windowOf(grid, slotOf(grid, all[0]?.timeS ?? 1));
        const columns = toColumns(
          all.filter(({ timeS }) => windowOf(grid, slotOf(grid, timeS)) === window),
          7,
        );
        expect(decodeChunk(encodeChunk(columns, { window, windowS }), { window, windowS }, 7)).toEqual(columns);
      }),
    );
  });

  test('of a slot come back from their block, all or one archive of it', () => {
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

  test('of archives with other data sources come back from the block they share', () => {
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
        // What is not known any more tells its time, and spoils nothing.
        const without = decodeBlock(bytes, { slot, stepS }, (number) =>
          number === 4 ? undefined : counts.get(number),
        );
        expect([...without.keys()]).toEqual([...block.keys()]);
        if (own.length > 0) expect(without.get(4)?.map(({ timeS }) => timeS)).toEqual([own[0]?.timeS]);
        expect(without.get(31)).toEqual(block.get(31));
      }),
    );
  });

  test('never take more than three parts a slot', () => {
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
  test('comes back from its text, counters beyond 2^53 included', () => {
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
    expect(parseTable(formatTable(table), formatGone(table.gone), standardRetention)).toEqual(table);
  });
});
