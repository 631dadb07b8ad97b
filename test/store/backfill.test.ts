// A history loaded at once equals the one that the same readings make cycle by cycle; and the disk stays flat. LVS_STATS_SOAK=full
// doubles both lives.

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDirector } from '../../src/demo/director.js';
import { interpret } from '../../src/interpret/interpret.js';
import { cfs } from '../../src/model/archive.js';
import { emptyState, type KnownState } from '../../src/model/cycle.js';
import type { LedgerEvent } from '../../src/model/ledger-event.js';
import { parseRetention } from '../../src/model/retention.js';
import type { Series } from '../../src/model/series.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { databaseFolder } from '../../src/store/leveldb/database.js';
import { withRawDatabase } from '../../src/store/leveldb/raw-database.js';
import { openStore, withStore } from '../../src/store/open.js';
import { packHistory } from '../../src/store/rows/pack-history.js';
import { dayS, isFull } from '../soak/form.js';
import { rras, stepS } from '../standard.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-backfill-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Rows of every round-robin archive, as far back as it reaches. */
async function allRows(dataDir: string, name: string, endS: number): Promise<readonly Series[]> {
  return withStore(dataDir, async (store) => {
    const all: Series[] = [];
    for (const cf of cfs) {
      for (const { pdpPerRow, rows } of rras) {
        const rowS = pdpPerRow * stepS;
        const startS = Math.max(endS - rows * rowS, endS - 120 * dayS);
        all.push(await store.fetch({ name, cf, startS, endS: endS - 1, stepS: rowS }));
      }
    }
    return all;
  });
}

/** The stored baselines, without their checksums, by archive and newest shift. */
function storedBaselines(dataDir: string): Promise<ReadonlyMap<string, string>> {
  return withRawDatabase(databaseFolder(dataDir), async (level) => {
    const values = await level.values({ gte: Buffer.from('b'), lt: Buffer.from('c') }).all();
    const records = values.map((value) => value.subarray(0, -4));
    return new Map(
      records.map((value) => [`${value.readUInt32LE(0)} ${value.toString('utf8', 364)}`, value.toString('hex')]),
    );
  });
}

describe('a history loaded at once', () => {
  const endS = 1_763_683_200;
  /** All readings are kept to the end: for 105 days. */
  const epochS = endS - (isFull ? 104 : 52) * dayS;
  const director = createDirector({ seed: 5, services: 1, epochS, endS });

  test('has the rows that the same readings make cycle by cycle', async () => {
    const [slow, fast] = [join(folder, 'slow'), join(folder, 'fast')];
    let table = emptyState;
    const events: LedgerEvent[] = [];
    const store = await openStore(slow);
    for (const timeS of director.readingTimes(epochS, endS)) {
      const cycle = interpret(table, director.snapshotAt(timeS));
      await store.append(cycle, false);
      table = cycle.table;
      events.push(...cycle.events);
    }
    const archives = await store.list();
    await store.close();
    const infos = new Map(archives.map((archive) => [archive.name, archive]));
    const histories = function* () {
      for (const { name, timesS, sinceS, columns } of director.history(epochS, endS)) {
        const info = infos.get(name);
        if (info === undefined) continue;
        const { about, goneS, dataSources } = info;
        const lastS = goneS === null ? null : info.lastS;
        const readings = packHistory({ timesS, sinceS, values: columns }, endS, dataSources);
        yield { name, about, lastS, goneS, readings };
      }
    };
    const outcome = () => ({ table, events });
    await withStore(fast, (other) => other.backfill({ endS, histories: histories(), outcome }));
    expect(await withStore(fast, (other) => other.list())).toEqual(archives);
    const months = (dataDir: string, name: string) =>
      withStore(dataDir, (other) => other.percentiles({ name, startS: epochS, endS }));
    expect(await months(fast, 'all')).toHaveLength(isFull ? 3 : 2);
    for (const { name } of archives) {
      expect(await allRows(fast, name, endS), name).toEqual(await allRows(slow, name, endS));
      expect(await months(fast, name), name).toEqual(await months(slow, name));
    }
    const [late, whole] = [await storedBaselines(slow), await storedBaselines(fast)];
    expect([...whole.keys()].filter((key) => late.has(key)).length).toBeGreaterThanOrEqual(2 * 18);
    expect(whole.size).toBe(2 * 21);
    for (const [key, baselines] of whole) expect(late.get(key) ?? baselines, key).toBe(baselines);
  });

  test('is refused where there are readings already', async () => {
    await withStore(folder, async (store) => {
      await store.append(interpret(emptyState, director.snapshotAt(endS)));
      const outcome = () => ({ table: { ...emptyState, timeS: endS }, events: [] });
      await expect(store.backfill({ endS, histories: [], outcome })).rejects.toMatchObject({ code: 'overtaken' });
    });
  });
});

describe('the disk', () => {
  test('stops growing once the readings have gone round', async () => {
    const startS = 1_763_683_200;
    const sizes: number[] = [];
    const text = isFull ? '5m:28d,30m:28d,2h:56d,1d:224d' : '5m:14d,30m:14d,2h:28d,1d:112d';
    let table: KnownState = { ...emptyState, retention: parseRetention(text) };
    const spanCycles = (isFull ? 7 : 3.5) * 144;
    // A reading every ten minutes for 16 spans: the readings go round four times, the 2-hour rows twice.
    for (let span = 0; span < 16; span += 1) {
      const store = await openStore(folder);
      for (let i = span * spanCycles; i < (span + 1) * spanCycles; i += 1) {
        const cycle = interpret(table, busySnapshot(startS + i * 600, BigInt(i)));
        await store.append(cycle, false);
        table = cycle.table;
      }
      await store.close();
      // Opened and closed, LevelDB has turned its log into a table.
      await withStore(folder, (again) => again.sync());
      sizes.push(folderBytes(databaseFolder(folder)));
    }
    const [settled = 0, ...later] = sizes.slice(8);
    const dayRows = 2 * (spanCycles / 144) * 150;
    for (const [i, bytes] of later.entries()) expect(bytes, sizes.join(' ')).toBeLessThan(1.1 * settled + i * dayRows);
  });
});

/** A service whose counters grow by what cannot be packed away: 30 random bits a reading. */
function busySnapshot(timeS: number, i: bigint): Snapshot {
  const n = i * 2n ** 31n + ((i * 1_103_515_245n + 12_345n) % 2n ** 30n);
  const counters = { conns: n, inPkts: 9n * n, outPkts: 10n * n, inBytes: 900n * n, outBytes: 10_000n * n };
  const id = { kind: 'mark', mark: 1, family: 'ipv4' } as const;
  return { timeS, host: null, services: [{ id, counters, scheduler: 'rr', flags: '', realServers: [] }] };
}

function folderBytes(path: string): number {
  return readdirSync(path).reduce(
    (sum, name) => sum + (statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
