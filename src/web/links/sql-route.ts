// `sql`: the result of a query of the live table of agents, for programs.

import { randomUUID } from 'node:crypto';
import { type RunSql, SqlError, type SqlResult } from '../../model/links/sql-result.js';
import { RequestError } from '../request-error.js';
import { csvLines, jsonArray, mapped } from '../routes/pieces.js';
import { type RouteRequest, route } from '../routes/route.js';
import type { Site } from '../site.js';

type SqlSite = Pick<Site, 'sql' | 'collecting'>;

const statuses: Readonly<Record<SqlError['code'], RequestError['status']>> = {
  'bad-sql': 400,
  'sql-refused': 400,
  'sql-too-slow': 422,
  'sql-too-large': 422,
  'sql-busy': 429,
};

/** `sql`: the columns and the rows of a query; a header says so if they are cut. */
export const sqlRoute = route({
  path: '/sql',
  parse: ({ sources: { site }, query }: RouteRequest<{ readonly site: SqlSite }>) => {
    const run = site.sql ?? null;
    if (run === null) {
      throw new RequestError(404, 'this server has no table of agents: start it with "lvs-stats serve --agents FILE"');
    }
    if (query.text('format') !== null)
      throw new RequestError(400, '"format" is no parameter: write /api/sql.csv for CSV');
    const sql = query.longText('q');
    if (sql === null) throw new RequestError(400, '"q" is missing: write a query, such as q=SELECT * FROM data');
    return { run, sql };
  },
  // The table changes at any time: no answer is one that the client has.
  key: () => ['sql', randomUUID()],
  rows: ({ run, sql }) => resultOf(run, sql),
  headers: ({ isCut }) => (isCut ? { 'LVS-Stats-Cut': 'true' } : {}),
  json: jsonPieces,
  csv: ({ columns, rows }) => csvLines(withTitles(columns, rows)),
  file: (_wanted, form) => (form === 'csv' ? { parts: ['agents'] } : null),
});

async function resultOf(run: RunSql, sql: string): Promise<SqlResult> {
  try {
    return await run(sql);
  } catch (error) {
    if (error instanceof SqlError) throw new RequestError(statuses[error.code], error.message);
    throw error;
  }
}

function* jsonPieces({ columns, rows, isCut }: SqlResult): Generator<string> {
  yield `${JSON.stringify({ columns, isCut }).slice(0, -1)},"rows":`;
  yield* jsonArray(rows);
  yield '}';
}

function* withTitles(columns: readonly string[], rows: SqlResult['rows']): Generator<readonly string[]> {
  yield columns;
  yield* mapped(rows, (row) => row.map((value) => String(value ?? '')));
}
