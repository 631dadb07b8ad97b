// Refreshing the pictures that a cycle makes out of date: 1,000 services with a year of history, nine graphs of each and the director's
// five stacks, drawn by the refresh itself in this thread; against drawing all graphs of all periods with rrdtool, extrapolated from a
// sample of each graph and period. Processor time.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { kindOfName } from '../src/model/kinds/registry.js';
import { graphTypes, type Period, periods } from '../src/render/define/graph-request.js';
import { dataTimeOf, noteView, picturePath, writePicture } from '../src/render/files/picture-file.js';
import { refreshPictures } from '../src/render/files/refresh.js';
import { ViewedPictures } from '../src/render/files/viewed-pictures.js';
import { drawHere } from '../src/render/png/draw-pool.js';
import { withArchives } from '../src/store/open.js';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import type { Findings } from './comparison.js';
import { looks } from './one-picture.js';
import { drawGraphs } from './rrd-graph.js';
import { type Rrdtool, withRrdtool } from './rrdtool.js';
import { meanOf } from './statistics.js';
import { processorClockMs } from './timed.js';
import type { Year } from './year.js';

const services = 1000;
const order = Object.keys(periods) as Period[];

/** Milliseconds of processor time for the graphs of a period; the rest is extrapolated from those drawn. */
const budgetMs: Readonly<Record<Period, number>> = { day: 120_000, week: 20_000, month: 20_000, year: 20_000 };

/** The cost of all of a period's pictures. */
interface PeriodCost {
  readonly period: Period;
  readonly drawn: number;
  readonly stacksMs: number;
  readonly msPerGraph: number;
  readonly allMs: number;
}

/** Measures the refresh. */
export async function measureRefresh({ folder, hasRrdtool, largeYear }: BenchContext): Promise<Findings> {
  const year = await largeYear();
  const costs: PeriodCost[] = [];
  const theirs: number[] = [];
  await drawPeriod(year, { folder: join(folder, 'warm-up'), period: 'day', budgetMs: 2000 });
  for (const period of order) {
    if (hasRrdtool) theirs.push(await withRrdtool((rrdtool) => drawAllMs(rrdtool, year)));
    costs.push(await drawPeriod(year, { folder: join(folder, 'graphs'), period, budgetMs: budgetMs[period] }));
  }
  if (hasRrdtool) theirs.push(await withRrdtool((rrdtool) => drawAllMs(rrdtool, year)));
  const looked = await lookedAtCosts(year, join(folder, 'graphs'));
  rmSync(join(folder, 'graphs'), { recursive: true });
  const ours = costs.reduce((sum, { period, allMs }) => sum + allMs / cyclesPerRow(period), 0);
  return {
    comparisons: [
      {
        work: 'refreshing all pictures after a cycle, 1,000 services, all periods: processor time, mean of a day’s cycles',
        ours: { unit: 's', values: [ours / 1000] },
        peer: '`rrdtool graph`, drawing all',
        theirs: hasRrdtool ? { unit: 's', values: theirs.map((ms) => ms / 1000) } : null,
        target: { text: '1/5', timesBetter: 5 },
        stretch: { text: '1/10', timesBetter: 10 },
      },
    ],
    notes: [costsNote(costs), lookedAtNote(looked), theirsNote(year)],
  };
}

/** Cycles until a period's pictures have a new row. */
function cyclesPerRow(period: Period): number {
  return periods[period].stepS / stepS;
}

/** Refreshes a period's pictures, all of them missing, within the budget. */
async function drawPeriod(
  { dataDir }: Year,
  { folder, period, budgetMs }: { folder: string; period: Period; budgetMs: number },
): Promise<PeriodCost> {
  const spentMs = processorClockMs();
  // The stacks come first, with a share of the budget below half: here they always fit.
  let stacksMs = Number.NaN;
  const { drawn, same, waiting } = await refreshPictures({
    lend: (use) => withArchives(dataDir, use),
    draw: drawHere,
    folder,
    looks,
    drawnSinceMs: 0,
    wholeSinceMs: 0,
    busyness: new Map(),
    hasBudget: (share) => {
      if (share < 0.5) return true;
      if (Number.isNaN(stacksMs)) stacksMs = spentMs();
      return spentMs() - stacksMs < budgetMs;
    },
    periods: [period],
  });
  const graphs = services * graphTypes.length;
  const graphsDrawn = graphs - waiting;
  const msPerGraph = (spentMs() - stacksMs) / graphsDrawn;
  if (same > 0 || drawn <= 0) throw new Error(`${period}: ${drawn} pictures drawn, ${same} were there before`);
  return { period, drawn, stacksMs, msPerGraph, allMs: stacksMs + msPerGraph * graphs };
}

