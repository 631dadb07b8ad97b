// The result of a query of the live table, and what can be wrong with a query.

import { UserError } from '../user-error.js';

/**
 * A value: null is unknown. An integer beyond 2^53 is its digits, an infinite number `Inf` or `-Inf`, a blob `x'0aff'`: a number would round the
 * first, and JSON has none of the others.
 */
export type SqlCell = string | number | null;

/** The result of a query. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlCell[])[];
  /** Whether there were more rows than a result may have. */
  readonly isCut: boolean;
}

/** Runs a query. Rejects with a `SqlError`. */
export type RunSql = (sql: string) => Promise<SqlResult>;

/** The fault: the query is wrong; it does more than read; it takes too long; it takes too much memory; too many others wait. */
type SqlErrorCode = 'bad-sql' | 'sql-refused' | 'sql-too-slow' | 'sql-too-large' | 'sql-busy';

/** A query without a result. */
export class SqlError extends UserError {
  declare readonly code: SqlErrorCode;

  constructor(code: SqlErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Most bytes of a query, in UTF-8. */
export const maxSqlBytes = 8192;
