import { describe, expect, test } from 'vitest';
import { KeptConnections } from '../../../src/links/table/kept-connections.js';
import { fleetOf } from '../../../src/links/table/live-fleet.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { noTopology } from '../../../src/model/topology/topology.js';

const to = (peer: string, n = 1) => ({ dir: 'out', local: '10.0.0.9', peer, port: 80, n }) as const;

describe('kept connections', () => {
  test('are those of the newest round, all parts of it', () => {
    const kept = new KeptConnections();
    kept.take('web01', [to('10.1.0.1')], true);
    kept.take('web01', [to('10.1.0.2', 4)], true);
    kept.take('web01', [to('10.1.0.3'), to('10.1.0.2', 3)], false);
    expect(kept.of('web01')).toEqual({
      packed: 'out 10.0.0.9 10.1.0.2 80 7\nout 10.0.0.9 10.1.0.3 80 1',
      count: 2,
      leftOut: 0,
    });
  });

  test('have a limit for each agent and one in all, and say what they leave out', () => {
    const kept = new KeptConnections({ ofAgent: 3, inAll: 4 });
    const five = [1, 2, 3, 4, 5].map((i) => to(`10.1.0.${i}`));
    kept.take('web01', five, true);
    kept.take('web02', five, true);
    expect(['web01', 'web02'].map((name) => [kept.of(name).count, kept.of(name).leftOut])).toEqual([
      [3, 2],
      [1, 4],
    ]);
    kept.forget('web01');
    kept.take('web02', five, true);
    kept.take('web02', [to('10.1.0.9')], false);
    expect([kept.of('web02').count, kept.of('web02').leftOut]).toEqual([3, 3]);
    expect(kept.of('web01')).toEqual({ packed: '', count: 0, leftOut: 0 });
  });
});

describe('the fleet', () => {
  const nowS = 1_764_642_000;

  test('has agents by name with place, connections and links; a silent one keeps those of its last round', () => {
    const table = new LiveTable(() => noTopology);
    const lost = { to: '10.1.0.1', outcomes: '0000000000', rtt: null, rttMax: null };
    for (const round of [1, 2, 3]) {
      const about = { role: 'web', dc: 'tx' };
      const connections = [to('10.1.0.1', round)];
      table.accept('web02', { round, about: {}, results: [], connections: [] }, nowS + 120 * round);
      if (round < 3) table.accept('web01', { round, about, results: [lost], connections }, nowS + 120 * round);
    }
    const { agents } = fleetOf(table, nowS + 800);
    expect(agents).toMatchObject([
      {
        name: 'web01',
        role: 'web',
        dc: 'tx',
        addresses: ['10.0.0.9'],
        isSilent: true,
        connections: 'out 10.0.0.9 10.1.0.1 80 2',
        links: [{ to: '10.1.0.1', isLost: true, isStale: true }],
      },
      { name: 'web02', role: null, dc: null, connections: '', links: [] },
    ]);
  });

  test('forgets the connections of an agent that has been silent for a day', () => {
    const table = new LiveTable(() => noTopology);
    table.accept('web01', { round: 1, about: {}, results: [], connections: [to('10.1.0.1')] }, nowS);
    table.judge(nowS + 90_000);
    expect(fleetOf(table, nowS + 90_000).agents).toEqual([]);
    expect(table.connections.of('web01').count).toBe(0);
  });
});
