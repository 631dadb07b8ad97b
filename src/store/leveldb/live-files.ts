// The files that make up the database: CURRENT names the MANIFEST, a log (log-file.ts) of changes to the set of tables; each field of a
// change has a tag (db/version_edit.cc). It is read here as LevelDB will read it, to find damage that LevelDB ignores: a MANIFEST that is
// cut off lacks its last changes, as after a crash. The log of writes that it names must then still exist, since it is deleted only once a
// change that names a later one is on disk.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DamagedFile, LevelBytes } from './level-bytes.js';
import { readLogRecords } from './log-file.js';

/** The files at one moment. */
export interface LiveFiles {
  /** Names of the tables, which are complete and never change. */
  readonly tables: readonly string[];
  /** The bytes that list the files, to detect changes. */
  readonly source: Buffer;
}

/** The files of the database in a folder, even while it changes. Throws a `DamagedFile`, or what Node throws. */
export function readLiveFiles(folder: string): LiveFiles {
  for (let source = readSource(folder); ; ) {
    try {
      return { tables: tablesOf(source.manifest, folder), source: source.manifest };
    } catch (error) {
      const now = readSource(folder);
      if (now.name === source.name && now.manifest.equals(source.manifest)) throw error;
      source = now;
    }
  }
}

interface Source {
  readonly name: string;
  readonly manifest: Buffer;
}

function readSource(folder: string): Source {
  const readName = (): string => readFileSync(join(folder, 'CURRENT'), 'latin1');
  for (let name = readName(); ; ) {
    if (!/^MANIFEST-\d+\n$/.test(name)) throw new DamagedFile('CURRENT names no list of files');
    try {
      return { name, manifest: readFileSync(join(folder, name.trimEnd())) };
    } catch (error) {
      const now = readName();
      if (now === name) throw error;
      name = now;
    }
  }
}

function tablesOf(manifest: Buffer, folder: string): string[] {
  let version: Version = { tables: new Map(), log: null };
  for (const edit of readLogRecords(manifest)) version = applyEdit(version, new LevelBytes(edit));
  const { log } = version;
  if (log === null) throw new DamagedFile('the list of files is cut off');
  const logs = readdirSync(folder).flatMap((name) => (/^\d+\.log$/.test(name) ? [Number.parseInt(name, 10)] : []));
  // Without a later log nothing is lost: the power failed while it was created, before anything in it was synced.
  if (log > 0 && !logs.includes(log) && logs.some((one) => one > log)) {
    throw new DamagedFile(`${fileName(log, 'log')} is missing, or the list of files is cut off`);
  }
  return [...version.tables.values()].map((number) => fileName(number, 'ldb'));
}

function fileName(number: number, type: string): string {
  return `${String(number).padStart(6, '0')}.${type}`;
}

interface Version {
  /** Numbers of tables by their level and number. */
  readonly tables: Map<string, number>;
  /** The first log that is not in the tables; 0 in a database that was never opened. */
  readonly log: number | null;
}

/** Applies a change, by the tags of its fields (db/version_edit.cc). */
function applyEdit({ tables, ...version }: Version, edit: LevelBytes): Version {
  let { log } = version;
  while (!edit.isAtEnd) {
    const tag = edit.varint();
    if (tag === 1) edit.string();
    else if (tag === 2) log = edit.varint();
    else if (tag === 3 || tag === 4 || tag === 9) edit.varint();
    else if (tag === 5) {
      edit.varint();
      edit.string();
    } else if (tag === 6) tables.delete(`${edit.varint()}/${edit.varint()}`);
    else if (tag === 7) {
      const [level, number] = [edit.varint(), edit.varint(), edit.varint()];
      for (let key = 0; key < 2; key += 1) edit.string();
      tables.set(`${level}/${number}`, number);
    } else throw new DamagedFile(`the list of files has a field of unknown kind ${tag}`);
  }
  return { tables, log };
}
