import { beforeEach, describe, expect, test } from 'vitest';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { liveRows } from '../../../src/links/table/live-view.js';
import { linkTotals } from '../../../src/model/links/links-summary.js';
import type { AgentReport } from '../../../src/model/links/report.js';
import { agentsAlone, totalsAlone } from '../../../src/model/links/view.js';
import { type LinksPolicy, standardLinks } from '../../../src/model/policy/links.js';
import { noTopology, type Topology, topologyOf } from '../../../src/model/topology/topology.js';

const lost = '0000000000';
const well = '1111111111';

let table: LiveTable;
let topology: Topology;
let nowS: number;
let rounds: Map<string, number>;

beforeEach(() => {
  topology = noTopology;
  table = new LiveTable(() => topology);
  nowS = 1_764_642_000;
  rounds = new Map();
});

/** Reports the next round of an agent, with outcomes by target. */
function report(name: string, outcomes: Readonly<Record<string, string>>, more: Partial<AgentReport> = {}) {
  const round = (rounds.get(name) ?? 0) + 1;
  rounds.set(name, round);
  const results = Object.entries(outcomes).map(([to, own]) => {
    const rtt = own.includes('1') ? 1 : null;
    return { to, outcomes: own, rtt, rttMax: rtt };
  });
  const own = { round, about: {}, results, connections: [], imports: Object.keys(outcomes), ...more };
  return table.accept(name, own, nowS);
}

/** Reports of some agents in a round: `{web01: {'10.0.0.1': lost}}`. */
function pass(reports: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  nowS += 120;
  for (const [name, outcomes] of Object.entries(reports)) report(name, outcomes);
}

/** The cuts, once they can be named. */
const cuts = (): readonly string[] => table.judge(nowS).cuts.map(({ blame, subject }) => `${blame} ${subject}`);
const targets = (name: string): readonly string[] => table.listOf(name).links.map(({ to }) => to);

