// The hosts of a simulated fleet: directors, the real servers of the simulated services, and the databases and caches that these use.

import type { PeerConnections } from '../../model/links/report.js';
import type { Character } from '../cast/character.js';
import { isWithin } from '../traffic/calendar.js';
import { hashAt, noiseAt, noiseKey } from '../traffic/noise.js';
import { weightsAt } from '../traffic/phase.js';
import { strangers } from './clients.js';

/** A host with an agent. */
export interface FleetHost {
  readonly name: string;
  readonly role: string;
  readonly dc: string;
  readonly addresses: readonly string[];
  /** Its connections at a time, epoch seconds: of clients only while a service has it as a real server. */
  readonly connectionsAt: (timeS: number) => readonly PeerConnections[];
  /** Targets that it names itself: a director its real servers. */
  readonly imports: readonly string[];
}

type Place = Pick<FleetHost, 'name' | 'role' | 'dc' | 'addresses'>;

const dcs = ['tx', 'fr'] as const;

const backEnds = [
  { ...at('db1', 'db', 0), addresses: ['10.240.0.11'] },
  { ...at('db2', 'db', 1), addresses: ['10.240.0.12'] },
  { ...at('cache1', 'cache', 0), addresses: ['10.240.1.11'] },
  { ...at('cache2', 'cache', 1), addresses: ['10.240.1.12'] },
] as const;

const ports: Readonly<Record<string, number>> = { db: 3306, cache: 6379 };

/** The hosts, in the order of the services. At most `most` of them are real servers. */
export function fleetHosts(seed: number, characters: readonly Character[], most = 60): readonly FleetHost[] {
  const farms = realServerHosts(characters).slice(0, most);
  const targets = farms.flatMap(({ addresses }) => addresses);
  const directors = [at('lb1', 'lb', 0), at('lb2', 'lb', 1)].map((place, i): FleetHost => {
    const address = `10.240.2.${11 + i}`;
    // The second one is reached from the first.
    const hop: PeerConnections = { dir: 'out', local: address, peer: '10.240.2.12', port: 22, n: 1 };
    const back: PeerConnections = { ...hop, dir: 'in', peer: '10.240.2.0/24' };
    const connections = i === 0 ? [hop, ...strayTo(characters)] : [back];
    return { ...place, addresses: [address], connectionsAt: () => connections, imports: targets };
  });
  const data = backEnds.map((place): FleetHost => {
    const others = backEnds.filter(({ role, name }) => role === place.role && name !== place.name);
    const connections = others.map((other) => outTo(place, other, 4));
    return { ...place, connectionsAt: () => connections, imports: [] };
  });
  return [...directors, ...data, ...farms.map((farm, i) => withConnections(seed, farm, i === 0))];
}

function at(name: string, role: string, dc: number): Omit<Place, 'addresses'> {
  return { name, role, dc: dcs[dc % dcs.length] ?? dcs[0] };
}

interface Farm extends Place {
  readonly served: readonly Served[];
}

/** A service that a host is a real server of. */
interface Served {
  /** The local end of its connections that the host sees. */
  readonly local: string;
  readonly port: number;
  readonly isIn: (timeS: number) => boolean;
}

/** Connections to the first virtual address at a port that has no service: they end at the director itself. */
function strayTo(characters: readonly Character[]): readonly PeerConnections[] {
  const vip = characters.flatMap(({ id }) => (id.kind === 'address' ? [id.address] : []))[0];
  return vip === undefined ? [] : [{ dir: 'in', local: vip, peer: strangers.network, port: 22, n: 2 }];
}

/** Whether the table has a real server of a service, by its position. Agents see connections of TCP only. */
function isSeenIn(character: Character, server: number): (timeS: number) => boolean {
  const { id, story } = character;
  const isSeen = id.kind === 'mark' || id.protocol === 'tcp';
  return (timeS) =>
    isSeen &&
    !story.absences.some((span) => isWithin(span, timeS)) &&
    (weightsAt(character, timeS)[server] ?? null) !== null;
}

