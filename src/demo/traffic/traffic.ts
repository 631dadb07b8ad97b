// Kinds of traffic for services: typical of a protocol, to be varied by the cast. Sizes are IP packets without receive offload,
// 40 to 1,500 bytes; times are those of ip_vs: a closed TCP connection counts as inactive for two minutes, UDP is never active.

import type { RealServerId } from '../../model/names/identity.js';
import type { RealServerRole, Traffic } from '../cast/character.js';

/** A website over TLS: requests in, pages out. */
export const web: Traffic = {
  connsPerS: 100,
  rhythm: 'daytime',
  growthPerYear: 0.2,
  burstiness: 0.2,
  inPktsPerConn: 18,
  outPktsPerInPkt: 1.35,
  inPktBytes: 135,
  outPktBytes: 1010,
  activeS: 9,
  inactiveS: 75,
  isOnePacket: false,
};

/** Small requests with small answers, at any hour. */
export const api: Traffic = {
  ...web,
  rhythm: 'steady',
  inPktsPerConn: 9,
  outPktsPerInPkt: 0.95,
  inPktBytes: 310,
  outPktBytes: 480,
  activeS: 2.5,
};

/** Large files to many people in the evening. */
export const media: Traffic = {
  ...web,
  rhythm: 'evening',
  inPktsPerConn: 240,
  outPktsPerInPkt: 1.6,
  inPktBytes: 62,
  outPktBytes: 1240,
  activeS: 45,
};

/** Questions and answers of one small packet each. */
export const dns: Traffic = {
  ...web,
  rhythm: 'steady',
  inPktsPerConn: 1.9,
  outPktsPerInPkt: 0.98,
  inPktBytes: 71,
  outPktBytes: 146,
  activeS: 0,
  inactiveS: 180,
};

/** Sessions that stay open. */
export const sessions: Traffic = {
  ...web,
  rhythm: 'office',
  inPktsPerConn: 160,
  outPktsPerInPkt: 1.15,
  inPktBytes: 150,
  outPktBytes: 640,
  activeS: 1500,
  inactiveS: 110,
};

/** Incoming mail. */
export const mail: Traffic = {
  ...web,
  rhythm: 'daytime',
  burstiness: 0.45,
  inPktsPerConn: 34,
  outPktsPerInPkt: 0.7,
  inPktBytes: 870,
  outPktBytes: 78,
  activeS: 14,
};

/** Few connections that carry very much, at night. */
export const backup: Traffic = {
  ...web,
  rhythm: 'night-batch',
  burstiness: 0.35,
  inPktsPerConn: 80_000,
  outPktsPerInPkt: 0.42,
  inPktBytes: 1240,
  outPktBytes: 54,
  activeS: 420,
};

/** Consecutive real servers in 10.0.0.0/8, or in 2001:db8::/32 for `family` 6; `farm` separates services. */
export function realServerFarm(
  { farm, port, family = 4 }: { farm: number; port: number; family?: 4 | 6 },
  weights: readonly (number | null)[],
): readonly RealServerRole[] {
  return weights.map((weight, i) => {
    const address =
      family === 4 ? `10.${farm >> 8}.${farm & 255}.${11 + i}` : `2001:db8:a:${farm.toString(16)}::${11 + i}`;
    const id: RealServerId = { address, port };
    return { id, weight };
  });
}
