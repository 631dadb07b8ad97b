// Tests mirror src/. Those of the command line run the built program, so `npm run check` builds first.
// LVS_STATS_TEST_REPORT names a file for the results as JSON, beside those for people.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const report = process.env['LVS_STATS_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // Most tests wait for programs that they start: on two processors two at a time take little more than half of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
