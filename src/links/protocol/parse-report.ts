// Reads the report of an agent, which may say anything: every text has a grammar, every number a range, and every list a bound.

import { isObject } from '../../files/json-object.js';
import {
  type AgentAbout,
  type AgentReport,
  dnsNamePattern,
  type LinkResult,
  memberNamePattern,
  memberServicePattern,
  mostNameAddresses,
  mostNames,
  mostParts,
  mostPeers,
  mostReportBytes,
  mostWitnesses,
  type NamedAddresses,
  type PeerConnections,
  type PeerReport,
  peerOutcomes,
  placeWordPattern,
} from '../../model/links/report.js';
import { probesPerRound } from '../../model/links/round.js';
import { canonicalAddress, parseTarget } from '../../model/links/target.js';
import { parseNetwork } from '../../model/topology/network.js';

/** Why a body is no report. */
export class ReportError extends Error {}

/** Longest round-trip time that is taken for one, milliseconds. */
export const mostRttMs = 120_000;

/** Parses a body. Throws a `ReportError` that names the field. */
export function parseReport(body: Uint8Array): AgentReport {
  if (body.length > mostReportBytes)
    throw new ReportError(`the report is longer than ${mostReportBytes} bytes: send it in parts`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ReportError('the report is not JSON');
  }
  const {
    round,
    part = 0,
    about,
    results,
    connections,
    imports = [],
    names = [],
    peers = [],
  } = recordOf(value, 'the report');
  return {
    round: integerOf(round, 'round', Number.MAX_SAFE_INTEGER),
    part: integerOf(part, 'part', mostParts - 1),
    about: aboutOf(recordOf(about, 'about')),
    results: listOf(results, 'results').map(resultOf),
    connections: listOf(connections, 'connections').map(connectionOf),
    imports: listOf(imports, 'imports').map((one) => targetTextOf(one, 'imports')),
    names: namesOf(names),
    peers: parsePeers(peers),
  };
}

const rates = ['nginxAccessRate', 'nginxErrRate', 'nginx4xx', 'nginx5xx', 'nginx504'] as const;

function aboutOf(about: Readonly<Record<string, unknown>>): AgentAbout {
  const words = (['role', 'dc'] as const).flatMap((name) => {
    const word = about[name];
    if (word === undefined || word === null) return [];
    if (typeof word === 'string' && placeWordPattern.test(word)) return [[name, word]];
    throw new ReportError(`about.${name} is not a word of letters, digits, ".", "_" and "-", at most 40`);
  });
  const numbers = (['load', ...rates] as const).flatMap((name) => {
    const value = about[name];
    if (value === undefined || value === null) return [];
    if (typeof value === 'number' && value >= 0 && value <= 1e9) return [[name, value]];
    throw new ReportError(`about.${name} is not a number from 0 to 1e9`);
  });
  return Object.fromEntries([...words, ...numbers]);
}

function resultOf(value: unknown): LinkResult {
  const { to, outcomes, rtt = null, rttMax = null } = recordOf(value, 'results');
  if (typeof outcomes !== 'string' || !/^[01]+$/.test(outcomes) || outcomes.length > probesPerRound) {
    throw new ReportError(`results.outcomes is not a text of 1 to ${probesPerRound} digits 0 and 1`);
  }
  const times = [rtt, rttMax];
  const isAnswered = outcomes.includes('1');
  if (times.some((one) => (isAnswered ? !isRtt(one) : one !== null))) {
    throw new ReportError(
      isAnswered
        ? `results.rtt or rttMax is not a number of milliseconds up to ${mostRttMs}`
        : 'results.rtt and rttMax must be null where nothing answered',
    );
  }
  if (Number(rtt) > Number(rttMax)) throw new ReportError('results.rttMax is less than results.rtt, the median');
  return { to: targetTextOf(to, 'results.to'), outcomes, rtt: numberOrNull(rtt), rttMax: numberOrNull(rttMax) };
}

function isRtt(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= mostRttMs;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function connectionOf(value: unknown): PeerConnections {
  const { dir, local, peer, port, n } = recordOf(value, 'connections');
  if (dir !== 'in' && dir !== 'out') throw new ReportError('connections.dir is neither "in" nor "out"');
  return {
    dir,
    local: addressOf(local, 'connections.local'),
    peer: peerOf(peer),
    port: integerOf(port, 'connections.port', 65_535),
    n: integerOf(n, 'connections.n', 1_000_000),
  };
}

function namesOf(value: unknown): readonly NamedAddresses[] {
  const names = listOf(value, 'names');
  if (names.length > mostNames) throw new ReportError(`names has more than ${mostNames} names`);
  return names.map((one) => {
    const { name, addresses } = recordOf(one, 'names');
    if (typeof name !== 'string' || !dnsNamePattern.test(name))
      throw new ReportError('names.name is not a DNS name in lower case');
    const all = listOf(addresses, 'names.addresses');
    if (all.length > mostNameAddresses)
      throw new ReportError(`names.addresses has more than ${mostNameAddresses} addresses`);
    return { name, addresses: all.map((address) => addressOf(address, 'names.addresses')) };
  });
}

/** Parses verdicts on peers. Throws a `ReportError` that names the field. */
export function parsePeers(value: unknown): readonly PeerReport[] {
  const peers = listOf(value, 'peers');
  if (peers.length > mostPeers) throw new ReportError(`peers has more than ${mostPeers} verdicts`);
  return peers.map((one) => {
    const { member, svc, outcome, sinceS, witnesses } = recordOf(one, 'peers');
    const known = peerOutcomes.find((own) => own === outcome);
    if (known === undefined) throw new ReportError(`peers.outcome is none of ${peerOutcomes.join(', ')}`);
    const names = listOf(witnesses, 'peers.witnesses');
    if (names.length > mostWitnesses) throw new ReportError(`peers.witnesses has more than ${mostWitnesses} members`);
    return {
      member: memberOf(member, 'peers.member'),
      svc: serviceTextOf(svc),
      outcome: known,
      sinceS: integerOf(sinceS, 'peers.sinceS', Number.MAX_SAFE_INTEGER),
      witnesses: names.map((name) => memberOf(name, 'peers.witnesses')),
    };
  });
}

function memberOf(value: unknown, field: string): string {
  if (typeof value === 'string' && memberNamePattern.test(value)) return value;
  throw new ReportError(`${field} is not a name of letters, digits, ".", "_" and "-", at most 128`);
}

function serviceTextOf(value: unknown): string {
  if (value === '') return value;
  if (typeof value === 'string' && memberServicePattern.test(value) && Number(value.split('/')[1]) <= 65_535)
    return value;
  throw new ReportError('peers.svc is neither empty nor KIND/PORT or KIND/PORT/tls');
}

function peerOf(value: unknown): string {
  if (typeof value === 'string' && value.length <= 60 && value.includes('/') && !('problem' in parseNetwork(value)))
    return value;
  return addressOf(value, 'connections.peer');
}

function addressOf(value: unknown, field: string): string {
  const address = typeof value === 'string' && value.length <= 60 ? canonicalAddress(value) : null;
  if (address === null) throw new ReportError(`${field} is not an address`);
  return address;
}

function targetTextOf(value: unknown, field: string): string {
  const isTarget = typeof value === 'string' && parseTarget(value) !== null;
  if (!isTarget) throw new ReportError(`${field} is neither an address nor an address with a port`);
  return value;
}

function integerOf(value: unknown, field: string, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new ReportError(`${field} is not a whole number from 0 to ${most}`);
}

function listOf(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ReportError(`${field} is not a list`);
}

function recordOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new ReportError(`${field} is not an object`);
}
