// A damaged database: it never returns a wrong number. A repair keeps every sound row, the damaged ones become unknown, and the
// next cycle resumes.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interpret } from '../../../src/interpret/interpret.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { readCycleFile } from '../../../src/store/layout/cycle-file.js';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { type RawDatabase, withRawDatabase } from '../../../src/store/leveldb/raw-database.js';
import { withArchives, withStore } from '../../../src/store/open.js';
import { repair } from '../../../src/store/repair/repair.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';
import { stepS } from '../../standard.js';

const startS = 1_700_006_400;
const cycles = 450;
const octets = [1, 2, 3];
const lastS = startS + (cycles - 1) * stepS;
const names = ['all', ...octets.flatMap((octet) => [`192.0.2.${octet}_80`, `192.0.2.${octet}_80/10.0.0.${octet}_80`])];

function snapshot(n: number): Snapshot {
  const services = octets.map((octet) => {
    const count = BigInt(n * n + n * octet * 300);
    const counters = {
      conns: count,
      inPkts: count * 3n,
      outPkts: count,
      inBytes: count * 100n,
      outBytes: count * 100n,
    };
    const server = { id: { address: `10.0.0.${octet}`, port: 80 }, counters, weight: 1, activeConn: n, inActConn: 0 };
    return {
      id: { kind: 'address', protocol: 'tcp', address: `192.0.2.${octet}`, port: 80 } as const,
      counters,
      scheduler: 'wlc',
      flags: '',
      realServers: [{ ...server, forwarding: 'Masq' as const }],
    };
  });
  return { timeS: startS + n * stepS, host: null, services };
}

/** The fine rows of every archive by its name, and the events. */
async function readAll(dataDir: string): Promise<Map<string, unknown>> {
  return withArchives(dataDir, async (store) => {
    const all = new Map<string, unknown>();
    for (const { name } of await store.list()) {
      const { columns } = await store.fetch({ name, cf: 'AVERAGE', startS, endS: lastS - 1, stepS });
      all.set(name, columns);
    }
    all.set(
      'events',
      (await store.events({})).filter(({ kind }) => kind !== 'database-repaired'),
    );
    return all;
  });
}

let sound: string;
let folder: string;
let before: Map<string, unknown>;

beforeEach(async () => {
  sound = mkdtempSync(join(tmpdir(), 'lvs-stats-repair-'));
  folder = join(sound, 'copy');
  await withStore(sound, async (store) => {
    for (let n = 0; n < cycles; n += 1) await store.append(interpret(await store.latest(), snapshot(n)), false);
  });
  before = await readAll(sound);
  cpSync(databaseFolder(sound), databaseFolder(folder), { recursive: true });
});

afterEach(() => rmSync(sound, { recursive: true, force: true }));

function withRaw<T>(use: (level: RawDatabase) => Promise<T>): Promise<T> {
  return withRawDatabase(databaseFolder(folder), use);
}

/** Checks that every row equals the one written or is unknown; returns how many known ones are missing. */
function expectNoWrongRow(after: ReadonlyMap<string, unknown>): number {
  let missing = 0;
  for (const name of names) {
    const [was, is] = [before.get(name), after.get(name)] as [Float64Array[], Float64Array[] | undefined];
    for (const [i, column] of was.entries()) {
      for (const [row, value] of column.entries()) {
        const now = is?.[i]?.[row] ?? Number.NaN;
        if (Number.isNaN(now) && !Number.isNaN(value)) missing += 1;
        else if (!Object.is(now, value)) throw new Error(`${name}, column ${i}, row ${row}: ${now}, not ${value}`);
      }
    }
  }
  return missing;
}

