// Prepares a damaged database for LevelDB, which would return damage in its tables as data, or crash the process. Damaged blocks are cut
// out of the tables first; a table with a damaged index is lost.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutTable } from '../leveldb/cut-table.js';
import { DamagedFile } from '../leveldb/level-bytes.js';
import { readLiveFiles } from '../leveldb/live-files.js';
import { dataBlocks, isSoundTable } from '../leveldb/table-file.js';

/** The parts that were cut out. */
export interface Salvage {
  /** False when the list of files is damaged, so that LevelDB must make a new one. */
  readonly isListWhole: boolean;
  /** Blocks of tables, some 4 kB of records each. */
  readonly lostBlocks: number;
  /** Tables that are lost entirely, including listed ones that are missing. */
  readonly lostTables: number;
}

/** Cuts the damage out of a copied database in a folder; its tables may be links, and are not written to. */
export function salvage(folder: string): Salvage {
  const listed = listedTables(folder);
  const present = readdirSync(folder).filter((name) => name.endsWith('.ldb'));
  let [lostBlocks, lostTables] = [0, listed?.filter((name) => !present.includes(name)).length ?? 0];
  for (const name of present) {
    const path = join(folder, name);
    const isListed = listed?.includes(name) ?? true;
    const bytes = isListed ? readFileSync(path) : null;
    if (bytes !== null && isSoundTable(bytes)) continue;
    rmSync(path);
    // Unlisted files were superseded, or never finished.
    if (bytes === null) continue;
    const cut = cutOf(bytes);
    if (cut === null) lostTables += 1;
    else {
      writeFileSync(path, cut.table, { flag: 'wx' });
      lostBlocks += cut.lostBlocks;
    }
  }
  return { isListWhole: listed !== null, lostBlocks, lostTables };
}

/** The tables of the database; null when unknown. */
function listedTables(folder: string): readonly string[] | null {
  try {
    return readLiveFiles(folder).tables;
  } catch {
    return null;
  }
}

function cutOf(bytes: Buffer): { readonly table: Buffer; readonly lostBlocks: number } | null {
  try {
    const blocks = dataBlocks(bytes);
    const table = cutTable(bytes, blocks);
    return table === null ? null : { table, lostBlocks: blocks.filter(({ isSound }) => !isSound).length };
  } catch (error) {
    if (error instanceof DamagedFile) return null;
    throw error;
  }
}
