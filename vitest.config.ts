// Tests mirror src/. Those of the project `unit` run sources only; others run the built program, so `npm run check` builds first. Time limits are for what
// hangs: a machine that is many times slower than ours does not meet them.
// LVS_STATS_TEST_REPORT names a file for the results as JSON, beside those for people.

import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { memoryFolder } from './test/memory.js';
import { type ProjectName, projectsOf } from './test/projects.js';
import { slowestReporter } from './test/slowest.js';
import { patienceMs } from './test/until.js';

const report = process.env['LVS_STATS_TEST_REPORT'];
const asked = process.env['LVS_STATS_SEED'] ?? '1';
const seed = asked === 'new' ? String(randomInt(2 ** 31)) : asked;

/** The wide forms of proofs (CONTRIBUTING.md) take as long as they take. */
const isWide = Object.keys(process.env).some((name) =>
  /^LVS_STATS_(STORIES|PLAIN|DRIFTS|SOAK|KILLS|CUTS|FAULTS|FLIPS|REPAIRS|DAMAGES|MINUTES|CYCLES|MUTATIONS|RACKS|REQUESTS|SEQUENCES|SOCKETS|PEERS)$/.test(
    name,
  ),
);
const limitMs = isWide ? 0 : 3 * patienceMs;

/** Data that files of one run share. */
const bases = join(memoryFolder(), `lvs-stats-bases-${process.pid}`);
process.on('exit', () => rmSync(bases, { recursive: true, force: true }));

/** Says with which seed the searches began, and again where one of them failed. */
const seedReporter: Reporter = {
  onInit: () => console.log(`LVS_STATS_SEED=${seed} repeats the searches of this run`),
  onTestRunEnd: (_modules, _errors, reason) => {
    if (reason === 'failed') console.log(`LVS_STATS_SEED=${seed} was the seed of this run`);
  },
};

const people: (Reporter | string)[] = [seedReporter, 'default', slowestReporter];

/**
 * Files share a process, and the modules that they import: loading these for each file would take as long as the tests. Each file of a proof
 * has a process of its own, since some measure their own memory.
 */
const shared: Readonly<Partial<Record<ProjectName, object>>> = {
  unit: { setupFiles: ['test/starts-nothing.ts'], isolate: false },
  program: { setupFiles: ['test/fresh.ts'], isolate: false, env: { TZ: 'UTC' } },
  browser: { setupFiles: ['test/fresh.ts'], isolate: false },
};

export default defineConfig({
  test: {
    projects: projectsOf(import.meta.dirname).map(({ name, include }) => ({
      extends: true,
      test: { name, include: [...include], ...shared[name] },
    })),
    env: { LVS_STATS_SEED: seed, TMPDIR: memoryFolder(), LVS_STATS_TEST_BASES: bases },
    setupFiles: ['test/seed.ts'],
    testTimeout: limitMs,
    hookTimeout: limitMs,
    teardownTimeout: patienceMs,
    expect: { poll: { timeout: patienceMs } },
    // Most tests wait for programs that they start: on two processors two at a time take little more than half of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: report === undefined ? people : [...people, ['json', { outputFile: report }]],
  },
});
