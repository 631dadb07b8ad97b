// The verbs of the archives (archives.ts) over one LevelDB database. Callers know neither which process holds the database nor how readings
// are stored in it.

import type { ArchiveInfo, Cf } from '../model/archive.js';
import type { BaselineColumns } from '../model/baseline/baseline-columns.js';
import { type Cycle, emptyState, type KnownState } from '../model/cycle.js';
import type { Dump } from '../model/dump.js';
import { compareNames } from '../model/kinds/registry.js';
import type { EventQuery, LedgerEvent } from '../model/ledger-event.js';
import type { MonthPercentiles } from '../model/percentile.js';
import type { ManyQuery, PercentileQuery, RowsQuery, Series, SeriesQuery } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import { appendCycle } from './append.js';
import type { OpenArchives } from './archives.js';
import { type Backfill, backfill } from './backfill.js';
import { dumpArchive } from './dump.js';
import { fetchBoth, fetchMany, fetchOne, type Moment, momentOf } from './fetch.js';
import { type Foreign, type MergeOutcome, mergeRows } from './import/merge.js';
import { writeCycleFile } from './layout/cycle-file.js';
import { archiveInfo, readRecords, readState } from './layout/directory.js';
import { metaKey } from './layout/keys.js';
import { parseTable } from './layout/table-bytes.js';
import { readEvents } from './ledger.js';
import type { Database } from './leveldb/database.js';
import { isDefect, storeErrorOf } from './leveldb/level-error.js';
import { RecordCache } from './record-cache.js';
import { readSilences, removeSilence, type StoredSilence, storeSilence } from './silences.js';
import { withoutNewArchives } from './upkeep/creation-floor.js';
import { type ForgetOutcome, forget } from './upkeep/forget.js';
import { readBaselines } from './upkeep/keep-baselines.js';
import { readMonths } from './upkeep/keep-months.js';
import { keepUp } from './upkeep/keep-up.js';
import { patrol } from './upkeep/patrol.js';
import { type RewindOutcome, rewind } from './upkeep/rewind.js';

const unserved = async (): Promise<null> => null;

/** The archives, open in this process. Only one process has them open at a time; `close` admits the next one. */
export class Store implements OpenArchives {
  readonly #database: Database;
  #records: RecordCache | null = null;
  /** The newest table, as far as it is known. */
  #table: KnownState | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Throws when the newest cycle is older than an acknowledged one. */
  async expectCycle(acknowledgedS: number | null): Promise<void> {
    await this.#guard(async () => {
      if (acknowledgedS === null || acknowledgedS <= (readState(this.#database.get).lastS ?? 0)) return;
      throw new RangeError('the newest cycles are missing');
    });
  }

  /** The table as of the newest cycle. */
  async latest(): Promise<KnownState> {
    return this.#guard(async () => {
      if (this.#table !== null) return this.#table;
      const [table, gone] = [this.#database.get(metaKey('table')), this.#database.get(metaKey('gone'))];
      const { retention } = readState(this.#database.get).grid;
      if (table === undefined) return { ...emptyState, retention };
      return parseTable(table, gone?.toString() ?? '[]', retention);
    });
  }

  /**
   * Stores a cycle atomically. It is on disk when this returns. With `isDurable` false, it reaches the disk with the next durable cycle or
   * `sync`; until then a power failure may lose it.
   */
  async append(cycle: Cycle, isDurable = true): Promise<void> {
    await this.#append(() => cycle, isDurable);
  }

  /** Stores a cycle for the existing archives and creates none. Returns how many it would have created. */
  async appendToExisting(cycle: Cycle): Promise<number> {
    let leftOut = 0;
    await this.#append((exists) => {
      const reduced = withoutNewArchives(cycle, exists);
      leftOut = reduced.leftOut;
      return reduced.cycle;
    }, true);
    return leftOut;
  }

