// The costs of a pool at rest: bytes on the interfaces of its hosts, processor time and memory of its processes.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { HostProcess, Pool, PoolHost } from '../../test/engines/peers/pool.js';
import { processorMsOf } from '../agents/resources.js';

/** Costs of each host in a span of time. */
export interface Usage {
  readonly bytesPerMin: readonly number[];
  readonly packetsPerMin: readonly number[];
  /** Parts of a core. */
  readonly agentCores: readonly number[];
  readonly serfCores: readonly number[];
}

/** Measures for `spanS` seconds. */
export async function usageOf(pool: Pool, spanS: number): Promise<Usage> {
  const [agents, serfs] = [pidsOf(pool, ({ agent }) => agent), pidsOf(pool, ({ serf }) => serf)];
  const before = { traffic: pool.spaces.traffic(), agents: agents.map(processorMsOf), serfs: serfs.map(processorMsOf) };
  const beginMs = performance.now();
  await pause(spanS * 1000);
  const tookMs = performance.now() - beginMs;
  const after = pool.spaces.traffic();
  const perMin = (of: 'bytes' | 'packets'): readonly number[] =>
    [...after].map(([name, all]) => ((all[of] - (before.traffic.get(name)?.[of] ?? Number.NaN)) / tookMs) * 60_000);
  const cores = (pids: readonly number[], soFar: readonly number[]): readonly number[] =>
    pids.map((pid, i) => (processorMsOf(pid) - (soFar[i] ?? Number.NaN)) / tookMs);
  return {
    bytesPerMin: perMin('bytes'),
    packetsPerMin: perMin('packets'),
    agentCores: cores(agents, before.agents),
    serfCores: cores(serfs, before.serfs),
  };
}

/** Memory of a process, bytes. */
export interface Memory {
  readonly residentBytes: number;
  /** Pages that it shares with others count in proportion. */
  readonly proportionalBytes: number;
}

/** The memory of the agents. */
export function agentMemory(pool: Pool): readonly Memory[] {
  return pidsOf(pool, ({ agent }) => agent).map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const bytesOf = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
    return { residentBytes: bytesOf('Rss'), proportionalBytes: bytesOf('Pss') };
  });
}

function pidsOf({ hosts }: Pool, of: (host: PoolHost) => HostProcess | null): readonly number[] {
  return hosts.map(of).flatMap((one) => (one === null ? [] : [one.pid]));
}
