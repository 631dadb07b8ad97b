import { describe, expect, test } from 'vitest';
import { type NamedPeer, namedPeers } from '../../../src/interpret/links/named-peers.js';
import { peerFindings } from '../../../src/interpret/links/peer-findings.js';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import type { PeerReport } from '../../../src/model/links/report.js';

const nowS = 1_764_642_000;

function verdict(own: Partial<PeerReport> = {}): PeerReport {
  return { member: 'db3', svc: 'redis/6379', outcome: 'closed', sinceS: nowS - 60, witnesses: ['web1', 'db7'], ...own };
}

const host: Partial<PeerReport> = { svc: '', outcome: 'silent' };

/** The peers that agents name, as `TARGET by AGENTS`. */
function named(reports: Readonly<Record<string, readonly Partial<PeerReport>[]>>): readonly string[] {
  const all = Object.entries(reports).map(([name, own]) => [name, own.map(verdict)] as const);
  return namedPeers(all, nowS).map(({ member, svc, agents }) => `${member} ${svc} by ${agents.join()}`);
}

describe('the peers that agents name', () => {
  test('are each one, by all agents that say so, since the first observation', () => {
    const all = namedPeers(
      [
        ['web10', [verdict({ witnesses: ['web10', 'db7'], sinceS: nowS - 50, outcome: 'silent' })]],
        ['web2', [verdict({ witnesses: ['web2', 'db7'] }), verdict({ svc: 'mysql/3306' })]],
        ['db7', [verdict({ witnesses: ['db7', 'web2'] })]],
      ],
      nowS,
    );
    expect(all).toEqual([
      {
        ...{ member: 'db3', svc: 'redis/6379', outcome: 'closed', sinceS: nowS - 60 },
        ...{ agents: ['db7', 'web2', 'web10'], witnesses: ['db7', 'web2', 'web10'] },
      },
      {
        ...{ member: 'db3', svc: 'mysql/3306', outcome: 'closed', sinceS: nowS - 60 },
        ...{ agents: ['web2'], witnesses: ['db7', 'web1'] },
      },
    ]);
  });

  test.each<readonly [string, Parameters<typeof named>[0], readonly string[]]>([
    ['a host instead of its services', { web1: [host], web2: [host, {}] }, ['db3  by web1,web2']],
    ['a host instead of a service that as many name', { web1: [host], web2: [{}] }, ['db3  by web1']],
    [
      'a service beside its host where more agents name it',
      { web1: [host], web2: [{}], web3: [{}] },
      ['db3 redis/6379 by web2,web3', 'db3  by web1'],
    ],
    [
      'the services of other members beside a dead host',
      { web1: [host, { member: 'db30' }] },
      ['db3  by web1', 'db30 redis/6379 by web1'],
    ],
    ['nobody where no agent names any', { web1: [] }, []],
  ])('are %s', (_, reports, expected) => {
    expect(named(reports)).toEqual(expected);
  });

  test('began now at the latest, whatever the clock of an agent says', () => {
    expect(namedPeers([['web1', [verdict({ sinceS: nowS + 9999 })]]], nowS)[0]?.sinceS).toBe(nowS);
  });

  test('are a thousand at most, those by most agents', () => {
    const many = Array.from({ length: 1200 }, (_, i) => verdict({ member: `m${i}` }));
    const all = namedPeers(
      [
        ['web1', many],
        ['web2', many.slice(-1)],
      ],
      nowS,
    );
    expect([all.length, all[0]?.member]).toEqual([1000, 'm1199']);
  });
});

describe('the findings of peers', () => {
  const peer: NamedPeer = { ...verdict(), agents: ['web1', 'db7'] };
  const servers = ['192.0.2.1_80/10.0.0.1_6379', '192.0.2.2_80/10.0.0.1_8080', '192.0.2.3_80/2001-db8--1_6379'];
  const found = (own: Partial<NamedPeer>) =>
    peerFindings([{ ...peer, ...own }], (name) => (name === 'db3' ? servers : []))[0];

  test.each<readonly [Partial<NamedPeer>, string, string]>([
    [{}, 'peer/db3/redis/6379', 'db3 redis/6379: is down (it refuses clients): seen by web1, db7'],
    [
      { outcome: 'wrong' },
      'peer/db3/redis/6379',
      'db3 redis/6379: is down (something else answers): seen by web1, db7',
    ],
    [
      { svc: 'http/8443/tls', outcome: 'silent' },
      'peer/db3/http/8443/tls',
      'db3 http/8443/tls: is down (it does not answer): seen by web1, db7',
    ],
    [{ svc: '', outcome: 'silent' }, 'peer/db3', 'peer db3: is dead: seen by web1, db7'],
    [
      { witnesses: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      'peer/db3/redis/6379',
      'db3 redis/6379: is down (it refuses clients): seen by a, b, c, d, e and 2 others',
    ],
    [
      { witnesses: [], agents: ['web1'] },
      'peer/db3/redis/6379',
      'db3 redis/6379: is down (it refuses clients): seen by web1',
    ],
  ])('are sentences: %j', (own, subject, line) => {
    const finding = found(own);
    if (finding === undefined) throw new Error('no finding');
    expect([finding.kind, finding.subject, finding.sinceS]).toEqual(['peer-down', subject, nowS - 60]);
    expect(findingLine(finding)).toBe(line);
  });

  test('are critical when two agents say so', () => {
    expect(found({})).toMatchObject({ severity: 'critical', numbers: { agents: 2 } });
    expect(found({ agents: ['web1'] })).toMatchObject({ severity: 'warning', numbers: { agents: 1 } });
  });

  test('name the real servers of the application, or of the whole host, and the director where there are none', () => {
    expect(found({})?.archives).toEqual([servers[0], servers[2]]);
    expect(found({ svc: '' })?.archives).toEqual(servers);
    expect(found({ svc: 'mysql/3306' })?.archives).toEqual(['all']);
    expect(found({ member: 'db4' })?.archives).toEqual(['all']);
  });
});
