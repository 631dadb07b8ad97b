// Rows in PromQL, as the archives make them (consolidate.ts): the row that was sent, otherwise the mean of the finest rows if enough of them are known.

import { xff } from '../../model/archive.js';
import { patternsOf, selector } from '../query/selector.js';
import { metricOf, rowLabel } from '../series/row-series.js';
import type { RowGrid } from './row-columns.js';

/** Archives whose rows are summed up. */
export interface SumRequest {
  readonly director: string;
  readonly names: readonly string[];
  /** At least one; a row counts if it is known of each. */
  readonly dataSources: readonly string[];
  readonly grid: RowGrid;
  /** The length of the finest rows. */
  readonly stepS: number;
}

/** A series of PromQL by archive: the rows of some archives, whose pattern is given. */
export type Expression = (request: SumRequest, archives: string) => string;

/** The patterns of the archives, each so short that an expression fits into a query. */
export function patternsFor(request: SumRequest, expression: Expression): readonly string[] {
  return patternsOf(request.names, expression(request, '').split('archive=~').length - 1);
}

/** The values of a data source in the rows in which all of the request are known, by archive. */
export function jointly(source: string): Expression {
  return (request, archives) => {
    const others = request.dataSources.filter((one) => one !== source);
    return [source, ...others].map((one) => rowsOf(one)(request, archives)).join(' and on (archive) ');
  };
}

/** A function over the finest rows in each row, of each series. */
export function finestOver(over: 'last' | 'avg' | 'count', source: string): Expression {
  return ({ director, grid, stepS }, archives) => {
    const matchers = { __name__: metricOf(source), director, archive: { pattern: archives } };
    return `${over}_over_time(${selector({ ...matchers, row: rowLabel(stepS) })}${lookBack(grid)})`;
  };
}

/** A function over the row that was sent, in each row of more than a step, of each series. */
export function sentOver(over: 'last' | 'count', source: string): Expression {
  return ({ director, grid }, archives) => {
    const matchers = { __name__: metricOf(source), director, archive: { pattern: archives } };
    return `${over}_over_time(${selector({ ...matchers, row: rowLabel(grid.rowS), cf: 'AVERAGE' })}${lookBack(grid)})`;
  };
}

/** An expression by archive. Two pushers of one director may have labels of their own. */
export function byArchive(expressionOf: (source: string) => Expression): (source: string) => Expression {
  return (source) => (request, archives) => `max by (archive) (${expressionOf(source)(request, archives)})`;
}

/** The rows of a data source by archive: at the end of a row, its value. */
export function rowsOf(source: string): Expression {
  return (request, archives) => {
    const { grid, stepS } = request;
    const of = (expressionOf: (one: string) => Expression): string =>
      byArchive(expressionOf)(source)(request, archives);
    const finest = (over: 'last' | 'avg' | 'count'): string => of((one) => finestOver(over, one));
    if (grid.rowS === stepS) return finest('last');
    const leastKnown = Math.ceil((grid.rowS / stepS) * (1 - xff));
    const derived = `(${finest('avg')} and on (archive) (${finest('count')} >= ${leastKnown}))`;
    return `(${of((one) => sentOver('last', one))} or on (archive) ${derived})`;
  };
}

/** The range of a row: a range includes its end, and with some engines its start. */
function lookBack({ rowS }: RowGrid): string {
  return `[${rowS - 1}s]`;
}

/** The sum of the samples of rows of a data source, of those that were sent or of the finest, by archive. */
export function totalOfSamples(rows: 'sent' | 'finest', source: string): Expression {
  return ({ director, grid, stepS }, archives) => {
    const matchers = { __name__: metricOf(source), director, archive: { pattern: archives } };
    const own = rows === 'sent' ? { row: rowLabel(grid.rowS), cf: 'AVERAGE' } : { row: rowLabel(stepS) };
    const samples = selector({ ...matchers, ...own });
    // Asked for a second after the end: VictoriaMetrics does not find a series whose first sample of a day is the last midnight.
    return `max by (archive) (sum_over_time(${samples}[${grid.endS - grid.startS}s]))`;
  };
}

/** The sum of the rows of a data source, by archive. */
export function totalOfRows(source: string): Expression {
  return (request, archives) => {
    const { rowS, startS, endS } = request.grid;
    return `sum_over_time(${rowsOf(source)(request, archives)}[${endS - startS}s:${rowS}s])`;
  };
}