  async #append(cycleFor: (exists: (name: string) => boolean) => Cycle, isDurable: boolean): Promise<void> {
    await this.#guard(async () => {
      const database = this.#database;
      this.#records ??= new RecordCache(database);
      const records = this.#records;
      const held = { database, records, state: readState(database.get) };
      const cycle = cycleFor((name) => records.get(name) !== undefined);
      const { state, table } = await appendCycle(held, cycle, isDurable);
      this.#table = { ...table, retention: state.grid.retention };
      if (isDurable) writeCycleFile(database.location, state.lastS);
      await keepUp({ database, records, table }, state);
    });
  }

  /** Checks a day's share of the files for damage that LevelDB would miss. Throws when it finds any. */
  async patrol(): Promise<void> {
    await this.#guard(async () => patrol(this.#database.location));
  }

  /** Removes everything after a time, stored while the clock was ahead; null when there is nothing to remove. */
  async rewind(untilS: number): Promise<RewindOutcome | null> {
    const table = await this.latest();
    this.#forgetRead();
    return this.#guard(async () => {
      const { location } = this.#database;
      writeCycleFile(location, null);
      const rewound = await rewind(this.#database, table, untilS);
      writeCycleFile(location, readState(this.#database.get).lastS);
      return rewound;
    });
  }

  /** Loads a whole history into an empty store; on disk when this returns. */
  async backfill(history: Backfill): Promise<void> {
    await this.#guard(async () => {
      this.#forgetRead();
      await backfill(this.#database, history);
      writeCycleFile(this.#database.location, history.endS);
    });
  }

  /** Syncs the non-durable appends to disk. */
  async sync(): Promise<void> {
    await this.#guard(async () => {
      const database = this.#database;
      const value = database.get(metaKey('state'));
      if (value === undefined) return;
      await database.write([{ type: 'put', key: metaKey('state'), value }], { isDurable: true });
      writeCycleFile(database.location, readState(database.get).lastS);
    });
  }

  /** Dumps a whole archive, like `rrdtool dump`. */
  async dump(name: string): Promise<Dump> {
    return this.#guard(() => this.#database.atOneMoment((get) => dumpArchive(get, name)));
  }

  /** Merges foreign rows where nothing is known. */
  async merge(foreign: Foreign): Promise<MergeOutcome> {
    this.#forgetRead();
    return this.#guard(() => mergeRows(this.#database, foreign));
  }

  /** Deletes an archive for good, along with those below it; null when there is none. */
  async forget(name: string): Promise<ForgetOutcome | null> {
    const table = await this.latest();
    this.#forgetRead();
    return this.#guard(() => forget(this.#database, table, name));
  }

  /** Rows of one archive. */
  async fetch(query: SeriesQuery): Promise<Series> {
    return this.#read((moment) => fetchOne(moment, query));
  }

  /** Rows of one archive, for both consolidation functions. */
  async fetchBoth(query: RowsQuery): Promise<Readonly<Record<Cf, Series>>> {
    return this.#read((moment) => fetchBoth(moment, query));
  }

  /** Rows of several archives, read at one moment. */
  async fetchMany(query: ManyQuery): Promise<readonly Series[]> {
    return this.#read((moment) => fetchMany(moment, query));
  }

  /** The stored traffic percentiles of one archive's calendar months. */
  async percentiles(query: PercentileQuery): Promise<readonly MonthPercentiles[]> {
    return this.#guard(() => this.#database.atOneMoment((get) => readMonths(get, query)));
  }

  /** The baselines of the services and of the director around a time. */
  async baselines(timeS: number): Promise<BaselineColumns> {
    return this.#guard(() => readBaselines(this.#database, timeS));
  }

  /** The stored silences of findings, those that ended too. */
  async silences(): Promise<readonly StoredSilence[]> {
    return this.#guard(() => readSilences(this.#database));
  }

  /** Only servers have a policy, and agents that report to them. */
  readonly policy = unserved;
  readonly links = unserved;
  readonly linkCounts = unserved;
  readonly fleet = unserved;

  /** Silences findings, instead of an earlier silence of the same pattern. */
  async silence(silence: StoredSilence): Promise<void> {
    await this.#guard(() => storeSilence(this.#database, silence));
  }

  /** Ends the silence of a pattern; false when there is none. */
  async endSilence(pattern: string): Promise<boolean> {
    return this.#guard(() => removeSilence(this.#database, pattern));
  }

  /** All archives that have readings: the director, then each service with its real servers. */
  async list(): Promise<readonly ArchiveInfo[]> {
    return this.#guard(async () => {
      const records = await readRecords(this.#database);
      const state = readState(this.#database.get);
      const infos = [...records].map(([name, record]) => archiveInfo(name, record, state));
      return infos.filter((info) => info !== null).sort((a, b) => compareNames(a.name, b.name));
    });
  }

  /** Events in time order. */
  async events(query: EventQuery): Promise<readonly LedgerEvent[]> {
    return this.#guard(() => readEvents(this.#database, query));
  }

  /** Closes the database, so that the next process can open it. */
  async close(): Promise<void> {
    await this.#database.close();
  }

  /** Answers from one moment, whatever is written meanwhile. */
  #read<T>(answer: (moment: Moment) => T): Promise<T> {
    return this.#guard(() => this.#database.atOneMoment((get, unpacked) => answer(momentOf(get, unpacked))));
  }

  /** Reads records and table again next time. */
  #forgetRead(): void {
    this.#records = null;
    this.#table = null;
  }

  /** Translates errors of LevelDB, and of bytes that fail their checksum, for people. */
  async #guard<T>(use: () => Promise<T>): Promise<T> {
    try {
      return await use();
    } catch (error) {
      this.#forgetRead();
      if (error instanceof UserError || isDefect(error)) throw error;
      throw storeErrorOf(error, this.#database.location);
    }
  }
}
