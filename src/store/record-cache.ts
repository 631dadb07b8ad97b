// The records of archives, as far as somebody asked for them. A cycle needs few: those of archives that change, and of entries whose numbers
// the table does not know yet. Only maintenance needs all of them.

import { type ArchiveRecord, readRecord, readRecords } from './layout/directory.js';
import type { Database } from './leveldb/database.js';

/** More changes than this are looked up in all records, which are then read at once. */
const manyChanges = 256;

/** Records by name; `set` keeps them up to date. */
export class RecordCache {
  readonly #database: Database;
  readonly #some = new Map<string, ArchiveRecord>();
  #all: Map<string, ArchiveRecord> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One record; undefined when there is none. */
  get(name: string): ArchiveRecord | undefined {
    if (this.#all !== null) return this.#all.get(name);
    const known = this.#some.get(name) ?? readRecord(this.#database.get, name);
    if (known !== undefined) this.#some.set(name, known);
    return known;
  }

  set(name: string, record: ArchiveRecord): void {
    (this.#all ?? this.#some).set(name, record);
  }

  /** All records. Whoever drops one from the database deletes it here, too. */
  async all(): Promise<Map<string, ArchiveRecord>> {
    this.#all ??= await readRecords(this.#database);
    this.#some.clear();
    return this.#all;
  }

  /** Prepares for looking up a number of records. */
  async expect(count: number): Promise<void> {
    if (count > manyChanges) await this.all();
  }
}
