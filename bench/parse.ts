// Parsing the two listings of a large table. The peer is the least work possible on a text: splitting it into words.

import { parseListings } from '../src/collect/ipvs/join.js';
import { busyTable, startS } from './busy-table.js';
import { type Findings, msOf } from './comparison.js';
import { formatListings } from './listing.js';
import { roundsMs } from './timed.js';

const rounds = 40;

/** Measures parsing. */
export async function measureParse(): Promise<Findings> {
  const raw = formatListings(busyTable({ services: 2000, realServersEach: 10 }, startS + 10 * 86_400));
  const megabytes = [raw.statsText, raw.tableText].map((text) => `${(text.length / 1e6).toFixed(1)} MB`);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(...(await roundsMs(1, () => parseListings(raw))));
    theirs.push(
      ...(await roundsMs(1, () => [raw.statsText, raw.tableText].map((text) => text.toString().split(/\s+/)))),
    );
  }
  return {
    comparisons: [
      {
        work: `parse 2,000 services of 10 real servers (${megabytes.join(' and ')})`,
        ours: msOf(ours),
        peer: 'splitting the texts into words',
        theirs: msOf(theirs),
        target: { text: '100 ms', atMost: 100 },
        stretch: { text: '30 ms', atMost: 30 },
      },
    ],
  };
}
