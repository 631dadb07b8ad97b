// The archives of a director as an engine of others has them, as a source of pictures, pages and reports. Every row equals the director's own,
// and where the director keeps none any more, an engine that does has its longest rows. Archives that the director has dropped are not there.

import type { ArchiveInfo, Cf } from '../../model/archive.js';
import type { EventQuery, LedgerEvent } from '../../model/ledger-event.js';
import type { MonthPercentiles } from '../../model/percentile.js';
import { chooseRra, type RowSpan } from '../../model/rows/choose-rra.js';
import { mostAtOnce, tooMuch } from '../../model/rows/row-limit.js';
import type { Summing, SumSource } from '../../model/rows/sums.js';
import { columnsFor } from '../../model/rows/wanted-columns.js';
import type {
  ManyQuery,
  MonthSource,
  PercentileQuery,
  RowsQuery,
  Series,
  SeriesQuery,
  SeriesSource,
} from '../../model/series.js';
import { UserError } from '../../model/user-error.js';
import type { QueryGround } from '../query/query.js';
import { createEngineSums } from './engine-sums.js';
import { type EngineArchives, latestOf, longestS, readArchives, readDirectors } from './read-descriptions.js';
import { readEvents } from './read-events.js';
import { readMonths } from './read-months.js';
import { readRows } from './read-rows.js';

/** An engine, and the director whose archives are read from it. */
export interface EngineSourceGround extends QueryGround {
  readonly director: string;
  /** The engine's address, for messages. */
  readonly engine: string;
  /** This machine's time, epoch seconds. */
  readonly nowS: () => number;
}

/** The source of a director's archives. Each of its functions throws a `PassingError` if the engine does not answer, or differently than expected. */
export type EngineSource = SeriesSource & MonthSource & Required<Summing>;

/** Creates the source. The archives are those last listed; the first request lists them. */
export function createEngineSource(ground: EngineSourceGround): EngineSource {
  return new ArchivesInEngine(ground);
}

const dayS = 86_400;

/** The archives as last listed. */
interface Listed extends EngineArchives {
  readonly byName: ReadonlyMap<string, ArchiveInfo>;
}

/** The rows that a query asks of one archive. */
interface Plan {
  readonly info: ArchiveInfo;
  readonly span: RowSpan;
  readonly dataSources: readonly string[];
}

class ArchivesInEngine implements EngineSource {
  readonly summing: SumSource;
  readonly #ground: EngineSourceGround;
  #listed: Listed | null = null;
  #listing: Promise<Listed> | null = null;

