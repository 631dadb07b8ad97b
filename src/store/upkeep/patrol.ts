// Verifies tables. They never change once written, so each is verified once before LevelDB reads it, and again about once a day. LevelDB
// itself does not check: a flipped bit in an index hides records, or crashes the process. `verified-tables`, beside the files of the
// database, lists the verified ones: a line per table (name, bytes, modification time in ms), oldest verification first, and the number of
// patrols so far. A table that is not listed, or has changed, is verified; so losing the list costs only time.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';
import { type LiveFiles, readLiveFiles } from '../leveldb/live-files.js';
import { verifyLog } from '../leveldb/log-file.js';
import { refusePipes } from '../leveldb/refuse-pipes.js';
import { verifyTable } from '../leveldb/table-file.js';

/** The content of the list. */
interface Verified {
  /** Size and time by name; oldest verification first. */
  readonly tables: ReadonlyMap<string, string>;
  readonly patrols: number;
}

/** Tables that were found sound. */
export interface SoundTables extends Verified {
  readonly source: LiveFiles['source'];
  readonly isNews: boolean;
}

/** The name of the list. */
export const verifiedFile = 'verified-tables';

const cyclesPerDay = 288;

/** A line has some 30 bytes, for each table of 2 MB. */
const maxVerifiedBytes = 2 ** 26;

/**
 * Verifies the logs, and tables that were not verified before. Needs no lock: a table in the list of files is complete and never changes.
 * `earlier` is the previous result, when the database could not be opened after it. Throws a `DamagedFile`, or what Node throws.
 */
export function verifyNewFiles(location: string, earlier: SoundTables | null): SoundTables {
  refusePipes(location);
  const { tables: live, source } = readLiveFiles(location);
  if (earlier?.source.equals(source)) return earlier;
  verifyLogs(location);
  const { tables: remembered, patrols } = earlier ?? readVerified(location);
  const looks = new Map(live.map((name) => [name, lookOf(join(location, name))]));
  const tables = new Map([...remembered].filter(([name, look]) => looks.get(name) === look));
  const old = tables.size;
  for (const [name, look] of looks) {
    if (look !== null && !tables.has(name) && isThere(() => verifyTable(join(location, name)))) tables.set(name, look);
  }
  return { source, tables, patrols, isNews: earlier?.isNews === true || tables.size > old || old < remembered.size };
}

/** Stores the list of verified tables. Called with the database open, so that no other process does the same. */
export function rememberVerified(location: string, { isNews, ...verified }: SoundTables): void {
  if (isNews) writeVerified(location, verified);
}

/**
 * Verifies the tables that LevelDB has made since it was opened, and a cycle's share of those verified longest ago: a database of 48 tables,
 * of 2 MB each, has one verified at every sixth cycle. Called with the database open. Throws a `DamagedFile`; reopening the database finds
 * such a table again.
 */
export function patrol(location: string): void {
  const verified = readVerified(location);
  const tables = new Map(verified.tables);
  const patrols = verified.patrols + 1;
  const made = readLiveFiles(location).tables.filter((name) => !tables.has(name));
  const dueUpTo = (count: number): number => Math.floor((count * tables.size) / cyclesPerDay);
  const share = [...made, ...[...tables.keys()].slice(0, dueUpTo(patrols) - dueUpTo(verified.patrols))];
  try {
    for (const name of share) {
      const look = lookOf(join(location, name));
      tables.delete(name);
      if (look !== null && isThere(() => verifyTable(join(location, name)))) tables.set(name, look);
    }
  } finally {
    writeVerified(location, { tables, patrols });
  }
}

/** Logs are short and are read whenever the database is opened, so they are verified each time. */
function verifyLogs(location: string): void {
  for (const name of readdirSync(location).filter((one) => one.endsWith('.log'))) {
    const path = join(location, name);
    isThere(() => verifyLog(readFileSync(path), path));
  }
}

/** Size and modification time; null when there is no such file. */
function lookOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.size} ${Math.trunc(found.mtimeMs)}`;
}

/** False when a file disappeared meanwhile: LevelDB reports any missing file that it needs. */
function isThere(look: () => void): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

function readVerified(location: string): Verified {
  try {
    const lines = readBounded(join(location, verifiedFile), maxVerifiedBytes).toString('latin1').split('\n');
    const entries = lines.map((line) => /^(\d+\.ldb) (\d+ \d+)$/.exec(line));
    const tables = new Map(
      entries.flatMap((entry) => (entry === null ? [] : [[entry[1] ?? '', entry[2] ?? ''] as const])),
    );
    const counted = lines.map((line) => /^patrols (\d{1,12})$/.exec(line)?.[1]).find((count) => count !== undefined);
    return { tables, patrols: Number(counted ?? 0) };
  } catch {
    return { tables: new Map(), patrols: 0 };
  }
}

/** Renamed into place, without a sync; if it cannot be written, the tables are verified again. */
function writeVerified(location: string, { tables, patrols }: Verified): void {
  const lines = [...[...tables].map(([name, look]) => `${name} ${look}`), `patrols ${patrols}`];
  try {
    writeWhole(join(location, verifiedFile), `${lines.join('\n')}\n`);
  } catch {}
}
