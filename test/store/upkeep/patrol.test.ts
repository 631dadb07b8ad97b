// The patrol: it finds within a day what a disk changes under an idle database.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { interpret } from '../../../src/interpret/interpret.js';
import { databaseFolder } from '../../../src/store/leveldb/database.js';
import { withStore } from '../../../src/store/open.js';

const startS = 1_700_006_400;
const cyclesPerDay = 288;

test('the patrol finds a table whose bytes changed while its size and times did not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-patrol-'));
  try {
    await withStore(folder, async (store) => {
      for (let n = 0; n < 250; n += 1) {
        await store.append(
          interpret(await store.latest(), { timeS: startS + n * 300, host: null, services: [] }),
          false,
        );
      }
      await store.sync();
    });
    // The first opening turns the log into a table, the second verifies it.
    for (let i = 0; i < 2; i += 1) await withStore(folder, (store) => store.patrol());
    const location = databaseFolder(folder);
    const [name = ''] = readdirSync(location).filter((one) => one.endsWith('.ldb'));
    const path = join(location, name);
    const { atime, mtime } = statSync(path);
    const bytes = readFileSync(path);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    utimesSync(path, atime, mtime);
    const patrols = async (): Promise<void> => {
      for (let i = 0; i < cyclesPerDay; i += 1) await withStore(folder, (store) => store.patrol());
    };
    await expect(patrols()).rejects.toThrow(/damaged .*fails its checksum.*"lvs-stats repair"/);
    // Opening the database now reports the damage.
    await expect(withStore(folder, (store) => store.list())).rejects.toThrow(/damaged/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