const roles: Readonly<Record<string, readonly string[]>> = {
  media: ['media', 'video'],
  mail: ['mx', 'mail'],
  ns: ['dns', 'ns'],
  api: ['api'],
  log: ['log'],
  backup: ['backup', 'copy'],
};

/** The role of the hosts of a service, by the first label of its name. */
function roleOf(stem: string): string {
  const label = stem.replace(/\d+$/, '');
  return Object.entries(roles).find(([, labels]) => labels.includes(label))?.[0] ?? 'web';
}

/** The hosts of the real servers: the addresses of both families of a service that has the same name are one host's. */
function realServerHosts(characters: readonly Character[]): readonly Farm[] {
  const hosts = new Map<string, Farm>();
  for (const character of characters) {
    const { id, hostNames, forwarding, realServers } = character;
    const stem = hostNames[0]?.split('.')[0] ?? 'app';
    for (const [i, { id: server }] of realServers.entries()) {
      const name = `${stem}${String(i + 1).padStart(2, '0')}`;
      const before = hosts.get(name) ?? { ...at(name, roleOf(stem), i), addresses: [], served: [] };
      // Under direct routing, the real server sees the address of the service.
      const local = forwarding === 'Route' && id.kind === 'address' ? id.address : server.address;
      hosts.set(name, {
        ...before,
        addresses: [...before.addresses, server.address],
        served: [...before.served, { local, port: server.port, isIn: isSeenIn(character, i) }],
      });
    }
  }
  return [...hosts.values()];
}

function withConnections(seed: number, { served, ...place }: Farm, isFirst: boolean): FleetHost {
  const key = noiseKey(seed, `connections of ${place.name}`);
  const draw = (purpose: number, most: number): number => 1 + Math.floor(most * hashAt(key, purpose));
  const clients = served.flatMap(({ local, port, isIn }, i) =>
    (port === 0 ? [] : [1, 2]).map((n) => {
      const peer = local.includes(':')
        ? `2001:db8:${draw(10 * i + n, 99)}::/48`
        : `198.18.${draw(10 * i + n, 250)}.0/24`;
      return { isIn, connection: { dir: 'in', local, peer, port, n: draw(10 * i + n + 5, 300) } as const };
    }),
  );
  const near = backEnds.filter(({ dc }) => dc === place.dc);
  const far = backEnds.filter(({ dc, role }) => dc !== place.dc && role === 'db');
  const others = [
    ...near.map((other, i) => outTo(place, other, draw(100 + i, 30))),
    ...far.map((other) => outTo(place, other, 2)),
    ...(isFirst ? straysOf(place, served) : []),
  ];
  return {
    ...place,
    connectionsAt: (timeS) => [
      ...clients.flatMap(({ isIn, connection }) => (isIn(timeS) ? [busyAt(key, timeS, connection)] : [])),
      ...others.map((connection) => busyAt(key, timeS, connection)),
    ],
    imports: [],
  };
}

/** Connections as busy as their host is at a time: most in the evening, with some noise from hour to hour; never none. */
function busyAt(key: number, timeS: number, connection: PeerConnections): PeerConnections {
  const daily = 1 + 0.35 * Math.sin((2 * Math.PI * (timeS / 3600 - 12)) / 24);
  const share = daily * (1 + 0.1 * noiseAt(key, timeS / 3600));
  return { ...connection, n: Math.max(1, Math.round(connection.n * share)) };
}

/** Connections with what is in no configuration: clients that nobody named, and a host that nobody listed. */
function straysOf({ addresses: [local = ''] }: Place, [first]: readonly Served[]): readonly PeerConnections[] {
  const clients: readonly PeerConnections[] =
    first === undefined ? [] : [{ dir: 'in', local: first.local, peer: strangers.network, port: first.port, n: 4 }];
  return [...clients, { dir: 'out', local, peer: strangers.address, port: 443, n: 3 }];
}

function outTo({ addresses: [local = ''] }: Pick<Place, 'addresses'>, to: Place, n: number): PeerConnections {
  return { dir: 'out', local, peer: to.addresses[0] ?? '', port: ports[to.role] ?? 0, n };
}
