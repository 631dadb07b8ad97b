// The whole check, for people and CI alike: builds, then runs the tests beside lint, types and dead code. Test output is live;
// every other part prints one block when it ends. The last lines sum up all parts; the exit status is 1 unless all passed.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A part of the check: a command that npm's path resolves. */
interface Part {
  readonly title: string;
  readonly command: string;
  /** Print the output live. */
  readonly isLive?: true;
}

/** How a part ended, and its line in the summary. */
interface Outcome {
  readonly isPassed: boolean;
  readonly line: string;
}

const build: Part = { title: 'build', command: 'npm run build' };

/** Needs the build. */
const tests: Part = { title: 'tests', command: 'vitest run --project=!engine', isLive: true };

const beside: readonly Part[] = [
  { title: 'formatting, lint', command: 'biome ci .' },
  { title: 'types', command: 'tsc -p tsconfig.json' },
  { title: 'types of pages', command: 'tsc -p public/tsconfig.json' },
  { title: 'types of page tests', command: 'tsc -p test/public/tsconfig.json' },
  { title: 'dead code', command: 'knip' },
];

const built = await run(build);
const [tested, looked] = await Promise.all([built.isPassed ? run(tests) : notRun(tests), runInTurn(beside)]);
const outcomes = [built, ...looked, tested];
console.log(['', ...outcomes.map(({ line }) => line)].join('\n'));
if (outcomes.some(({ isPassed }) => !isPassed)) process.exitCode = 1;

async function runInTurn(parts: readonly Part[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const part of parts) outcomes.push(await run(part));
  return outcomes;
}

async function run({ title, command, isLive }: Part): Promise<Outcome> {
  const startMs = performance.now();
  const [file = '', ...args] = command.split(' ');
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const block: string[] = [];
  const tell = (line: string): void => void (isLive ? console.log(line) : block.push(line));
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', tell);
  const isPassed = await new Promise<boolean>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve(status === 0));
  });
  const line = `${isPassed ? 'passed' : 'FAILED'}  ${title} (${command}), ${Math.round((performance.now() - startMs) / 1000)} s`;
  console.log([...block, line].join('\n'));
  return { isPassed, line };
}

function notRun({ title, command }: Part): Outcome {
  return { isPassed: false, line: `NOT RUN ${title} (${command}): nothing was built` };
}
