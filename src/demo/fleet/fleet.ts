// A simulated fleet of agents around a simulated director: a pure function of the seed and the round. Links within a data centre are quick,
// those between the two take longer. Three stories end the history: one link loses every eighth probe, one has become slow, and one is cut.

import type { AgentReport, LinkResult } from '../../model/links/report.js';
import { probesPerRound, roundStartS, spacingS } from '../../model/links/round.js';
import { parseTarget } from '../../model/links/target.js';
import type { Character } from '../cast/character.js';
import { hashAt, noiseAt, noiseKey } from '../traffic/noise.js';
import { type FleetHost, fleetHosts } from './hosts.js';

/** The agents of a fleet. */
export interface Fleet {
  readonly hosts: readonly FleetHost[];
  /** The report of a host about a round over its links, targets as texts. */
  reportOf(host: FleetHost, round: number, links: readonly string[]): AgentReport;
}

/** The options of a fleet. */
export interface FleetOptions {
  readonly seed: number;
  readonly characters: readonly Character[];
  /** The stories end at this time, epoch seconds. */
  readonly endS: number;
}

/** Something that goes wrong on a link, from a time before the end of the history on, seconds. */
interface LinkStory {
  readonly from: string;
  readonly to: string;
  readonly sinceS: number;
  readonly loss: number;
  readonly slowdown: number;
}

const stories: readonly LinkStory[] = [
  { from: 'www02', to: 'db1', sinceS: 5 * 3600, loss: 0.125, slowdown: 1 },
  { from: 'api03', to: 'cache1', sinceS: 1200, loss: 0, slowdown: 40 },
  { from: 'media05', to: 'cache1', sinceS: 2400, loss: 1, slowdown: 1 },
];

/** Probes that are lost without any reason. */
const usualLoss = 0.0004;

/** Creates a fleet. */
export function createFleet({ seed, characters, endS }: FleetOptions): Fleet {
  const hosts = fleetHosts(seed, characters);
  const byAddress = new Map(hosts.flatMap((host) => host.addresses.map((address) => [address, host] as const)));
  const resultOf = (host: FleetHost, round: number, to: string): LinkResult => {
    const far = byAddress.get(parseTarget(to)?.address ?? '');
    const startS = roundStartS(host.name, round);
    const key = noiseKey(seed, `link ${host.name} ${to}`);
    const story = stories.find((one) => one.from === host.name && one.to === far?.name && startS >= endS - one.sinceS);
    const loss = story?.loss ?? usualLoss;
    const answers = Array.from({ length: probesPerRound }, (_, i) => hashAt(key, round * probesPerRound + i) >= loss);
    const isNear = far?.dc === host.dc;
    const base = (isNear ? 0.25 : 41) * (1 + 0.3 * hashAt(key, 1)) * (story?.slowdown ?? 1);
    // Round trips take a little longer when there is much to do.
    const daily = 1 + 0.15 * Math.sin((2 * Math.PI * startS) / 86_400);
    const rtt = base * daily * (1 + 0.05 * noiseAt(key, round / 3));
    const outcomes = answers.map((isAnswered) => (isAnswered ? '1' : '0')).join('');
    if (!answers.includes(true)) return { to, outcomes, rtt: null, rttMax: null };
    return { to, outcomes, rtt, rttMax: rtt * (1.1 + hashAt(key, 7 * round)) };
  };
  return {
    hosts,
    reportOf: (host, round, links) => ({
      round,
      about: {
        role: host.role,
        dc: host.dc,
        load: 0.4 + 0.6 * hashAt(noiseKey(seed, `load of ${host.name}`), round),
        ...(isWeb(host) && nginxOf(seed, host, round)),
      },
      results: links.map((to) => resultOf(host, round, to)),
      connections: host.connectionsAt(roundStartS(host.name, round)),
      imports: host.imports,
    }),
  };
}

/** When the results of a round are complete, epoch seconds. */
export function roundEndS(host: FleetHost, round: number): number {
  return roundStartS(host.name, round) + probesPerRound * spacingS;
}

function isWeb({ role }: FleetHost): boolean {
  return ['web', 'api'].includes(role);
}

function nginxOf(seed: number, { name }: FleetHost, round: number) {
  const key = noiseKey(seed, `nginx of ${name}`);
  const nginxAccessRate = Math.round(100 * (40 + 30 * hashAt(key, 1) + 8 * noiseAt(key, round / 10))) / 100;
  const nginx4xx = Math.round(nginxAccessRate * 2 * (0.5 + hashAt(key, round))) / 100;
  const nginx5xx = Math.round(nginxAccessRate * 0.2 * hashAt(key, round + 0.5)) / 100;
  return { nginxAccessRate, nginxErrRate: nginx4xx + nginx5xx, nginx4xx, nginx5xx, nginx504: 0 };
}
