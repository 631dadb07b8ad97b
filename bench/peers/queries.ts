// The bytes of Serf's queries, as the agent sends them: a poll, which all acknowledge, and a question to three members, which all pass on.

import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from '../../test/engines/peers/pool.js';

/** Bytes that a query costs each member on the average, sent and received. */
export interface QueryCosts {
  readonly pollBytes: number;
  readonly questionBytes: number;
}

const rounds = 10;

/** Measures queries beyond what the pool sends anyway, which is `bytesPerMin` a member. */
export async function queryCosts(pool: Pool, bytesPerMin: number): Promise<QueryCosts> {
  const three = pool.hosts.slice(1, 4).map(({ name }) => `-node=${name}`);
  return {
    pollBytes: await costOf(pool, [], bytesPerMin),
    questionBytes: await costOf(pool, [...three, '-no-ack'], bytesPerMin),
  };
}

async function costOf(pool: Pool, more: readonly string[], bytesPerMin: number): Promise<number> {
  const [first = '', ...rest] = pool.spaces.hostOf('n1').entry;
  const words = ['serf', 'query', '-timeout=2s', '-relay-factor=2', ...more, 'lvs-stats-bench', 'n1 redis/6379'];
  const [before, beginMs] = [bytesOf(pool), performance.now()];
  for (let i = 0; i < rounds; i += 1) execFileSync(first, [...rest, ...words], { stdio: 'ignore' });
  // Members pass a query on for a while after its end.
  await pause(3000);
  const idle = (bytesPerMin * (performance.now() - beginMs)) / 60_000;
  return ((bytesOf(pool) - before) / pool.hosts.length - idle) / rounds;
}

function bytesOf(pool: Pool): number {
  return [...pool.spaces.traffic().values()].reduce((sum, { bytes }) => sum + bytes, 0);
}
