// A scrape of 1,000 services of 10 real servers: reading the table, making the text and compressing it, beside a scrape of node_exporter's
// ipvs collector of the same table, which has no counters of single services.

import { readFileSync } from 'node:fs';
import { constants, gzipSync } from 'node:zlib';
import { locateIpvsadm } from '../src/collect/ipvs/locate-ipvsadm.js';
import { readByIpvsadm } from '../src/cycle/live/live-table.js';
import { nothingDown } from '../src/metrics/down-metrics.js';
import { factsOf } from '../src/metrics/facts.js';
import { standardMetricOptions } from '../src/metrics/metric-options.js';
import { metricsText } from '../src/metrics/metrics.js';
import { emptyState } from '../src/model/cycle.js';
import { verdictOf } from '../src/model/finding/verdict.js';
import type { BenchContext } from './bench.js';
import { type Findings, msOf } from './comparison.js';
import { fakeIpvsadm, formatListings } from './listing.js';
import { NodeExporter } from './node-exporter.js';
import { usualTable } from './usual-table.js';

const size = { services: 1000, realServersEach: 10 };
const rounds = 5;

/** Scrapes in a round: the clock of a process with its children counts in 10 ms. */
const times = 5;
const tickMs = 10;
const timeS = 1_800_000_000;

const own = {
  version: '0.0.0',
  cycleS: null,
  databaseBytes: 0,
  pictures: 0,
  requests: new Map(),
  cpuS: 0,
  residentBytes: 0,
};

/** Measures the scrape. */
export async function measureMetrics({ folder }: BenchContext): Promise<Findings> {
  const table = usualTable(size, timeS);
  const replacement = fakeIpvsadm(folder, formatListings(table));
  const ipvsadm = locateIpvsadm({ replacement, path: '' });
  const exporter = await NodeExporter.start(folder);
  const [ours, theirs]: [number[], number[]] = [[], []];
  let text = '';
  const scrape = async (): Promise<void> => {
    const reading = await readByIpvsadm(ipvsadm, '/proc');
    const verdict = verdictOf([], { nowS: timeS, isRead: true, silences: [] });
    const answer = { reading, isFailing: false };
    const facts = factsOf({
      answer,
      known: emptyState,
      verdict,
      down: nothingDown,
      events: [],
      tookS: new Map(),
      links: null,
      own,
    });
    text = [...metricsText(facts, standardMetricOptions, 'text')].join('');
    gzipSync(text, { level: constants.Z_BEST_SPEED });
  };
  try {
    for (let round = -2; round < rounds; round += 1) {
      const before = processorMs();
      for (let i = 0; i < times; i += 1) await scrape();
      const mine = (processorMs() - before) / times;
      const peers = (await exporter?.scrapeMs(table)) ?? null;
      if (round < 0) continue;
      ours.push(mine);
      if (peers !== null) theirs.push(peers);
    }
  } finally {
    exporter?.stop();
  }
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  return {
    comparisons: [
      {
        work: 'a scrape of 1,000 services of 10 real servers: processor time, with that of the stand-in for ipvsadm',
        ours: msOf(ours),
        peer: 'a scrape of node_exporter’s ipvs collector',
        theirs: exporter === null ? null : msOf(theirs),
        target: { text: 'no more', timesBetter: 1 },
      },
    ],
    notes: [
      `Metrics: ${series} series in ${text.length} bytes, compressed. The stand-in prints prepared listings, so that the time of the real ipvsadm in the kernel is not in it.`,
      ...(exporter === null ? ['node_exporter: not measured, it is not installed.'] : []),
    ],
  };
}

/** Milliseconds of processor time of this process and of its ended children (proc_pid_stat(5)). */
function processorMs(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0) * tickMs;
}
