// Reading where nothing can be written: another user's data folder, a read-only disk, a full one. LevelDB has no read-only
// mode: it takes a lock file, and begins new files whenever it is opened. So it is opened in a folder of its own below the
// system's temporary one, which has links to the tables (*.ldb: those never change) and copies of the small files that
// it writes. What it deletes there is a link.

import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Database, openNow } from './database.js';
import { removeLeftovers } from './leftovers.js';
import { DamagedFile } from './level-bytes.js';
import { verifiedFile } from './patrol.js';

/** A database that is read from a shadow of its files. */
export interface Shadow {
  readonly database: Database;
  /** Closes the database and removes the shadow. */
  remove(): Promise<void>;
}

/** Tries while another process, whose lock cannot be taken, changes the files. */
const mostTries = 20;

/** The name of a shadow tells whose it is, so that what a killed process left can be removed. */
const shadowName = /^lvs-stats-reading-(\d+)-/;

/** Opens the shadow of the database in a folder. Throws what Node or LevelDB throw. */
export async function openShadow(location: string): Promise<Shadow> {
  removeLeftovers(tmpdir(), shadowName);
  for (let tries = 1; ; tries += 1) {
    const folder = mkdtempSync(join(tmpdir(), `lvs-stats-reading-${process.pid}-`));
    const discard = (): void => rmSync(folder, { recursive: true, force: true });
    try {
      if (!copyFiles(location, folder)) throw new Error(`the files in ${location} change while they are copied`);
      const database = await openNow(folder);
      return { database, remove: () => database.close().finally(discard) };
    } catch (error) {
      discard();
      if (tries === mostTries || error instanceof DamagedFile) throw error;
    }
  }
}

/** Links and copies the files of a database; false when they have changed meanwhile, and do not belong together. */
export function copyFiles(from: string, to: string): boolean {
  const before = stateOf(from);
  for (const name of readdirSync(from)) {
    if (name.endsWith('.ldb')) symlinkSync(resolve(from, name), join(to, name));
    else if (isCopied.test(name)) copyFileSync(join(from, name), join(to, name));
  }
  return stateOf(from) === before;
}

/** The files that LevelDB writes, and what is known of the tables. */
const isCopied = new RegExp(`^(CURRENT|MANIFEST-\\d+|\\d+\\.log|${verifiedFile})$`);

/** Changes whenever tables are made, deleted or named; a log that only grows is read as far as it was copied. */
function stateOf(folder: string): string {
  return readdirSync(folder)
    .filter((name) => /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb))$/.test(name))
    .map((name) => (name.startsWith('MANIFEST') ? `${name} ${statSync(join(folder, name)).size}` : name))
    .join('\n');
}
