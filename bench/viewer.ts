// The viewer with 2,000 services and a year of history: how soon it answers while cycles are stored, and how a browser copes with its
// pages. Chromium's part is skipped when it is not installed.

import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { interpret } from '../src/interpret/interpret.js';
import type { Cycle, KnownState } from '../src/model/cycle.js';
import { withWritableArchives } from '../src/store/open.js';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import { type Comparison, type Findings, msOf } from './comparison.js';
import { drag, framesOf } from './frames.js';
import { type Served, startServed } from './served.js';
import { withoutRealServers, type Year } from './year.js';

const services = 2000;
const requestsPerS = 20;
const loadS = 60;
const cycleEveryS = 6;
const rounds = 5;
const browserSettlesMs = 5000;
const chromiumPath = process.env['LVS_STATS_CHROMIUM'] ?? '/usr/bin/chromium';

/** Measures the viewer. */
export async function measureViewer({ viewerYear }: BenchContext): Promise<Findings> {
  const year = await viewerYear();
  const served = await startServed(year.dataDir, year.endS + 30);
  try {
    const names = await namesOf(served);
    const preparedMs = await prepared(served);
    const newest = await withWritableArchives(year.dataDir, (archives) => archives.latest());
    const cycles = cyclesAfter(year, newest);
    const { pages, rows, stored } = await underLoad(served, { names, cycles, dataDir: year.dataDir });
    const browser = existsSync(chromiumPath) ? await inBrowser(served, names) : null;
    return {
      comparisons: [
        ...answerRows('a page', pages),
        ...answerRows('rows of a graph or a stack', rows),
        ...(browser ?? []),
      ],
      notes: [
        `Viewer: ${services} services of the simulated director with a year behind them, \`serve --no-collect\` as a process; ${requestsPerS} requests a second for ${loadS} s from another, of all kinds of pages (also all ${services} tiles on one) and of the rows that canvases ask for, while ${stored} cycles were stored through its socket and what pages need of them was worked out. After its start that took ${(preparedMs / 1000).toFixed(0)} s; it answers meanwhile.`,
        browser === null
          ? `Browser: not measured, there is no ${chromiumPath}.`
          : `Browser: headless Chromium without a graphics processor, 1280 × 900, ${rounds} rounds, each in a new profile. First row: from the address to the last canvas of the first row of ${services} tiles. Frames: a year of one service’s nine graphs, from one frame to the next.`,
      ],
    };
  } finally {
    await served.close();
  }
}

function answerRows(what: string, tookMs: readonly number[]): Comparison[] {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
  const none = { peer: null, theirs: null };
  return [
    {
      work: `the viewer’s answer, ${what}, 2,000 services`,
      ours: msOf(tookMs),
      ...none,
      target: { text: '100 ms', atMost: 100 },
    },
    { work: 'the same, 99th percentile', ours: msOf([p99]), ...none, target: { text: '300 ms', atMost: 300 } },
  ];
}

async function namesOf({ url }: Served): Promise<readonly string[]> {
  const archives = (await (await fetch(`${url}/api/archives`)).json()) as readonly { readonly name: string }[];
  return archives.map(({ name }) => name).filter((name) => name !== 'all');
}

/** Milliseconds until the work after a cycle is complete. */
async function prepared({ url }: Served): Promise<number> {
  const beganMs = performance.now();
  for (const period of ['day', 'week', 'month', 'year']) await answered(`${url}/live/stack?type=cps&period=${period}`);
  return performance.now() - beganMs;
}

/** The cycles after the year, made beforehand: during the load they are only stored. */
function cyclesAfter({ endS, tableAt }: Year, newest: KnownState): readonly Cycle[] {
  const cycles: Cycle[] = [];
  let table = newest;
  for (let n = 1; n <= loadS / cycleEveryS; n += 1) {
    const cycle = interpret(table, withoutRealServers(tableAt(endS + n * stepS)));
    table = cycle.table;
    cycles.push(cycle);
  }
  return cycles;
}

interface Load {
  readonly names: readonly string[];
  readonly cycles: readonly Cycle[];
  readonly dataDir: string;
}

async function underLoad(
  { url }: Served,
  { names, cycles, dataDir }: Load,
): Promise<{ pages: readonly number[]; rows: readonly number[]; stored: number }> {
  const [pages, rows]: [number[], number[]] = [[], []];
  const under: Promise<void>[] = [];
  // Errors are thrown once all have settled.
  const keep = (one: Promise<void>): void => {
    one.catch(() => {});
    under.push(one);
  };
  let stored = 0;
  const requests = loadS * requestsPerS;
  const beganMs = performance.now();
  for (let n = 0; n < requests; n += 1) {
    await pause(Math.max(0, beganMs + (n * 1000) / requestsPerS - performance.now()));
    const name = names[(n * 7919) % names.length] ?? '';
    const [into, path] = n % 2 === 0 ? [pages, pageAt(n / 2, name)] : [rows, rowsAt((n - 1) / 2, name)];
    keep(answered(url + path).then((tookMs) => void into.push(tookMs)));
    if (n % (cycleEveryS * requestsPerS) !== 0) continue;
    const cycle = cycles[n / (cycleEveryS * requestsPerS)];
    if (cycle !== undefined) {
      keep(withWritableArchives(dataDir, (archives) => archives.append(cycle)));
      stored += 1;
    }
  }
  await Promise.all(under);
  return { pages, rows, stored };
}

