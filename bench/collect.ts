// The cost to the load balancer itself: `collect` from a shell, as cron runs it, pictures included, for 1,000 services with a year of
// history whose table advances every cycle. Processor time of the process and its children.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { graphTypes, stackTypes } from '../src/render/define/graph-request.js';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import type { Findings } from './comparison.js';
import { fakeIpvsadm, formatListings } from './listing.js';
import { Program, type ProgramRun } from './program.js';
import { meanOf } from './statistics.js';

const services = 1000;

/** The first cycles create the archives of the real servers and draw the missing pictures. */
const warmUps = 2;

/** An hour; fewer when other work leaves the idle priority no time. */
const cycles = 12;
const limitMs = 5 * 60_000;

const dayPictures = services * graphTypes.length + stackTypes.length;

/** Measures the hour. */
export async function measureCollect({ folder, largeYear }: BenchContext): Promise<Findings> {
  const { dataDir, endS, tableAt } = await largeYear();
  const program = await Program.build(join(folder, 'program'));
  const runs: ProgramRun[] = [];
  let realServers = 0;
  const drawn: Drawn[] = [];
  const untilMs = performance.now() + limitMs;
  for (let cycle = 1; cycle <= warmUps + cycles; cycle += 1) {
    if (performance.now() >= untilMs && runs.length > warmUps) break;
    const timeS = endS + 2 + cycle * stepS;
    const table = tableAt(timeS);
    realServers = table.services.reduce((sum, service) => sum + service.realServers.length, 0);
    const ipvsadm = fakeIpvsadm(folder, formatListings(table));
    const startedMs = Date.now();
    runs.push(await program.run(['collect', '--data', dataDir, '--ipvsadm', ipvsadm], timeS));
    drawn.push(drawnSince(join(dataDir, 'graphs'), startedMs));
  }
  const steady = runs.slice(warmUps);
  const seconds = steady.map(({ processorMs }) => processorMs / 1000);
  const wallS = meanOf(steady.map(({ wallMs }) => wallMs / 1000));
  const ofDay = Math.round(meanOf(drawn.slice(warmUps).map(({ day }) => day)));
  const ofOthers = Math.round(meanOf(drawn.slice(warmUps).map(({ others }) => others)));
  const told = `${ofDay.toLocaleString('en')} of ${dayPictures.toLocaleString('en')} pictures`;
  const niceness = Math.min(...steady.map((run) => run.niceness));
  return {
    comparisons: [
      {
        work: `\`collect\` of 1,000 services from cron: processor time a cycle, at which it stops drawing by itself, ${told} of a day drawn`,
        ours: { unit: 's', values: seconds },
        peer: null,
        theirs: null,
        target: { text: '15 s (5 % of a core)', atMost: 0.05 * stepS },
        stretch: { text: '6 s (2 %)', atMost: 0.02 * stepS },
      },
    ],
    notes: [
      `\`collect\`: ${steady.length} cycles five simulated minutes apart, with ${realServers} real servers; on average ${meanOf(seconds).toFixed(2)} s of processor time a cycle, ${((100 * meanOf(seconds)) / stepS).toFixed(1)} % of a core, ${wallS.toFixed(1)} s by the wall clock; nice value at the end ${niceness} (19 is idle). A cycle drew ${told} of a day that it put out of date, and ${ofOthers.toLocaleString('en')} of longer periods, on average: the rest waits for the next ones, or until somebody asks for it.`,
    ],
  };
}

/** Pictures drawn in a cycle. */
interface Drawn {
  readonly day: number;
  readonly others: number;
}

function drawnSince(folder: string, sinceMs: number): Drawn {
  const drawn = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.png') && statSync(join(folder, name)).ctimeMs >= sinceMs,
  );
  const day = drawn.filter((name) => name.startsWith('day/')).length;
  return { day, others: drawn.length - day };
}
