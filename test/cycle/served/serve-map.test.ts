// The maps of a server: built when asked, kept each hour for a day, and read back.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type MapGround, serveMap } from '../../../src/cycle/served/serve-map.js';
import { buildGraph } from '../../../src/map/graph/build-graph.js';
import { keepMap, listMaps, readMap } from '../../../src/map/kept/kept-maps.js';
import { emptyState } from '../../../src/model/cycle.js';
import type { FleetAgent } from '../../../src/model/map/fleet.js';
import { standardPolicy } from '../../../src/model/policy/policy.js';
import { UserError } from '../../../src/model/user-error.js';
import { agent, input, link } from '../../map/small-fleet.js';
import { until } from '../../until.js';
import { largeInput } from '../../web/map/a-map.js';

const hourS = 1_795_269_600;
let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lvs-stats-maps-'));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true, force: true });
});

const agents = (isLost: boolean): readonly FleetAgent[] => [
  agent('web1', ['out 10.0.0.1 10.0.0.2 80 1'], { links: [link('10.0.0.2', { isLost })] }),
];
const graphOf = (isLost = false) => buildGraph(input({ agents: agents(isLost) }));

test('keeps a day of maps, oldest first, and removes those before', async () => {
  expect(listMaps(dataDir)).toEqual([]);
  for (let hour = 0; hour < 30; hour += 1) {
    await keepMap(dataDir, { timeS: hourS + 3600 * hour, graph: graphOf(hour === 29), findings: null, pools: null });
  }
  const kept = listMaps(dataDir);
  expect(kept).toHaveLength(24);
  expect([kept[0], kept.at(-1)]).toEqual([
    { timeS: hourS + 6 * 3600, lost: 0 },
    { timeS: hourS + 29 * 3600, lost: 1 },
  ]);
  expect((await readMap(dataDir, { timeS: hourS + 29 * 3600, lost: 1 })).graph.lost).toEqual(Uint32Array.of(1));
  await keepMap(dataDir, { timeS: hourS + 100 * 3600, graph: graphOf(), findings: null, pools: null });
  expect(listMaps(dataDir)).toEqual([{ timeS: hourS + 100 * 3600, lost: 0 }]);
});

/** A server whose clock the test sets. */
function running(more: Partial<MapGround> = {}) {
  const clock = { nowS: hourS + 1800 };
  const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const map = serveMap({
    dataDir,
    known: async () => emptyState,
    fleet: () => ({ agents: agents(true) }),
    policy: () => standardPolicy,
    inTurn: (work) => work(),
    nowS: () => clock.nowS,
    ...more,
  });
  /** Lets a minute pass, and the work that it starts. */
  const minute = async () => {
    clock.nowS += 60;
    await vi.advanceTimersByTimeAsync(60_000);
  };
  return { clock, map, minute, words: () => said.mock.calls.map(([text]) => String(text)).join('') };
}

test('keeps the first map once agents have had time to report, and then one each hour', async () => {
  const { map, minute } = running();
  await minute();
  await minute();
  expect(map.kept()).toEqual([]);
  await minute();
  const first = hourS + 1800 + 180;
  await until('a map is kept', () => map.kept().length > 0);
  expect(map.kept()).toEqual([{ timeS: first, lost: 1 }]);
  for (let n = 0; n < 62; n += 1) await minute();
  await until('the map of the next hour is kept', () => map.kept().length > 1);
  expect(map.kept()).toEqual([
    { timeS: first, lost: 1 },
    { timeS: hourS + 3600, lost: 1 },
  ]);
  map.stop();
  for (let n = 0; n < 120; n += 1) await minute();
  expect(listMaps(dataDir)).toHaveLength(2);
});

test('neither an old map nor one of a clock that was ahead is shown, or stops the next', async () => {
  await keepMap(dataDir, { timeS: hourS - 9 * 86_400, graph: graphOf(), findings: null, pools: null });
  const { map, minute } = running();
  expect(map.kept()).toEqual([]);
  await keepMap(dataDir, { timeS: hourS + 10 * 86_400, graph: graphOf(), findings: null, pools: null });
  for (let n = 0; n < 4; n += 1) await minute();
  await until('a map is kept', () => map.kept().length > 0);
  const [first, ...more] = map.kept();
  expect([first?.timeS, more]).toEqual([hourS + 1800 + 180, []]);
  expect(listMaps(dataDir)).toHaveLength(1);
  map.stop();
});

test('shows an hour that was kept by a server before, without its agents', async () => {
  await keepMap(dataDir, { timeS: hourS, graph: graphOf(true), findings: null, pools: null });
  const { map } = running();
  expect(map.kept()).toEqual([{ timeS: hourS, lost: 1 }]);
  const moment = await map.at(hourS);
  expect(moment?.graph.nodes.map(({ id }) => id)).toEqual(graphOf().nodes.map(({ id }) => id));
  expect(moment?.agents).toEqual([]);
  expect(await map.at(hourS + 1)).toBeNull();
  map.stop();
});

test('a file that cannot be read is reported with its path, and the others are shown', async () => {
  await keepMap(dataDir, { timeS: hourS, graph: graphOf(), findings: null, pools: null });
  const [name = ''] = readdirSync(join(dataDir, 'maps'));
  writeFileSync(join(dataDir, 'maps', name), 'no map');
  writeFileSync(join(dataDir, 'maps', 'note.txt'), 'not ours');
  const { map, words } = running();
  expect(await map.at(hourS)).toBeNull();
  expect(words()).toContain(`${join(dataDir, 'maps', name)} cannot be read: `);
  expect(map.kept()).toEqual([]);
  expect(await map.at(hourS)).toBeNull();
  expect(words().match(/cannot be read/g)).toHaveLength(1);
  expect((await map.now()).graph.nodes).not.toEqual([]);
  expect(readdirSync(join(dataDir, 'maps'))).toContain('note.txt');
  map.stop();
});

