import { expect, test } from 'vitest';
import { openJournal } from '../../../src/agent/pool/journal.js';
import { openPeerReport } from '../../../src/agent/pool/report-peers.js';
import { parsePeers } from '../../../src/links/protocol/parse-report.js';

const nowS = 1_764_642_000;

function rig() {
  const said: string[] = [];
  const journal = openJournal(() => {});
  const name = (member: string, service: string | null, witnesses: readonly string[] = ['web1', 'db7']): void =>
    journal.effect(
      { type: 'named', verdict: { target: { member, service }, outcome: 'silent', witnesses, sinceMs: 40_500 } },
      50_000,
    );
  const report = openPeerReport(journal, { steadyMs: () => 100_000 }, (text) => said.push(text));
  return { journal, said, name, report };
}

test('verdicts in force are reported as a server takes them, with their beginning by its clock', () => {
  const { journal, said, name, report } = rig();
  expect(report(nowS)).toEqual([]);
  name('db3', 'redis/6379');
  name('db4', null);
  expect(report(nowS)).toEqual([
    { member: 'db3', svc: 'redis/6379', outcome: 'silent', sinceS: nowS - 60, witnesses: ['web1', 'db7'] },
    { member: 'db4', svc: '', outcome: 'silent', sinceS: nowS - 60, witnesses: ['web1', 'db7'] },
  ]);
  expect(parsePeers(report(nowS))).toEqual(report(nowS));
  journal.effect({ type: 'cleared', target: { member: 'db3', service: 'redis/6379' }, why: 'back' }, 99_000);
  expect(report(nowS).map(({ member }) => member)).toEqual(['db4']);
  expect(said).toEqual([]);
});

test('a name that no server takes is left out, which is said once, so that the other verdicts arrive', () => {
  const { journal, said, name, report } = rig();
  name('db3', 'redis/6379', ['web1', '<b>', ...Array.from({ length: 9 }, (_, i) => `w${i}`)]);
  name('db/4', null);
  expect(report(nowS).map(({ member }) => member)).toEqual(['db3']);
  expect(parsePeers(report(nowS))[0]?.witnesses).toEqual(['web1', 'w0', 'w1', 'w2', 'w3', 'w4', 'w5', 'w6']);
  expect(said).toEqual([expect.stringMatching(/^1 verdict on peers cannot be reported/)]);
  journal.effect({ type: 'cleared', target: { member: 'db/4', service: null }, why: 'back' }, 99_000);
  report(nowS);
  expect(said.at(-1)).toBe('all verdicts on peers are reported again');
});

test('200 verdicts are reported at most', () => {
  const { said, name, report } = rig();
  for (let i = 0; i < 203; i += 1) name(`db${i}`, null);
  expect(parsePeers(report(nowS))).toHaveLength(200);
  expect(said).toEqual([expect.stringMatching(/^3 verdicts on peers cannot be reported/)]);
});
