// One query of the live table, in a thread of its own that ends with it: stopped when it takes too long, and bounded in memory, both V8's and
// WebAssembly's.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { LiveRow } from '../../model/links/live-row.js';
import { maxSqlBytes, SqlError, type SqlResult } from '../../model/links/sql-result.js';
import { visibleLine } from '../../model/text/visible.js';
import { cappedModule } from './capped-module.js';
import { checkText } from './leading-word.js';
import { packRows } from './live-columns.js';
import type { ResultLimits, SqlAnswer, SqlMessage, SqlTask } from './sql-worker.js';

/** The limits of a query. */
export interface SqlLimits extends ResultLimits {
  /** From the moment when its table is filled to its result. */
  readonly timeMs: number;
}

/** A result of 10,000 rows is under 2 MB with all columns. */
export const sqlLimits: SqlLimits = { timeMs: 2000, rows: 10_000, bytes: 4 * 2 ** 20 };

/** For starting the thread and filling the table, which takes a tenth of a second on an idle machine. */
const startMs = 20_000;

/** SQLite begins with 22 MB; 5,000 rows take one. */
const databaseBytes = 64 * 2 ** 20;

/** V8's memory holds a result twice, and little else. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** Runs a query on rows, which are the table `data`. Throws a `SqlError`. */
export async function querySql(
  rows: readonly LiveRow[],
  sql: string,
  { timeMs, ...limits }: SqlLimits,
): Promise<SqlResult> {
  checkText(sql);
  const task: SqlTask = { module: await sqliteModule(), table: packRows(rows), sql, limits };
  const answer = await answerOf(task, timeMs);
  if ('result' in answer) return answer.result;
  const { code, message } = answer.failure;
  // A message quotes the query.
  throw new SqlError(code, visibleLine(message.slice(0, maxSqlBytes)));
}

let compiled: Promise<WebAssembly.Module> | null = null;

/** SQLite, compiled once for all threads. */
function sqliteModule(): Promise<WebAssembly.Module> {
  compiled ??= compileSqlite();
  // There may have been too few file handles: the next query tries again.
  compiled.catch(() => {
    compiled = null;
  });
  return compiled;
}

async function compileSqlite(): Promise<WebAssembly.Module> {
  const path = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  return WebAssembly.compile(cappedModule(await readFile(path), databaseBytes));
}

async function answerOf(task: SqlTask, timeMs: number): Promise<SqlAnswer> {
  const worker = new Worker(new URL('./sql-worker.js', import.meta.url), {
    workerData: task,
    resourceLimits,
    env: {},
    execArgv: [],
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<SqlAnswer>((resolve, reject) => {
      const stopAfter = (ms: number, error: () => Error): void => {
        clearTimeout(timer);
        timer = setTimeout(() => reject(error()), ms);
      };
      worker.on('message', (message: SqlMessage) => {
        if (message === 'filled') stopAfter(timeMs, () => tooSlow(timeMs));
        else resolve(message);
      });
      worker.once('error', (error) => reject(faultOf(error)));
      worker.once('exit', () => reject(new Error('the thread of a query ended without an answer')));
      stopAfter(startMs, () => new SqlError('sql-busy', 'the machine is too busy to start a query: try again later'));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function tooSlow(timeMs: number): SqlError {
  return new SqlError('sql-too-slow', `the query was stopped after ${timeMs / 1000} s: select, sort or join less`);
}

function faultOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new SqlError('sql-too-large', 'the query needs too much memory: select less', { cause: error });
}
