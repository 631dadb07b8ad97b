// The services that are not hand-made: drawn from the seed, with heavy-tailed sizes (Zipf: the n-th is about 1/n as busy as the
// first), each on an address of its own while addresses last.

import { type Calendar, dayS } from '../traffic/calendar.js';
import { hashAt, noiseKey } from '../traffic/noise.js';
import type { RhythmName } from '../traffic/rhythm.js';
import { api, backup, dns, mail, media, realServerFarm, sessions, web } from '../traffic/traffic.js';
import { serviceAt } from './cast.js';
import { type Character, type Episode, type Story, type Traffic, uneventful } from './character.js';

/** A kind of service: its frequency, and the rate of the busiest one. */
interface Kind {
  readonly label: string;
  readonly likelihood: number;
  readonly traffic: Traffic;
  readonly busiestPerS: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly rhythms: readonly RhythmName[];
}

const kinds: readonly Kind[] = [
  tcp('web', 0.42, 443, { traffic: web, busiestPerS: 260, rhythms: ['daytime', 'evening', 'office'] }),
  tcp('site', 0.13, 80, { traffic: web, busiestPerS: 120, rhythms: ['daytime', 'evening'] }),
  tcp('api', 0.16, 8443, { traffic: api, busiestPerS: 240, rhythms: ['steady', 'daytime', 'office'] }),
  tcp('video', 0.05, 443, { traffic: media, busiestPerS: 30, rhythms: ['evening'] }),
  tcp('desk', 0.08, 3389, { traffic: sessions, busiestPerS: 9, rhythms: ['office'] }),
  tcp('mail', 0.06, 25, { traffic: mail, busiestPerS: 20, rhythms: ['daytime', 'steady'] }),
  tcp('copy', 0.04, 873, { traffic: backup, busiestPerS: 0.02, rhythms: ['night-batch'] }),
  { ...tcp('ns', 0.06, 53, { traffic: dns, busiestPerS: 400, rhythms: ['steady'] }), protocol: 'udp' },
];

const networks = ['192.0.2', '198.51.100', '203.0.113'] as const;
/** Addresses from .100 on are the crowd's. */
const addressesPerNetwork = 150;

/** The service at that position in the crowd, 0 being the busiest. */
export function crowdMember(position: number, calendar: Calendar, seed: number): Character {
  const key = noiseKey(seed, `crowd ${position}`);
  const draw = (purpose: number): number => hashAt(key, purpose);
  const kind = kindAt(draw(1));
  const size = (0.5 + draw(2)) / (position + 1.5) ** 0.9;
  const isV6 = draw(3) < 0.12;
  const isRouted = kind.protocol === 'tcp' && draw(4) < 0.1;
  const farm = 256 + position;
  const count = Math.min(8, 1 + Math.floor(7.5 * draw(5) ** 2 + 2 * size));
  const weight = draw(6) < 0.3 ? 100 : 1;
  const weights = Array.from({ length: count }, (_, i) => weight * (hashAt(key, 100 + i) < 0.15 ? 2 : 1));
  return {
    id: serviceAt(addressOf(position, isV6), portOf(position, kind.port), kind.protocol),
    hostNames: [`${kind.label}${position + 1}.example.${draw(7) < 0.6 ? 'com' : 'net'}`],
    scheduler: draw(8) < 0.6 ? 'wlc' : 'wrr',
    flags: draw(9) < 0.15 ? 'persistent 300' : '',
    forwarding: isRouted ? 'Route' : 'Masq',
    traffic: {
      ...kind.traffic,
      connsPerS: kind.busiestPerS * size,
      rhythm: kind.rhythms[Math.floor(draw(10) * kind.rhythms.length)] ?? kind.traffic.rhythm,
      growthPerYear: -0.25 + 0.9 * draw(11),
      burstiness: Math.min(0.95, kind.traffic.burstiness + 0.04 / Math.sqrt(size)),
      inPktsPerConn: kind.traffic.inPktsPerConn * (kind.protocol === 'udp' ? 1 : 0.7 + 0.8 * draw(12)),
      outPktsPerInPkt: isRouted ? 0 : kind.traffic.outPktsPerInPkt * (0.85 + 0.25 * draw(13)),
      inPktBytes: kind.traffic.inPktBytes * (0.9 + 0.15 * draw(14)) + (isV6 ? 20 : 0),
      outPktBytes: kind.traffic.outPktBytes * (0.88 + 0.12 * draw(15)) + (isV6 ? 20 : 0),
    },
    realServers: realServerFarm({ farm, port: kind.port, family: isV6 ? 6 : 4 }, weights),
    story: storyOf({ draw, count, weight, failure: failureOf(kind) }, calendar),
  };
}

function tcp(
  label: string,
  likelihood: number,
  port: number,
  rest: Pick<Kind, 'traffic' | 'busiestPerS' | 'rhythms'>,
): Kind {
  return { label, likelihood, port, protocol: 'tcp', ...rest };
}

function kindAt(chance: number): Kind {
  let sum = 0;
  const [first] = kinds;
  const found = kinds.find(({ likelihood }) => {
    sum += likelihood;
    return chance < sum;
  });
  return found ?? first ?? tcp('web', 1, 443, { traffic: web, busiestPerS: 100, rhythms: ['daytime'] });
}

function addressOf(position: number, isV6: boolean): string {
  if (isV6) return `2001:db8:0:${(position + 1).toString(16)}::80`;
  const host = Math.floor(position / networks.length) % addressesPerNetwork;
  return `${networks[position % networks.length] ?? networks[0]}.${100 + host}`;
}

/** A second service on an address has another port, from a range that no kind uses. */
function portOf(position: number, port: number): number {
  const round = Math.floor(position / (networks.length * addressesPerNetwork));
  return round === 0 ? port : 10_000 + round;
}

/** Unanswered requests are repeated; refused ones end with some of the smallest packets. */
function failureOf({ protocol, traffic }: Kind): Episode['factors'] {
  if (protocol === 'udp') return [1, 1.5, 1.5, 1.8, 0.03, 1.8, 0.03];
  const smaller = (pktBytes: number): number => Math.min(1, Math.max(0.3, 60 / pktBytes));
  return [0.05, 1.3, 1.2, 0.3, 0.2, 0.3 * smaller(traffic.inPktBytes), 0.2 * smaller(traffic.outPktBytes)];
}

interface Cast {
  readonly draw: (purpose: number) => number;
  readonly count: number;
  readonly weight: number;
  readonly failure: Episode['factors'];
}

/** One in six was added during the year, some are drained once, some have a short failure. */
function storyOf({ draw, count, weight, failure }: Cast, { endS }: Calendar): Story {
  const someTime = (purpose: number): number => Math.round(endS - dayS * (6 + 350 * draw(purpose)));
  const drainS = someTime(20);
  const isDrained = count > 1 && draw(21) < 0.3;
  const failureS = someTime(22);
  return {
    ...uneventful,
    absences: draw(23) < 0.16 ? [{ fromS: Number.NEGATIVE_INFINITY, toS: someTime(24) }] : [],
    changes: isDrained
      ? [
          { atS: drainS, realServer: 0, weight: 0 },
          { atS: drainS + Math.round(3000 + 20_000 * draw(25)), realServer: 0, weight },
        ]
      : [],
    episodes: draw(26) < 0.4 ? [{ fromS: failureS, toS: failureS + 1500, factors: failure }] : [],
  };
}
