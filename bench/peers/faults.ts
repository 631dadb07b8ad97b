// Faults of applications, hosts and ways in a pool, and when its agents name them. Faults of one kind are made at once where they do not touch each other.

import { setTimeout as pause } from 'node:timers/promises';
import { cutsIn, verdictsIn } from '../../test/engines/peers/agent-log.js';
import { type Pool, poolService } from '../../test/engines/peers/pool.js';
import { startAgentAnew, untilPeace } from './settle.js';
import { within } from './within.js';

/** Times from a fault to the first and to the second observer that named it, ms; `false` counts all other verdicts meanwhile. */
export interface NamedTimes {
  readonly firstMs: readonly number[];
  readonly secondMs: readonly number[];
  readonly falseVerdicts: number;
}

/** The result of cut pairs. */
export interface CutPairs {
  readonly pairs: number;
  readonly lastedS: number;
  readonly noticed: number;
  readonly falseVerdicts: number;
}

type Random = () => number;

const nameS = 180;

/** Kills applications, one after the other. */
export async function killApplications(pool: Pool, times: number, random: Random): Promise<NamedTimes> {
  const all: NamedTimes[] = [];
  for (let i = 0; i < times; i += 1) {
    // At any time of a round.
    await pause(5000 * random());
    const [name = ''] = someOf(pool, 1, random);
    const host = pool.hostOf(name);
    await host.redis?.kill();
    all.push(await namedTimes(pool, [`${name} ${poolService}`], performance.now()));
    pool.startRedis(host);
    await untilPeace(pool);
  }
  return sumOf(all);
}

/** Stops applications, which then accept connections and answer nothing. */
export async function hangApplications(pool: Pool, times: number, random: Random): Promise<NamedTimes> {
  const hosts = someOf(pool, times, random).map(pool.hostOf);
  for (const { redis } of hosts) redis?.signal('SIGSTOP');
  const named = await namedTimes(
    pool,
    hosts.map(({ name }) => `${name} ${poolService}`),
    performance.now(),
  );
  for (const { redis } of hosts) redis?.signal('SIGCONT');
  await untilPeace(pool);
  return named;
}

/** Lets hosts vanish with all that runs on them, and start again. */
export async function killHosts(pool: Pool, times: number, random: Random): Promise<NamedTimes> {
  const hosts = someOf(pool, times, random).map(pool.hostOf);
  const sinceMs = performance.now();
  const heals = hosts.map(({ name }) => pool.spaces.cutOff(name));
  for (const host of hosts) {
    await Promise.all([host.agent?.kill(), host.serf?.kill(), host.redis?.kill()]);
    Object.assign(host, { agent: null, serf: null, redis: null });
  }
  const named = await namedTimes(
    pool,
    hosts.map(({ name }) => name),
    sinceMs,
  );
  for (const heal of heals) heal();
  for (const host of hosts) {
    pool.startRedis(host);
    pool.startSerf(host);
  }
  for (const host of hosts) await startAgentAnew(pool, host);
  await untilPeace(pool);
  return named;
}

/** Cuts the ways of pairs for a time; nobody is to be named. */
export async function cutPairs(
  pool: Pool,
  { pairs, lastedS }: { pairs: number; lastedS: number },
  random: Random,
): Promise<CutPairs> {
  const names = someOf(pool, 2 * pairs, random);
  const sinceMs = performance.now();
  const chosen = Array.from({ length: pairs }, (_, i) => [names[2 * i] ?? '', names[2 * i + 1] ?? ''] as const);
  const heals = chosen.map(([a, b]) => pool.spaces.cutPair(a, b));
  await pause(lastedS * 1000);
  for (const heal of heals) heal();
  await untilPeace(pool);
  const noticed = new Set(
    cutsIn(pool.log, sinceMs).map(({ agent, subject }) => [agent, subject.split(' ')[0]].sort().join()),
  );
  return { pairs, lastedS, noticed: noticed.size, falseVerdicts: verdictsIn(pool.log, sinceMs).length };
}

async function namedTimes(pool: Pool, subjects: readonly string[], sinceMs: number): Promise<NamedTimes> {
  const timesOf = (subject: string): readonly number[] => {
    const first = new Map<string, number>();
    for (const { agent, subject: one, atMs } of verdictsIn(pool.log, sinceMs))
      if (one === subject && !first.has(agent)) first.set(agent, atMs - sinceMs);
    return [...first.values()].sort((a, b) => a - b);
  };
  await within(
    nameS,
    'two observers name what is down',
    () => subjects.every((subject) => timesOf(subject).length >= 2),
    { state: () => `(${subjects.map((subject) => `${subject}: ${timesOf(subject).length}`).join(', ')})` },
  );
  const all = subjects.map(timesOf);
  return {
    firstMs: all.map(([first = Number.NaN]) => first),
    secondMs: all.map(([, second = Number.NaN]) => second),
    falseVerdicts: verdictsIn(pool.log, sinceMs).filter(({ subject }) => !subjects.includes(subject)).length,
  };
}

function sumOf(all: readonly NamedTimes[]): NamedTimes {
  return {
    firstMs: all.flatMap(({ firstMs }) => firstMs),
    secondMs: all.flatMap(({ secondMs }) => secondMs),
    falseVerdicts: all.reduce((sum, { falseVerdicts }) => sum + falseVerdicts, 0),
  };
}

/** Names of different hosts other than the first two, which others join. */
function someOf(pool: Pool, count: number, random: Random): readonly string[] {
  const shuffled = pool.hosts.slice(2).map(({ name }) => ({ name, at: random() }));
  return shuffled
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ name }) => name);
}
