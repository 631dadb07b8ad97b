// The links of a server: a lost link names the services that it hurts from the moment at which its loss was judged, and is there by its target.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSerially } from '../../../src/cycle/live/serially.js';
import { type ServedLinks, serveLinks } from '../../../src/cycle/served/served-links.js';
import { agentKey, authorizationOf } from '../../../src/links/protocol/authorization.js';
import { findingId } from '../../../src/model/finding/finding.js';
import { roundAt } from '../../../src/model/links/round.js';
import { type Policy, standardPolicy } from '../../../src/model/policy/policy.js';
import { topologyOf } from '../../../src/model/topology/topology.js';
import { TestDirector } from '../../interpret/findings/cycles.js';
import { lost, well } from '../../links/fleet.js';
import { until } from '../../until.js';

const secret = randomBytes(32).toString('hex');

let dataDir: string;
let policy: Policy;
let links: ServedLinks;

beforeEach(async () => {
  // Judgements come every five seconds; the policy is read again after one.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  dataDir = mkdtempSync(join(tmpdir(), 'lvs-stats-links-'));
  policy = standardPolicy;
  sent = 0;
  const director = new TestDirector();
  director.read(
    [80, 81].map((own) => ({ port: own, servers: [[5, 100], ...(own === 80 ? [[6, 100] as const] : [])] })),
  );
  links = await serveLinks({
    dataDir,
    secrets: [secret],
    listen: { host: '127.0.0.1', port: 0, tls: null },
    policy: () => policy,
    known: async () => director.table,
    inTurn: createSerially(),
  });
});

afterEach(async () => {
  await links.stop();
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Waits until the next judgements make something so. */
function untilJudged(what: string, isSo: () => boolean): Promise<void> {
  return until(what, () => {
    vi.advanceTimersByTime(5000);
    return isSo();
  });
}

/** Reports are accepted of the previous round, the present one and the next one: three in a test. */
let sent: number;

/** Reports another round. */
async function report(outcomes: Readonly<Record<string, string>>): Promise<number> {
  const results = Object.entries(outcomes).map(([to, own]) => {
    const rtt = own.includes('1') ? 0.5 : null;
    return { to, outcomes: own, rtt, rttMax: rtt };
  });
  const imports = Object.keys(outcomes);
  const round = roundAt('lb1', Date.now() / 1000) - 1 + sent;
  sent += 1;
  return post('lb1', { round, about: {}, results, connections: [], imports });
}

/** Sends a report of an agent to the listener; resolves to the status. */
async function post(name: string, own: object): Promise<number> {
  const timeS = Math.floor(Date.now() / 1000);
  const body = Buffer.from(JSON.stringify(own));
  const [method, path] = ['POST', `/api/v1/agents/${name}/results`];
  const authorization = authorizationOf(agentKey(secret, name), name, { method, path, timeS, body });
  const { status } = await fetch(`http://127.0.0.1:${links.port}${path}`, { method, headers: { authorization }, body });
  return status;
}

test('a lost link names the services with real servers at its far end; others name none', async () => {
  const all = (own: string) => ({ '10.0.0.5': own, '10.0.0.6:80': own, '10.0.0.7': own, '10.0.0.8': well });
  for (const own of [well, well, lost]) expect(await report(all(own))).toBe(204);
  const hurts = () => Object.fromEntries(links.view().links.map((link) => [link.to, link.hurts]));
  await untilJudged('the loss is judged', () => hurts()['10.0.0.5'] !== undefined);
  expect(hurts()).toEqual({
    '10.0.0.5': ['192.0.2.1_80', '192.0.2.1_81'],
    '10.0.0.6:80': ['192.0.2.1_80'],
    '10.0.0.7': [],
    '10.0.0.8': undefined,
  });
  const toward = links.toward((to) => to.startsWith('10.0.0.5') || to === '10.0.0.8');
  expect(toward.map(({ agent, to, lostS, isStale }) => [agent, to, lostS !== null, isStale])).toEqual([
    ['lb1', '10.0.0.5', true, false],
    ['lb1', '10.0.0.8', false, false],
  ]);
});

test('an agent that the policy refuses is forgotten, with what it has lost', async () => {
  for (const own of [well, lost]) expect(await report({ '10.0.0.5': own, '10.0.0.8': own })).toBe(204);
  expect(links.view().totals).toMatchObject({ agents: 1, links: { lost: 2 } });
  policy = { ...standardPolicy, refusedAgents: ['lb1'] };
  await untilJudged('it is forgotten', () => links.view().totals?.agents === 0);
  expect(links.view().links).toEqual([]);
  expect(await report({ '10.0.0.5': lost })).toBe(403);
});

describe('peers that agents name', () => {
  const redis = { member: 'db3', svc: 'redis/80', outcome: 'closed', witnesses: ['web1', 'db7'] };

  /** Reports in a round before, at or after the present one, by its number. */
  const name = (agent: string, at: number, ...peers: readonly object[]): Promise<number> => {
    const nowS = Math.floor(Date.now() / 1000);
    const all = peers.map((own) => ({ ...redis, sinceS: nowS - 60, ...own }));
    return post(agent, { round: roundAt(agent, nowS) + at, about: {}, results: [], connections: [], peers: all });
  };
  const lines = (): readonly string[] =>
    links.watched().findings.map((one) => `${one.severity} ${one.subject} ${one.archives.join()}`);

  test('are a finding, which a second agent makes critical, and which ends when neither reports it', async () => {
    expect(await name('web1', -1, {})).toBe(204);
    await untilJudged('one agent names it', () => lines().length > 0);
    expect(lines()).toEqual(['warning peer/db3/redis/80 all']);
    const [{ sinceS } = { sinceS: 0 }] = links.watched().findings;
    expect(await name('web2', -1, { sinceS: sinceS - 5 })).toBe(204);
    await untilJudged('two agents name it', () => lines().some((line) => line.startsWith('critical')));
    // It is the same finding, though the second agent observed it earlier.
    expect(links.view().findings.map(findingId)).toEqual([`peer-down/peer/db3/redis/80@${sinceS}`]);
    expect(links.watched().evidence).toEqual([]);
    expect(await Promise.all([name('web1', 0), name('web2', 0)])).toEqual([204, 204]);
    await untilJudged('it is over', () => lines().length === 0);
  });

  test('are dead hosts for pages where two agents name them, in the place that the topology says', async () => {
    const hosts = [{ host: 'db3', addresses: ['10.0.0.5'], rack: 'r1', dc: 'tx', role: null }];
    const topology = topologyOf(hosts);
    if ('problem' in topology) throw new Error(topology.problem);
    policy = { ...standardPolicy, topology };
    const host = { svc: '', outcome: 'silent' };
    expect(await name('web1', 0, host, {})).toBe(204);
    await untilJudged('one agent names it', () => lines().length > 0);
    expect(lines()).toEqual(['warning peer/db3 192.0.2.1_80/10.0.0.5_80,192.0.2.1_81/10.0.0.5_80']);
    expect(links.watched().evidence).toEqual([]);
    expect(await name('web2', 0, host)).toBe(204);
    await untilJudged('two agents name it', () => links.watched().evidence.length > 0);
    expect(links.watched().evidence).toMatchObject([
      { level: 'host', place: { host: 'db3', rack: 'tx/r1', dc: 'tx' }, finding: { subject: 'peer/db3' } },
    ]);
  });

  test('are refused with the whole report where they are none', async () => {
    expect(await name('web1', 0, { member: '<b>' })).toBe(400);
    expect(links.view().totals).toMatchObject({ agents: 0 });
  });
});
