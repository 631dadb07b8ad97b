// Seals windows: the recent readings of a past window become one chunk per archive.

import { columnCountOf, type State } from '../layout/directory.js';
import { prefixRange, timedKey, timedRange, timeOfKey } from '../layout/keys.js';
import { joinParts, type Part, toColumns, toParts } from '../layout/readings.js';
import { archivesPerBlock, decodeBlock } from '../layout/recent.js';
import type { Database, Operation } from '../leveldb/database.js';
import { decodeChunk, encodeChunk } from '../packing/chunk.js';
import { slotOf, windowOf } from '../rows/slot.js';
import type { Block, Chore } from './chore.js';

/** Seals the windows before the one of the newest reading. */
export const sealWindows: Chore = {
  cursor: 'seal',
  limit: ({ grid, lastS }) => windowOf(grid, slotOf(grid, lastS ?? 0)),
  work: (database, state, block) => sealBlock(database, state, block),
  next: async (database, { grid, seal }, limit) => {
    const later = timedRange('r', (seal.at + 1) * grid.slotsPerWindow + 1, 0xffffffff);
    const [key] = await database.keys(later, 1);
    return key === undefined ? limit : Math.min(limit, windowOf(grid, timeOfKey(key)));
  },
  // A process that opens, appends and closes interrupts LevelDB's own compaction, and its files would pile up.
  finish: async (database, { grid, seal }) => {
    await database.compact(timedRange('r', 0, seal.at * grid.slotsPerWindow + 1));
    await database.compact(prefixRange('m'));
  },
};

function sealBlock(database: Database, { grid, seal }: State, { number: block, records }: Block): Operation[] {
  const { stepS, slotsPerWindow, windowS } = grid;
  const window = seal.at;
  const columnsOf = new Map(records.map((record) => [record.id, columnCountOf(record)]));
  const idOf = (number: number): number => block * archivesPerBlock + number;
  const operations: Operation[] = [];
  const parts = new Map<number, Part[]>();
  for (let i = 1; i <= slotsPerWindow; i += 1) {
    const slot = window * slotsPerWindow + i;
    const key = timedKey('r', slot, block);
    const stored = database.get(key);
    if (stored === undefined) continue;
    operations.push({ type: 'del', key });
    for (const [number, own] of decodeBlock(stored, { slot, stepS }, (archive) => columnsOf.get(idOf(archive)))) {
      const id = idOf(number);
      const sofar = parts.get(id);
      if (sofar === undefined) parts.set(id, [...own]);
      else sofar.push(...own);
    }
  }
  for (const [id, recent] of parts) {
    const columns = columnsOf.get(id);
    // The archive was dropped meanwhile, so nobody can read its readings.
    if (columns === undefined) continue;
    const key = timedKey('c', window, id);
    const sealed = database.get(key);
    const all =
      sealed === undefined ? recent : joinParts(toParts(decodeChunk(sealed, { window, windowS }, { columns })), recent);
    operations.push({ type: 'put', key, value: encodeChunk(toColumns(all, columns), { window, windowS }) });
  }
  return operations;
}
