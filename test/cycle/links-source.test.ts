// Agents and links in a cycle: what a live table counted comes back from the archives, whichever process collects.

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateIpvsadm } from '../../src/collect/ipvs/locate-ipvsadm.js';
import { type CycleRequest, runCycle } from '../../src/cycle/cycle.js';
import { countsOf } from '../../src/cycle/served/link-counts.js';
import { LiveTable } from '../../src/links/table/live-table.js';
import type { Finding } from '../../src/model/finding/finding.js';
import type { LinkChange } from '../../src/model/links/counts.js';
import { poolsOf } from '../../src/model/table/pools.js';
import { noTopology } from '../../src/model/topology/topology.js';
import type { LendArchives } from '../../src/store/archives.js';
import { withWritableArchives } from '../../src/store/open.js';
import { type Keeper, openKeeper } from '../../src/store/shared/keeper.js';
import { printingPair } from '../commands/fakes.js';
import { evenPair } from '../commands/recordings.js';
import { shortFolder } from '../short-folder.js';

const startS = 1_763_700_000;
let keeper: Keeper;
let data: string;
let table: LiveTable;
let nowS = startS;
let changes: readonly LinkChange[] = [];

beforeEach(async () => {
  data = shortFolder('lvs-stats-links-');
  table = new LiveTable(() => noTopology, startS - 1000);
  changes = [];
  const linkCounts = countsOf({ table, changes: () => changes, nowS: () => nowS });
  keeper = await openKeeper(data, { linkCounts });
});

afterEach(async () => {
  await keeper.close();
  rmSync(data, { recursive: true });
});

/** Reports a round that ended at a second; the first one only says which links there are. */
function report(round: number, atS: number, outcomes: string): void {
  const rtt = outcomes.includes('1') ? 2 : null;
  const results =
    round === 1 ? [] : ['10.0.0.1', '10.9.9.9'].map((to) => ({ to, outcomes, rtt, rttMax: rtt && 2 * rtt }));
  const imports = ['10.0.0.1', '10.9.9.9'];
  table.accept('lb1', { round, about: { role: 'lb' }, results, connections: [], imports }, atS);
}

async function cycle(n: number, lend: LendArchives = keeper.lend, extra: Partial<CycleRequest> = {}) {
  nowS = startS + 300 * n;
  const outcome = await runCycle({
    dataDir: data,
    lend,
    owner: { asRoot: (use) => use(), asOwnerOf: (_, use) => use(), asOwner: (use) => use(), release: () => {} },
    ipvsadm: locateIpvsadm({ replacement: printingPair(data, evenPair(1, n + 1)), path: '' }),
    procRoot: data,
    nowS: () => nowS,
    haproxy: null,
    recordDir: null,
    acceptTime: false,
    ...extra,
  });
  if (outcome.kind !== 'stored') throw new Error('overtaken');
  return outcome;
}

async function rowsOf(name: string): Promise<readonly (readonly number[])[]> {
  const span = { startS: startS + 300, endS: startS + 600, stepS: 300 };
  const { columns } = await keeper.archives.fetch({ name, cf: 'AVERAGE', ...span });
  return columns.map((column) => [...column]);
}

test('rounds become rows of the agent and of its link to a real server, and other links have none', async () => {
  await cycle(0);
  report(1, startS + 5, '');
  report(2, startS + 125, '1111111111');
  report(3, startS + 245, '1111111110');
  await cycle(1);
  report(4, startS + 365, '0000000000');
  report(5, startS + 485, '1111111111');
  await cycle(2);
  const names = (await keeper.archives.list()).map(({ name }) => name);
  expect(names.filter((name) => /^(agent|link)_/.test(name))).toEqual(['agent_lb1', 'link_lb1/10.0.0.1']);
  expect(await rowsOf('link_lb1/10.0.0.1')).toEqual([
    [2, Number.NaN],
    [50, Number.NaN],
  ]);
  expect((await rowsOf('agent_lb1')).map(([first]) => first)).toEqual([2, 0, 2, 4, 50]);
});

