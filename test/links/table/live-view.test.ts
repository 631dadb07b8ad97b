// Parts of the live table, and its links by groups, in random fleets: the counts and the cut are those of all rows.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossOf, verdictOnLink } from '../../../src/interpret/links/link-history.js';
import { linkGroups } from '../../../src/links/table/link-groups.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { everyLink, liveRows } from '../../../src/links/table/live-view.js';
import { linkAxes } from '../../../src/model/links/groups.js';
import { linkVerdicts } from '../../../src/model/links/link.js';
import { linkTotals } from '../../../src/model/links/links-summary.js';
import type { LinkRow, LinksView } from '../../../src/model/links/view.js';
import { wholeTable } from '../../../src/model/links/view.js';
import { standardLinks } from '../../../src/model/policy/links.js';
import { type Topology, topologyOf } from '../../../src/model/topology/topology.js';
import { matrixOf } from '../../../src/web/links/matrix.js';
import '../../seed.js';
import { groupsOfRows, partOf } from '../naive.js';

const nowS = 1_764_642_000;
const addressOf = (host: number): string => `10.0.0.${host}`;
const nameOf = (host: number): string => `web${host}`;

interface Place {
  readonly dc: string | null;
  readonly role: string | null;
}

/** The place of a host by its number, as the topology has it. */
type PlacesOf = ReadonlyMap<number, Place>;

const group = fc.constantFrom('tx', 'fr', 'ny', null);
const place = fc.record({ dc: group, role: group });
const outcomes = fc.constantFrom('1111111111', '0000000000', '1110001111', '0111111111');
const host = fc.nat({ max: 14 });

/** An agent: its place in its own words, the age of its report, the outcomes of two rounds by target. */
const agent = fc.record({
  name: host,
  place,
  ageS: fc.constantFrom(0, 60, 400, 4000),
  links: fc.dictionary(host.map(addressOf), fc.tuple(outcomes, outcomes, outcomes), { maxKeys: 8 }),
});

const fleet = fc.record({
  agents: fc.uniqueArray(agent, { selector: ({ name }) => name, maxLength: 15 }),
  hosts: fc.uniqueArray(fc.tuple(host, place), { selector: ([name]) => name, maxLength: 10 }),
});

type Fleet = typeof fleet extends fc.Arbitrary<infer T> ? T : never;

function tableOf({ agents, hosts }: Fleet): LiveTable {
  const topology = topologyFrom(new Map(hosts));
  const table = new LiveTable(() => topology);
  for (const { name, place: own, ageS, links } of agents) {
    const imports = Object.keys(links);
    const about = { ...(own.dc !== null && { dc: own.dc }), ...(own.role !== null && { role: own.role }) };
    // The first report only names the links; the address of its host comes with a connection.
    const connections = [{ dir: 'out', local: addressOf(name), peer: '10.9.9.0/24', port: 80, n: 1 } as const];
    for (let round = 0; round < 4; round += 1) {
      const results = Object.entries(links).map(([to, rounds]) => {
        const digits = rounds[round - 1] ?? '1111111111';
        const rtt = digits.includes('1') ? 1 + name : null;
        return { to, outcomes: digits, rtt, rttMax: rtt };
      });
      const report = { round, about, results: round === 0 ? [] : results, connections, imports };
      table.accept(nameOf(name), report, nowS - ageS - 120 * (3 - round));
    }
  }
  return table;
}

function topologyFrom(places: PlacesOf): Topology {
  const made = topologyOf(
    [...places].map(([n, own]) => ({ host: nameOf(n), addresses: [addressOf(n)], rack: null, ...own })),
  );
  if ('problem' in made) throw new Error(made.problem);
  return made;
}

/** A host's place: the topology's, or what its agent says. */
function placeOf({ agents, hosts }: Fleet, number: number): Place {
  const known = new Map(hosts).get(number);
  const said = agents.find(({ name }) => name === number)?.place;
  return { dc: known?.dc ?? said?.dc ?? null, role: known?.role ?? said?.role ?? null };
}

/** The rows of all links, worst first, then by agent, in the order in which an agent names them. */
function rowsOf(whole: Fleet, table: LiveTable): readonly LinkRow[] {
  const agents = whole.agents.toSorted((a, b) => a.name - b.name);
  const rows = agents.flatMap(({ name }) =>
    [...(table.agents().get(nameOf(name))?.links.values() ?? [])].flatMap(({ to, history }): LinkRow[] => {
      if (history === null) return [];
      const [from, far] = [placeOf(whole, name), placeOf(whole, Number(to.slice('10.0.0.'.length)))];
      const { lostS, lastS, rtt, usualRtt } = history;
      const verdict = verdictOnLink(history, nowS, standardLinks.thresholds);
      const shown = lostS !== null || Number.isNaN(rtt) ? null : rtt;
      const times = { rtt: shown, usualRtt: Number.isNaN(usualRtt) ? null : usualRtt, lostS, lastS };
      const ends = { fromDc: from.dc, toDc: far.dc, fromRole: from.role, toRole: far.role };
      return [{ agent: nameOf(name), to, verdict, loss: lossOf(history), ...times, ...ends }];
    }),
  );
  return rows.toSorted((a, b) => linkVerdicts.indexOf(a.verdict) - linkVerdicts.indexOf(b.verdict));
}

test('a part of the table is the beginning of the whole, which has every link, worst first', () => {
  const most = fc.oneof(fc.nat({ max: 40 }), fc.constant(Number.MAX_SAFE_INTEGER));
  fc.assert(
    fc.property(fleet, most, most, (whole, mostAgents, mostLinks) => {
      const table = tableOf(whole);
      const all: LinksView = { timeS: nowS, findings: [], ...liveRows(table, nowS) };
      const { totals: _, ...withoutTotals } = all;
      expect(all.links).toEqual(rowsOf(whole, table));
      expect([...everyLink(table, nowS)]).toEqual(all.links);
      expect(all.agents.map(({ name }) => name)).toEqual(
        whole.agents
          .map(({ name }) => name)
          .toSorted((a, b) => a - b)
          .map(nameOf),
      );
      expect(all.totals).toEqual(linkTotals(withoutTotals));
      const part = liveRows(table, nowS, { mostAgents, mostLinks });
      expect({ timeS: nowS, findings: [], ...part }).toEqual(partOf(all, { mostAgents, mostLinks }));
    }),
    { numRuns: 200 },
  );
});

test('groups and their matrix are as counted from the rows of all links', () => {
  fc.assert(
    fc.property(fleet, (whole) => {
      const table = tableOf(whole);
      const rows = rowsOf(whole, table);
      for (const axis of linkAxes) {
        const groups = linkGroups(table, nowS, axis);
        expect(groups).toEqual(groupsOfRows(rows, axis));
        expect(matrixOf(groups)).toEqual(matrixOf(groupsOfRows(liveRows(table, nowS, wholeTable).links, axis)));
      }
    }),
    { numRuns: 200 },
  );
});
