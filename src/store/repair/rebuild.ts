// Builds a new database from the readable part of a damaged one: every record that passes its checksum and belongs to an archive.

import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Level } from 'level';
import { makePartFolder } from '../../files/part-name.js';
import { discardPart, syncPath } from '../../files/whole-file.js';
import { writeCycleFile } from '../layout/cycle-file.js';
import { idOfKey, metaKey, prefixRange, timeOfKey } from '../layout/keys.js';
import { migrate } from '../layout/migrate.js';
import { formerKinds, readForms, soundValue } from '../layout/migrate-6.js';
import { Database } from '../leveldb/database.js';
import { type RawDatabase, withRawDatabase } from '../leveldb/raw-database.js';
import { isChunk } from '../packing/chunk.js';
import { copyFiles } from '../shared/shadow.js';
import { mend } from './mend.js';
import { type Salvage, salvage } from './salvage.js';
import { type Survey, survey } from './survey.js';

/** Losses in the tables of the damaged database. */
export type Losses = Pick<Salvage, 'lostBlocks' | 'lostTables'>;

/** Creates the folder `repaired` from the readable part of `location`. When the folder appears, it is complete and on disk. */
export async function rebuild(location: string, repaired: string): Promise<{ readonly found: Survey } & Losses> {
  const folders: string[] = [];
  const newFolder = (path: string): string => {
    const folder = makePartFolder(path);
    folders.push(folder);
    return folder;
  };
  try {
    const [reading, unfinished] = [newFolder(`${repaired}.reading`), newFolder(repaired)];
    copyFiles(location, reading);
    const { isListWhole, ...lost } = salvage(reading);
    if (!isListWhole || !(await canOpen(reading))) await gather(reading);
    const found = await withRawDatabase(unfinished, async (to) => {
      await withRawDatabase(reading, (from) => copyRecords(from, to));
      return mended(to, lost);
    });
    writeCycleFile(unfinished, found.newestS);
    // Syncs everything, whatever LevelDB has synced: it never syncs its first list of files.
    for (const name of readdirSync(unfinished)) syncPath(join(unfinished, name));
    syncPath(unfinished);
    renameSync(unfinished, repaired);
    return { found, ...lost };
  } finally {
    for (const folder of folders) discardPart(folder);
  }
}

/** Removes damaged records from a copy and adds the missing ones; returns the survey of what was there. */
async function mended(level: RawDatabase, { lostBlocks, lostTables }: Losses): Promise<Survey> {
  await nameLayout(level);
  await migrate(level, { isStrict: false });
  const found = await survey(level.iterator(), level.getSync(metaKey('state')));
  await level.batch(found.damaged.map((key) => ({ type: 'del', key })));
  const lost = `${found.damaged.length} damaged records, ${lostBlocks} blocks of tables and ${lostTables} tables`;
  await mend(new Database(level), found, `${lost} were left out`);
  return found;
}

/** Copies records from an iterator, one at a time, since it discards those that it has read together with a damaged block. */
async function copyRecords(from: RawDatabase, to: RawDatabase): Promise<void> {
  const iterator = from.iterator();
  // LevelDB continues after damage and reports it at the end. The unreadable records are missing, which is known.
  const read = (): Promise<[Buffer, Buffer][]> => iterator.nextv(1).catch(() => []);
  try {
    for (let next = await read(); next.length > 0; next = await read()) {
      for (const [key, value] of next) await to.put(key, value);
    }
  } finally {
    await iterator.close();
  }
}

async function canOpen(location: string): Promise<boolean> {
  return withRawDatabase(location, async () => true).catch(() => false);
}

/** LevelDB's own repair: it writes a new list of the readable files. */
async function gather(location: string): Promise<void> {
  const level: object = Level;
  if (!isRepairable(level)) throw new TypeError('this LevelDB has no repair');
  await level.repair(location);
}

/** Methods that LevelDB has on disk but not in a browser. */
interface Repairable {
  repair(location: string): Promise<void>;
}

function isRepairable(level: object): level is Repairable {
  return 'repair' in level && typeof level.repair === 'function';
}

/** The first layout with the packed forms of chunks and rows. */
const packedLayout = 7;

/**
 * Names the layout where its record is lost: from the second layout on, records have checksums, and until the sixth, rows had other keys and
 * chunks another form. A database with the new number and old records had been on its way, which the record of the progress shows; where that is
 * lost, too, the migration begins again.
 */
async function nameLayout(level: RawDatabase): Promise<void> {
  const version = level.getSync(metaKey('schema'))?.toString() ?? '';
  const isKnown = /^[1-9]\d*$/.test(version);
  if (isKnown && (Number(version) < packedLayout || level.getSync(metaKey('migration')) !== undefined)) return;
  const records = await level.iterator({ ...prefixRange('a'), limit: 100 }).all();
  const hasChecksums = records.length === 0 || records.some((record) => soundValue(record) !== null);
  const layout =
    !isKnown && !hasChecksums ? 1 : (await hasOldRecords(level)) ? 6 : isKnown ? Number(version) : packedLayout;
  if (version !== String(layout)) await level.put(metaKey('schema'), Buffer.from(String(layout)));
}

/** Are there records of layout 6: a former kind, or a newest chunk in another form? Chunks are migrated first, the newest last. */
async function hasOldRecords(level: RawDatabase): Promise<boolean> {
  for (const kind of formerKinds) {
    if ((await level.keys({ ...prefixRange(kind), limit: 1 }).all()).length > 0) return true;
  }
  const [newest] = await level.iterator({ ...prefixRange('c'), reverse: true, limit: 1 }).all();
  if (newest === undefined) return false;
  const { grid, columnsOf } = await readForms(level, soundValue);
  const [key] = newest;
  const [columns, value] = [columnsOf.get(idOfKey(key)), soundValue(newest)];
  if (columns === undefined || value === null) return false;
  return !isChunk(value, { window: timeOfKey(key), windowS: grid.windowS }, columns);
}
