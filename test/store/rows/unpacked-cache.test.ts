// The records that an open database keeps unpacked: those of the moment of the reader, and no more than there is room for.

import { describe, expect, test } from 'vitest';
import type { RowPart } from '../../../src/model/rows/consolidate.js';
import { timedKey } from '../../../src/store/layout/keys.js';
import type { Sheet } from '../../../src/store/packing/sheet.js';
import { unpackedChunks, unpackedSheets } from '../../../src/store/rows/unpacked.js';
import { UnpackedCache } from '../../../src/store/rows/unpacked-cache.js';

const key = (id: number): Buffer => timedKey('t', 1270, id);
const part: RowPart = { cfs: ['AVERAGE'], columns: [1] };
const none = new Float64Array();

type Sheets = UnpackedCache<Sheet, RowPart>;

function cacheOf(maxBytes = 2 ** 20): Sheets {
  return new UnpackedCache(unpackedSheets, maxBytes);
}

/** A sheet that was unpacked to one of two columns. */
function sheetOf(value: number, rows = 192): Sheet {
  return { days: [20_320], rows: { AVERAGE: [none, new Float64Array(rows).fill(value)], MAX: [] } };
}

function firstOf(sheet: Sheet | null): number | undefined {
  return sheet?.rows.AVERAGE[1]?.[0];
}

describe('a sheet', () => {
  test('is found again, by later readers too, though its arrays are used for others', () => {
    const cache = cacheOf();
    const [sheet, view] = [sheetOf(3), cache.view()];
    view.keep(key(1), sheet, part);
    sheet.rows.AVERAGE[1]?.fill(9);
    expect(firstOf(view.find(key(1), part))).toBe(3);
    expect(firstOf(cache.view().find(key(1), part))).toBe(3);
    expect(view.find(key(2), part)).toBe(null);
  });

  test('is found only with all rows that are asked for, and joins those that were known', () => {
    const view = cacheOf().view();
    view.keep(key(1), sheetOf(3), part);
    expect(view.find(key(1), { ...part, columns: [0, 1] })).toBe(null);
    expect(view.find(key(1), { ...part, cfs: ['AVERAGE', 'MAX'] })).toBe(null);
    const maxima = { days: [20_320], rows: { AVERAGE: [], MAX: [none, new Float64Array(192).fill(4)] } };
    view.keep(key(1), maxima, { ...part, cfs: ['MAX'] });
    const both = view.find(key(1), { ...part, cfs: ['AVERAGE', 'MAX'] });
    expect([firstOf(both), both?.rows.MAX[1]?.[0]]).toEqual([3, 4]);
  });

  test('is forgotten when it is written, and others are not', async () => {
    const cache = cacheOf();
    for (const id of [1, 2]) cache.view().keep(key(id), sheetOf(id), part);
    await cache.whileChanging([timedKey('r', 1, 1), key(1)], async () => {});
    expect(cache.view().find(key(1), part)).toBe(null);
    expect(firstOf(cache.view().find(key(2), part))).toBe(2);
    await cache.whileChanging(null, async () => {});
    expect(cache.view().find(key(2), part)).toBe(null);
  });

  test('of before a write is neither found nor kept by readers that see the time after it, nor the reverse', async () => {
    const cache = cacheOf();
    const early = cache.view();
    early.keep(key(1), sheetOf(1), part);
    let end: () => void = () => {};
    const written = cache.whileChanging(
      [key(1)],
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    const amid = cache.view();
    for (const view of [early, amid]) view.keep(key(1), sheetOf(1), part);
    for (const view of [early, amid, cache.view()]) expect(view.find(key(1), part)).toBe(null);
    end();
    await written;
    for (const view of [early, amid]) view.keep(key(1), sheetOf(1), part);
    const late = cache.view();
    expect(late.find(key(1), part)).toBe(null);
    late.keep(key(1), sheetOf(2), part);
    expect(firstOf(late.find(key(1), part))).toBe(2);
    for (const view of [early, amid]) expect(view.find(key(1), part)).toBe(null);
  });

  test('is forgotten when its write fails, and readers after that find others', async () => {
    const cache = cacheOf();
    const failing = cache.whileChanging([key(1)], async () => {
      throw new Error('a full disk');
    });
    await expect(failing).rejects.toThrow('a full disk');
    cache.view().keep(key(1), sheetOf(1), part);
    expect(firstOf(cache.view().find(key(1), part))).toBe(1);
  });

  test('is not touched by writes of other records', async () => {
    const cache = cacheOf();
    const view = cache.view();
    view.keep(key(1), sheetOf(1), part);
    await cache.whileChanging([timedKey('r', 1, 1), timedKey('v', 1270, 1), timedKey('c', 1, 1)], async () => {});
    expect(firstOf(view.find(key(1), part))).toBe(1);
  });
});

describe('a chunk', () => {
  const chunkKey = timedKey('c', 61_236, 1);

  test('is found with the columns that are asked for, and forgotten when it is written', async () => {
    const cache = new UnpackedCache(unpackedChunks, 2 ** 20);
    const [timesS, sinceS] = [Float64Array.of(300), Float64Array.of(0)];
    const values = [none, Float64Array.of(7)];
    cache.view().keep(chunkKey, { timesS, sinceS, values, unknownS: new Map() }, [1]);
    timesS[0] = 0;
    expect(cache.view().find(chunkKey, [1])).toMatchObject({ timesS: Float64Array.of(300), values });
    expect(cache.view().find(chunkKey, [0, 1])).toBe(null);
    await cache.whileChanging([key(1)], async () => {});
    expect(cache.view().find(chunkKey, [1])).not.toBe(null);
    await cache.whileChanging([chunkKey], async () => {});
    expect(cache.view().find(chunkKey, [1])).toBe(null);
  });
});

describe('sheets beyond the limit', () => {
  /** Room for ten sheets. */
  const roomForTen = 10 * (192 * 8 + 400);

  /** Reads some sheets in turn, some times; returns how many were found. */
  function readInTurn(
    cache: Sheets,
    { from = 0, count, turns }: { from?: number; count: number; turns: number },
  ): number {
    let found = 0;
    const view = cache.view();
    for (let i = 0; i < turns * count; i += 1) {
      const own = key(from + (i % count));
      if (view.find(own, part) === null) view.keep(own, sheetOf(1), part);
      else found += 1;
    }
    return found;
  }

  test('do not drive each other out when they are read in turn', () => {
    const cache = cacheOf(roomForTen);
    expect(readInTurn(cache, { count: 10, turns: 3 })).toBe(20);
    expect(readInTurn(cacheOf(roomForTen), { count: 20, turns: 3 })).toBe(20);
  });

  test('take the places of those that nobody asks for any more', () => {
    const cache = cacheOf(roomForTen);
    readInTurn(cache, { count: 10, turns: 2 });
    readInTurn(cache, { from: 100, count: 10, turns: 6 });
    expect(readInTurn(cache, { from: 100, count: 10, turns: 1 })).toBe(10);
    expect(readInTurn(cache, { count: 10, turns: 1 })).toBe(0);
  });

  test('that are larger than all room are not kept', () => {
    const view = cacheOf(roomForTen).view();
    view.keep(key(1), sheetOf(1, 5000), part);
    expect(view.find(key(1), part)).toBe(null);
  });
});
