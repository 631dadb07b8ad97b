// Queries one after another, since each takes a processor: a few wait, and further ones are refused.

import type { LiveRow } from '../../model/links/live-row.js';
import { type RunSql, SqlError } from '../../model/links/sql-result.js';
import { querySql, type SqlLimits, sqlLimits } from './query-sql.js';

/** Most queries that wait while one runs. */
const maxWaiting = 8;

/** Runs queries on the rows that the table has when their turn comes. At most one runs at a time. */
export function createSqlRunner(
  rows: () => readonly LiveRow[],
  limits: SqlLimits = sqlLimits,
  query = querySql,
): RunSql {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (sql) => {
    if (waiting > maxWaiting)
      throw new SqlError('sql-busy', `${maxWaiting} queries are waiting: try again in a few seconds`);
    waiting += 1;
    const turn = last.then(() => query(rows(), sql, limits));
    last = turn.then(
      () => {
        waiting -= 1;
      },
      () => {
        waiting -= 1;
      },
    );
    return turn;
  };
}
