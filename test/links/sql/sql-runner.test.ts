// Queries run one at a time, few wait, and the others are refused.

import { expect, test } from 'vitest';
import { createSqlRunner } from '../../../src/links/sql/sql-runner.js';
import type { SqlResult } from '../../../src/model/links/sql-result.js';

const empty: SqlResult = { columns: [], rows: [], isCut: false };

test('of fifty queries at once one runs, eight wait, and the others are refused', async () => {
  let [running, most] = [0, 0];
  const run = createSqlRunner(
    () => [],
    undefined,
    async (_rows, sql) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      if (sql === 'fail') throw new Error('failed');
      return empty;
    },
  );
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) => run(i % 2 === 0 ? 'fail' : 'SELECT 1')),
  );
  const reasons = outcomes.map((one) => (one.status === 'rejected' ? (one.reason as Error & { code?: string }) : null));
  expect(most).toBe(1);
  expect(reasons.filter((one) => one?.code === 'sql-busy').length).toBe(41);
  expect(reasons.filter((one) => one?.message === 'failed').length).toBe(5);
  expect(await run('SELECT 1')).toBe(empty);
});

test('a query sees the rows of its turn', async () => {
  let rows = [{ name: 'early' }];
  const run = createSqlRunner(
    () => rows as never,
    undefined,
    async (seen) => ({ ...empty, columns: seen.map(({ name }) => name) }),
  );
  const first = run('SELECT 1');
  rows = [{ name: 'late' }];
  expect((await first).columns).toEqual(['late']);
});
