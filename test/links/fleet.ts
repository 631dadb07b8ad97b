// A small fleet for tests of what shows links: two directors and two web servers in two data centres, with an agent each, as a live table.

import { LiveTable } from '../../src/links/table/live-table.js';
import { liveRows } from '../../src/links/table/live-view.js';
import type { Finding } from '../../src/model/finding/finding.js';
import type { LinksView } from '../../src/model/links/view.js';
import { noTopology, type Topology } from '../../src/model/topology/topology.js';

/** Outcomes of rounds, by agent and target. */
export type Outcomes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Ten pings that are answered, and ten that are lost. */
export const well = '1111111111';
export const lost = '0000000000';

/** The role and the data centre of an agent, by the beginning of its name: `lb1`, `frweb2`. */
function aboutOf(name: string) {
  return { role: name.includes('lb') ? 'lb' : 'web', dc: name.startsWith('fr') ? 'fr' : 'tx' };
}

/** When, where and with which findings a fleet is looked at. */
export interface FleetGround {
  /** Of the last report, epoch seconds. */
  readonly nowS: number;
  /** Of the view; that of the last report by default. */
  readonly seenS?: number;
  readonly topology?: Topology;
  readonly findings?: readonly Finding[];
}

/** The view after rounds; the first one only makes the links known. */
export function fleetView(rounds: readonly Outcomes[], ground: FleetGround): LinksView {
  const { nowS, seenS = nowS, topology = noTopology, findings = [] } = ground;
  const table = new LiveTable(() => topology);
  for (const [round, reports] of rounds.entries()) {
    for (const [name, outcomes] of Object.entries(reports)) {
      const results = Object.entries(outcomes).map(([to, own]) => {
        const rtt = own.includes('1') ? 0.5 : null;
        return { to, outcomes: own, rtt, rttMax: rtt };
      });
      const imports = Object.keys(outcomes);
      const report = { round, about: aboutOf(name), results, connections: [], imports };
      table.accept(name, report, nowS - 120 * (rounds.length - 1 - round));
    }
  }
  return { timeS: seenS, ...liveRows(table, seenS), findings };
}
