// The agents of a demonstration: their reports fill a live table as time passes, without a network.

import type { Director } from '../demo/director.js';
import { demoClients } from '../demo/fleet/clients.js';
import { createFleet, type Fleet, roundEndS } from '../demo/fleet/fleet.js';
import type { FleetHost } from '../demo/fleet/hosts.js';
import { LiveTable } from '../links/table/live-table.js';
import { roundAt } from '../model/links/round.js';
import type { ClientNetworks } from '../model/policy/clients.js';
import type { DirectorGroup } from '../model/policy/redundancy.js';
import { type Topology, type TopologyEntry, topologyOf } from '../model/topology/topology.js';

/** The live table of a demonstration. */
export interface DemoLinks {
  readonly table: LiveTable;
  readonly topology: Topology;
  /** The client networks that its policy names. */
  readonly clients: ClientNetworks;
  /** Its directors stand in for each other. */
  readonly groups: readonly DirectorGroup[];
  /** Takes the reports of the rounds that ended up to a time, epoch seconds, in their order. */
  feed(untilS: number): void;
}

/** Seconds before the first feed whose rounds are reported then. */
const firstS = 3600;

/** Racks of each data centre. */
const racks = 4;

interface DemoLinksChoice {
  readonly seed: number;
  readonly endS: number;
  readonly backS?: number;
}

/** The live table of the agents around a director. */
export function createDemoLinks(director: Director, { seed, endS, backS = firstS }: DemoLinksChoice): DemoLinks {
  const fleet = createFleet({ seed, characters: director.characters, endS });
  const topology = topologyFrom(
    fleet.hosts.map(({ name, role, dc, addresses }, i) => {
      return { host: name, addresses, rack: `r${1 + (i % racks)}`, dc, role };
    }),
  );
  const clients = topologyFrom(demoClients.map((own) => ({ ...own, rack: null, dc: null, role: null })));
  const table = new LiveTable(() => topology);
  const next = new Map<FleetHost, number>();
  const directors = fleet.hosts.flatMap(({ name, role }) => (role === 'lb' ? [name] : []));
  const groups = [{ name: 'demonstration', directors }];
  return { table, topology, clients, groups, feed: (untilS) => feedRounds(fleet, { table, next, backS }, untilS) };
}

function topologyFrom(entries: readonly TopologyEntry[]): Topology {
  const topology = topologyOf(entries);
  if ('problem' in topology) throw new Error(topology.problem);
  return topology;
}

interface Feeding {
  readonly table: LiveTable;
  /** The next round of each host. */
  readonly next: Map<FleetHost, number>;
  readonly backS: number;
}

function feedRounds({ hosts, reportOf }: Fleet, { table, next, backS }: Feeding, untilS: number): void {
  const due = hosts.flatMap((host) => {
    const rounds: { readonly host: FleetHost; readonly round: number; readonly atS: number }[] = [];
    let round = next.get(host) ?? roundAt(host.name, untilS - backS);
    for (; roundEndS(host, round) <= untilS; round += 1) rounds.push({ host, round, atS: roundEndS(host, round) });
    next.set(host, round);
    return rounds;
  });
  for (const { host, round, atS } of due.sort((a, b) => a.atS - b.atS)) {
    const links = table.listOf(host.name).links.map(({ to }) => to);
    table.accept(host.name, reportOf(host, round, links), atS);
  }
}