/** The cost of a period's pictures when only some services are looked at. */
interface LookedAtCost {
  readonly period: Period;
  readonly drawn: number;
  readonly allMs: number;
}

/** How many services somebody looks at. */
const lookedAt = 20;

/**
 * Refreshes each period's pictures, all of them out of date, when somebody looks at all graphs of `lookedAt` services. Finding out what is
 * looked at is included; it reads the times of all files that `drawPeriod` has drawn.
 */
async function lookedAtCosts({ dataDir }: Year, folder: string): Promise<readonly LookedAtCost[]> {
  const names = await withArchives(dataDir, async (source) => (await source.list()).map(({ name }) => name));
  const services = names.filter((name) => kindOfName(name)?.kind === 'service').slice(0, lookedAt);
  const costs: LookedAtCost[] = [];
  for (const period of order) {
    for (const name of services) {
      for (const type of graphTypes) {
        const path = picturePath(join(folder, period), name, type);
        if (dataTimeOf(path) === 0) writePicture(path, Buffer.alloc(100), stepS);
        noteView(path, Date.now());
      }
    }
    const spentMs = processorClockMs();
    const viewed = new ViewedPictures(folder, Date.now());
    viewed.save();
    const { drawn, same } = await refreshPictures({
      lend: (use) => withArchives(dataDir, use),
      draw: drawHere,
      folder,
      looks: { ...looks, note: 'looked at' },
      drawnSinceMs: Date.now() + 60_000,
      wholeSinceMs: 0,
      busyness: new Map(),
      hasBudget: () => true,
      periods: [period],
      viewed,
    });
    if (same > 0) throw new Error(`${period}: ${same} pictures were not drawn anew`);
    costs.push({ period, drawn, allMs: spentMs() });
  }
  return costs;
}

function lookedAtNote(costs: readonly LookedAtCost[]): string {
  const each = costs.map(({ period, drawn, allMs }) => `${period} ${(allMs / 1000).toFixed(2)} s (${drawn} pictures)`);
  const mean = costs.reduce((sum, { period, allMs }) => sum + allMs / cyclesPerRow(period), 0);
  return `With --draw looked-at, and somebody who looks at all graphs of ${lookedAt} of the ${services} services: ${each.join(', ')}; ${(mean / 1000).toFixed(2)} s of processor time in the mean of a day’s cycles.`;
}

/** Milliseconds of processor time for rrdtool to draw all graphs of all periods and services. */
async function drawAllMs(rrdtool: Rrdtool, { twins, endS }: Year): Promise<number> {
  const secondsPerGraph: number[] = [];
  for (const period of order)
    secondsPerGraph.push(await drawGraphs(rrdtool, { twins, period, types: graphTypes, endS, times: 1 }));
  return 1000 * meanOf(secondsPerGraph) * services * order.length * graphTypes.length;
}

function costsNote(costs: readonly PeriodCost[]): string {
  const told = costs.map(
    ({ period, drawn, stacksMs, msPerGraph, allMs }) =>
      `${period} ${(allMs / 1000).toFixed(1)} s (${drawn} pictures drawn, ${msPerGraph.toFixed(2)} ms a graph, the stacks ${(stacksMs / 1000).toFixed(1)} s)`,
  );
  return `Refresh: a cycle puts the pictures of a day out of date, every 6th those of a week, every 24th a month’s, every 288th a year’s. All of a period take ${told.join(', ')}; what was not drawn within the budget of the benchmark is extrapolated from what was. Reading the rows and writing the files is included.`;
}

function theirsNote({ twins }: Year): string {
  return `rrdtool’s share: ${services * graphTypes.length * order.length} graphs, from ${twins.length} services’ ${graphTypes.length} graphs of ${order.length} periods, drawn before and after each of our periods; it draws no stacks.`;
}
