// The slowest files of a run, listed at its end: where a minute would be saved first. Nothing is judged by it.

import type { Reporter } from 'vitest/node';

/** Files that are listed. */
const most = 10;

/** Lists the files that took longest, with the seconds that each took: to load, to set up, to run. */
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
