// The simulated fleet: the same from the same seed, valid for the server, and with its three stories.

import { describe, expect, test } from 'vitest';
import { createDirector } from '../../../src/demo/director.js';
import { strangers } from '../../../src/demo/fleet/clients.js';
import { createFleet, roundEndS } from '../../../src/demo/fleet/fleet.js';
import { parseReport } from '../../../src/links/protocol/parse-report.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { liveRows } from '../../../src/links/table/live-view.js';
import { roundAt } from '../../../src/model/links/round.js';
import { noTopology } from '../../../src/model/topology/topology.js';

const endS = 1_763_700_000;
const { characters } = createDirector({ seed: 1, services: 18, epochS: endS - 86_400, endS });
const fleet = createFleet({ seed: 1, characters, endS });

/** The live table after the reports of some seconds before a time. */
function tableAt(nowS: number, lengthS: number): LiveTable {
  const table = new LiveTable(() => noTopology);
  const reports = fleet.hosts.flatMap((host) => {
    const last = roundAt(host.name, nowS - 100);
    const first = roundAt(host.name, nowS - lengthS);
    return Array.from({ length: last - first + 1 }, (_, i) => ({
      host,
      round: first + i,
      atS: roundEndS(host, first + i),
    }));
  });
  for (const { host, round, atS } of reports.sort((a, b) => a.atS - b.atS)) {
    const links = table.listOf(host.name).links.map(({ to }) => to);
    table.accept(host.name, fleet.reportOf(host, round, links), atS);
  }
  return table;
}

const director = createDirector({ seed: 1, services: 18, epochS: endS - 86_400, endS });

describe('the fleet', () => {
  test.each([0, 3 * 3600, 20 * 3600])(
    'has clients of TCP services that have the host as a real server, %i s before',
    (ageS) => {
      const timeS = endS - ageS;
      const served = new Map<string, Set<string>>();
      for (const { id, realServers } of director.snapshotAt(timeS).services) {
        if (id.kind === 'mark' || id.protocol !== 'tcp') continue;
        for (const { id: server, forwarding } of realServers) {
          const own = served.get(server.address) ?? new Set();
          served.set(server.address, own.add(`${forwarding === 'Route' ? id.address : server.address} ${server.port}`));
        }
      }
      const ends = fleet.hosts.flatMap(({ role, addresses, connectionsAt }) =>
        role === 'lb'
          ? []
          : connectionsAt(timeS)
              .filter(({ dir }) => dir === 'in')
              .map(({ local, port }) => addresses.some((own) => served.get(own)?.has(`${local} ${port}`) === true)),
      );
      expect(ends.length).toBeGreaterThan(30);
      expect(ends).not.toContain(false);
    },
  );

  test('has other numbers of connections each hour, and more in the evening than in the morning', () => {
    const dayS = endS - (endS % 86_400);
    const hours = Array.from({ length: 24 }, (_, hour) =>
      fleet.hosts
        .flatMap(({ connectionsAt }) => connectionsAt(dayS - 86_400 + 3600 * hour))
        .reduce((sum, { n }) => sum + n, 0),
    );
    expect(new Set(hours).size).toBeGreaterThan(20);
    expect(hours[18]).toBeGreaterThan(1.3 * (hours[6] ?? Number.NaN));
  });

  test('has a few things that are in no configuration', () => {
    const all = fleet.hosts.flatMap(({ connectionsAt }) => connectionsAt(endS));
    const strange = all.filter(({ peer }) => peer === strangers.network || peer === strangers.address);
    expect(strange.map(({ dir, port }) => `${dir} ${port}`)).toEqual(['in 22', 'in 8443', 'out 443']);
  });

  test('has directors, real servers, databases and caches in two data centres', () => {
    const roles = new Set(fleet.hosts.map(({ role }) => role));
    expect([...roles]).toEqual(expect.arrayContaining(['lb', 'db', 'cache', 'web', 'api', 'media', 'mail', 'ns']));
    expect(new Set(fleet.hosts.map(({ dc }) => dc))).toEqual(new Set(['tx', 'fr']));
    expect(new Set(fleet.hosts.map(({ name }) => name)).size).toBe(fleet.hosts.length);
  });

  test('reports what a server accepts, the same at each call', () => {
    for (const host of fleet.hosts) {
      const report = fleet.reportOf(host, 14_700_000, ['10.240.0.11', '10.0.1.11']);
      expect(parseReport(Buffer.from(JSON.stringify(report)))).toEqual({ ...report, part: 0, names: [], peers: [] });
      expect(fleet.reportOf(host, 14_700_000, ['10.240.0.11', '10.0.1.11'])).toEqual(report);
    }
  });

  test('has one lossy, one slow and one cut link at its end, and names the cut', () => {
    const table = tableAt(endS, 5400);
    const verdicts = liveRows(table, endS).links.filter(({ verdict }) => verdict !== 'well');
    expect(verdicts.map(({ agent, verdict }) => `${agent} ${verdict}`)).toEqual(
      expect.arrayContaining(['media05 lost', 'www02 lossy', 'api03 slow']),
    );
    expect(verdicts.length).toBeLessThan(6);
    expect(table.judge(endS).cuts).toMatchObject([{ blame: 'pair', subject: 'media05/10.240.1.11' }]);
  });
});
