// Backs up all archives to one file while a collector runs, and restores them to a data folder without archives. A backup blocks nobody: it
// reads a shadow of the database, which shows the moment at which the backup began.

import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { makePartFolder } from '../../files/part-name.js';
import { discardPart, syncPath } from '../../files/whole-file.js';
import { formatRetention } from '../../model/retention.js';
import { UserError } from '../../model/user-error.js';
import { writeCycleFile } from '../layout/cycle-file.js';
import { readRecords, readState } from '../layout/directory.js';
import { isOfLayout, schemaVersion } from '../layout/migrate.js';
import { checkedValue } from '../leveldb/checksum.js';
import { type Database, databaseFolder, hasDatabase, openNow } from '../leveldb/database.js';
import { storeErrorOf } from '../leveldb/level-error.js';
import { withRawDatabase } from '../leveldb/raw-database.js';
import { noData } from '../open.js';
import { refuseServed } from '../shared/connect.js';
import { whileStill } from '../shared/shadow.js';
import { StoreError } from '../store-error.js';
import { type BackupHeader, type BackupTally, formatBackup, readBackup } from './backup-format.js';

/** Records per write. */
const recordsAtATime = 1000;

/** Passes an uncompressed backup of a data folder's archives to `use`. Throws a `StoreError`, and what `use` throws. */
export async function backUp(
  dataDir: string,
  use: (parts: AsyncIterable<Buffer>) => Promise<void>,
): Promise<BackupTally> {
  if (!hasDatabase(dataDir)) throw noData(dataDir);
  try {
    return await withStill(dataDir, async (database) => {
      const { lastS, grid } = readState(database.get);
      const archives = (await readRecords(database)).size;
      // An empty backup would replace a good one.
      if (archives === 0) throw noData(dataDir);
      const header = { layout: schemaVersion, lastS, archives, retention: formatRetention(grid.retention) };
      let records = 0;
      const counted = async function* (): AsyncGenerator<Buffer> {
        records = yield* formatBackup(header, whole(database.stored()));
      };
      await use(counted());
      return { header, records };
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw storeErrorOf(error, databaseFolder(dataDir));
  }
}

/** Intact records only: a backup of damaged data would replace a good one. */
async function* whole(records: AsyncIterable<[Buffer, Buffer]>): AsyncGenerator<[Buffer, Buffer]> {
  for await (const record of records) {
    if (!isOfLayout(record[0])) checkedValue(...record);
    yield record;
  }
}

async function withStill<T>(dataDir: string, use: (database: Database) => Promise<T>): Promise<T> {
  return whileStill(dataDir, async (location) => {
    const database = await openNow(location);
    try {
      return await use(database);
    } finally {
      await database.close();
    }
  });
}

/**
 * Restores the archives of a data folder from a backup. `open` starts reading it and is called twice: the whole backup is verified before
 * anything is created. Throws a `StoreError`: `bad-backup`, `newer-schema`, or `has-archives` when the folder is not empty.
 */
export async function restore(dataDir: string, open: () => AsyncIterable<Buffer>): Promise<BackupTally> {
  await refuseServed(dataDir);
  refuseArchives(dataDir);
  const { header } = await readBackup(open(), async () => {});
  refuseNewer(header);
  const location = databaseFolder(dataDir);
  let unfinished: string | null = null;
  try {
    mkdirSync(dataDir, { recursive: true });
    unfinished = makePartFolder(location);
    const tally = await fill(unfinished, open());
    writeCycleFile(unfinished, header.lastS);
    syncPath(unfinished);
    // Another process may have created archives meanwhile: a folder with files is not replaced.
    refuseArchives(dataDir);
    renameSync(unfinished, location);
    syncPath(dataDir);
    return tally;
  } catch (error) {
    if (unfinished !== null) discardPart(unfinished);
    throw storeErrorOf(error, location);
  }
}

function fill(folder: string, parts: AsyncIterable<Buffer>): Promise<BackupTally> {
  return withRawDatabase(folder, async (level) => {
    let batch: { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }[] = [];
    const tally = await readBackup(parts, async (key, value) => {
      batch.push({ type: 'put', key, value });
      if (batch.length < recordsAtATime) return;
      await level.batch(batch);
      batch = [];
    });
    await level.batch(batch, { sync: true });
    return tally;
  });
}

function refuseNewer({ layout }: BackupHeader): void {
  if (layout <= schemaVersion) return;
  throw new StoreError(
    'newer-schema',
    `the backup was written by a newer lvs-stats (layout ${layout}, this one knows ${schemaVersion}): upgrade lvs-stats`,
  );
}

function refuseArchives(dataDir: string): void {
  const location = databaseFolder(dataDir);
  if (!existsSync(location)) return;
  throw new StoreError(
    'has-archives',
    `there are archives in ${dataDir} already, which a restore would replace: name an empty folder with --data DIR, or move ` +
      `${location} away first`,
  );
}