function pageAt(n: number, name: string): string {
  const paths = [
    '/',
    '/services',
    '/tiles',
    `/service/${name}`,
    '/pairs?graph_type=active&period=week',
    '/services?top=all&sort=growing',
    '/tiles?graph_type=cps&top=all',
    `/service/${name}?period=year`,
    '/tiles?q=*:80&period=month',
    '/?share=1&period=month',
  ];
  return paths[n % paths.length] ?? '/';
}

function rowsAt(n: number, name: string): string {
  const periods = ['day', 'week', 'month', 'year'];
  const period = periods[n % periods.length];
  return n % 5 === 0
    ? `/live/stack?type=traffic&period=${period}`
    : `/live/graph?name=${name}&type=traffic&period=${period}`;
}

async function answered(address: string): Promise<number> {
  const beganMs = performance.now();
  const response = await fetch(address);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${address} was answered with ${response.status}`);
  return performance.now() - beganMs;
}

async function inBrowser({ url }: Served, names: readonly string[]): Promise<Comparison[]> {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    // A browser just started is busy with itself for some seconds; a reader's is not.
    await withPage(browser, async (page) => {
      await page.goto('about:blank');
      await page.waitForTimeout(browserSettlesMs);
    });
    const firstRows: number[] = [];
    const [zooms, pans, scrolls]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      const name = names[(round * 331) % names.length] ?? '';
      await withPage(browser, async (page) => {
        firstRows.push(await firstRow(page, `${url}/tiles?top=all`));
        scrolls.push(longestOf(await scrolled(page)));
      });
      await withPage(browser, async (page) => {
        const { zoom, pan } = await zoomedAndPanned(page, `${url}/service/${name}?period=year`);
        zooms.push(longestOf(zoom));
        pans.push(longestOf(pan));
      });
    }
    const none = { peer: null, theirs: null };
    const frames = { text: '50 ms', atMost: 50 };
    return [
      {
        work: 'the first row of 2,000 tiles in Chromium',
        ours: msOf(firstRows),
        ...none,
        target: { text: '1 s', atMost: 1000 },
      },
      { work: 'a year zoomed: the longest frame', ours: msOf(zooms), ...none, target: frames },
      { work: 'a year panned: the longest frame', ours: msOf(pans), ...none, target: frames },
      { work: '2,000 tiles scrolled: the longest frame', ours: msOf(scrolls), ...none },
    ];
  } finally {
    await browser.close();
  }
}

async function withPage(browser: Browser, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await use(await context.newPage());
  await context.close();
}

function longestOf(framesMs: readonly number[]): number {
  return Math.max(...framesMs);
}

async function firstRow(page: Page, address: string): Promise<number> {
  const beganMs = performance.now();
  await page.goto(address, { waitUntil: 'commit' });
  // Three tiles sit side by side.
  await page.locator('figure.drawn').nth(2).waitFor();
  return performance.now() - beganMs;
}

async function scrolled(page: Page): Promise<readonly number[]> {
  await page.waitForTimeout(1500);
  await page.mouse.move(600, 500);
  return framesOf(page, async () => {
    for (let step = 0; step < 60; step += 1) {
      await page.mouse.wheel(0, 200);
      await page.waitForTimeout(16);
    }
  });
}

async function zoomedAndPanned(
  page: Page,
  address: string,
): Promise<{ zoom: readonly number[]; pan: readonly number[] }> {
  await page.goto(address);
  await page.locator('figure.drawn').nth(3).waitFor();
  await page.waitForTimeout(1500);
  const box = await page.locator('figure canvas[role=img]').nth(1).boundingBox();
  if (box === null) throw new Error('there is no graph to zoom into');
  const from = { x: box.x + 120, y: box.y + 80 };
  const zoom = await framesOf(page, async () => {
    await drag(page, from, { toX: from.x + 300, steps: 15 });
    await page.waitForTimeout(1500);
  });
  const pan = await framesOf(page, async () => {
    await page.keyboard.down('Shift');
    await drag(page, from, { toX: from.x + 250, steps: 60 });
    await page.keyboard.up('Shift');
    await page.waitForTimeout(500);
  });
  return { zoom, pan };
}
