// A pool that runs: started, and at peace again after each fault.

import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolHost } from '../../test/engines/peers/pool.js';
import { within } from './within.js';

const [joinS, judgeS, peaceS] = [240, 300, 300];

/** Waits until each Serf sees all members. */
export async function untilJoined(pool: Pool): Promise<number> {
  const count = pool.hosts.length;
  let seen: readonly number[] = [];
  return within(
    joinS,
    'each Serf sees all members',
    async () => {
      const all: number[] = [];
      for (let i = 0; i < count; i += 10)
        all.push(...(await Promise.all(pool.hosts.slice(i, i + 10).map(({ name }) => pool.aliveSeenBy(name)))));
      seen = all;
      return all.every((one) => one === count);
    },
    // Each look is a process for each member.
    { lookMs: 1000, state: () => `(they see from ${Math.min(...seen)} to ${Math.max(...seen)} of ${count})` },
  );
}

/** The hosts share the cores of one machine, and a start takes a third of a second of one; then each polls the others, ms. */
const startGapMs = 300;

/** Starts the agents one after the other, and waits until all judge; returns how long that took after the last start, ms. */
export async function startAgents(pool: Pool): Promise<number> {
  for (const host of pool.hosts) {
    pool.startAgent(host);
    await pause(startGapMs);
  }
  return within(judgeS, 'all agents reach a majority', () => pool.judges().length === pool.hosts.length, {
    state: () => `(${pool.judges().length} of ${pool.hosts.length} do)`,
  });
}

/** Waits until everybody judges and nobody is named. */
export async function untilPeace(pool: Pool): Promise<number> {
  const tookMs = await within(
    peaceS,
    'all agents judge and name nobody',
    () => pool.inForce().length === 0 && pool.judges().length === pool.hosts.length,
    {
      state: () => `(${pool.judges().length} of ${pool.hosts.length} judge; ${pool.inForce().slice(0, 5).join(', ')})`,
    },
  );
  if (pool.unexpected.length > 0) throw new Error(pool.unexpected.slice(0, 5).join('; '));
  return tookMs;
}

/** Starts an agent beside a Serf that has just begun, and waits until its Serf sees all members. */
export async function startAgentAnew(pool: Pool, host: PoolHost): Promise<void> {
  const count = pool.hosts.length;
  await within(joinS, `${host.name} sees all members`, async () => (await pool.aliveSeenBy(host.name)) === count);
  pool.startAgent(host);
}