  constructor(ground: EngineSourceGround) {
    this.#ground = ground;
    this.summing = createEngineSums({
      ...ground,
      infoOf: async (name) => this.#infoOf(await this.#known(), name),
      todayS: async () => startOfDay(await this.#known()),
    });
  }

  async list(): Promise<readonly ArchiveInfo[]> {
    return (await this.#refresh()).all;
  }

  async fetch({ name, ...query }: SeriesQuery): Promise<Series> {
    const [series] = await this.fetchMany({ ...query, names: [name] });
    if (series === undefined) throw this.#noSuchArchive(name);
    return series;
  }

  async fetchBoth({ name, ...query }: RowsQuery): Promise<Readonly<Record<Cf, Series>>> {
    const [plan] = await this.#plansFor(query, [name]);
    if (plan === undefined) throw this.#noSuchArchive(name);
    const [rows] = await this.#rowsOf([plan], ['AVERAGE', 'MAX']);
    const columns = rows ?? { AVERAGE: [], MAX: [] };
    return { AVERAGE: seriesOf(plan, 'AVERAGE', columns.AVERAGE), MAX: seriesOf(plan, 'MAX', columns.MAX) };
  }

  async fetchMany({ names, cf, ...query }: ManyQuery): Promise<readonly Series[]> {
    const plans = await this.#plansFor(query, names);
    const all = new Map<Plan, Series>();
    for (const alike of plansAlike(plans)) {
      const rows = await this.#rowsOf(alike, [cf]);
      for (const [i, plan] of alike.entries()) all.set(plan, seriesOf(plan, cf, rows[i]?.[cf] ?? []));
    }
    return plans.flatMap((plan) => all.get(plan) ?? []);
  }

  async events(query: EventQuery): Promise<readonly LedgerEvent[]> {
    const { newestS } = await this.#known();
    const [firstS, lastS] = [Math.max(0, Math.floor(newestS) - longestS), latestOf(this.#ground.nowS())];
    return readEvents(query, { ...this.#ground, firstS, lastS });
  }

  async percentiles({ name, startS, endS }: PercentileQuery): Promise<readonly MonthPercentiles[]> {
    const known = await this.#known();
    const { newestS } = known;
    const info = this.#infoOf(known, name);
    const query = { name, startS: Math.max(startS, info.firstS), endS };
    return readMonths(query, { ...this.#ground, newestS: newestS + info.retention.stepS });
  }

  /** The spans that answer a query. Throws `no-such-archive`, `wrong-span` and `too-much`, as the director's own archives do. */
  async #plansFor(query: Omit<RowsQuery, 'name'>, names: readonly string[]): Promise<readonly Plan[]> {
    if (query.endS < query.startS) throw new UserError('wrong-span', 'the end lies before the start: give a later end');
    const known = await this.#known();
    const todayS = startOfDay(known);
    let left = mostAtOnce;
    return names.map((name) => {
      const info = this.#infoOf(known, name);
      const { retention, lastS, dataSources: sources } = info;
      const span = chooseRra(query, { retention, lastS, todayS });
      left -= (span.endS - span.startS) / span.rowS;
      if (left < 0) throw tooMuch(span, names.length);
      return { info, span, dataSources: columnsFor(sources, query).map((column) => sources[column]?.name ?? '') };
    });
  }

  /** The rows of archives with alike plans. */
  async #rowsOf(alike: readonly Plan[], cfs: readonly Cf[]) {
    const [first] = alike;
    if (first === undefined) return [];
    const { span, dataSources, info } = first;
    const { director } = this.#ground;
    const names = alike.map((plan) => plan.info.name);
    const { stepS } = info.retention;
    return readRows({ director, names, dataSources, cfs, grid: span, stepS, lastRowS: span.lastRowS }, this.#ground);
  }

  async #known(): Promise<Listed> {
    return this.#listed ?? this.#refresh();
  }

  /** Lists the archives again. After a failure, those listed before remain. */
  async #refresh(): Promise<Listed> {
    this.#listing ??= this.#list().finally(() => {
      this.#listing = null;
    });
    this.#listed = await this.#listing;
    return this.#listed;
  }

  async #list(): Promise<Listed> {
    const { director, nowS } = this.#ground;
    const directors = await readDirectors(nowS(), this.#ground);
    const statedS = directors.get(director);
    if (statedS === undefined) throw noSuchDirector(this.#ground, [...directors.keys()]);
    const archives = await readArchives({ director, statedS }, this.#ground);
    return { ...archives, byName: new Map(archives.all.map((info) => [info.name, info])) };
  }

  #infoOf({ byName }: Listed, name: string): ArchiveInfo {
    const info = byName.get(name);
    if (info === undefined) throw this.#noSuchArchive(name);
    return info;
  }

  #noSuchArchive(name: string): UserError {
    const { director, engine } = this.#ground;
    const how = `"lvs-stats list --from ${engine} --from-director ${director}" shows the names`;
    return new UserError('no-such-archive', `${engine} has no archive ${JSON.stringify(name)} of ${director}: ${how}`);
  }
}

/** The start of the day of the newest reading. */
function startOfDay({ newestS }: EngineArchives): number {
  return newestS - (newestS % dayS);
}

/** Plans for the same rows of the same data sources, together. */
function plansAlike(plans: readonly Plan[]): Iterable<readonly Plan[]> {
  const alike = new Map<string, Plan[]>();
  for (const plan of plans) {
    const { rowS, startS, endS, lastRowS } = plan.span;
    const key = [rowS, startS, endS, Math.min(lastRowS, endS), ...plan.dataSources].join(' ');
    const own = alike.get(key);
    if (own === undefined) alike.set(key, [plan]);
    else own.push(plan);
  }
  return alike.values();
}

function seriesOf({ info, span, dataSources }: Plan, cf: Cf, columns: Series['columns']): Series {
  const { name, lastS, retention } = info;
  const { rowS, startS, endS } = span;
  return { name, cf, stepS: rowS, pdpS: retention.stepS, startS, endS, lastS, dataSources, columns };
}

/** Most names of directors in a message. */
const mostNames = 20;

function noSuchDirector({ director, engine }: EngineSourceGround, known: readonly string[]): UserError {
  const names = known.toSorted().slice(0, mostNames);
  const more = known.length > names.length ? ` and ${known.length - names.length} more` : '';
  const how =
    known.length === 0
      ? 'it has no director: push to it with "lvs-stats push" of this version'
      : `it has ${names.join(', ')}${more}: name one with --from-director`;
  return new UserError('no-such-director', `${engine} has no director ${JSON.stringify(director)}; ${how}`);
}
