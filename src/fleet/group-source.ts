// The archives of a group of directors as one source: pages, pictures and reports of a group are those of a director.

import { type ArchiveInfo, type Cf, newestReadingS } from '../model/archive.js';
import type { EventQuery, LedgerEvent } from '../model/ledger-event.js';
import { directorName } from '../model/names/name.js';
import { standardRetention } from '../model/retention.js';
import type { ManyQuery, RowsQuery, Series, SeriesQuery, SeriesSource } from '../model/series.js';
import { UserError } from '../model/user-error.js';
import { carriedNow, witness } from './carriers.js';
import { type CombinedRows, combineRows } from './combine-rows.js';
import { failoversAmong, type NamedRows } from './failovers.js';
import { mergeEvents } from './group-events.js';
import { groupList } from './group-list.js';
import { type CarriedByService, carriedHow, isSharedWhole, observeCarried } from './observe.js';
import { refineRows } from './refine-rows.js';

/** One director of a group. */
export interface GroupMember {
  readonly director: string;
  readonly source: SeriesSource;
}

/** The source of a group. */
export interface GroupSource extends SeriesSource {
  /** Finds out how the traffic of archives is carried; called at the start and after each cycle. */
  observe(): Promise<void>;
  /** Does a director carry traffic, by the means of its newest row? Null if that is unknown. */
  isCarrying(now: ReadonlyMap<string, number>): boolean | null;
}

/** Creates the source. Its directors keep the same rows (`Retention`). */
export function createGroupSource(members: readonly GroupMember[]): GroupSource {
  return new MemberSums(members);
}

/** The archives as last listed: those of each director, and those of the group. */
interface Listed {
  readonly own: ReadonlyMap<string, ReadonlySet<string>>;
  readonly ofGroup: readonly ArchiveInfo[];
  /** Time of the newest reading of each director. */
  readonly newest: readonly number[];
}

/** The rows of one archive by the directors that have it. */
type RowsByDirector = ReadonlyMap<string, Series>;

class MemberSums implements GroupSource {
  readonly #members: readonly GroupMember[];
  #listed: Listed | null = null;
  #how: CarriedByService = new Map();

  constructor(members: readonly GroupMember[]) {
    this.#members = members;
  }

