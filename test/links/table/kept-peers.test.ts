import { expect, test } from 'vitest';
import { KeptPeers } from '../../../src/links/table/kept-peers.js';
import type { PeerReport } from '../../../src/model/links/report.js';

const verdictOn = (member: string, outcome: PeerReport['outcome'] = 'closed'): PeerReport => ({
  ...{ member, svc: 'redis/6379', outcome, sinceS: 1000, witnesses: ['web1'] },
});
const membersOf = (kept: KeptPeers, agent: string): readonly string[] => kept.of(agent).map(({ member }) => member);

test('the first part of a round replaces the round before, and the others add to it', () => {
  const kept = new KeptPeers();
  kept.take('web1', [verdictOn('db1'), verdictOn('db2')], true);
  kept.take('web1', [verdictOn('db3')], true);
  kept.take('web1', [verdictOn('db4')], false);
  expect(membersOf(kept, 'web1')).toEqual(['db3', 'db4']);
  kept.take('web1', [], true);
  expect(kept.all().size).toBe(0);
});

test('a target counts once, as it was reported last', () => {
  const kept = new KeptPeers();
  kept.take('web1', [verdictOn('db1'), verdictOn('db1', 'silent')], true);
  expect(kept.of('web1')).toEqual([verdictOn('db1', 'silent')]);
});

test('an agent has 200 verdicts at most, in all parts together', () => {
  const kept = new KeptPeers();
  const many = (prefix: string) => Array.from({ length: 150 }, (_, i) => verdictOn(`${prefix}${i}`));
  kept.take('web1', many('a'), true);
  kept.take('web1', many('b'), false);
  expect(membersOf(kept, 'web1')).toHaveLength(200);
});

test('the room of all agents is that of those that are there', () => {
  const kept = new KeptPeers(3);
  kept.take('web1', [verdictOn('db1'), verdictOn('db2')], true);
  kept.take('web2', [verdictOn('db1'), verdictOn('db2')], true);
  expect(membersOf(kept, 'web2')).toEqual(['db1']);
  kept.forget('web1');
  kept.forget('web1');
  kept.take('web2', [verdictOn('db1'), verdictOn('db2'), verdictOn('db3'), verdictOn('db4')], true);
  expect(membersOf(kept, 'web2')).toEqual(['db1', 'db2', 'db3']);
});
