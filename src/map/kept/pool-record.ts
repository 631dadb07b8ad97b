// The real servers of a map that is kept, as JSON: `[[service, [[name, weight, host, rack or null, dc or null], …]], …]`.

import { parseRealServerName } from '../../model/names/name.js';
import type { PlacedPool, PlacedServer } from '../placed-pools.js';

/** Pools that a text can hold. */
export function poolRecords(pools: readonly PlacedPool[]): readonly unknown[] {
  return pools.map(({ service, servers }) => [
    service,
    servers.map(({ name, weight, place: { host, rack, dc } }) => [name, weight, host, rack, dc]),
  ]);
}

/** The pools of a text; null if it has none, or one of them is of another form. */
export function parsePools(value: unknown): readonly PlacedPool[] | null {
  const pools = listOf(value)?.map(poolOf);
  return pools === undefined || pools.includes(null) ? null : pools.flatMap((own) => own ?? []);
}

function poolOf(value: unknown): PlacedPool | null {
  const [service, listed] = listOf(value) ?? [];
  const servers = listOf(listed)?.map(serverOf);
  if (typeof service !== 'string' || servers === undefined || servers.includes(null)) return null;
  return { service, servers: servers.flatMap((own) => own ?? []) };
}

function serverOf(value: unknown): PlacedServer | null {
  const [name, weight, host, rack, dc] = listOf(value) ?? [];
  if (typeof name !== 'string' || typeof host !== 'string' || !isTextOrNull(rack) || !isTextOrNull(dc)) return null;
  if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 0) return null;
  return { name, weight, address: parseRealServerName(name)?.address ?? name, place: { host, rack, dc } };
}

function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
