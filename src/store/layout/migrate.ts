// The layout of the database has a number (docs/format.md, "Layouts"). An older layout is migrated in key order, a batch of records at a
// time; the database records the progress, so that a killed migration resumes. A newer one is refused.

import { withChecksum } from '../leveldb/checksum.js';
import type { Operation } from '../leveldb/database.js';
import type { RawDatabase } from '../leveldb/raw-database.js';
import { StoreError } from '../store-error.js';
import { metaKey } from './keys.js';
import { fromLayout6 } from './migrate-6.js';

/** The layout of this program. */
export const schemaVersion = 10;

/** Records without a checksum, readable in every layout. */
const schemaKey = metaKey('schema');
const cursorKey = metaKey('migration');

/** Is this one of the records that give the layout of the others? */
export function isOfLayout(key: Buffer): boolean {
  return key.equals(schemaKey) || key.equals(cursorKey);
}

/** Moves records to the next layout: what to write, with checksums. Records that are not mentioned stay as they are. */
type Move = (records: readonly [Buffer, Buffer][]) => readonly Operation[];

/** How records move to the next layout: unchanged, or by a function that is prepared once. */
type Step = 'same' | ((level: RawDatabase, isStrict: boolean) => Promise<Move>);

/** By the layout that they start from. */
const steps: Readonly<Record<number, Step>> = {
  1: async () => (records) => records.flatMap(([key, value]) => addChecksums(key, value)),
  2: 'same',
  3: 'same',
  4: 'same',
  5: 'same',
  // The table of layout 6 is read in its old form; the next cycle writes the new one.
  6: fromLayout6,
  // Baselines are derived by maintenance.
  7: 'same',
  8: 'same',
  9: 'same',
};

/**
 * Brings a database to this program's layout. Unless `isStrict`, records that are damaged stay, for a repair to find. Throws a `StoreError`
 * with code `newer-schema` or `corrupt`, and a `DamagedRecord`.
 */
export async function migrate(level: RawDatabase, { isStrict = true, batchSize = 1000 } = {}): Promise<void> {
  const stored = level.getSync(schemaKey);
  if (stored === undefined) return begin(level);
  if (!/^[1-9]\d*$/.test(stored.toString())) throw damaged(level.location);
  const version = Number(stored.toString());
  if (version > schemaVersion) {
    throw new StoreError(
      'newer-schema',
      `the database in ${level.location} was written by a newer lvs-stats (layout ${version}, this one knows ${schemaVersion}): upgrade lvs-stats`,
    );
  }
  const cursor = level.getSync(cursorKey);
  if (cursor !== undefined) await finish(level, { from: version - 1, after: cursor, isStrict, batchSize });
  for (let from = version; from < schemaVersion; from += 1) {
    await level.batch([
      { type: 'put', key: schemaKey, value: Buffer.from(String(from + 1)) },
      { type: 'put', key: cursorKey, value: Buffer.alloc(0) },
    ]);
    await finish(level, { from, after: Buffer.alloc(0), isStrict, batchSize });
  }
}

/** Numbers the layout of an empty database. */
async function begin(level: RawDatabase): Promise<void> {
  const [other] = await level.keys({ limit: 1 }).all();
  if (other !== undefined) throw damaged(level.location);
  await level.put(schemaKey, Buffer.from(String(schemaVersion)));
}

function damaged(location: string): StoreError {
  return new StoreError(
    'corrupt',
    `the database in ${location} is damaged (its layout is not recorded): "lvs-stats repair" repairs it`,
  );
}

interface Progress {
  /** The layout that the records after the key `after` have. */
  readonly from: number;
  readonly after: Buffer;
  readonly isStrict: boolean;
  /** Records of a batch. */
  readonly batchSize: number;
}

/** Migrates all records after a key from one layout to the next. */
async function finish(level: RawDatabase, { from, after, isStrict, batchSize }: Progress): Promise<void> {
  const step = steps[from];
  if (step === undefined) throw new RangeError(`layout ${from} is unknown`);
  const move = step === 'same' ? null : await step(level, isStrict);
  for (let cursor = after; move !== null; ) {
    const records = await level.iterator({ gt: cursor, limit: batchSize }).all();
    const [last] = records.at(-1) ?? [];
    if (last === undefined) break;
    cursor = last;
    const operations = move(records.filter(([key]) => !isOfLayout(key)));
    await level.batch([...stored(operations), { type: 'put', key: cursorKey, value: cursor }]);
  }
  await level.del(cursorKey, { sync: true });
}

function stored(operations: readonly Operation[]) {
  return operations.map((operation) =>
    operation.type === 'del' ? operation : { ...operation, value: Buffer.from(operation.value) },
  );
}

function addChecksums(key: Buffer, value: Buffer): readonly Operation[] {
  const put = (to: Buffer, bytes: Buffer): Operation => ({ type: 'put', key: to, value: withChecksum(to, bytes) });
  if (!key.equals(metaKey('table'))) return [put(key, value)];
  const { gone, ...table } = JSON.parse(value.toString()) as { gone: unknown };
  return [put(metaKey('gone'), Buffer.from(JSON.stringify(gone))), put(key, Buffer.from(JSON.stringify(table)))];
}
