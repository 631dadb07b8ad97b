// The names of addresses that change, such as those of a cloud's balancer: each is one node, whatever address it has today.

import type { NamedAddresses } from '../../model/links/report.js';

/**
 * By address, the name that has it. None that has the address of a host, which is known better; and where several names have an address, nothing
 * says which is meant.
 */
export function namesByAddress(
  names: readonly NamedAddresses[],
  isOfHost: (address: string) => boolean,
): ReadonlyMap<string, NamedAddresses> {
  const claims = new Map<string, NamedAddresses | null>();
  for (const name of names) {
    for (const address of name.addresses) claims.set(address, claims.has(address) ? null : name);
  }
  const hosts = new Set(names.filter(({ addresses }) => addresses.some(isOfHost)));
  const found = new Map<string, NamedAddresses>();
  for (const [address, name] of claims) if (name !== null && !hosts.has(name)) found.set(address, name);
  return found;
}
