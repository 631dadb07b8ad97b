// The node of an address: the host that the topology, an agent, the data file or the director's table knows by it; else a name whose addresses
// change; else clients that the policy names; else the address itself, which nothing knows.

import { clientsRole, dnsRole, hostRole, noRole, unknownRole } from '../../model/map/fleet-map.js';
import { clientPrefix } from '../../model/policy/clients.js';
import { addressKey } from '../../model/topology/network.js';
import { hostNamed, hostOfAddress, rackOf, type TopologyHost } from '../../model/topology/topology.js';
import { UserError } from '../../model/user-error.js';
import type { AddedNode, MapInput } from '../map-input.js';
import { namesByAddress } from './changing-names.js';
import type { GraphBuilder } from './graph-builder.js';

/** The place of a node that has none, or an unknown one. */
const nowhere = { dc: null, rack: null } as const;

const hostId = (name: string): string => `host:${name}`;

/** Places addresses on the graph. */
export class Places {
  readonly #builder: GraphBuilder;
  readonly #input: MapInput;
  readonly #vips: ReadonlySet<string>;
  readonly #servers: ReadonlySet<string>;
  /** By address; null where two hosts have it, such as that of a bridge for containers. */
  readonly #ofAgents = new Map<string, number | null>();
  readonly #added = new Map<string, number>();
  #names: ReturnType<typeof namesByAddress> = new Map();
  readonly #memo = new Map<string, number>();
  /** Networks, as agents fold clients, that have a known address. */
  readonly #knownNetworks = new Set<string>();

