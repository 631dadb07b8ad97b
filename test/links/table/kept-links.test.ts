import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keptText, linksPath, restoreKept, writeKept } from '../../../src/links/table/kept-links.js';
import { LiveTable } from '../../../src/links/table/live-table.js';
import { noTopology } from '../../../src/model/topology/topology.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-links-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nowS = 1_764_642_000;
const empty = (): LiveTable => new LiveTable(() => noTopology);

function reported(outcomes: string): LiveTable {
  const table = empty();
  const report = { about: { role: 'web' }, connections: [], imports: ['10.0.0.1', '10.0.0.2'] };
  table.accept('web01', { ...report, round: 6, results: [] }, nowS - 120);
  const rtt = outcomes.includes('1') ? 1 : null;
  const results = [
    { to: '10.0.0.1', outcomes, rtt, rttMax: rtt },
    { to: '10.0.0.2', outcomes: '1111111111', rtt: 1, rttMax: 1 },
  ];
  table.accept('web01', { ...report, round: 7, results }, nowS);
  return table;
}

describe('links.json', () => {
  test('keeps agents, what they said, their rounds, and lost links since when', () => {
    const before = reported('0000000000');
    writeKept(folder, keptText(before));
    const after = empty();
    expect(restoreKept(folder, after, nowS)).toBeNull();
    expect(after.judge(nowS + 60)).toEqual(before.judge(nowS + 60));
    expect(after.judge(nowS + 60).cuts).toHaveLength(1);
    expect(after.agents().get('web01')).toMatchObject({ about: { role: 'web' }, round: 7, lastS: nowS });
    expect(after.listOf('web01').links).toEqual([{ to: '10.0.0.1' }, { to: '10.0.0.2' }]);
    // Links that were well decide the blame, though no agent has reported them to this process.
    expect(after.judge(nowS + 3600).cuts).toEqual(before.judge(nowS + 60).cuts);
  });

  test('keeps the peers that agents name, until these had time to report again', () => {
    const before = reported('1111111111');
    const peer = { member: 'db3', svc: '', outcome: 'silent', sinceS: nowS - 60, witnesses: ['web1'] } as const;
    before.accept('web01', { round: 8, about: {}, results: [], connections: [], peers: [peer] }, nowS);
    writeKept(folder, keptText(before));
    const after = new LiveTable(() => noTopology, nowS + 3600);
    expect(restoreKept(folder, after, nowS + 3600)).toBeNull();
    expect(after.judge(nowS + 3660).peers).toMatchObject([{ member: 'db3', svc: '', agents: ['web01'] }]);
    expect(after.judge(nowS + 3900).peers).toEqual([]);
  });

  test('refuses the replay of a round from before the restart', () => {
    writeKept(folder, keptText(reported('1111111111')));
    const after = empty();
    restoreKept(folder, after, nowS);
    expect(after.accept('web01', { round: 7, part: 3, about: {}, results: [], connections: [] }, nowS).kind).toBe(
      'repeated',
    );
  });

  test('is no problem where it is missing', () => {
    expect(restoreKept(folder, empty(), nowS)).toBeNull();
  });

  test.each([
    ['no JSON', 'agents', /JSON/],
    ['another version', '{"version":2,"agents":[]}', /version is 2, not 1/],
    ['no agents', '{"version":1}', /not a table of agents/],
    ['an agent without a name', '{"version":1,"agents":[{"round":1}]}', /agent number 1/],
    [
      'a link to markup',
      '{"version":1,"agents":[{"name":"a","about":{},"round":1,"lastS":1,"addresses":[],"links":[{"to":"<b>","lostS":1,"lastS":1}]}]}',
      /agent number 1/,
    ],
    [
      'a peer that is markup',
      '{"version":1,"agents":[{"name":"a","about":{},"round":1,"lastS":1,"addresses":[],"links":[],"peers":[{"member":"<b>","svc":"","outcome":"silent","sinceS":1,"witnesses":[]}]}]}',
      /peers\.member/,
    ],
  ])('is set aside if it is %s', (_, text, why) => {
    writeFileSync(linksPath(folder), text);
    expect(restoreKept(folder, empty(), nowS)).toMatch(why);
    expect(readdirSync(folder)).toEqual([`links.json.unreadable-${nowS}`]);
    expect(readFileSync(join(folder, `links.json.unreadable-${nowS}`), 'utf8')).toBe(text);
  });
});
