// Reads the database while another process has it open, or when nothing can be written: another user's data folder, a read-only disk, a
// full one. LevelDB has no read-only mode: it takes a lock file and starts new files whenever it opens. So it opens a separate folder with
// links to the tables (*.ldb, which never change) and copies of the small files that it writes. Whatever it deletes there is a link. The
// shadow shows one moment, whatever is written meanwhile.

import { constants, copyFileSync, linkSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makePartFolder } from '../../files/part-name.js';
import { discardPart } from '../../files/whole-file.js';
import { type Database, databaseFolder, openNow } from '../leveldb/database.js';
import { removeLeftovers } from '../leveldb/leftovers.js';
import { DamagedFile } from '../leveldb/level-bytes.js';
import { refusePipes } from '../leveldb/refuse-pipes.js';
import { verifiedFile } from '../upkeep/patrol.js';

/** A database opened from a shadow of its files. */
export interface Shadow {
  readonly database: Database;
  /** Closes the database and removes the shadow. */
  remove(): Promise<void>;
}

/** A stable copy of the files: their folder, not opened yet. */
interface StillFiles {
  readonly location: string;
  remove(): void;
}

/** Tries while another process, whose lock is out of reach, changes the files. */
const maxTries = 20;

/** The name of a shadow contains its process id, so that leftovers of killed processes can be removed. */
const shadowName = /^lvs-stats-reading-(\d+)-/;

/** Opens the shadow of the database in a folder, as of one moment. Throws what Node or LevelDB throw. */
export async function openShadow(location: string): Promise<Shadow> {
  for (let tries = 1; ; tries += 1) {
    const folder = temporaryFolder();
    const discard = (): void => rmSync(folder, { recursive: true, force: true });
    try {
      if (!copyFiles(location, folder)) throw changing(location);
      const database = await openNow(folder);
      return { database, remove: () => database.close().finally(discard) };
    } catch (error) {
      discard();
      if (tries === maxTries || error instanceof DamagedFile) throw error;
    }
  }
}

/** Keeps a copy of the files of a data folder's database while `use` runs; `use` gets their location. */
export async function whileStill<T>(dataDir: string, use: (location: string) => Promise<T>): Promise<T> {
  const still = holdStill(dataDir);
  try {
    return await use(still.location);
  } finally {
    still.remove();
  }
}

/**
 * Keeps the files of a data folder's database as they are now, for as long as needed: by hard links in the data folder, so that tables
 * which the writer deletes meanwhile survive. If that folder is not writable they are copied. Throws what Node throws.
 */
function holdStill(dataDir: string): StillFiles {
  const location = databaseFolder(dataDir);
  removeLeftovers(dataDir);
  for (let tries = 1; ; tries += 1) {
    const { folder, place } = stillFolder(dataDir);
    const remove = (): void => discardPart(folder);
    try {
      if (!copyFiles(location, folder, place)) throw changing(location);
      return { location: folder, remove };
    } catch (error) {
      remove();
      if (tries === maxTries) throw error;
    }
  }
}

type Place = (from: string, to: string) => void;

function stillFolder(dataDir: string): { readonly folder: string; readonly place: Place } {
  try {
    return { folder: makePartFolder(join(dataDir, 'reading'), 0o700), place: linkOrCopy };
  } catch {
    return { folder: temporaryFolder(), place: copyNew };
  }
}

/** Not every file system has links, or allows them to other users' files. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw error;
    copyNew(from, to);
  }
}

function copyNew(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL);
}

function temporaryFolder(): string {
  removeLeftovers(tmpdir(), shadowName);
  return mkdtempSync(join(tmpdir(), `lvs-stats-reading-${process.pid}-`));
}

function changing(location: string): Error {
  return new Error(`the files in ${location} change while they are copied`);
}

/** Links and copies the files of a database; returns false when they changed meanwhile and do not match. */
export function copyFiles(from: string, to: string, place: Place = symlinkSync): boolean {
  refusePipes(from);
  const before = stateOf(from);
  for (const name of readdirSync(from)) {
    if (name.endsWith('.ldb')) place(resolve(from, name), join(to, name));
    else if (isCopied.test(name)) copyNew(join(from, name), join(to, name));
  }
  return stateOf(from) === before;
}

/** The files that LevelDB writes, and the list of verified tables. */
const isCopied = new RegExp(`^(CURRENT|MANIFEST-\\d+|\\d+\\.log|${verifiedFile})$`);

/** Changes whenever tables are created, deleted or named; a log that only grows is read as far as it was copied. */
function stateOf(folder: string): string {
  return readdirSync(folder)
    .filter((name) => /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb))$/.test(name))
    .map((name) => (name.startsWith('MANIFEST') ? `${name} ${statSync(join(folder, name)).size}` : name))
    .join('\n');
}
