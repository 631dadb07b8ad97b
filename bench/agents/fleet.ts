// A fleet of hosts in five data centres, each with an agent that watches hosts of its own data centre and of others. A host is dead, one link in
// 500 is lost, and one in 100 lossy, so that there is something to judge.

import type { AgentReport, LinkResult, PeerConnections } from '../../src/model/links/report.js';
import { probesPerRound } from '../../src/model/links/round.js';

/** A host with its agent. */
export interface FleetHost {
  readonly name: string;
  readonly address: string;
  readonly dc: string;
  readonly rack: string;
  readonly role: string;
  /** The addresses that it watches. */
  readonly targets: readonly string[];
}

const dataCentres = ['tx', 'fr', 'ny', 'sg', 'br'];
const roles = ['web', 'be', 'db', 'cache'];
const hostsOfRack = 40;

/** The fleet: so many agents, with so many links each. */
export function fleetOf(agents: number, linksEach: number): readonly FleetHost[] {
  return Array.from({ length: agents }, (_, i) => ({
    name: `host${String(i).padStart(5, '0')}`,
    address: addressOf(i),
    dc: dataCentres[i % dataCentres.length] ?? '',
    rack: `r${Math.floor(i / hostsOfRack / dataCentres.length)}`,
    role: roles[Math.floor(i / dataCentres.length) % roles.length] ?? '',
    targets: Array.from({ length: linksEach }, (_, k) => addressOf((i + offsetOf(k)) % agents)),
  }));
}

/** Even links stay in the data centre, odd ones leave it. */
function offsetOf(link: number): number {
  return dataCentres.length * (1 + 7 * link) + (link % 2);
}

function addressOf(host: number): string {
  return `10.${16 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
}

/** The topology of a fleet, as CSV. */
export function topologyText(fleet: readonly FleetHost[]): string {
  const rows = fleet.map(({ name, address, rack, dc, role }) => [name, address, rack, dc, role].join(','));
  return `${['host,addresses,rack,dc,role', ...rows].join('\n')}\n`;
}

/** The dead host. */
const dead = addressOf(1234);

/** The report of a host about a round. */
export function reportOf({ name, address, dc, role, targets }: FleetHost, round: number): AgentReport {
  const number = Number(name.slice('host'.length));
  return {
    round,
    about: { role, dc, load: 0.5 + (number % 40) / 10, ...nginxRates(number, round) },
    results: [answered('127.0.0.1', 0.03), ...targets.map((to, k) => resultOf(to, number * targets.length + k))],
    connections: connectionsOf(address, targets),
  };
}

function nginxRates(number: number, round: number) {
  const nginxAccessRate = 100 + ((number * 31 + round * 7) % 900);
  return { nginxAccessRate, nginxErrRate: 1.5, nginx4xx: 1, nginx5xx: 0.5, nginx504: 0.1 };
}

function resultOf(to: string, link: number): LinkResult {
  if (to === dead || link % 500 === 3) return { to, outcomes: '0'.repeat(probesPerRound), rtt: null, rttMax: null };
  const result = answered(to, 0.4 + (link % 300) / 10);
  return link % 100 === 7 ? { ...result, outcomes: '1111111000' } : result;
}

function answered(to: string, rtt: number): LinkResult {
  return { to, outcomes: '1'.repeat(probesPerRound), rtt, rttMax: rtt * 1.5 };
}

/** Of the host: to what it watches, and from eight networks of clients. */
function connectionsOf(local: string, targets: readonly string[]): readonly PeerConnections[] {
  return [
    ...targets.map((peer, k) => ({ dir: 'out', local, peer, port: 3306, n: 20 - k }) as const),
    ...Array.from({ length: 8 }, (_, k) => ({ dir: 'in', local, peer: `192.0.${k}.0/24`, port: 443, n: 9 }) as const),
  ];
}