test('another process that collects gets the counts over the socket', async () => {
  const remote: LendArchives = (use) => withWritableArchives(data, use);
  await cycle(0, remote);
  report(1, startS + 5, '');
  report(2, startS + 125, '1111111111');
  report(3, startS + 245, '1111100000');
  const { cycle: made } = await cycle(1, remote);
  const own = made.readings.find(({ archive }) => archive === 'link_lb1/10.0.0.1');
  expect([...(own?.values ?? [])]).toEqual([2, 25]);
});

test('a cycle without the table of the kernel stores the links', async () => {
  await cycle(0);
  report(1, startS + 5, '');
  report(2, startS + 125, '1111111111');
  const missing = locateIpvsadm({ replacement: '/nonexistent/ipvsadm', path: '' });
  const { cycle: made, problems } = await cycle(1, keeper.lend, { ipvsadm: missing });
  expect(problems).toHaveLength(1);
  expect(made.readings.map(({ archive }) => archive)).toContain('agent_lb1');
});

test('changes of findings between two cycles keep their times in the ledger, beside events of the same second', async () => {
  await cycle(0);
  const finding: Finding = {
    ...({ kind: 'link-lost', subject: 'dcs/fr~tx', severity: 'critical' } as const),
    ...{ sinceS: startS + 10, archives: ['all'] },
    numbers: { blame: 'dcs', lost: 4, links: 4, observers: 2, targets: 2 },
  };
  changes = [{ number: 1, timeS: startS + 100, isOpen: true, finding }];
  const missing = { ipvsadm: locateIpvsadm({ replacement: '/nonexistent/ipvsadm', path: '' }) };
  await cycle(1, keeper.lend, missing).catch(() => null);
  changes = [...changes, { number: 2, timeS: startS + 100, isOpen: false, finding }];
  await cycle(2);
  const events = await keeper.archives.events({ archive: 'all' });
  expect(
    events.flatMap(({ kind, timeS, detail }) => (timeS === startS + 100 ? [`${kind}: ${detail}`] : [])),
  ).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === 'finding-opened' || kind === 'finding-closed')).toMatchObject([
    { timeS: startS + 100, detail: expect.stringContaining('data centres fr and tx') },
    { timeS: startS + 301 },
  ]);
});

test('forgetting an agent forgets its links, and what it still reports has new archives in the next cycle', async () => {
  await cycle(0);
  report(1, startS + 5, '');
  report(2, startS + 125, '1111111111');
  await cycle(1);
  const forgotten = await keeper.archives.forget('agent_lb1');
  expect(forgotten).toMatchObject({ archives: ['agent_lb1', 'link_lb1/10.0.0.1'], live: 2 });
  report(3, startS + 365, '1111100000');
  await cycle(2);
  const own = (await keeper.archives.list()).filter(({ name }) => /^(agent|link)_/.test(name));
  expect(own.map(({ name, firstS }) => [name, firstS])).toEqual([
    ['agent_lb1', startS + 600],
    ['link_lb1/10.0.0.1', startS + 600],
  ]);
});

test('forgetting a link leaves its agent, and the link has a new archive in the next cycle', async () => {
  await cycle(0);
  report(1, startS + 5, '');
  report(2, startS + 125, '1111111111');
  await cycle(1);
  const pools = poolsOf(await keeper.archives.latest());
  const forgotten = await keeper.archives.forget('link_lb1/10.0.0.1');
  expect(poolsOf(await keeper.archives.latest())).toEqual(pools);
  expect(forgotten).toMatchObject({ archives: ['link_lb1/10.0.0.1'], live: 1 });
  await cycle(2);
  const own = (await keeper.archives.list()).filter(({ name }) => /^(agent|link)_/.test(name));
  expect(own.map(({ name, firstS }) => [name, firstS])).toEqual([
    ['agent_lb1', startS + 300],
    ['link_lb1/10.0.0.1', startS + 600],
  ]);
});
