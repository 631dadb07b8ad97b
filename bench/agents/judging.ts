// The live table in this process: how long a judgement of all links takes, which comes every five seconds, and their rows for pages.

import { LiveTable } from '../../src/links/table/live-table.js';
import { liveRows } from '../../src/links/table/live-view.js';
import { roundS } from '../../src/model/links/round.js';
import { type Topology, topologyOf } from '../../src/model/topology/topology.js';
import { processorRoundsMs } from '../timed.js';
import { type FleetHost, reportOf } from './fleet.js';

/** Milliseconds of processor time, medians. */
export interface JudgingCosts {
  readonly judgeMs: number;
  readonly rowsMs: number;
  /** The named cuts, so that it is known that there was something to judge. */
  readonly cuts: number;
}

const roundsBefore = 3;

/** Measures the judgement on a fleet. */
export async function judgingOf(fleet: readonly FleetHost[]): Promise<JudgingCosts> {
  const topology = topologyOfFleet(fleet);
  const table = new LiveTable(() => topology);
  let nowS = 1_800_000_000;
  for (let round = 1; round <= roundsBefore; round += 1, nowS += roundS) {
    for (const host of fleet) table.accept(host.name, reportOf(host, round), nowS);
  }
  return {
    judgeMs: await processorRoundsMs(() => table.judge(nowS)),
    rowsMs: await processorRoundsMs(() => liveRows(table, nowS)),
    cuts: table.judge(nowS).cuts.length,
  };
}

function topologyOfFleet(fleet: readonly FleetHost[]): Topology {
  const topology = topologyOf(
    fleet.map(({ name, address, rack, dc, role }) => ({ host: name, addresses: [address], rack, dc, role })),
  );
  if ('problem' in topology) throw new Error(topology.problem);
  return topology;
}
