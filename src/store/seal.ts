// Sealing: the recent readings of a window that is over become one chunk for each archive.

import { encodeChunk } from './chunk.js';
import { compact, type Database } from './database.js';
import { dataSourcesOf } from './directory.js';
import { prefixRange, timedKey, timedRange, timeOfKey } from './keys.js';
import type { Operation } from './ledger.js';
import type { Block, Chore } from './maintain.js';
import { type Part, toColumns } from './readings.js';
import { archivesPerBlock, decodeBlock } from './recent.js';
import { slotOf, slotsPerWindow, windowOf } from './slot.js';

/** Seals the windows before the one of the newest reading. */
export const sealWindows: Chore = {
  cursor: 'seal',
  limit: ({ lastS }) => windowOf(slotOf(lastS ?? 0)),
  work: (database, { seal }, block) => sealBlock(database, seal.at, block),
  next: async (database, at, limit) => {
    const later = timedRange('r', (at + 1) * slotsPerWindow + 1, 0xffffffff);
    const [key] = await database.keys({ ...later, limit: 1 }).all();
    return key === undefined ? limit : Math.min(limit, windowOf(timeOfKey(key)));
  },
  // A process that opens, appends and closes breaks off LevelDB's own compaction, and its files would pile up.
  finish: async (database, { seal }) => {
    await compact(database, timedRange('r', 0, seal.at * slotsPerWindow + 1));
    await compact(database, prefixRange('m'));
  },
};

function sealBlock(database: Database, window: number, { number: block, records }: Block): Operation[] {
  const columnsOf = new Map(records.map((record) => [record.id, dataSourcesOf(record).length]));
  const columns = Math.max(...columnsOf.values());
  const operations: Operation[] = [];
  const parts = new Map<number, Part[]>();
  for (let i = 1; i <= slotsPerWindow; i += 1) {
    const slot = window * slotsPerWindow + i;
    const key = timedKey('r', slot, block);
    const stored = database.getSync(key);
    if (stored === undefined) continue;
    operations.push({ type: 'del', key });
    for (const [number, own] of decodeBlock(stored, slot, columns)) {
      const id = block * archivesPerBlock + number;
      const sofar = parts.get(id);
      if (sofar === undefined) parts.set(id, [...own]);
      else sofar.push(...own);
    }
  }
  for (const [id, own] of parts) {
    const chunk = encodeChunk(toColumns(own, columnsOf.get(id) ?? columns), window);
    operations.push({ type: 'put', key: timedKey('c', window, id), value: Buffer.from(chunk) });
  }
  return operations;
}
