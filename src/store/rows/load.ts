// Loads the readings of one archive over a span, sealed in chunks or recent.

import { reached, type State } from '../layout/directory.js';
import { isRecentKey, timedKey } from '../layout/keys.js';
import { joinParts, type Part, type ReadingColumns, toColumns, toParts } from '../layout/readings.js';
import { archivesPerBlock, decodeEntry } from '../layout/recent.js';
import type { Get } from '../leveldb/database.js';
import { type ChunkPart, decodeChunk } from '../packing/chunk.js';
import { slotOf, windowOf } from './slot.js';
import type { UnpackedViews } from './unpacked.js';

/** The location of an archive's readings. */
export interface ReadingPlace {
  readonly get: Get;
  readonly state: State;
  /** Records that need not be unpacked again. */
  readonly unpacked?: UnpackedViews;
  readonly id: number;
  /** Number of its data sources. */
  readonly columns: number;
}

/**
 * The readings to load: of slots `first` to `last`. With `wanted`, sealed values of other data sources are not read. With `isCut`, recent
 * readings of earlier slots are not read: rows from `first` on depend on them only by the time at which the next reading begins.
 */
export interface ReadingSpan extends Omit<ChunkPart, 'columns'> {
  readonly first: number;
  readonly last: number;
  readonly isCut?: boolean;
}

/**
 * The readings of the windows of some slots, and the next one after them, however late: it closes the data point that they leave open. Sealed
 * ones are in arrays of the `room`.
 */
export function loadReadings(
  place: ReadingPlace,
  { first, last, isCut = false, ...part }: ReadingSpan,
): readonly ReadingColumns[] {
  const { grid, lastS } = place.state;
  const newest = windowOf(grid, slotOf(grid, lastS ?? 0));
  const runs: ReadingColumns[] = [];
  const lastWindow = windowOf(grid, last);
  for (let window = windowOf(grid, first); window <= newest; window += 1) {
    const run = loadWindow(place, { window, first: isCut ? first : 0 }, part);
    if (run !== null) runs.push(run);
    if (window > lastWindow && run !== null) break;
  }
  return runs;
}

/** The readings of a window, without recent ones before a slot; null when there are none. */
function loadWindow(
  place: ReadingPlace,
  { window, first }: { readonly window: number; readonly first: number },
  part: Omit<ChunkPart, 'columns'>,
): ReadingColumns | null {
  const { get, id, columns } = place;
  const { grid } = place.state;
  const { stepS, slotsPerWindow } = grid;
  const sealed = loadSealed(place, window, part);
  if (window < reached(place.state.seal, id)) return sealed;
  const parts: Part[] = [];
  const block = Math.floor(id / archivesPerBlock);
  const newest = slotOf(grid, place.state.lastS ?? 0);
  const end = Math.min(newest, (window + 1) * slotsPerWindow);
  for (let slot = Math.max(first, window * slotsPerWindow + 1); slot <= end; slot += 1) {
    const record = get(timedKey('r', slot, block));
    if (record === undefined) continue;
    parts.push(...decodeEntry(record, id % archivesPerBlock, { slot, stepS, columns }));
  }
  if (parts.length === 0) return sealed;
  return toColumns(sealed === null ? parts : joinParts(toParts(sealed), parts), columns);
}

/** The sealed readings of a window; null when there are none. */
function loadSealed(
  { get, id, columns, state: { grid }, unpacked }: ReadingPlace,
  window: number,
  part: Omit<ChunkPart, 'columns'>,
): ReadingColumns | null {
  const key = timedKey('c', window, id);
  const { wanted = null } = part;
  const known = wanted === null ? null : (unpacked?.chunks.find(key, wanted) ?? null);
  if (known !== null) return known;
  const stored = get(key);
  if (stored === undefined) return null;
  const sealed = decodeChunk(stored, { window, windowS: grid.windowS }, { columns, ...part });
  if (wanted !== null) unpacked?.chunks.keep(key, sealed, wanted);
  return sealed;
}

/** A `get` that looks up each record of recent readings once: 32 archives share it. */
export function readingRecentOnce(get: Get): Get {
  const known = new Map<string, Buffer | undefined>();
  return (key) => {
    if (!isRecentKey(key)) return get(key);
    const text = key.toString('latin1');
    if (!known.has(text)) known.set(text, get(key));
    return known.get(text);
  };
}