  async list(): Promise<readonly ArchiveInfo[]> {
    const lists = await Promise.all(this.#members.map(({ source }) => source.list()));
    const own = this.#members.map(({ director }, i) => [director, new Set(lists[i]?.map(({ name }) => name))] as const);
    const ofGroup = groupList(lists);
    const newest = lists.map(newestReadingS);
    this.#listed = { own: new Map(own), ofGroup, newest };
    return ofGroup;
  }

  async fetch(query: SeriesQuery): Promise<Series> {
    const { name, ...rows } = query;
    const [series] = await this.fetchMany({ ...rows, names: [name] });
    if (series === undefined) throw noSuchArchive(name);
    return series;
  }

  async fetchBoth(query: RowsQuery): Promise<Readonly<Record<Cf, Series>>> {
    const [average, max] = await Promise.all([
      this.fetch({ ...query, cf: 'AVERAGE' }),
      this.fetch({ ...query, cf: 'MAX' }),
    ]);
    return { AVERAGE: average, MAX: max };
  }

  async fetchMany(query: ManyQuery): Promise<readonly Series[]> {
    const wanted = query.dataSources;
    // The witness shows who carries the archive, even if nobody asks for it.
    const dataSources = wanted === undefined || wanted.includes(witness) ? wanted : [...wanted, witness];
    const asked = { ...query, ...(dataSources === undefined ? {} : { dataSources }) };
    const all: Series[] = [];
    for (const { series, doubtful } of await this.#combined(asked)) {
      const { name, stepS, pdpS } = series;
      const refined = await refineRows(series, doubtful, async (startS, endS) => {
        const [steps] = await this.#combined({ ...asked, names: [name], startS, endS: endS - 1, stepS: pdpS });
        const isWhole = steps?.series.stepS === pdpS && steps.series.startS === startS && steps.series.endS === endS;
        return isWhole && stepS > pdpS ? steps.series : null;
      });
      all.push(dataSources === wanted ? refined : withoutWitness(refined));
    }
    return all;
  }

  async #combined(query: ManyQuery): Promise<readonly CombinedRows[]> {
    const names = query.names.includes(directorName) ? query.names : [...query.names, directorName];
    const all = await this.#rowsOf({ ...query, names });
    const whole = all.get(directorName);
    return query.names.map((name) => {
      const own = all.get(name);
      if (own === undefined || own.size === 0) throw noSuchArchive(name);
      const parts = [...own].map(([director, rows]) => ({
        own: rows,
        whole: name === directorName ? null : alike(rows, whole?.get(director)),
      }));
      return combineRows(parts, { own: carriedHow(this.#how, name), whole: carriedHow(this.#how, directorName) });
    });
  }

  async events(query: EventQuery): Promise<readonly LedgerEvent[]> {
    const own = await Promise.all(
      this.#members.map(async ({ director, source }) => ({ director, events: await source.events(query) })),
    );
    const merged = mergeEvents(own, await this.#stepS());
    const events = [...merged, ...(await this.#failovers(query))].sort((a, b) => a.timeS - b.timeS);
    return query.newest === undefined ? events : events.slice(-query.newest);
  }

  isCarrying(now: ReadonlyMap<string, number>): boolean | null {
    return carriedNow(now, carriedHow(this.#how, directorName).least);
  }

  async observe(): Promise<void> {
    const archives = await this.list();
    const newest = (await this.#known()).newest;
    const read = (query: ManyQuery) => this.#rowsOf(query);
    this.#how = await observeCarried({ archives, newest, before: this.#how, read });
  }

  /** Failovers of the director as a whole or, where its directors share the services, of one service. */
  async #failovers({ archive = directorName, sinceS = 0, untilS }: EventQuery): Promise<readonly LedgerEvent[]> {
    const name = isSharedWhole(this.#how) ? archive : directorName;
    const { isShared, least } = carriedHow(this.#how, name);
    if (isShared || name !== archive) return [];
    const info = (await this.#known()).ofGroup.find((one) => one.name === name);
    if (info === undefined) return [];
    const span = { startS: Math.max(sinceS, info.firstS), endS: Math.min(untilS ?? info.lastS, info.lastS) };
    if (span.endS <= span.startS) return [];
    const stepS = info.retention.stepS;
    const query = { ...span, stepS, cf: 'AVERAGE', names: [name], dataSources: [witness] } as const;
    const rows: NamedRows[] = [...((await this.#rowsOf(query)).get(name) ?? [])].map(([director, series]) => ({
      director,
      rows: series,
    }));
    return failoversAmong(rows, least).filter(({ timeS }) => timeS >= sinceS && timeS <= (untilS ?? timeS));
  }

  async #known(): Promise<Listed> {
    if (this.#listed === null) await this.list();
    return this.#listed ?? { own: new Map(), ofGroup: [], newest: [] };
  }

  async #stepS(): Promise<number> {
    return (await this.#known()).ofGroup[0]?.retention.stepS ?? standardRetention.stepS;
  }

  /** The rows that each director has of some archives; those of one archive are of the same times. */
  async #rowsOf(query: ManyQuery): Promise<ReadonlyMap<string, RowsByDirector>> {
    const { own } = await this.#known();
    const rows = new Map(query.names.map((name) => [name, new Map<string, Series>()]));
    const read = this.#members.map(async ({ director, source }) => {
      const names = query.names.filter((name) => own.get(director)?.has(name));
      const all = names.length === 0 ? [] : await source.fetchMany({ ...query, names });
      return { director, source, all };
    });
    const parts = await Promise.all(read);
    for (const { director, all } of parts) for (const series of all) rows.get(series.name)?.set(director, series);
    for (const ofOne of rows.values()) await align(ofOne, query, this.#members);
    return rows;
  }
}

/**
 * Reads rows again where others have longer ones: an archive without new readings keeps fine rows of a time for which the archive of another
 * director has coarse ones only.
 */
async function align(own: Map<string, Series>, query: ManyQuery, members: readonly GroupMember[]): Promise<void> {
  const stepS = Math.max(...[...own.values()].map((series) => series.stepS));
  for (const { director, source } of members) {
    const series = own.get(director);
    if (series === undefined || series.stepS === stepS) continue;
    const { names: _, ...rows } = query;
    own.set(director, await source.fetch({ ...rows, name: series.name, stepS }));
  }
}

/** The rows without those of the witness, which were read beside the ones asked for. */
function withoutWitness(series: Series): Series {
  const isOther = (_: unknown, column: number): boolean => series.dataSources[column] !== witness;
  return { ...series, dataSources: series.dataSources.filter(isOther), columns: series.columns.filter(isOther) };
}

/** Rows of the director, unless they are of other times. */
function alike(own: Series, whole: Series | undefined): Series | null {
  if (whole === undefined) return null;
  return whole.startS === own.startS && whole.endS === own.endS && whole.stepS === own.stepS ? whole : null;
}

function noSuchArchive(name: string): UserError {
  return new UserError('no-such-archive', `no director of the group has an archive ${JSON.stringify(name)}`);
}
