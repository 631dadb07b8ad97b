// A cycle of 10,000 services with 10 real servers each, as a process: wall time and peak memory. The first cycle, which creates 110,001
// archives, counts for the memory.

import { join } from 'node:path';
import { stepS } from '../test/standard.js';
import type { BenchContext } from './bench.js';
import { busyTable, startS, type TableSize } from './busy-table.js';
import type { Findings } from './comparison.js';
import { fakeIpvsadm, formatListings } from './listing.js';
import { Program, type ProgramRun } from './program.js';

const size = { services: 10_000, realServersEach: 10 };
const cycles = 4;
const mebibyte = 2 ** 20;

/** Measures the cycle. */
export async function measureLarge({ folder }: BenchContext): Promise<Findings> {
  const program = await Program.build(join(folder, 'program'));
  const [first, ...others] = await collectCycles({ program, folder, size, cycles: cycles + 1 });
  const all = first === undefined ? others : [first, ...others];
  return {
    comparisons: [
      {
        work: 'a cycle of 10,000 services of 10 real servers, a process: wall time',
        ours: { unit: 's', values: others.map(({ wallMs }) => wallMs / 1000) },
        peer: null,
        theirs: null,
        target: { text: '20 s', atMost: 20 },
        stretch: { text: '5 s', atMost: 5 },
      },
      {
        work: 'the same: peak of resident memory, the first cycle included',
        ours: { unit: 'bytes', values: [Math.max(...all.map(({ peakBytes }) => peakBytes))] },
        peer: null,
        theirs: null,
        target: { text: '1 GiB', atMost: 1024 * mebibyte },
        stretch: { text: '512 MiB', atMost: 512 * mebibyte },
      },
    ],
    notes: [
      `10,000 services: \`collect --no-pictures\` from a shell, ${cycles} times after the first one (${((first?.wallMs ?? 0) / 1000).toFixed(1)} s, which makes all archives); an \`--ipvsadm\` that prints files takes the place of the kernel's.`,
    ],
  };
}

/** The cycles to run. */
interface Cycles {
  readonly program: Program;
  readonly folder: string;
  readonly size: TableSize;
  readonly cycles: number;
  /** The number of cycles already run. */
  readonly firstCycle?: number;
  readonly pictures?: boolean;
}

/** Runs `collect` on a table that advances, by default without pictures; returns the cost of each run, including the first. */
export async function collectCycles({
  program,
  folder,
  size,
  cycles,
  firstCycle = 0,
  pictures = false,
}: Cycles): Promise<readonly ProgramRun[]> {
  const data = join(folder, `collected-${size.services}`);
  const runs: ProgramRun[] = [];
  for (let cycle = firstCycle; cycle < firstCycle + cycles; cycle += 1) {
    const timeS = startS + 2 + cycle * stepS;
    const ipvsadm = fakeIpvsadm(folder, formatListings(busyTable(size, timeS)));
    const args = ['collect', ...(pictures ? [] : ['--no-pictures']), '--data', data, '--ipvsadm', ipvsadm];
    runs.push(await program.run(args, timeS));
  }
  return runs;
}
