// Bytes on disk of an archive at full retention, with every round-robin archive full and the simulated director's traffic, against the
// `.rrd` of the same definition.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDirector } from '../src/demo/director.js';
import { emptyState } from '../src/model/cycle.js';
import type { ArchiveHistory } from '../src/store/backfill.js';
import { databaseFolder } from '../src/store/leveldb/database.js';
import { withStore } from '../src/store/open.js';
import { packHistory } from '../src/store/rows/pack-history.js';
import { rras, stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import { startS as endS } from './busy-table.js';
import type { Comparison, Findings } from './comparison.js';
import { formatQuantity } from './quantity-text.js';
import { createCommand, withRrdtool } from './rrdtool.js';

const seeds = [1, 2];
const services = 20;
const retentionS = Math.max(...rras.map(({ pdpPerRow, rows }) => pdpPerRow * rows)) * stepS;

/** Measures the size. */
export async function measureSize({ folder, hasRrdtool }: BenchContext): Promise<Findings> {
  const found: { bytes: number; archives: number }[] = [];
  for (const seed of seeds) {
    const dataDir = join(folder, `seed-${seed}`);
    const archives = await fill(dataDir, seed);
    // Opened once more, so that the log of the first process goes into tables.
    await withStore(dataDir, (store) => store.list());
    found.push({ bytes: folderBytes(databaseFolder(dataDir)), archives });
  }
  const archives = found.reduce((sum, one) => sum + one.archives, 0);
  const bytes = found.reduce((sum, one) => sum + one.bytes, 0);
  const each = found.map((one) => formatQuantity(one.bytes / one.archives, 'bytes'));
  const comparison: Comparison = {
    work: 'bytes on the disk an archive, full retention',
    ours: { unit: 'bytes', values: [bytes / archives] },
    peer: '`.rrd`',
    theirs: hasRrdtool ? { unit: 'bytes', values: [await rrdBytes(join(folder, 'empty.rrd'))] } : null,
    target: { text: '1/4', timesBetter: 4 },
    stretch: { text: '1/8', timesBetter: 8 },
  };
  return {
    comparisons: [comparison],
    notes: [
      `Bytes: ${archives} archives of ${seeds.length} simulated directors that were there for all of ${retentionS / 86_400} days; everything in the database's folder counts, divided by the archives; ${each.join(' and ')} for each of them.`,
    ],
  };
}

/** Loads the archives that existed for the whole time; returns their number. */
async function fill(dataDir: string, seed: number): Promise<number> {
  const director = createDirector({ seed, services, epochS: endS - retentionS - 86_400, endS });
  const lasting = director
    .archives()
    .filter(({ spans }) => (spans[0]?.fromS ?? endS) <= endS - retentionS && (spans.at(-1)?.toS ?? 0) >= endS)
    .map(({ name }) => name);
  const histories = function* (): Generator<ArchiveHistory> {
    for (const { name, timesS, sinceS, columns } of director.history(0, endS)) {
      if (!lasting.includes(name)) continue;
      const readings = packHistory({ timesS, sinceS, values: columns }, endS);
      yield { name, about: { kind: 'director' }, lastS: null, goneS: null, readings };
    }
  };
  const outcome = () => ({ table: { ...emptyState, timeS: endS }, events: [] });
  await withStore(dataDir, (store) => store.backfill({ endS, histories: histories(), outcome }));
  return lasting.length;
}

/** Bytes of all files of a folder. */
export function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

async function rrdBytes(file: string): Promise<number> {
  await withRrdtool((rrdtool) => rrdtool.run([createCommand(file, endS)]));
  return statSync(file).size;
}