/** Checks that two more cycles can be stored, and that the second has the rates of all services. */
async function expectResumes(): Promise<void> {
  await withStore(folder, async (store) => {
    for (const n of [cycles, cycles + 1, cycles + 2]) {
      await store.append(interpret(await store.latest(), snapshot(n)));
    }
    for (const octet of octets) {
      const query = {
        name: `192.0.2.${octet}_80`,
        cf: 'AVERAGE',
        startS: lastS + 600,
        endS: lastS + 899,
        stepS,
      } as const;
      const [, , conns] = (await store.fetch(query)).columns;
      expect(conns?.[0]).toBeCloseTo((2 * cycles + 3 + octet * 300) / stepS, 9);
    }
  });
}

describe('a repair', () => {
  test('leaves a sound database unchanged', async () => {
    const files = readdirSync(folder);
    expect(await repair(folder, 1)).toEqual({ kind: 'sound', records: expect.any(Number) });
    expect(readdirSync(folder)).toEqual(files);
    expect(await readAll(folder)).toEqual(before);
  });

  test.each([
    ['the state', 'mstate', 0],
    ['the table', 'mtable', 0],
    ['the names of gone archives', 'mgone', 0],
    ['the layout', 'mschema', 0],
    ["an archive's record", 'a192.0.2.2_80', 7 * (cycles - 1)],
    ["the director's record", 'aall', 7 * (cycles - 1)],
  ])('restores rows and state after damage to %s', async (_title, key, maxMissing) => {
    await withRaw((level) => level.put(Buffer.from(key), Buffer.from('damaged')));
    const found = await repair(folder, 1);
    expect(found.kind).toBe('repaired');
    const missing = expectNoWrongRow(await readAll(folder));
    expect(missing).toBeLessThanOrEqual(maxMissing);
    if (maxMissing === 0) expect(missing).toBe(0);
    await expectResumes();
    expect(existsSync(join(folder, 'archives.damaged-1', 'CURRENT'))).toBe(true);
  });

  test('omits damaged readings and keeps all others', async () => {
    const keys = await withRaw((level) => level.keys({ gte: Buffer.from('c'), lt: Buffer.from('d') }).all());
    // The first window has a single reading, at its start.
    const key = keys[9] ?? Buffer.alloc(0);
    await withRaw(async (level) => {
      const value = Buffer.from(level.getSync(key) ?? Buffer.alloc(0));
      value[9] = (value[9] ?? 0) ^ 4;
      await level.put(key, value);
    });
    await expect(readAll(folder)).rejects.toThrow(/damaged .*"lvs-stats repair" repairs it/);
    expect(await repair(folder, 1)).toMatchObject({ kind: 'repaired', leftOut: new Map([['c', 1]]) });
    expect(readCycleFile(databaseFolder(folder))).toBe(lastS);
    const missing = expectNoWrongRow(await readAll(folder));
    expect(missing).toBeGreaterThan(0);
    expect(missing).toBeLessThanOrEqual(7 * 98);
    await expectResumes();
  });

  test('removes the damaged block of a table before LevelDB reads it, and reports it', async () => {
    await withRaw(async () => {});
    const [table = ''] = readdirSync(databaseFolder(folder)).filter((name) => name.endsWith('.ldb'));
    const path = join(databaseFolder(folder), table);
    const bytes = readFileSync(path);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(readAll(folder)).rejects.toThrow(`(${table}: the block at byte 0 fails its checksum)`);
    expect(await repair(folder, 1)).toMatchObject({ kind: 'repaired', lostBlocks: 1, lostTables: 0 });
    expect(readFileSync(join(folder, 'archives.damaged-1', table))).toEqual(bytes);
    expect(expectNoWrongRow(await readAll(folder))).toBeLessThan(cycles * names.length * 7);
    const events = await withStore(folder, (store) => store.events({}));
    const details = events.filter(({ kind }) => kind === 'database-repaired').map(({ detail }) => detail);
    expect(details).toEqual([
      expect.stringMatching(/^\d+ damaged records, 1 blocks of tables and 0 tables were left out$/),
    ]);
    await expectResumes();
  });

  test('removes the files of an interrupted repair, and completes one whose result was ready', async () => {
    const rests = [
      'archives.repaired.reading',
      'archives.repaired.part',
      'archives.repaired.lock',
      'archives.repaired',
    ];
    for (const rest of rests) mkdirSync(join(folder, rest));
    expect(await repair(folder, 1)).toMatchObject({ kind: 'sound' });
    expect(readdirSync(folder)).toEqual(['archives']);
    renameSync(databaseFolder(folder), join(folder, 'archives.repaired'));
    await expect(readAll(folder)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/a repair of .* was interrupted: run "lvs-stats repair" again$/),
    });
    await expect(withStore(folder, async () => {})).rejects.toThrow('run "lvs-stats repair" again');
    expect(await repair(folder, 1)).toMatchObject({ kind: 'sound' });
    expect(readdirSync(folder)).toEqual(['archives']);
    expect(await readAll(folder)).toEqual(before);
  });

  test('is rejected while another process has the database open', async () => {
    await withStore(folder, async () => {
      await expect(repair(folder, 1)).rejects.toMatchObject({ code: 'busy' });
    });
  });
});

