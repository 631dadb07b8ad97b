// Sums over the archives of a director, by the engine that has their rows.

import type { ArchiveInfo } from '../../model/archive.js';
import { chooseRra, type RowSpan } from '../../model/rows/choose-rra.js';
import type { SumQuery, SumSource } from '../../model/rows/sums.js';
import { columnsFor } from '../../model/rows/wanted-columns.js';
import type { Series } from '../../model/series.js';
import type { QueryGround } from '../query/query.js';
import type { SumRequest } from './row-expressions.js';
import { readMeans, readSums, readTotals } from './sum-rows.js';

/** A director's archives in an engine. */
export interface SumGround extends QueryGround {
  readonly director: string;
  /** The archive of a name. Throws `no-such-archive`. */
  readonly infoOf: (name: string) => Promise<ArchiveInfo>;
  /** The start of the day of the director's newest reading. */
  readonly todayS: () => Promise<number>;
}

/** Archives of a query that have the same rows. */
interface Plan {
  readonly names: readonly string[];
  readonly dataSources: readonly string[];
  readonly span: RowSpan;
  /** The length of the finest rows. */
  readonly stepS: number;
  /** Time of the newest reading of any of them. */
  readonly lastS: number;
}

/** Creates the source. Its functions throw a `PassingError` if the engine fails, and sums a `RangeError` for archives with different rows. */
export function createEngineSums(ground: SumGround): SumSource {
  const plansOf = async ({ names, ...query }: SumQuery): Promise<readonly Plan[]> => {
    const todayS = await ground.todayS();
    const plans = new Map<string, Plan & { readonly names: string[]; lastS: number }>();
    for (const name of names) {
      const { retention, lastS, dataSources: sources } = await ground.infoOf(name);
      const own = columnsFor(sources, query).map((column) => sources[column]?.name ?? '');
      const span = chooseRra(query, { retention, lastS, todayS });
      const key = JSON.stringify([span.startS, Math.min(span.endS, span.lastRowS), span.rowS, own]);
      const plan = plans.get(key) ?? { names: [], dataSources: own, span, stepS: retention.stepS, lastS };
      plans.set(key, plan);
      plan.names.push(name);
      plan.lastS = Math.max(plan.lastS, lastS);
    }
    return [...plans.values()];
  };
  const planOf = async (query: SumQuery): Promise<Plan> => {
    const [plan, other] = await plansOf(query);
    if (plan === undefined || other !== undefined)
      throw new RangeError('only archives with the same rows can be summed up together, and at least one');
    return plan;
  };
  const requestOf = ({ names, dataSources, span, stepS }: Plan): SumRequest => {
    const endS = Math.max(span.startS, Math.min(span.endS, span.lastRowS));
    const grid = { rowS: span.rowS, startS: span.startS, endS };
    return { director: ground.director, names, dataSources, grid, stepS };
  };
  const frameOf = ({ dataSources, span: { rowS, startS, endS }, stepS, lastS }: Plan) =>
    ({ cf: 'AVERAGE', stepS: rowS, pdpS: stepS, startS, endS, lastS, dataSources }) as const;
  return {
    totals: async (query) => {
      const found: (readonly [string, readonly number[]])[] = [];
      for (const plan of await plansOf(query)) found.push(...(await readTotals(requestOf(plan), ground)));
      return new Map(found);
    },
    sums: async (query) => {
      const plan = await planOf(query);
      const { columns, counts } = await readSums(requestOf(plan), ground);
      const frame = frameOf(plan);
      const known = columns.map((column) => column.map((sum, row) => (counts[row] === 0 ? Number.NaN : sum)));
      return {
        ...frame,
        columns: known.map((column) => padded(column, frame, Number.NaN)),
        counts: padded(counts, frame, 0),
      };
    },
    means: async (query) => {
      const found = new Map<string, Series>();
      for (const plan of await plansOf(query)) {
        const rows = await readMeans(requestOf(plan), ground);
        const frame = frameOf(plan);
        for (const [i, name] of plan.names.entries()) {
          const columns = (rows[i] ?? []).map((column) => padded(column, frame, Number.NaN));
          found.set(name, { ...frame, name, columns, lastS: (await ground.infoOf(name)).lastS });
        }
      }
      return query.names.flatMap((name) => found.get(name) ?? []);
    },
  };
}

/** A column with as many rows as its frame: those after the newest reading are not asked for. */
function padded(
  column: Float64Array,
  { startS, endS, stepS }: { readonly startS: number; readonly endS: number; readonly stepS: number },
  missing: number,
): Float64Array {
  const whole = new Float64Array((endS - startS) / stepS).fill(missing);
  whole.set(column);
  return whole;
}
