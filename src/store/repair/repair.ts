// Repairs a damaged database. It builds a new one beside it from every record that passes its checksum and belongs to an archive; the
// metadata is recomputed (mend.ts). Then the two swap places. The damaged files are never written, and are kept. An interrupted repair is
// restarted, or finished by the next one.

import { existsSync, renameSync, rmSync } from 'node:fs';
import { syncPath } from '../../files/whole-file.js';
import { readCycleFile } from '../layout/cycle-file.js';
import { metaKey } from '../layout/keys.js';
import { migrate } from '../layout/migrate.js';
import { databaseFolder, repairedFolder } from '../leveldb/database.js';
import { isLocked, storeErrorOf } from '../leveldb/level-error.js';
import { type RawDatabase, withRawDatabase } from '../leveldb/raw-database.js';
import { whileLocked } from '../leveldb/while-locked.js';
import { StoreError } from '../store-error.js';
import { verifyNewFiles } from '../upkeep/patrol.js';
import { type Losses, rebuild } from './rebuild.js';
import { countRecords, type RecordKind, type Survey, survey } from './survey.js';

/** The outcome of a repair. `leftOut`: damaged records by kind, except those in the lost blocks and tables. */
export type Repair =
  | { readonly kind: 'sound'; readonly records: number }
  | ({
      readonly kind: 'repaired';
      readonly records: number;
      readonly leftOut: ReadonlyMap<RecordKind, number>;
      /** The folder with the damaged files. */
      readonly aside: string;
    } & Losses);

/** Names that an earlier version gave to its unfinished files. */
const earlierRests = ['.reading', '.part', '.lock'];

/** Repairs the database of a data folder if it is damaged. Throws a `StoreError`, `busy` while another process has it open. */
export async function repair(dataDir: string, nowS: number): Promise<Repair> {
  const location = databaseFolder(dataDir);
  const repaired = repairedFolder(dataDir);
  if (!existsSync(location) && existsSync(repaired)) renameSync(repaired, location);
  if (!existsSync(location)) throw new StoreError('no-data', `there is no database in ${dataDir}: nothing to repair`);
  try {
    for (const rest of ['', ...earlierRests]) rmSync(`${repaired}${rest}`, { recursive: true, force: true });
    const records = await soundRecords(location);
    if (records !== null) return { kind: 'sound', records };
    const aside = `${location}.damaged-${nowS}`;
    const { found, ...lost } = await whileLocked(location, repaired, async () => {
      const rebuilt = await rebuild(location, repaired);
      renameSync(location, aside);
      renameSync(repaired, location);
      syncPath(dataDir);
      return rebuilt;
    });
    return { kind: 'repaired', records: found.sound, leftOut: countRecords(found.damaged), aside, ...lost };
  } catch (error) {
    if (isLocked(error))
      throw new StoreError('busy', `another process has the database in ${location} open: try again`);
    throw storeErrorOf(error, location);
  }
}

/** The number of records of a sound database; null when it is damaged. LevelDB opens it only after its tables were verified. */
async function soundRecords(location: string): Promise<number | null> {
  try {
    const acknowledgedS = readCycleFile(location) ?? Number.NEGATIVE_INFINITY;
    verifyNewFiles(location, noTables);
    return await withRawDatabase(location, async (level) => {
      await migrate(level);
      const found = await survey(lookedUp(level), level.getSync(metaKey('state')));
      return isSound(found) && acknowledgedS <= (found.newestS ?? 0) ? found.sound : null;
    });
  } catch (error) {
    const isDamage = !isLocked(error) && (!(error instanceof StoreError) || error.code === 'corrupt');
    if (isDamage) return null;
    throw error;
  }
}

/** Treats no table as verified. */
const noTables = { source: Buffer.alloc(0), tables: new Map<string, string>(), patrols: 0, isNews: false };

/** All records, each looked up by key: for that LevelDB uses other bytes than for iteration. */
async function* lookedUp(level: RawDatabase): AsyncGenerator<[Buffer, Buffer]> {
  for await (const [key] of level.iterator()) yield [key, level.getSync(key) ?? Buffer.alloc(0)];
}

/** Nothing is damaged, and the table and the state belong to the newest reading. */
function isSound({ damaged, state, table, newestS }: Survey): boolean {
  if (damaged.length > 0) return false;
  return state === null ? newestS === null : table !== null && table.timeS === state.lastS && state.lastS === newestS;
}
