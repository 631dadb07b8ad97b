// From layout 6 to 7: chunks are packed anew, and the rows of days move into sheets. A record that fails its checksum stays where it is, for a
// repair to count, unless `isStrict`. The rows of days whose readings are still there are derived by maintenance.

import { checkedValue, withChecksum } from '../leveldb/checksum.js';
import type { Operation } from '../leveldb/database.js';
import type { RawDatabase } from '../leveldb/raw-database.js';
import { encodeChunk, isChunk } from '../packing/chunk.js';
import { encodeSheet, type SheetDay, sheetKey, sheetOf } from '../packing/sheet.js';
import { type CoarseKind, type CoarseRra, type Grid, gridOf, type KeptRra, standardGrid } from '../rows/slot.js';
import { type ArchiveRecord, columnCountOf, formatState, parseState } from './directory.js';
import { readRetention } from './kept-retention.js';
import { idOfKey, metaKey, prefixRange, timeOfKey } from './keys.js';
import { decodeChunk6, decodeImportedDay6, decodeKeptDay6 } from './layout-6.js';

type StoredRecord = readonly [key: Buffer, stored: Buffer];

/** Everything that the packed forms depend on. */
interface Layout6 {
  readonly level: RawDatabase;
  readonly grid: Grid;
  /** The number of data sources, by the number of the archive; records of dropped archives are deleted. */
  readonly columnsOf: ReadonlyMap<number, number>;
  /** Throws a `DamagedRecord` when damage is not left for a repair. */
  readonly readValue: ReadValue;
  readonly isStrict: boolean;
}

/** The letters of kept rows and of imported rows, in the order of the retention. */
const keptKinds6: Readonly<Record<CoarseKind, string>> = { s: 'g', t: 'h', u: 'y' };
const importedKinds6 = ['i', 'j', 'k', 'l'] as const;

function keptKind6({ kind }: CoarseRra): string {
  return keptKinds6[kind];
}

/** The kinds of records that only layout 6 and earlier ones have. */
export const formerKinds: readonly string[] = [...Object.values(keptKinds6), ...importedKinds6];

/** Reads a value; null when it is damaged and left for a repair. */
type ReadValue = (record: StoredRecord) => Buffer | null;

/** Reads what the packed forms depend on: the division of time, and the number of data sources by the number of the archive. */
export async function readForms(
  level: RawDatabase,
  readValue: ReadValue,
): Promise<Pick<Layout6, 'grid' | 'columnsOf'>> {
  const columnsOf = new Map<number, number>();
  const stateKey = metaKey('state');
  const state = level.getSync(stateKey);
  const stateText = state === undefined ? null : readValue([stateKey, state]);
  let grid = stateText === null ? standardGrid : parseState(stateText.toString()).grid;
  for (const record of await level.iterator(prefixRange('a')).all()) {
    const value = readValue(record);
    if (value === null) continue;
    const archive = JSON.parse(value.toString()) as ArchiveRecord;
    columnsOf.set(archive.id, columnCountOf(archive));
    if (stateText === null) grid = gridOf(readRetention(archive.retention));
  }
  return { grid, columnsOf };
}

/** Reads a value; null when it is damaged. */
export const soundValue: ReadValue = ([key, stored]) => {
  try {
    return checkedValue(key, stored);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

/** Prepares the step: the returned function moves a batch of records. */
export async function fromLayout6(
  level: RawDatabase,
  isStrict: boolean,
): Promise<(records: readonly StoredRecord[]) => readonly Operation[]> {
  const readValue: ReadValue = isStrict ? ([key, stored]) => checkedValue(key, stored) : soundValue;
  const from = { level, readValue, isStrict, ...(await readForms(level, readValue)) };
  return (records) => new Batch(from).move(records).map(checked);
}

function checked(operation: Operation): Operation {
  return operation.type === 'del' ? operation : { ...operation, value: withChecksum(operation.key, operation.value) };
}

/** Moves one batch of records. */
class Batch {
  readonly #from: Layout6;
  /** Keys of days that went into a sheet together with an earlier one. */
  readonly #moved = new Set<string>();

  constructor(from: Layout6) {
    this.#from = from;
  }

  move(records: readonly StoredRecord[]): readonly Operation[] {
    return records.flatMap((record) => (this.#moved.has(record[0].toString('latin1')) ? [] : this.#moveOne(record)));
  }

  #moveOne(record: StoredRecord): readonly Operation[] {
    const [key] = record;
    const { grid } = this.#from;
    const kind = key.toString('latin1', 0, 1);
    if (kind === 'c') return this.#moveChunk(record);
    if (key.equals(metaKey('state'))) return this.#moveState(record);
    const kept = grid.coarse.find((rra) => keptKind6(rra) === kind);
    if (kept !== undefined) return this.#moveDays(record, kept, decodeKeptDay6);
    const imported = grid.imported.find((_, i) => importedKinds6[i] === kind);
    return imported === undefined ? [] : this.#moveDays(record, imported, decodeImportedDay6);
  }

  #moveChunk(record: StoredRecord): readonly Operation[] {
    const [key] = record;
    const { grid, columnsOf, readValue, isStrict } = this.#from;
    const columns = columnsOf.get(idOfKey(key));
    const value = readValue(record);
    if (columns === undefined) return value === null ? [] : [{ type: 'del', key }];
    if (value === null) return [];
    const place = { window: timeOfKey(key), windowS: grid.windowS };
    // A repair may not know how far the migration had come.
    if (!isStrict && isChunk(value, place, columns)) return [];
    return [{ type: 'put', key, value: encodeChunk(decodeChunk6(value, place, columns), place) }];
  }

  /** Days whose readings have not expired get their rows again, in all resolutions. */
  #moveState(record: StoredRecord): readonly Operation[] {
    const value = this.#from.readValue(record);
    if (value === null) return [];
    const state = parseState(value.toString());
    const rows = { at: Math.min(state.rows.at, state.expire.at), block: 0 };
    return [{ type: 'put', key: record[0], value: formatState({ ...state, rows }) }];
  }

  /** Moves the days that share a sheet with this one, which is the first of them. */
  #moveDays(
    [key]: StoredRecord,
    rra: KeptRra,
    decode: (bytes: Buffer, rowsPerDay: number, columns: number) => SheetDay['rows'],
  ): readonly Operation[] {
    const { level, columnsOf, readValue } = this.#from;
    const [id, ownDay] = [idOfKey(key), timeOfKey(key)];
    const sheet = Math.floor(ownDay / rra.daysPerSheet);
    const columns = columnsOf.get(id);
    const operations: Operation[] = [];
    const days: SheetDay[] = [];
    for (let day = ownDay; day < (sheet + 1) * rra.daysPerSheet; day += 1) {
      const dayKey = Buffer.from(key);
      dayKey.writeUInt32BE(day, 1);
      const stored = level.getSync(dayKey);
      const value = stored === undefined ? null : readValue([dayKey, stored]);
      if (value === null) continue;
      this.#moved.add(dayKey.toString('latin1'));
      operations.push({ type: 'del', key: dayKey });
      if (columns !== undefined) days.push({ day, rows: decode(value, rra.rowsPerDay, columns) });
    }
    if (days.length === 0) return operations;
    const put = encodeSheet(sheetOf(days), { sheet, rra });
    return [...operations, { type: 'put', key: sheetKey(rra, ownDay, id), value: put }];
  }
}
