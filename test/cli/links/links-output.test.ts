import { describe, expect, test } from 'vitest';
import { linksFormats, linksParts } from '../../../src/cli/links/links-output.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { liveRows } from '../../../src/links/table/live-view.js';
import type { Finding } from '../../../src/model/finding/finding.js';
import { linksGrade } from '../../../src/model/links/links-summary.js';
import type { LinksView } from '../../../src/model/links/view.js';
import { noTopology } from '../../../src/model/topology/topology.js';

const nowS = 1_764_642_000;

/** Two agents that reach 10.0.0.2, and 10.0.0.1 as some outcomes say. */
function viewOf(outcomes: string, findings: readonly Finding[] = [], atS = nowS): LinksView {
  const table = new LiveTable(() => noTopology);
  for (const round of [1, 2]) {
    for (const name of ['web01', 'web02']) {
      const results = [
        ['10.0.0.1', round === 1 ? '1111111111' : outcomes] as const,
        ['10.0.0.2', '1111111111'] as const,
      ].map(([to, own]) => {
        const rtt = own.includes('1') ? 0.5 : null;
        return { to, outcomes: own, rtt, rttMax: rtt };
      });
      const imports = ['10.0.0.1', '10.0.0.2'];
      table.accept(name, { round, about: {}, results, connections: [], imports }, nowS - 240 + 120 * round);
    }
  }
  return { timeS: atS, ...liveRows(table, atS), findings };
}

const target: Finding = {
  kind: 'link-lost',
  subject: 'host/10.0.0.1',
  severity: 'warning',
  sinceS: nowS - 90,
  archives: ['all'],
  numbers: { blame: 'target', lost: 2, links: 2, observers: 2, targets: 1 },
};
const way: Finding = {
  ...target,
  subject: 'dcs/fr~tx',
  severity: 'critical',
  numbers: { blame: 'dcs', lost: 2, links: 2, observers: 2, targets: 2 },
};
const silent: Finding = { ...target, kind: 'agent-silent', subject: 'agent/web01', numbers: {} };

const peer: Finding = {
  ...{ ...target, kind: 'peer-down', subject: 'peer/db3/redis/6379' },
  numbers: { outcome: 'closed', agents: 1, seenBy: 'web1, db7' },
};

const lost = '0000000000';
const well = '1111111111';

describe('the output of links', () => {
  test('is one line with performance data for monitoring', () => {
    expect(linksFormats.nagios(viewOf(lost, [target]))).toBe(
      'LINKS WARNING: 10.0.0.1: does not answer 2 agents: 2 of 2 links to it are lost | lost=2;;;0 lossy=0;;;0 slow=0;;;0 stale=0;;;0 links=4;;;0 agents=2;;;0 silent=0;;;0',
    );
    expect(linksFormats.nagios(viewOf(well))).toBe(
      'LINKS OK: 2 agents watch 4 links | lost=0;;;0 lossy=0;;;0 slow=0;;;0 stale=0;;;0 links=4;;;0 agents=2;;;0 silent=0;;;0',
    );
  });

  test('has what is cut, then each link that is not well', () => {
    const [title, , titles, finding, , links, first, second, ...rest] = linksFormats
      .table(viewOf(lost, [target]))
      .split('\n');
    expect(title).toBe('1 finding: 2 agents watch 4 links, 2 lost');
    expect(titles).toMatch(/^since +subject +finding$/);
    expect(finding).toMatch(/ 10\.0\.0\.1 +does not answer 2 agents: 2 of 2 links to it are lost$/);
    expect(links).toMatch(/^link +from +to +loss +rtt +usual$/);
    expect(first).toBe('lost  web01  10.0.0.1  100 %');
    expect(second).toBe('lost  web02  10.0.0.1  100 %');
    expect(rest).toEqual([]);
    expect(linksFormats.table(viewOf(well))).toBe('Nothing is cut: 2 agents watch 4 links');
    expect(linksFormats.table(viewOf(lost))).toMatch(/^No cut is named yet: 2 agents watch 4 links, 2 lost\n/);
  });

  test('names the services that lost links hurt', () => {
    const view = viewOf(lost, [target]);
    const hurts = [80, 81, 82, 83, 84].map((port) => `192.0.2.1_${port}`);
    const links = view.links.map((link) => (link.lostS === null ? link : { ...link, hurts }));
    const lines = linksFormats.table({ ...view, links }).split('\n');
    expect(lines[5]).toMatch(/ usual {2}hurts$/);
    expect(lines[6]).toMatch(/ 192\.0\.2\.1:80, 192\.0\.2\.1:81, 192\.0\.2\.1:82 and 2 others$/);
  });

  test('is the same for the part of the table that it asks for', () => {
    const whole = viewOf(lost, [target]);
    for (const format of ['table', 'nagios'] as const) {
      const { mostAgents, mostLinks } = linksParts[format];
      const part = {
        ...whole,
        agents: whole.agents.slice(0, mostAgents),
        links: whole.links.slice(0, mostLinks),
      };
      expect(linksFormats[format](part)).toBe(linksFormats[format](whole));
    }
    expect(linksParts.nagios).toEqual({ mostAgents: 0, mostLinks: 0 });
  });

  test('is the same from a server that sends all, without counts', () => {
    const { totals: _, ...older } = viewOf(lost, [target]);
    for (const format of ['table', 'nagios'] as const)
      expect(linksFormats[format](older)).toBe(linksFormats[format](viewOf(lost, [target])));
  });

  test('has all of it as JSON', () => {
    const read = JSON.parse(linksFormats.json(viewOf(lost, [target]))) as LinksView & { status: string };
    expect(read.status).toBe('warning');
    expect(read.links.map((link) => [link.agent, link.to, link.verdict])).toEqual([
      ['web01', '10.0.0.1', 'lost'],
      ['web02', '10.0.0.1', 'lost'],
      ['web01', '10.0.0.2', 'well'],
      ['web02', '10.0.0.2', 'well'],
    ]);
  });

  test.each<readonly [string, LinksView, string]>([
    ['nothing is cut', viewOf(well), 'ok'],
    ['a host is not reached', viewOf(lost, [target]), 'warning'],
    ['data centres do not reach each other', viewOf(lost, [way, target]), 'critical'],
    ['a peer is named by one agent', viewOf(well, [peer, silent]), 'warning'],
    ['a peer is named by two agents', viewOf(well, [{ ...peer, severity: 'critical' }]), 'critical'],
    ['some agents are silent', viewOf(well, [silent]), 'unknown'],
    ['a host is not reached, and some agents are silent', viewOf(lost, [target, silent]), 'warning'],
    ['all agents are silent', viewOf(well, [], nowS + 3600), 'unknown'],
    ['there are no agents', { timeS: nowS, agents: [], links: [], findings: [] }, 'unknown'],
  ])('has its grade: %s', (_, view, grade) => {
    expect(linksGrade(view)).toBe(grade);
  });
});
