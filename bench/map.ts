// The map: its graph at 5,000 nodes and 50,000 edges, and its page with 1,000 nodes and 10,000 edges in Chromium, which is skipped when it is not
// installed.

import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { wholeMap } from '../src/map/choose/choice.js';
import { mapOf } from '../src/map/choose/map-of.js';
import { buildGraph, buildInSteps } from '../src/map/graph/build-graph.js';
import { finishInSlices } from '../src/web/data/time-slice.js';
import { largeInput, largeMoment } from '../test/web/map/a-map.js';
import { startViewer } from '../test/web/viewer-site.js';
import { type Comparison, type Findings, msOf } from './comparison.js';
import { framesOf } from './frames.js';

const hosts = 5000;
const pageHosts = 1000;
const pageTimeS = 1_795_271_760;
const rounds = 7;
const chromiumPath = process.env['LVS_STATS_CHROMIUM'] ?? '/usr/bin/chromium';
const none = { peer: null, theirs: null };

/** Measures the map. */
export async function measureMap(): Promise<Findings> {
  const input = largeInput(hosts);
  const builds = timed(() => buildGraph(input));
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    waits.push(await longestTurn(() => finishInSlices(buildInSteps(input))));
  const graph = buildGraph(input);
  const betweens = timed(() => mapOf(graph, { ...wholeMap, between: ['r1', 'r2'], expand: ['r1', 'r2'] }));
  const pages = await measurePages();
  const page = await measurePage();
  return {
    comparisons: [
      { work: 'the graph of 5,000 nodes and 50,000 edges', ours: msOf(builds), ...none },
      { work: 'the longest wait of others while a server makes it', ours: msOf(waits), ...none },
      { work: 'the map between two of its roles', ours: msOf(betweens), ...none },
      ...pages,
      ...page,
    ],
    notes: [
      `Waits for the page of the map: between two turns of the event loop at most, while the server answers a request for ${pageHosts} nodes shown one by one with 10,000 edges, compressed.`,
      page.length === 0
        ? `Map in a browser: not measured, there is no ${chromiumPath}.`
        : `Map in a browser: headless Chromium without a graphics processor, 1280 × 900, ${rounds} rounds in new profiles, ${pageHosts} nodes shown one by one with 10,000 edges. Script is the processor time of all JavaScript on the page. Frames: from the click on "force layout" until all nodes are placed.`,
    ],
  };
}

function timed(work: () => unknown): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const beganMs = performance.now();
    work();
    return performance.now() - beganMs;
  });
}

/** Milliseconds between two turns of the event loop at most, until some work ends. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let [longestMs, isDone] = [0, false];
  const working = work().finally(() => {
    isDone = true;
  });
  for (let lastMs = performance.now(); !isDone; ) {
    await setImmediate();
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  }
  await working;
  return longestMs;
}

/** The waits of others while a server sends the page, without a browser. */
async function measurePages(): Promise<readonly Comparison[]> {
  const moment = largeMoment({ hosts: pageHosts, timeS: pageTimeS });
  const map = { now: async () => moment, kept: () => [], at: async () => null };
  const viewer = await startViewer({ services: 3, days: 0, map });
  try {
    const url = `${viewer.url}/map?expand=${moment.graph.roles.join(',')}`;
    const networks = Array.from({ length: 200 }, (_, i) => `172.16.${i}.0/24`).join(',');
    const measured = async (address: string): Promise<readonly number[]> => {
      // The first pages compile the templates.
      for (let round = 0; round < 3; round += 1) await discard(address);
      const waits: number[] = [];
      for (let round = 0; round < rounds; round += 1) waits.push(await longestTurn(() => discard(address)));
      return waits;
    };
    return [
      {
        work: 'the longest wait of others while a server sends the page of 1,000 nodes',
        ours: msOf(await measured(url)),
        ...none,
      },
      {
        work: 'the same of the page of ten folded roles with 200 networks hidden',
        ours: msOf(await measured(`${viewer.url}/map?exclude=${encodeURIComponent(networks)}`)),
        ...none,
      },
    ];
  } finally {
    await viewer.close();
  }
}

/** Reads a page to its end, and keeps nothing. Throws if it is not sent. */
function discard(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url.slice(0, 100)}: ${response.statusCode}`));
      response.resume().once('end', resolve).once('error', reject);
    }).once('error', reject);
  });
}

async function measurePage(): Promise<readonly Comparison[]> {
  if (!existsSync(chromiumPath)) return [];
  const moment = largeMoment({ hosts: pageHosts, timeS: pageTimeS });
  const map = { now: async () => moment, kept: () => [], at: async () => null };
  const viewer = await startViewer({ services: 3, days: 0, map });
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const url = `${viewer.url}/map?expand=${moment.graph.roles.join(',')}`;
    const measured: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measureOnce(browser, url));
    const of = (key: keyof Measured) => msOf(measured.map((one) => one[key]));
    return [
      {
        work: 'the page of 1,000 nodes: script',
        ours: of('scriptMs'),
        ...none,
        target: { text: '2 s', atMost: 2000 },
      },
      {
        work: 'the same: first paint',
        ours: of('paintMs'),
        ...none,
        target: { text: '1 s', atMost: 1000 },
      },
      { work: '10,000 edges by force: the longest frame', ours: of('frameMs'), ...none },
    ];
  } finally {
    await browser.close();
    await viewer.close();
  }
}

interface Measured {
  readonly scriptMs: number;
  readonly paintMs: number;
  readonly frameMs: number;
}

async function measureOnce(browser: Browser, url: string): Promise<Measured> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    await page.goto(url);
    await page
      .locator('svg.wide .cell')
      .nth(pageHosts - 1)
      .waitFor();
    const paintMs = await page.evaluate<number>(
      "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN",
    );
    const { metrics } = await devtools.send('Performance.getMetrics');
    const scriptMs = 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
    return { scriptMs, paintMs, frameMs: await forced(page) };
  } finally {
    await context.close();
  }
}

/** The longest frame while a worker places the nodes, and the page draws them. */
async function forced(page: Page): Promise<number> {
  const frames = await framesOf(page, async () => {
    await page.locator('#force').click();
    await page
      .locator('svg.force a')
      .nth(pageHosts - 1)
      .waitFor();
    await page.waitForTimeout(3000);
  });
  return Math.max(...frames);
}
