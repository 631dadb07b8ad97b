// A rewind after the clock was ahead: earlier rows stay, later ones go, and the next cycle resumes.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpret/interpret.js';
import { cfs } from '../../../src/model/archive.js';
import type { Series } from '../../../src/model/series.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { openStore, withStore } from '../../../src/store/open.js';
import type { Store } from '../../../src/store/store.js';
import { rras, stepS } from '../../standard.js';

const startS = 1_700_006_400;
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-rewind-'));
  store = await openStore(folder);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Services by their last octet, each with a real server; at cycle n their counters are n times their octet. */
function snapshot(timeS: number, n: number, octets: readonly number[]): Snapshot {
  const services = octets.map((octet) => {
    const count = BigInt(n * octet);
    const counters = { conns: count, inPkts: count, outPkts: count, inBytes: count * 100n, outBytes: count * 100n };
    const server = { id: { address: `10.0.0.${octet}`, port: 80 }, counters, weight: 1, activeConn: n, inActConn: 0 };
    return {
      id: { kind: 'address', protocol: 'tcp', address: `192.0.2.${octet}`, port: 80 } as const,
      counters,
      scheduler: 'wlc',
      flags: '',
      realServers: [{ ...server, forwarding: 'Masq' as const }],
    };
  });
  return { timeS, host: { bootId: 'b', uptimeS: n * 300 }, services };
}

async function collect(timeS: number, n: number, octets: readonly number[] = [1, 2]): Promise<void> {
  const table = await store.latest();
  await store.append(interpret(table, snapshot(timeS, n, octets)), false);
}

async function rowsBefore(endS: number): Promise<readonly Series[]> {
  const all: Series[] = [];
  for (const { name } of await store.list()) {
    if (name.includes('.3')) continue;
    for (const cf of cfs) {
      for (const { pdpPerRow } of rras) {
        const query = { name, cf, startS: startS - 86_400, endS: endS - 1, stepS: pdpPerRow * stepS };
        const { columns, ...frame } = await store.fetch(query);
        all.push({ ...frame, lastS: 0, columns });
      }
    }
  }
  return all;
}

describe('a clock that was ahead', () => {
  let base: string;

  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), 'lvs-stats-rewind-'));
    await withStore(base, async (own) => {
      for (let n = 1; n <= 400; n += 1) {
        const cycle = interpret(await own.latest(), snapshot(startS - 283 + n * 300, n, [1, 2]));
        await own.append(cycle, false);
      }
    });
  });

  afterAll(() => rmSync(base, { recursive: true, force: true }));

  test.each([
    ['an hour', 3600],
    ['ten hours', 36_000],
    ['three days', 3 * 86_400],
    ['a year', 365 * 86_400],
    ['ten years', 3650 * 86_400],
  ])('by %s leaves only a gap', async (_title, aheadS) => {
    await store.close();
    cpSync(base, folder, { recursive: true });
    store = await openStore(folder);
    let n = 401;
    const lastS = startS + 17 + 399 * 300;
    const endS = lastS - (lastS % 86_400);
    const before = await rowsBefore(endS);
    for (let i = 1; i <= 200; i += 1) await collect(lastS + aheadS + i * 300, n++, [1, 2, 3]);

    expect(await store.rewind(lastS + 900)).toEqual({ fromS: lastS + aheadS + 200 * 300, toS: lastS, archives: 2 });
    expect((await store.list()).map(({ name }) => name).filter((name) => name.includes('.3'))).toEqual([]);
    expect((await store.list()).map((archive) => archive.lastS)).toEqual([lastS, lastS, lastS, lastS, lastS]);
    expect(await rowsBefore(endS)).toEqual(before);
    const events = (await store.events({ sinceS: startS + 300 })).map(({ kind }) => kind);
    expect(events).toEqual(['clock-set-back']);

    for (let i = 1; i <= 120; i += 1) await collect(lastS + 900 + i * 300, n++);
    const firstS = lastS + 900 + 300;
    const series = await store.fetch({
      name: '192.0.2.2_80',
      cf: 'AVERAGE',
      startS: lastS,
      endS: firstS + 35_000,
      stepS,
    });
    const conns = series.columns[2] ?? new Float64Array();
    const known = Array.from(conns, (value, i) => [series.startS + (i + 1) * stepS, value] as const).filter(
      // The last reading's open data point is partly known.
      ([timeS, value]) => timeS > lastS + stepS && !Number.isNaN(value),
    );
    for (const [timeS, value] of known) {
      expect(timeS).toBeGreaterThan(firstS);
      expect(value).toBeCloseTo(2 / 300, 9);
    }
    expect(known).toHaveLength(117);
    expect((await store.events({ sinceS: startS + 300 })).map(({ kind }) => kind)).toEqual(['clock-set-back']);
  });
});

test('if all readings lie in the future, the archives start anew', async () => {
  for (let i = 1; i <= 20; i += 1) await collect(startS + i * 300, i);
  expect(await store.rewind(startS)).toEqual({ fromS: startS + 6000, toS: null, archives: 5 });
  expect(await store.list()).toEqual([]);
  expect(await store.events({})).toEqual([]);
  await collect(startS + 10, 21);
  expect((await store.list()).map(({ firstS }) => firstS)).toEqual(Array.from({ length: 5 }, () => startS + 10));
});

test('if no reading lies in the future, nothing changes', async () => {
  await collect(startS, 1);
  expect(await store.rewind(startS)).toBeNull();
  expect((await store.list()).map(({ lastS }) => lastS)).toEqual(Array.from({ length: 5 }, () => startS));
});
