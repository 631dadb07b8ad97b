// The news of a long-lived process about its archives.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.js';
import { lastingArchives } from '../../../src/store/shared/lasting-store.js';
import { cycleAfter } from '../sample-cycles.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-lasting-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first news after the database was reopened says that readings may have been replaced', async () => {
  const store = await openStore(folder);
  const news: boolean[] = [];
  const archives = lastingArchives(folder, store, ({ isReplaced }) => news.push(isReplaced));
  await archives.append(cycleAfter(await archives.latest()));
  // As after a failed write, after which LevelDB refuses all further ones.
  const next = cycleAfter(await archives.latest());
  await store.close();
  await expect(archives.append(next)).rejects.toMatchObject({ code: 'io' });
  for (let cycle = 0; cycle < 2; cycle += 1) await archives.append(cycleAfter(await archives.latest()));
  expect(news).toEqual([false, true, false]);
  await archives.close();
});