describe('the links that an agent watches', () => {
  const out = (peer: string, n: number) => ({ dir: 'out', local: '10.0.0.9', peer, port: 80, n }) as const;

  test('are those it names, then its busiest peers, ten in all', () => {
    const connections = [
      ...Array.from({ length: 12 }, (_, i) => out(`10.0.1.${i}`, i + 1)),
      out('10.0.1.0', 100),
      { ...out('10.0.2.0/24', 999), dir: 'in' } as const,
    ];
    report('web01', {}, { connections, imports: ['10.0.0.1:3306', '10.0.0.2'] });
    const busiest = [0, 11, 10, 9, 8, 7, 6, 5].map((i) => `10.0.1.${i}`);
    expect(targets('web01')).toEqual(['10.0.0.1:3306', '10.0.0.2', ...busiest]);
  });

  test('are all that a director names', () => {
    const imports = Array.from({ length: 500 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    report('lb1', {}, { imports });
    expect(targets('lb1')).toEqual(imports);
  });

  describe('that the policy pins', () => {
    let watch: LinksPolicy['watch'];
    beforeEach(() => {
      table = new LiveTable(
        () => topology,
        0,
        () => ({ ...standardLinks, watch }),
      );
    });

    test('come first, count as ten, and are those of its name and its role', () => {
      watch = [
        { agents: 'web*', role: null, to: ['10.9.0.1', '10.9.0.2:3306'] },
        { agents: null, role: 'db', to: ['10.9.0.3'] },
        { agents: 'web*', role: 'db', to: ['10.9.0.4'] },
      ];
      const connections = Array.from({ length: 12 }, (_, i) => out(`10.0.1.${i}`, i + 1));
      report('web01', {}, { connections, imports: ['10.0.0.1'], about: { role: 'web' } });
      const busiest = [11, 10, 9, 8, 7, 6, 5].map((i) => `10.0.1.${i}`);
      expect(targets('web01')).toEqual(['10.9.0.1', '10.9.0.2:3306', '10.0.0.1', ...busiest]);
      report('mysql1', {}, { about: { role: 'db' } });
      report('web02', {}, { about: { role: 'db' } });
      expect(targets('mysql1')).toEqual(['10.9.0.3']);
      expect(targets('web02')).toEqual(['10.9.0.1', '10.9.0.2:3306', '10.9.0.3', '10.9.0.4']);
    });

    test('do not lead to the agent itself', () => {
      watch = [{ agents: '*', role: null, to: ['10.0.0.9:80', '10.9.0.1'] }];
      report('web01', {}, { connections: [out('10.9.0.1', 1)] });
      expect(targets('web01')).toEqual(['10.9.0.1']);
    });

    test('leave a director with many real servers 5,000 links, theirs among them', () => {
      const far = (i: number) => `10.9.${i >> 8}.${i & 255}`;
      watch = [{ agents: 'lb*', role: null, to: [far(0), '10.8.0.1'] }];
      report('lb1', {}, { imports: Array.from({ length: 5000 }, (_, i) => far(i)) });
      expect(targets('lb1')).toHaveLength(5000);
      expect(targets('lb1').slice(0, 3)).toEqual([far(0), '10.8.0.1', far(1)]);
    });

    test('end two rounds after the policy no longer names them', () => {
      watch = [{ agents: '*', role: null, to: ['10.9.0.1'] }];
      report('web01', {});
      watch = [];
      nowS += 120;
      report('web01', {});
      expect(targets('web01')).toEqual(['10.9.0.1']);
      nowS += 121;
      report('web01', {});
      expect(targets('web01')).toEqual([]);
    });
  });

  test('are no longer watched two rounds after they were wanted, unless they are lost: then until they are well', () => {
    pass({ web01: { '10.0.0.1': well, '10.0.0.2': well } });
    pass({ web01: { '10.0.0.1': well, '10.0.0.2': lost } });
    for (let round = 0; round < 4; round += 1) {
      nowS += 120;
      report('web01', { '10.0.0.2': lost }, { imports: [] });
    }
    expect(targets('web01')).toEqual(['10.0.0.2']);
    nowS += 120;
    report('web01', { '10.0.0.2': well }, { imports: [] });
    expect(targets('web01')).toEqual([]);
  });
});

describe('what agents report', () => {
  test('is a cut when the newest ten probes are lost, until a round without loss', () => {
    pass({ web01: { '10.0.0.1': well }, web02: { '10.0.0.1': well } });
    pass({ web01: { '10.0.0.1': lost }, web02: { '10.0.0.1': well } });
    expect(cuts()).toEqual(['pair web01/10.0.0.1']);
    pass({ web01: { '10.0.0.1': '1111111110' }, web02: { '10.0.0.1': well } });
    expect(cuts()).toEqual(['pair web01/10.0.0.1']);
    pass({ web01: { '10.0.0.1': well }, web02: { '10.0.0.1': well } });
    expect(cuts()).toEqual([]);
  });

  describe('of peers', () => {
    const peer = { member: 'db3', svc: 'redis/6379', outcome: 'closed', witnesses: ['web1', 'db7'] } as const;
    const named = (): readonly string[] =>
      table.judge(nowS).peers.map(({ member, svc, agents }) => `${member} ${svc} by ${agents.join()}`);
    const name = (agent: string): void => {
      report(agent, {}, { peers: [{ ...peer, sinceS: nowS - 60 }] });
    };

    test('is theirs until they report it no longer', () => {
      name('web1');
      name('web2');
      expect(named()).toEqual(['db3 redis/6379 by web1,web2']);
      nowS += 120;
      report('web1', {}, { peers: [] });
      expect(named()).toEqual(['db3 redis/6379 by web2']);
      // An older version, or an agent without Serf.
      report('web2', {});
      expect(named()).toEqual([]);
    });

    test('ends when they are silent, or forgotten', () => {
      name('web1');
      name('web2');
      nowS += 240;
      name('web2');
      expect(named()).toEqual(['db3 redis/6379 by web1,web2']);
      nowS += 60;
      expect(named()).toEqual(['db3 redis/6379 by web2']);
      table.forget('web2');
      expect(named()).toEqual([]);
    });

    test('comes in several parts', () => {
      const parts = [0, 1].map((part) => ({ part, round: 9, peers: [{ ...peer, member: `db${part}`, sinceS: nowS }] }));
      for (const part of parts) report('web1', {}, part);
      expect(named()).toEqual(['db0 redis/6379 by web1', 'db1 redis/6379 by web1']);
    });
  });

  test('stays a cut while its agent is silent', () => {
    pass({ web01: { '10.0.0.1': well } });
    pass({ web01: { '10.0.0.1': lost } });
    nowS += 3600;
    expect(cuts()).toEqual(['pair web01/10.0.0.1']);
    expect(table.judge(nowS).silent.map(({ name }) => name)).toEqual(['web01']);
  });

  test('keeps its blame while its observers are silent', () => {
    const watch = (far: string) => ({
      tx1: { '10.1.0.1': far, '10.1.0.2': far, '10.0.0.2': well },
      tx2: { '10.1.0.1': far, '10.1.0.2': far, '10.0.0.1': well },
      fr1: { '10.1.0.2': well, '10.0.0.1': far },
      fr2: { '10.1.0.1': well, '10.0.0.2': far },
    });
    const dcs = topologyOf(
      ['tx', 'fr'].flatMap((dc, i) =>
        [1, 2].map((n) => ({ host: `${dc}${n}`, addresses: [`10.${i}.0.${n}`], rack: null, dc, role: null })),
      ),
    );
    if ('problem' in dcs) throw new Error(dcs.problem);
    topology = dcs;
    pass(watch(well));
    pass(watch(lost));
    expect(cuts()).toEqual(['dcs fr~tx']);
    nowS += 3600;
    expect(cuts()).toEqual(['dcs fr~tx']);
  });

  test('says nothing while its own loopback does not answer', () => {
    pass({ web01: { '10.0.0.1': well } });
    pass({ web01: { '127.0.0.1': lost, '10.0.0.1': lost } });
    expect(cuts()).toEqual([]);
    pass({ web01: { '127.0.0.1': well, '10.0.0.1': lost } });
    expect(cuts()).toEqual(['pair web01/10.0.0.1']);
  });

  test('is forgotten after a day of silence', () => {
    pass({ web01: { '10.0.0.1': well } });
    nowS += 86_401;
    expect(table.judge(nowS).silent).toEqual([]);
    expect(table.agents().size).toBe(0);
  });

  test('is of hosts, which the topology knows by several addresses', () => {
    const hosts = [{ host: 'db1', addresses: ['10.0.0.1', '10.0.9.1'], rack: null, dc: 'tx', role: null }];
    const made = topologyOf(hosts);
    if ('problem' in made) throw new Error(made.problem);
    topology = made;
    pass({ web01: { '10.0.0.1': well }, web02: { '10.0.9.1': well } });
    pass({ web01: { '10.0.0.1': lost }, web02: { '10.0.9.1': lost } });
    expect(cuts()).toEqual(['target db1']);
  });

  test('comes in parts, of which each counts once', () => {
    expect(report('lb1', {}, { round: 5, part: 0, imports: ['10.0.0.1'] }).kind).toBe('taken');
    expect(report('lb1', {}, { round: 5, part: 1, imports: ['10.0.0.2'] }).kind).toBe('taken');
    expect(report('lb1', {}, { round: 5, part: 1 })).toEqual({ kind: 'repeated', round: 5 });
    expect(targets('lb1')).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('counts one result of a link in a round', () => {
    pass({ web01: { '10.0.0.1': well } });
    const answered = { to: '10.0.0.1', outcomes: well, rtt: 1, rttMax: 1 };
    const unanswered = { to: '10.0.0.1', outcomes: lost, rtt: null, rttMax: null };
    const results = [answered, unanswered, { ...unanswered, to: '::ffff:10.0.0.1' }];
    expect(report('web01', { '10.0.0.1': well }, { results })).toEqual({ kind: 'taken', ignored: 2 });
    const again = { round: rounds.get('web01') ?? 0, part: 1, results: [unanswered] };
    expect(report('web01', { '10.0.0.1': well }, again)).toEqual({ kind: 'taken', ignored: 1 });
    expect(table.agents().get('web01')?.tally.counts()).toMatchObject({ probes: 10, lost: 0 });
    expect(cuts()).toEqual([]);
  });

  test('leaves others alone', () => {
    pass({ web01: { '10.0.0.1': well }, web02: { '10.0.0.2': well } });
    const before = JSON.stringify(liveRows(table, nowS).agents.find(({ name }) => name === 'web02'));
    report('web01', { '10.0.0.2': lost }, { about: { role: 'db', dc: 'fr', load: 9 } });
    expect(JSON.stringify(liveRows(table, nowS).agents.find(({ name }) => name === 'web02'))).toBe(before);
  });
});

describe('the thresholds of the policy', () => {
  const verdicts = (): readonly string[] => liveRows(table, nowS).links.map(({ verdict }) => verdict);

  test('hold for verdicts, and from the next report on for cuts', () => {
    let thresholds = standardLinks.thresholds;
    table = new LiveTable(
      () => topology,
      0,
      () => ({ ...standardLinks, thresholds }),
    );
    pass({ web01: { '10.0.0.1': well } });
    pass({ web01: { '10.0.0.1': '1010000000' } });
    expect([verdicts(), cuts()]).toEqual([['lossy'], []]);
    thresholds = { ...thresholds, lossy: 0.9 };
    expect(verdicts()).toEqual(['well']);
    thresholds = { ...thresholds, lostOfTen: 8 };
    pass({ web01: { '10.0.0.1': '1010000000' } });
    expect([verdicts(), cuts()]).toEqual([['lost'], ['pair web01/10.0.0.1']]);
  });
});

describe('the rows of agents', () => {
  test('have what they say of themselves, and what their links are', () => {
    nowS += 120;
    const about = { role: 'web', dc: 'tx', load: 0.5, nginxAccessRate: 10, nginx504: 0 };
    report('web01', { '10.0.0.1': well, '10.0.0.2': well }, { about });
    nowS += 120;
    report('web01', { '10.0.0.1': lost, '10.0.0.2': '1101101111' }, { about });
    report('web01', { '10.0.0.1': lost, '10.0.0.2': '0110111111' }, { about });
    expect(liveRows(table, nowS).agents).toEqual([
      {
        name: 'web01',
        disconnect: 1,
        dataCenter: 'tx',
        role: 'web',
        load: 0.5,
        nginxErrRate: null,
        connectivity: 50,
        nginxAccessRate: 10,
        nginx4xx: null,
        nginx5xx: null,
        nginx504: 0,
        links: 2,
        lossy: 1,
        slow: 0,
        stale: 0,
        lastSeen: nowS,
      },
    ]);
  });

  test('do not have what a silent agent said', () => {
    nowS += 120;
    report('web01', { '10.0.0.1': well }, { about: { load: 0.5 } });
    report('web01', { '10.0.0.1': well }, { about: { load: 0.5 } });
    const [row] = liveRows(table, nowS + 3600).agents;
    expect(row).toMatchObject({ stale: 1, load: null, connectivity: null, links: 1 });
    expect(liveRows(table, nowS + 3600).links.map(({ verdict }) => verdict)).toEqual(['stale']);
  });

  test('are there as far as a reader asks for them, and all are counted', () => {
    pass({ web01: { '10.0.0.1': well, '10.0.0.2': well }, web02: { '10.0.0.1': well } });
    pass({ web01: { '10.0.0.1': lost, '10.0.0.2': well }, web02: { '10.0.0.1': '1110001111' } });
    const whole = liveRows(table, nowS);
    expect(whole.totals).toEqual({ agents: 2, silent: 0, links: { lost: 1, lossy: 1, slow: 0, stale: 0, well: 1 } });
    expect(linkTotals({ timeS: nowS, findings: [], agents: whole.agents, links: whole.links })).toEqual(whole.totals);
    const { agents, links, totals } = liveRows(table, nowS, { mostAgents: 1, mostLinks: 2 });
    expect(agents.map(({ name }) => name)).toEqual(['web01']);
    expect(links.map(({ verdict }) => verdict)).toEqual(['lost', 'lossy']);
    expect(totals).toEqual(whole.totals);
    expect(liveRows(table, nowS, agentsAlone)).toEqual({ ...whole, links: [] });
    expect(liveRows(table, nowS + 3600, totalsAlone)).toEqual({
      totals: { agents: 2, silent: 2, links: { lost: 0, lossy: 0, slow: 0, stale: 3, well: 0 } },
      agents: [],
      links: [],
    });
  });

  test('follow the topology when it changes', () => {
    pass({ web01: { '10.0.0.1': well } });
    pass({ web01: { '10.0.0.1': well } });
    const toDc = (): unknown => liveRows(table, nowS).links.map((link) => link.toDc);
    const placed = (dc: string): Topology => {
      const made = topologyOf([{ host: 'db1', addresses: ['10.0.0.1'], rack: null, dc, role: null }]);
      if ('problem' in made) throw new Error(made.problem);
      return made;
    };
    expect(toDc()).toEqual([null]);
    topology = placed('fr');
    expect(toDc()).toEqual(['fr']);
    topology = placed('tx');
    expect(toDc()).toEqual(['tx']);
  });

  test('take role and data centre from the topology where it has them', () => {
    const made = topologyOf([{ host: 'web01', addresses: ['10.0.0.9'], rack: null, dc: 'fr', role: 'mail' }]);
    if ('problem' in made) throw new Error(made.problem);
    topology = made;
    report('web01', {}, { about: { role: 'web', dc: 'tx' } });
    expect(liveRows(table, nowS).agents[0]).toMatchObject({ role: 'mail', dataCenter: 'fr' });
  });
});
