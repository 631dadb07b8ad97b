// Upkeep that fails after a stored cycle: the cycle stays, and the next one does the upkeep.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyState } from '../../../src/model/cycle.js';
import { storeOf } from '../../../src/store/acknowledged-store.js';
import { type Database, openDatabase } from '../../../src/store/leveldb/database.js';
import { cycleAfter } from '../sample-cycles.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-upkeep-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The database, whose every write from the `failing`th on within a cycle fails as a disk does. */
function failingFrom(database: Database, fault: { failing: number; writes: number }): Database {
  return new Proxy(database, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property !== 'write') return value.bind(target);
      return (...args: unknown[]) => {
        fault.writes += 1;
        if (fault.writes >= fault.failing) throw new Error('input/output error');
        return value.apply(target, args);
      };
    },
  });
}

test('a cycle whose upkeep fails is stored, reported apart, and followed by one that catches up', async () => {
  const fault = { failing: Number.POSITIVE_INFINITY, writes: 0 };
  const store = await storeOf(failingFrom(await openDatabase(folder, 0), fault));
  let table = emptyState;
  let failures = 0;
  // Two days: windows are sealed, and a day gets its row.
  for (let n = 0; n < 600; n += 1) {
    const cycle = cycleAfter(table);
    Object.assign(fault, { writes: 0, failing: n % 2 === 0 ? 2 : Number.POSITIVE_INFINITY });
    const failed = await store.append(cycle, false).then(
      () => null,
      (error: unknown) => error,
    );
    if (failed !== null) {
      failures += 1;
      expect(failed).toMatchObject({
        code: 'upkeep-failed',
        message: expect.stringMatching(/^the reading is stored, but the upkeep .*input\/output error.*dmesg/),
      });
    }
    table = await store.latest();
    expect(table.timeS).toBe(cycle.timeS);
  }
  expect(failures).toBeGreaterThan(5);
  const { timeS } = table;
  const [row] = await store.list();
  expect(row?.lastS).toBe(timeS);
  await store.close();
});
