// The probes of a round: addresses are pinged, addresses with ports connected to, both at the same time.

import { linkResult } from '../../model/links/link-result.js';
import type { LinkResult } from '../../model/links/report.js';
import { type LinkTarget, targetText } from '../../model/links/target.js';
import type { Clock, RoundTiming } from '../timing.js';
import { connectAll } from './connect.js';
import { ownAddress, type PingProblem, ping } from './ping.js';

/** The results of a round, and why pings tell nothing; null if they do. */
export interface ProbedLinks {
  readonly results: readonly LinkResult[];
  readonly problem: PingProblem | null;
}

/** The circumstances of probes. */
export interface ProbeRequest {
  readonly timing: RoundTiming;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly fping?: string;
}

/** Probes links for a round. The host itself is among the results, as 127.0.0.1. */
export async function probeLinks(targets: readonly LinkTarget[], request: ProbeRequest): Promise<ProbedLinks> {
  const addresses = [ownAddress, ...targets.filter(({ port }) => port === null).map(({ address }) => address)];
  const ported = targets.filter(({ port }) => port !== null);
  const [pinged, connected] = await Promise.all([ping([...new Set(addresses)], request), connectAll(ported, request)]);
  const results = [
    ...[...pinged.times].map(([address, times]) => linkResult(address, times)),
    ...ported.map((target, i) => linkResult(targetText(target), connected[i] ?? [])),
  ];
  return { results: results.filter((one) => one !== null), problem: pinged.problem };
}
