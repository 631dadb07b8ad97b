// `npm run bench`: runs all benchmarks, or the named ones, and makes one page of ratios. A complete run writes bench/RESULTS.md and the
// plot beside it; a partial one is only printed.
//   npm run bench -- cycle picture

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../src/model/user-error.js';
import { measureAgents } from './agents/agents.js';
import { measureBalancer } from './balancer.js';
import { type Bench, contextsIn, withScratch } from './bench.js';
import { measureCollect } from './collect.js';
import type { Findings } from './comparison.js';
import { measureCycle } from './cycle.js';
import { measureFetch } from './fetch.js';
import { measureGrowth } from './growth.js';
import { plotGrowth } from './growth-plot.js';
import { measureLarge } from './large.js';
import { describeMachine } from './machine.js';
import { measureMap } from './map.js';
import { measureMetrics } from './metrics.js';
import { measurePicture } from './one-picture.js';
import { measureParse } from './parse.js';
import { measurePeers } from './peers/peers.js';
import { measureSimulatedPeers } from './peers/simulated.js';
import { measureRefresh } from './refresh.js';
import { formatPage } from './report.js';
import { isThere } from './rrdtool.js';
import { measureServe } from './serve.js';
import { measureSize } from './size.js';
import { measureStart } from './start.js';
import { measureSum } from './sum.js';
import { measureViewer } from './viewer.js';

/** In the order of the page. */
const benches: readonly Bench[] = [
  { name: 'cycle', measure: measureCycle },
  { name: 'size', measure: measureSize },
  { name: 'fetch', measure: measureFetch },
  { name: 'sum', measure: measureSum },
  { name: 'picture', measure: measurePicture },
  { name: 'refresh', measure: measureRefresh },
  { name: 'collect', measure: measureCollect },
  { name: 'balancer', measure: measureBalancer },
  { name: 'metrics', measure: measureMetrics },
  { name: 'agents', measure: measureAgents },
  { name: 'map', measure: measureMap },
  { name: 'start', measure: measureStart },
  { name: 'parse', measure: measureParse },
  { name: 'large', measure: measureLarge },
  { name: 'serve', measure: measureServe },
  { name: 'viewer', measure: measureViewer },
  { name: 'growth', measure: measureGrowth },
];

/** These run if they are named only: they take long, or need what a machine may not have. */
const onRequest: readonly Bench[] = [
  { name: 'peers', measure: measurePeers },
  { name: 'simulated-peers', measure: measureSimulatedPeers },
];

const plotName = 'growth.svg';

async function run(names: readonly string[]): Promise<void> {
  const all = [...benches, ...onRequest];
  const chosen = names.length === 0 ? benches : all.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => !all.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    say(`there is no benchmark "${unknown[0]}": ${all.map(({ name }) => name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const startMs = performance.now();
  await withScratch(async (folder) => {
    const machine = describeMachine(folder);
    const findings = await measureAll(chosen, folder);
    const minutes = ((performance.now() - startMs) / 60_000).toFixed(1);
    const isWhole = names.length === 0;
    const page = formatPage({ machine, run: `${today()}, a run of ${minutes} minutes`, findings, plot: plotName });
    process.stdout.write(page);
    if (!isWhole) return say('bench/RESULTS.md is left as it is: only a complete run writes it');
    writeFileSync(join(import.meta.dirname, 'RESULTS.md'), page);
    const lines = findings.flatMap(({ growth }) => growth ?? []).filter(({ unit }) => unit === 'ms');
    writeFileSync(join(import.meta.dirname, plotName), plotGrowth(lines));
  });
}

async function measureAll(chosen: readonly Bench[], folder: string): Promise<readonly Findings[]> {
  const tools = { hasRrdtool: isThere('rrdtool'), hasRrdcached: isThere('rrdcached') };
  if (!tools.hasRrdtool) say('there is no rrdtool: its columns stay empty (apt install rrdtool)');
  if (!tools.hasRrdcached) say('there is no rrdcached: its rows stay empty (apt install rrdcached)');
  const contextOf = contextsIn(folder, tools);
  const findings: Findings[] = [];
  for (const bench of chosen) {
    const startMs = performance.now();
    say(`${bench.name} …`);
    const context = contextOf(bench);
    findings.push(await bench.measure(context));
    rmSync(context.folder, { recursive: true, force: true });
    say(`${bench.name}: ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
  }
  return findings;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(error.message);
  process.exitCode = 2;
}
