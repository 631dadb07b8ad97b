// The cost of a start: the program from a shell, `--version` and a cycle of ten services, against `node` with an empty file and `node`
// that opens and closes a LevelDB. Processor time of the process and its children, round by round in turn.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BenchContext } from './bench.js';
import { busyTable } from './busy-table.js';
import { type Findings, msOf } from './comparison.js';
import { formatListings } from './listing.js';
import { Program, processorMsOf } from './program.js';

const rounds = 20;

/** The first ones make the archives, and bring all files into memory. */
const warmUps = 2;

const level = resolve(import.meta.dirname, '../node_modules/level');

/** Measures the starts. */
export async function measureStart({ folder }: BenchContext): Promise<Findings> {
  const program = await Program.build(join(folder, 'program'));
  const script = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o755 });
    return path;
  };
  const table = busyTable({ services: 10, realServersEach: 2 }, Math.floor(Date.now() / 1000));
  const { statsText, tableText } = formatListings(table);
  // It starts no program of its own, as ipvsadm does not.
  const ipvsadm = script(
    'ipvsadm',
    `#!/bin/sh\ncase "$*" in *--stats*) printf %s '${statsText}';; *) printf %s '${tableText}';; esac\n`,
  );
  const data = join(folder, 'data');
  mkdirSync(data);
  const opening = `const { Level } = require(${JSON.stringify(level)});
const db = new Level(${JSON.stringify(join(folder, 'level'))});
db.open().then(() => db.close());`;
  const commands = {
    node: [process.execPath, script('empty.cjs', '')],
    version: [process.execPath, program.path, '--version'],
    opened: [process.execPath, script('level.cjs', opening)],
    collect: [
      ...[process.execPath, program.path, 'collect', '--no-pictures', '--quiet'],
      ...['--data', data, '--ipvsadm', ipvsadm],
    ],
  } as const;
  const found = { node: [] as number[], version: [] as number[], opened: [] as number[], collect: [] as number[] };
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const name of ['node', 'version', 'opened', 'collect'] as const) {
      const ms = await processorMsOf(commands[name]);
      if (round >= 0) found[name].push(ms);
    }
    // A cycle a second is the most there is.
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return {
    comparisons: [
      {
        work: '`lvs-stats --version`: processor time',
        ours: msOf(found.version),
        peer: '`node` with an empty file',
        theirs: msOf(found.node),
        target: { text: 'at most 2.5 times as long', timesBetter: 1 / 2.5 },
      },
      {
        work: '`lvs-stats collect --no-pictures` of ten services: processor time, with that of the stand-ins for ipvsadm',
        ours: msOf(found.collect),
        peer: '`node` that opens and closes a LevelDB',
        theirs: msOf(found.opened),
        target: { text: 'at most twice as long', timesBetter: 1 / 2 },
      },
    ],
    notes: [
      'Start: each run is a process of the built program, bundle and kept code included, from a shell; 20 rounds in turn with their peers.',
    ],
  };
}