test('a database that cannot be opened for writing is read through a temporary shadow', async () => {
  rmSync(join(databaseFolder(folder), 'LOCK'), { force: true });
  mkdirSync(join(databaseFolder(folder), 'LOCK'));
  const messages: string[] = [];
  const shadows = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('lvs-stats-reading-'));
  const others = shadows();
  const names = await withArchives(
    folder,
    (store) => store.list(),
    (text) => messages.push(text),
  );
  expect(names).toHaveLength(7);
  expect(messages).toEqual([expect.stringMatching(/cannot use the database in .*read through a copy$/)]);
  expect(shadows()).toEqual(others);
});

describe('random damage to any file', () => {
  const rounds = Number(process.env['LVS_STATS_DAMAGES'] ?? 60);
  test(`yields no wrong row, before or after a repair (${rounds} times)`, async () => {
    const random = randomFrom(seed);
    const files = readdirSync(databaseFolder(sound)).filter((name) => /\.(ldb|log)$|MANIFEST|CURRENT/.test(name));
    let repaired = 0;
    for (let round = 0; round < rounds; round += 1) {
      rmSync(folder, { recursive: true });
      cpSync(databaseFolder(sound), databaseFolder(folder), { recursive: true });
      const path = join(databaseFolder(folder), files[Math.floor(random() * files.length)] ?? '');
      damage(path, random);
      const read = await readAll(folder).catch((error: Error) => error);
      if (read instanceof Error) expect(read.message).toMatch(/damaged|cannot use the database/);
      else expectNoWrongRow(read);
      if ((await repair(folder, 1)).kind === 'repaired') repaired += 1;
      expectNoWrongRow(await readAll(folder));
      await expectResumes();
    }
    expect(repaired).toBeGreaterThan(rounds / 4);
  });
});

function damage(path: string, random: () => number): void {
  const bytes = readFileSync(path);
  const at = Math.floor(random() * bytes.length);
  if (random() < 0.3) truncateSync(path, at);
  else {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    writeFileSync(path, bytes);
  }
}

test("rows that outlive a gone real server's record are no damage", async () => {
  const dayS = 86_400;
  await withStore(sound, async (store) => {
    for (let days = 1; days <= 104; days += 1) {
      const { services, ...rest } = snapshot(cycles);
      const left = services.map((one, i) => (i === 0 ? { ...one, realServers: [] } : one));
      const cycle = interpret(await store.latest(), { ...rest, services: left, timeS: lastS + days * dayS });
      await store.append(cycle, false);
    }
    const kept = (await store.list()).map(({ name }) => name);
    expect(kept).not.toContain('192.0.2.1_80/10.0.0.1_80');
    expect(kept).toContain('192.0.2.2_80/10.0.0.2_80');
  });
  expect(await repair(sound, lastS)).toMatchObject({ kind: 'sound' });
});
