// Checks everything and changes nothing: the files of the database, every record, and every row of every archive as it would be fetched. It
// reads a shadow, so a collector can run meanwhile.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareNames } from '../../model/kinds/registry.js';
import { countOf } from '../../model/text/count-of.js';
import { fetchBoth, momentOf } from '../fetch.js';
import { readCycleFile } from '../layout/cycle-file.js';
import { archiveInfo, readState } from '../layout/directory.js';
import { readEvents } from '../ledger.js';
import { type Database, databaseFolder, hasDatabase, openNow } from '../leveldb/database.js';
import { causeText, storeErrorOf } from '../leveldb/level-error.js';
import { readLiveFiles } from '../leveldb/live-files.js';
import { verifyLog } from '../leveldb/log-file.js';
import { verifyTable } from '../leveldb/table-file.js';
import { noData } from '../open.js';
import { whileStill } from '../shared/shadow.js';
import { readMonths } from '../upkeep/keep-months.js';
import { countRecords, lossOf, type Survey, survey } from './survey.js';

/** The counts and the faults of a check. */
export interface CheckOutcome {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly archives: number;
  /** Rows of all resolutions and both consolidation functions. */
  readonly rows: number;
  readonly events: number;
  readonly months: number;
  /** Time of the newest reading; null when there is none. */
  readonly lastS: number | null;
  /** The faults, one sentence each. */
  readonly faults: readonly string[];
}

type Tally = { -readonly [K in keyof CheckOutcome]: CheckOutcome[K] } & { faults: string[] };

/** Faults of archives that are listed one by one. */
const maxListed = 20;

/** Checks the archives of a data folder. Calls `onProgress` with the number of archives read and their total. Throws a `StoreError`. */
export async function checkArchives(
  dataDir: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<CheckOutcome> {
  if (!hasDatabase(dataDir)) throw noData(dataDir);
  const location = databaseFolder(dataDir);
  const tally: Tally = {
    files: 0,
    bytes: 0,
    records: 0,
    archives: 0,
    rows: 0,
    events: 0,
    months: 0,
    lastS: null,
    faults: [],
  };
  try {
    const acknowledgedS = readCycleFile(location);
    await whileStill(dataDir, async (still) => {
      checkFiles(still, tally);
      // LevelDB would return damaged blocks as data, or crash the process.
      const database = tally.faults.length > 0 ? null : await openOr(still, tally);
      if (database === null) return;
      try {
        const found = await checkRecords(database, acknowledgedS, tally);
        if (tally.faults.length === 0) await checkRows(database, { found, tally }, onProgress);
      } finally {
        await database.close();
      }
    });
    return tally;
  } catch (error) {
    throw storeErrorOf(error, location);
  }
}

/** The database; null when it does not open, which is recorded as a fault. */
async function openOr(location: string, tally: Tally): Promise<Database | null> {
  try {
    return await openNow(location);
  } catch (error) {
    tally.faults.push(damageOf(error, location).replaceAll(location, 'the database'));
    return null;
  }
}

/** A description of the damage. Rethrows errors that are not damage: a full disk, missing permissions, a defect. */
function damageOf(error: unknown, location: string): string {
  if (error instanceof TypeError || storeErrorOf(error, location).code !== 'corrupt') throw error;
  return causeText(error);
}

function checkFiles(folder: string, tally: Tally): void {
  const look = (name: string, verify: (path: string) => void): void => {
    const path = join(folder, name);
    try {
      verify(path);
      tally.bytes += statSync(path).size;
      tally.files += 1;
    } catch (error) {
      tally.faults.push(`${name}: ${damageOf(error, folder).replaceAll(`${folder}/`, '')}`);
    }
  };
  let tables: readonly string[] = [];
  look('CURRENT', () => {
    tables = readLiveFiles(folder).tables;
  });
  for (const name of tables) look(name, verifyTable);
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.log'))) {
    look(name, (path) => verifyLog(readFileSync(path), path));
  }
}

async function checkRecords(database: Database, acknowledgedS: number | null, tally: Tally): Promise<Survey> {
  const found = await survey(database.stored(), database.storedState());
  tally.records = found.sound;
  tally.lastS = found.state?.lastS ?? null;
  for (const [kind, count] of countRecords(found.damaged)) tally.faults.push(`${count} × ${lossOf(kind)}`);
  tally.faults.push(...lacks(found, acknowledgedS));
  return found;
}

/** Inconsistencies between records that are each intact. */
function lacks({ state, table, newestS, records, events, nextId }: Survey, acknowledgedS: number | null): string[] {
  const faults: string[] = [];
  if (records.size === 0 && newestS !== null) faults.push('there are readings that belong to no archive');
  if (state === null && records.size > 0) faults.push("the collector's progress is missing");
  if (state !== null && state.lastS !== newestS) faults.push('the newest readings are not those of the last cycle');
  if (state !== null && state.lastS !== null && table?.timeS !== state.lastS) {
    faults.push('the table of the last reading is missing or wrong');
  }
  if (state !== null && state.nextId < nextId) faults.push('the next archive would reuse a number');
  if (acknowledgedS !== null && acknowledgedS > (newestS ?? 0)) faults.push('cycles that were stored are missing');
  for (const [name, record] of records) {
    const count = events.get(name) ?? 0;
    if (record.events !== count)
      faults.push(`${name}: it should have ${countOf(record.events, 'event')}, and has ${count}`);
  }
  return faults.length > maxListed ? [...faults.slice(0, maxListed), `and ${faults.length - maxListed} more`] : faults;
}

/** Fetches all rows of all archives, and their other contents. */
async function checkRows(
  database: Database,
  { found, tally }: { readonly found: Survey; readonly tally: Tally },
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const state = readState(database.get);
  const infos = [...found.records].flatMap(([name, record]) => archiveInfo(name, record, state) ?? []);
  infos.sort((a, b) => compareNames(a.name, b.name));
  for (const { name, retention, lastS } of infos) {
    try {
      for (const { pdpPerRow, rows } of retention.rras) {
        const stepS = pdpPerRow * retention.stepS;
        // Rows expire by the newest reading of any archive.
        const newestS = Math.max(lastS, state.lastS ?? 0);
        const endS = newestS - (newestS % stepS);
        const startS = Math.max(0, endS - rows * stepS);
        const { AVERAGE, MAX } = fetchBoth(momentOf(database.get), { name, startS, endS: endS - 1, stepS });
        tally.rows += (AVERAGE.columns[0]?.length ?? 0) + (MAX.columns[0]?.length ?? 0);
      }
      tally.months += readMonths(database.get, { name, startS: 0, endS: lastS }).length;
      tally.events += (await readEvents(database, { archive: name })).length;
    } catch (error) {
      tally.faults.push(`${name}: ${damageOf(error, database.location)}`);
    }
    tally.archives += 1;
    onProgress(tally.archives, infos.length);
  }
}