test('a damaged map is found when the server starts, and is neither offered nor reported again', async () => {
  for (const timeS of [hourS - 3600, hourS])
    await keepMap(dataDir, { timeS, graph: graphOf(), findings: null, pools: null });
  const path = join(dataDir, 'maps', `${hourS - 3600}-0.json.gz`);
  const bytes = readFileSync(path);
  bytes[20] = (bytes[20] ?? 0) ^ 255;
  writeFileSync(path, bytes);
  const { map, words } = running();
  await until('the damaged one is not offered', () => map.kept().length === 1);
  expect(map.kept()).toEqual([{ timeS: hourS, lost: 0 }]);
  expect(words()).toContain(`${path} cannot be read: `);
  expect(await map.at(hourS - 3600)).toBeNull();
  expect(words().match(/cannot be read/g)).toHaveLength(1);
  expect((await map.at(hourS))?.graph.nodes).toHaveLength(2);
  map.stop();
});

test('an hour is kept with the findings of its nodes, as far as they are known', async () => {
  const { map, minute } = running();
  for (let n = 0; n < 4; n += 1) await minute();
  await until('a map is kept', () => map.kept().length > 0);
  const [first] = map.kept();
  expect((await map.at(first?.timeS ?? 0))?.findings).toBeNull();
  const own = { severity: 'warning', sinceS: hourS, archives: [], numbers: { agents: 1 } } as const;
  const here = { ...own, kind: 'agent-silent', subject: 'agent/web1' } as const;
  map.follow(() => [here, { ...own, kind: 'agent-silent', subject: 'agent/elsewhere' }]);
  for (let n = 0; n < 62; n += 1) await minute();
  await until('the map of the next hour is kept', () => map.kept().length > 1);
  expect((await map.at(map.kept()[1]?.timeS ?? 0))?.findings).toEqual([here]);
  map.stop();
});

test('a file under the name of another hour is not shown as that hour', async () => {
  await keepMap(dataDir, { timeS: hourS, graph: graphOf(), findings: null, pools: null });
  const [name = ''] = readdirSync(join(dataDir, 'maps'));
  renameSync(join(dataDir, 'maps', name), join(dataDir, 'maps', `${hourS + 60}-0.json.gz`));
  await expect(readMap(dataDir, { timeS: hourS + 60, lost: 0 })).rejects.toThrow(
    `it is of ${hourS}, not of ${hourS + 60}`,
  );
});

test('a folder that is named like a map is neither listed nor removed', async () => {
  mkdirSync(join(dataDir, 'maps', '5-0.json.gz'), { recursive: true });
  await keepMap(dataDir, { timeS: hourS, graph: graphOf(), findings: null, pools: null });
  expect(listMaps(dataDir)).toEqual([{ timeS: hourS, lost: 0 }]);
  expect(readdirSync(join(dataDir, 'maps'))).toContain('5-0.json.gz');
});

test('a map that cannot be kept is reported, and the next hour is tried', async () => {
  writeFileSync(join(dataDir, 'maps'), 'a file where the folder should be');
  const { map, minute, words } = running();
  for (let n = 0; n < 4; n += 1) await minute();
  await until('it is reported', () => words().includes('the map of this hour'));
  expect(words()).toContain('the map of this hour is not kept: ');
  map.stop();
});

test('a data file adds to the map; one that has become wrong is reported once and left out', async () => {
  let isWrong = false;
  const { clock, map, words } = running({
    added: () => {
      if (isWrong) throw new UserError('bad-config', 'add.yaml:1:1: wrong');
      return { nodes: [{ name: 'mainframe', role: 'legacy', dc: null, addresses: [], at: 'add.yaml:1:1' }], edges: [] };
    },
  });
  const before = await map.now();
  expect(before.graph.roles).toContain('legacy');
  expect(await map.now()).toBe(before);
  isWrong = true;
  for (let n = 0; n < 2; n += 1) {
    clock.nowS += 20;
    await vi.advanceTimersByTimeAsync(20_000);
    const { graph, problem } = await map.now();
    expect([graph.roles.includes('legacy'), problem]).toEqual([false, 'add.yaml:1:1: wrong']);
  }
  expect(words().match(/add\.yaml:1:1: wrong/g)).toHaveLength(1);
  isWrong = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect((await map.now()).problem).toBe('');
  map.stop();
});

test('an end that the data file names and nobody knows is such a mistake, too', async () => {
  const { map, words } = running({
    added: () => ({ nodes: [], edges: [{ from: 'nobody', to: 'web1', connections: 1, at: 'add.yaml:2:3' }] }),
  });
  expect((await map.now()).problem).toContain('add.yaml:2:3: there is no "nobody"');
  expect(words()).toContain('add.yaml:2:3: there is no "nobody"');
  map.stop();
});

test('requests get their turns while a graph is made', async () => {
  vi.useRealTimers();
  const { map } = running({ fleet: () => ({ agents: largeInput(300).agents }) });
  // Each look at the clock takes a slice's time, so that every step is one.
  let [nowMs, turns] = [0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => {
    nowMs += 20;
    return nowMs;
  });
  const making = map.now();
  let isMade = false;
  void making.then(() => {
    isMade = true;
  });
  while (!isMade) {
    await setImmediate();
    turns += 1;
  }
  expect((await making).graph.from).toHaveLength(3000);
  // At least one for each agent and direction.
  expect(turns).toBeGreaterThan(600);
  map.stop();
});
