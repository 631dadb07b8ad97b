// Rows do not change as they age: they are derived from readings, then kept in sheets, then their readings expire.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cf, cfs } from '../../../src/model/archive.js';
import { parseRetention } from '../../../src/model/retention.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { withChecksum } from '../../../src/store/leveldb/checksum.js';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { openStore } from '../../../src/store/open.js';
import { checkArchives } from '../../../src/store/repair/check.js';
import { repair } from '../../../src/store/repair/repair.js';
import type { Store } from '../../../src/store/store.js';
import { readAll, storyName } from '../story-service.js';

const dayS = 86_400;
/** 2023-11-20, 00:00 UTC. */
const startS = 1_700_438_400;
const days = 14;
const retention = parseRetention('5m:2d,30m:4d,2h:12d,1d:60d');
const lengthsS = [1800, 7200, dayS];

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-ageing-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every reading is 0 to 3 s late, and some are missing. */
function snapshotAt(n: number): Snapshot | null {
  const noise = (n * 7919) % 1009;
  if (noise < 4 || (n > 1500 && n < 1530)) return null;
  const conns = BigInt(n * 400 + noise);
  const counters = {
    conns,
    inPkts: conns * 9n + BigInt(noise),
    outPkts: conns * 7n,
    inBytes: conns * 901n + BigInt((noise * 31) % 977),
    outBytes: conns * 12_007n,
  };
  const id = { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 } as const;
  const server = {
    id: { address: '10.0.0.1', port: 80 },
    counters,
    weight: 1,
    activeConn: noise % 57,
    inActConn: n % 13,
  };
  const realServers = [{ ...server, forwarding: 'Masq' }];
  return {
    timeS: startS + n * 300 + (n % 4),
    host: null,
    services: [{ id, counters, scheduler: 'wlc', flags: '', realServers }],
  };
}

/** The rows of a day as bytes, to compare every bit. */
async function dayOf(name: string, day: number, { cf, stepS }: { readonly cf: Cf; readonly stepS: number }) {
  const fromS = startS + day * dayS;
  const series = await store.fetch({ name, cf, startS: fromS, endS: fromS + dayS - 1, stepS });
  if (series.stepS !== stepS) return null;
  return series.columns.map((column) => Buffer.from(column.slice(0, dayS / stepS).buffer).toString('hex'));
}

test('rows are identical when derived, when kept, and after their readings expire', async () => {
  const young = new Map<string, unknown>();
  let compared = 0;
  for (let day = 0; day < days; day += 1) {
    await liveDay(day);
    for (const name of ['all', storyName, `${storyName}/10.0.0.1_80`]) {
      for (const cf of cfs) {
        for (const stepS of lengthsS) {
          for (let past = 0; past < day; past += 1) {
            const rows = await dayOf(name, past, { cf, stepS });
            const key = `${name} ${cf} ${stepS} day ${past}`;
            if (rows === null) continue;
            if (young.has(key)) compared += 1;
            else young.set(key, rows);
            expect([key, rows]).toEqual([key, young.get(key)]);
          }
        }
      }
    }
  }
  // Rows of 30 minutes are kept for 4 days, those of 2 hours for 12.
  expect(compared).toBeGreaterThan(3 * 2 * (2 * days + 10 * (days - 12) + 40));
});

async function liveDay(day: number): Promise<void> {
  const readings = Array.from({ length: 288 }, (_, i) => snapshotAt(day * 288 + i + 1));
  await readAll(
    store,
    readings.filter((one) => one !== null),
    day === 0 ? retention : undefined,
  );
}

async function liveDays(count: number): Promise<void> {
  for (let day = 0; day < count; day += 1) await liveDay(day);
}

test('a rewind past expired readings ends with the newest day of rows before it', async () => {
  await liveDays(10);
  const rewound = await store.rewind(startS + 4 * dayS + 7200);
  expect(rewound?.toS).toBe(startS + 4 * dayS);
  const { lastS } = await store.fetch({ name: 'all', cf: 'AVERAGE', startS, endS: startS + dayS - 1, stepS: dayS });
  expect(lastS).toBe(startS + 4 * dayS);
});

test('a check reports an intact sheet that cannot be unpacked, and a repair omits it', async () => {
  await liveDays(4);
  await store.close();
  await withRawDatabase(databaseFolder(folder), async (level) => {
    const [key = Buffer.alloc(0)] = await level.keys({ gte: Buffer.from('t'), lt: Buffer.from('u'), limit: 1 }).all();
    await level.put(key, withChecksum(key, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x00])));
  });
  const { faults } = await checkArchives(folder);
  expect(faults).toEqual(["1 × several days' 2-hour rows of an archive"]);
  expect(await repair(folder, startS + 5 * dayS)).toMatchObject({ kind: 'repaired', leftOut: new Map([['t', 1]]) });
  store = await openStore(folder);
  const query = { name: 'all', cf: 'AVERAGE', startS, endS: startS + 4 * dayS - 1, stepS: 7200 } as const;
  await expect(store.fetch(query)).resolves.toMatchObject({ stepS: 7200 });
});