  constructor(builder: GraphBuilder, input: MapInput) {
    this.#builder = builder;
    this.#input = input;
    this.#vips = new Set(input.services.flatMap(({ id }) => (id.kind === 'address' ? [id.address] : [])));
    this.#servers = new Set(input.services.flatMap(({ servers }) => servers.map(({ address }) => address)));
    for (const { isIpv6, length, hosts } of input.topology.tables) {
      if (length < shortest(isIpv6)) continue;
      for (const first of hosts.keys()) this.#knownNetworks.add(keyOfFolded(isIpv6, first));
    }
    for (const address of [...this.#vips, ...this.#servers]) this.#know(address);
  }

  /** The node of an agent's host. */
  agent({ name, role, dc, addresses }: MapInput['agents'][number]): number {
    const own = addresses.filter((address) => !this.#vips.has(address));
    const { topology } = this.#input;
    const host = hostNamed(topology, name) ?? first(own, (address) => hostOfAddress(topology, address));
    const stated = { role: hostRole(host?.role ?? role), dc: host?.dc ?? dc, rack: rackOfKnown(host) };
    const node = this.#builder.node({ id: hostId(host?.host ?? name), kind: 'host', ...stated, isKnown: true });
    for (const address of own) {
      const other = this.#ofAgents.get(address);
      this.#ofAgents.set(address, other === undefined || other === node ? node : null);
      this.#know(address);
      this.#builder.member(node, address);
    }
    return node;
  }

  /** Adds a node of the data file. Throws a `UserError` if another host has its address. */
  add({ name, role, dc, addresses, at }: AddedNode): number {
    const isDns = name.startsWith('dns:');
    const known = isDns ? null : hostNamed(this.#input.topology, name);
    const node = this.#builder.node({
      id: isDns ? name : hostId(name),
      kind: isDns ? 'dns' : 'host',
      role: isDns && (role ?? dnsRole) === dnsRole ? dnsRole : hostRole(known?.role ?? role),
      dc: known?.dc ?? dc,
      rack: rackOfKnown(known),
      isKnown: true,
    });
    for (const address of addresses) {
      const owner = hostOfAddress(this.#input.topology, address)?.host ?? null;
      const claims = [
        ...(owner !== null && owner !== name ? [`the host "${owner}" of the topology`] : []),
        ...(this.#vips.has(address) ? ['a virtual service'] : []),
        ...((this.#added.get(address) ?? node) === node ? [] : ['another node of this file']),
      ];
      const [claim] = claims;
      if (claim !== undefined)
        throw new UserError('bad-config', `${at}: ${address} of "${name}" belongs to ${claim}: remove it here`);
      // An address that an agent reports is that of its host.
      if (typeof this.#ofAgents.get(address) === 'number') continue;
      this.#added.set(address, node);
      this.#know(address);
      this.#builder.member(node, address);
    }
    return node;
  }

  /** Adds the names whose addresses change, once the hosts are there. */
  addNames(): void {
    this.#names = namesByAddress(this.#input.names, (address) => this.#isOfHost(address));
  }

  #isOfHost(address: string): boolean {
    return (
      this.#vips.has(address) ||
      this.#servers.has(address) ||
      this.#ofAgents.has(address) ||
      this.#added.has(address) ||
      hostOfAddress(this.#input.topology, address) !== null
    );
  }

  /** The node of an address, or of a network such as `192.0.2.0/24`. */
  of(text: string): number {
    const known = this.#memo.get(text);
    if (known !== undefined) return known;
    const node = text.includes('/') ? this.#network(text) : this.#address(text);
    this.#memo.set(text, node);
    return node;
  }

  /** The node of a host that the topology lists, or of clients that the policy names, though nothing else mentions it; null if there is none. */
  listed(name: string): number | null {
    const host = hostNamed(this.#input.topology, name);
    if (host !== null) return this.#host(host);
    return hostNamed(this.#input.clients, name) === null ? null : this.#namedClients(name);
  }

  #address(address: string): number {
    const host = hostOfAddress(this.#input.topology, address);
    const node =
      (host === null ? null : this.#host(host)) ??
      this.#ofAgents.get(address) ??
      this.#added.get(address) ??
      this.#named(address) ??
      this.#clients(address) ??
      this.#lone(address);
    this.#builder.member(node, address);
    return node;
  }

  /** The node of an address that has no other. */
  #lone(address: string): number {
    const isKnown = this.#servers.has(address) || this.#vips.has(address) || this.#ofAgents.has(address);
    const role = isKnown ? noRole : unknownRole;
    return this.#builder.node({ id: hostId(address), kind: 'host', role, ...nowhere, isKnown });
  }

  #named(address: string): number | null {
    const known = this.#names.get(address);
    if (known === undefined) return null;
    const node = this.#builder.node({
      id: `dns:${known.name}`,
      kind: 'dns',
      role: dnsRole,
      ...nowhere,
      isKnown: true,
    });
    for (const own of known.addresses) this.#builder.member(node, own);
    return node;
  }

  #host(known: TopologyHost): number {
    const { host, role, dc } = known;
    const place = { role: hostRole(role), dc, rack: rackOf(known) };
    return this.#builder.node({ id: hostId(host), kind: 'host', ...place, isKnown: true });
  }

  #clients(text: string): number | null {
    const [address = '', length] = text.split('/');
    // A larger network than agents report may be that of several names.
    const named =
      Number(length ?? 128) < shortest(address.includes(':')) ? null : hostOfAddress(this.#input.clients, address);
    return named === null ? null : this.#namedClients(named.host);
  }

  #namedClients(name: string): number {
    return this.#builder.node({ id: `clients:${name}`, kind: 'clients', role: clientsRole, ...nowhere, isKnown: true });
  }

  #network(network: string): number {
    const isKnown = this.#knownNetworks.has(foldedKey(network) ?? network);
    const node =
      this.#clients(network) ??
      this.#builder.node({ id: `clients:${network}`, kind: 'clients', role: clientsRole, ...nowhere, isKnown });
    this.#builder.member(node, network);
    return node;
  }

  #know(address: string): void {
    const key = foldedKey(address);
    if (key !== null) this.#knownNetworks.add(key);
  }
}

function rackOfKnown(host: TopologyHost | null): string | null {
  return host === null ? null : rackOf(host);
}

function first<T, R>(all: readonly T[], find: (one: T) => R | null): R | null {
  for (const one of all) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}

/** A key of the network to which agents fold an address, or of such a network; null if the text is neither. */
export function foldedKey(text: string): string | null {
  const key = addressKey(text.split('/')[0] ?? '');
  return key === null ? null : keyOfFolded(key.isIpv6, key.value);
}

function shortest(isIpv6: boolean): number {
  return isIpv6 ? clientPrefix.ipv6 : clientPrefix.ipv4;
}

function keyOfFolded(isIpv6: boolean, value: bigint): string {
  return isIpv6 ? `6 ${value >> 80n}` : `4 ${value >> 8n}`;
}
