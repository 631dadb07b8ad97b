// What LevelDB is given to read of a damaged database: it would hand on damage in its tables as if it were data, or end the
// process. So damaged blocks are taken out of the tables first; of a table whose index is damaged nothing can be found.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutTable } from '../leveldb/cut-table.js';
import { DamagedFile } from '../leveldb/level-bytes.js';
import { readLiveFiles } from '../leveldb/live-files.js';
import { dataBlocks, isSoundTable } from '../leveldb/table-file.js';

/** What was taken out. */
export interface Salvage {
  /** False where the list of files is damaged: LevelDB has to make a new one. */
  readonly isListWhole: boolean;
  /** Blocks of tables, some 4 kB of records each. */
  readonly lostBlocks: number;
  /** Tables that are lost whole, those that are listed and missing among them. */
  readonly lostTables: number;
}

/** Takes what is damaged out of the copy of a database in a folder; its tables may be links, and are not written. */
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
    // What is not listed was superseded, or never finished.
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

/** The tables of the database; null where that is not known. */
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
