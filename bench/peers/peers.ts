// Pools of peers as in production, in network namespaces: Serf, Redis and the built agent on each host. What they cost at rest, and when faults are named.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../src/model/user-error.js';
import { hasProgram } from '../../test/engines/engine.js';
import { canMakeNamespaces } from '../../test/engines/peers/namespaces.js';
import { openPool, type Pool } from '../../test/engines/peers/pool.js';
import { randomFrom } from '../../test/random.js';
import type { BenchContext } from '../bench.js';
import type { Findings } from '../comparison.js';
import { meanOf } from '../statistics.js';
import { type CutPairs, cutPairs, hangApplications, killApplications, killHosts, type NamedTimes } from './faults.js';
import { type Partitions, partPool, togetherOf } from './partitions.js';
import { type PeersOptions, peersOptions, smallPool } from './peers-options.js';
import { peersPage } from './peers-page.js';
import { type QueryCosts, queryCosts } from './queries.js';
import { startAgents, untilJoined, untilPeace } from './settle.js';
import { agentMemory, type Memory, type Usage, usageOf } from './usage.js';

/** The figures of a pool. */
export interface PoolFigures {
  readonly size: number;
  readonly joinedMs: number;
  /** From the start of all agents until all judge. */
  readonly judgingMs: number;
  /** Serf without agents, and with them. */
  readonly alone: Usage;
  readonly together: Usage;
  readonly queries: QueryCosts;
  readonly memory: readonly Memory[];
  readonly killed: NamedTimes;
  readonly hung: NamedTimes;
  readonly dead: NamedTimes;
  readonly pairs: CutPairs;
  readonly partitions: Partitions;
}

/** Seconds in which a pool comes to rest, and in which it is measured: longer than the time between two exchanges of Serf's whole state, up to 100 members. */
const [restS, spanS] = [30, 120];

/** Faults of a kind. */
const faults = { killed: 5, hung: 3, dead: 2, pairs: 2, pairsS: 60 } as const;

/** Small pools are parted so often in all, in so many pools at once. */
const small = { runs: 20, pools: 4 } as const;

const needed = ['serf', 'redis-server', 'setpriv'] as const;

/** Measures pools of each size. Throws a `UserError` if the machine cannot make them. */
export async function measurePeers({ folder }: BenchContext): Promise<Findings> {
  const options = peersOptions(process.env);
  refuseWithout();
  const pools: PoolFigures[] = [];
  for (const size of options.sizes) {
    const figures = await measurePool(size, { folder: join(folder, String(size)), options });
    pools.push(figures);
    say(size, JSON.stringify(figures.partitions));
  }
  return { comparisons: pools.flatMap(peersPage.rows), notes: pools.flatMap(peersPage.notes) };
}

function refuseWithout(): void {
  const missing = needed.filter((name) => !hasProgram(name));
  if (missing.length > 0)
    throw new UserError(
      'bad-command',
      `the benchmark of peers needs ${missing.join(', ')}: apt install serf redis-server`,
    );
  if (!canMakeNamespaces())
    throw new UserError(
      'bad-command',
      'the benchmark of peers makes network namespaces: run it as root, with iproute2',
    );
  if (!existsSync(join(import.meta.dirname, '../../dist/bundle/main.cjs')))
    throw new UserError('bad-command', 'the benchmark of peers runs the built agent: npm run build');
}

interface Place {
  readonly folder: string;
  readonly options: PeersOptions;
}

async function measurePool(size: number, { folder, options }: Place): Promise<PoolFigures> {
  const random = randomFrom(options.seed * 1_000_003 + size);
  mkdirSync(folder);
  const pool = await openPool({ prefix: `lvs-stats-${process.pid}`, count: size, folder });
  try {
    const atRest = await measureAtRest(pool);
    const killed = await killApplications(pool, faults.killed, random);
    say(size, 'hung applications …');
    const hung = await hangApplications(pool, faults.hung, random);
    say(size, 'dead hosts …');
    const dead = await killHosts(pool, faults.dead, random);
    say(size, 'cut pairs …');
    const pairs = await cutPairs(pool, { pairs: faults.pairs, lastedS: faults.pairsS }, random);
    say(size, JSON.stringify({ ...atRest, killed, hung, dead, pairs }));
    say(size, 'partitions …');
    if (size > smallPool) {
      const partitions = await partPool(pool, { runs: options.partitions, first: 0, random });
      return { size, ...atRest, killed, hung, dead, pairs, partitions };
    }
    await pool.close();
    return { size, ...atRest, killed, hung, dead, pairs, partitions: await partSmallPools(size, folder, random) };
  } finally {
    await pool.close();
  }
}

type AtRest = Pick<PoolFigures, 'joinedMs' | 'judgingMs' | 'alone' | 'together' | 'queries' | 'memory'>;

async function measureAtRest(pool: Pool): Promise<AtRest> {
  const size = pool.hosts.length;
  say(size, 'Serf alone …');
  const joinedMs = await untilJoined(pool);
  await pause(restS * 1000);
  const alone = await usageOf(pool, spanS);
  say(size, 'with agents …');
  const judgingMs = await startAgents(pool);
  await pause(restS * 1000);
  const together = await usageOf(pool, spanS);
  const memory = agentMemory(pool);
  const queries = await queryCosts(pool, meanOf(together.bytesPerMin));
  await untilPeace(pool);
  say(size, 'killed applications …');
  return { joinedMs, judgingMs, alone, together, memory, queries };
}

async function partSmallPools(size: number, folder: string, random: () => number): Promise<Partitions> {
  const each = small.runs / small.pools;
  const seeds = Array.from({ length: small.pools }, () => Math.floor(random() * 2 ** 31));
  const parted = seeds.map(async (seed, i) => {
    const pool = await openPool({ prefix: `lvs-stats-${process.pid}-${i}`, count: size, folder });
    try {
      await untilJoined(pool);
      await startAgents(pool);
      return await partPool(pool, { runs: each, first: i * each, random: randomFrom(seed) });
    } finally {
      await pool.close();
    }
  });
  return togetherOf(await Promise.all(parted));
}

function say(size: number, text: string): void {
  process.stderr.write(`bench: ${size} members: ${text}\n`);
}
