// Lists the slowest files at the end of a run. It is information only; no test depends on it.

import type { Reporter } from 'vitest/node';

/** Number of files in the list. */
const most = 10;

/** Lists the slowest files, with their seconds to load, set up and run. */
export const slowestReporter: Reporter = {
  onTestRunEnd: (modules) => {
    const timed = modules.map((module) => {
      const { collectDuration, setupDuration, duration } = module.diagnostic();
      const seconds = (collectDuration + setupDuration + duration) / 1000;
      return { seconds, name: `${module.relativeModuleId} (${module.project.name})` };
    });
    const slowest = timed.sort((a, b) => b.seconds - a.seconds).slice(0, most);
    const lines = slowest.map(({ seconds, name }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`);
    console.log(['The slowest files:', ...lines].join('\n'));
  },
};
