// A simulated service: its identity, its traffic, and its story. Pure data. Hand-made characters are in cast.ts, the
// others in crowd.ts.

import type { Forwarding, RealServerId, ServiceId } from '../../model/names/identity.js';
import type { Span } from '../traffic/calendar.js';
import type { RhythmName } from '../traffic/rhythm.js';

/** A service of the simulation. */
export interface Character {
  readonly id: ServiceId;
  /** Host names of its address, the first one canonical. */
  readonly hostNames: readonly string[];
  readonly scheduler: string;
  readonly flags: string;
  readonly forwarding: Forwarding;
  readonly traffic: Traffic;
  /** Every real server it ever has. */
  readonly realServers: readonly RealServerRole[];
  readonly story: Story;
}

/** A real server; `weight` is the initial one, null while it is not yet in the table. */
export interface RealServerRole {
  readonly id: RealServerId;
  readonly weight: number | null;
}

/** The traffic at the end of the history, as means over a week. */
export interface Traffic {
  readonly connsPerS: number;
  readonly rhythm: RhythmName;
  readonly growthPerYear: number;
  /** 0 smooth to 1 bursts. */
  readonly burstiness: number;
  readonly inPktsPerConn: number;
  readonly outPktsPerInPkt: number;
  readonly inPktBytes: number;
  readonly outPktBytes: number;
  /** Seconds for which a connection counts as active, and as inactive. */
  readonly activeS: number;
  readonly inactiveS: number;
  /** Each packet is a connection (`ipvsadm --ops`): conns equal inPkts. */
  readonly isOnePacket: boolean;
}

/** Its story; times are epoch seconds, oldest first. */
export interface Story {
  /** Spans in which it is not in the table; an open end is infinite. */
  readonly absences: readonly Span[];
  /** `ipvsadm -Z -t`: its counters restart, its connections stay. */
  readonly zeroedS: readonly number[];
  /** Disjoint spans in which its traffic is multiplied. */
  readonly episodes: readonly Episode[];
  readonly changes: readonly RealServerChange[];
  readonly pulls: readonly Pull[];
}

/** The seven quantities in the order of `ipvsDataSources`, each multiplied within the span. */
export interface Episode extends Span {
  readonly factors: readonly [
    active: number,
    inactive: number,
    conns: number,
    inPkts: number,
    outPkts: number,
    inBytes: number,
    outBytes: number,
  ];
}

/** From `atS` on, a real server (by position) has another weight; null removes it from the table. */
export interface RealServerChange {
  readonly atS: number;
  readonly realServer: number;
  readonly weight: number | null;
}

/** From `atS` on, a real server takes `factor` times the share of new connections due to its weight. */
export interface Pull {
  readonly atS: number;
  readonly realServer: number;
  readonly factor: number;
}

/** An empty story. */
export const uneventful: Story = { absences: [], zeroedS: [], episodes: [], changes: [], pulls: [] };

/** Mean rates per second of the five counters at the end of the history: conns, inPkts, outPkts, inBytes, outBytes. */
export function meanRates(traffic: Traffic): readonly number[] {
  const inPkts = traffic.connsPerS * traffic.inPktsPerConn;
  const outPkts = inPkts * traffic.outPktsPerInPkt;
  const conns = traffic.isOnePacket ? inPkts : traffic.connsPerS;
  return [conns, inPkts, outPkts, inPkts * traffic.inPktBytes, outPkts * traffic.outPktBytes];
}
