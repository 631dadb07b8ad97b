import { describe, expect, test } from 'vitest';
import { linkFindings } from '../../../src/interpret/links/link-findings.js';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import type { Cut } from '../../../src/model/links/link.js';

const cut: Cut = {
  blame: 'pair',
  subject: 'web01/10.0.0.1',
  sinceS: 1000,
  lost: 1,
  links: 1,
  observers: ['web01'],
  targets: ['10.0.0.1'],
};
const servers = ['192.0.2.1_80/10.0.0.1_8080', '192.0.2.2_80/10.0.0.1_8080'];
const serversOf = (target: string): readonly string[] => (target === '10.0.0.1' ? servers : []);

const linesOf = (...cuts: readonly Partial<Cut>[]): readonly string[] =>
  linkFindings({ cuts: cuts.map((own) => ({ ...cut, ...own })), silent: [], agents: 9, peers: [] }, serversOf).map(
    findingLine,
  );

describe('findings of links', () => {
  test.each<readonly [Partial<Cut>, string]>([
    [{}, 'web01 to 10.0.0.1: most of its newest ten pings are lost'],
    [
      { blame: 'observer', subject: 'web01', lost: 6, links: 9 },
      'agent web01: loses 6 of its 9 links, to hosts that others reach',
    ],
    [
      { blame: 'target', subject: '10.0.0.1', lost: 3, links: 4, observers: ['a', 'b', 'c'] },
      '10.0.0.1: does not answer 3 agents: 3 of 4 links to it are lost',
    ],
    [
      { blame: 'dcs', subject: 'fr~tx', lost: 8, links: 9, observers: ['a', 'b'], targets: ['c', 'd'] },
      'data centres fr and tx: 8 of 9 links between them are lost, from 2 agents to 2 hosts',
    ],
  ])('are sentences: %j', (own, line) => {
    expect(linesOf(own)).toEqual([line]);
  });

  test('name the real servers that are not reached, and the director where there are none', () => {
    const archivesOf = (own: Partial<Cut>) =>
      linkFindings({ cuts: [{ ...cut, ...own }], silent: [], agents: 1, peers: [] }, serversOf)[0]?.archives;
    expect(archivesOf({})).toEqual(servers);
    expect(archivesOf({ targets: ['10.0.0.2'] })).toEqual(['all']);
    expect(archivesOf({ blame: 'observer' })).toEqual(['all']);
  });

  test('are one for each silent agent, and one alone if most are silent', () => {
    const silentOf = (count: number, agents: number) =>
      linkFindings(
        {
          ...{ cuts: [], agents, peers: [] },
          silent: Array.from({ length: count }, (_, i) => ({ name: `web${i}`, lastS: 1000 + i })),
        },
        serversOf,
      );
    expect(silentOf(2, 3).map(findingLine)).toEqual([
      'agent web0: has stopped reporting: its links are not watched',
      'agent web1: has stopped reporting: its links are not watched',
    ]);
    expect(silentOf(5, 10)).toHaveLength(5);
    const together = silentOf(6, 10);
    expect(together.map(({ sinceS }) => sinceS)).toEqual([1000]);
    expect(together.map(findingLine)).toEqual([
      expect.stringContaining('6 of 10 agents have stopped reporting: do they reach this server?'),
    ]);
  });
});
