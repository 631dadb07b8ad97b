// `lvs-stats demo`: a simulated director with its history, in a data folder of its own, clearly marked as simulated.

import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { untilSignal } from '../cli/ending.js';
import { parseTimeOption } from '../cli/options/time-option.js';
import {
  accessOf,
  addressOf,
  addViewerOptions,
  freeAddress,
  type ViewerOptions,
} from '../cli/options/viewer-options.js';
import { workAsOwner } from '../cli/owner.js';
import { lowerPriority } from '../cli/priority.js';
import { addCommand, commandName, defaultDataDir, parseCount, print, say } from '../cli/settings.js';
import { readingOf } from '../cycle/live/live-table.js';
import type { LinksWatch } from '../cycle/served/watch-links.js';
import { interpretWithLinks } from '../demonstration/demo-history.js';
import { type Demonstration, makeDemonstration } from '../demonstration/make-demonstration.js';
import { looksOf, picturesFolder, tellFailures } from '../drawing/pictures.js';
import { withFindings } from '../interpret/findings/find.js';
import { readUsualWeek } from '../interpret/findings/usual.js';
import { noPolicyFile, type PolicyState, standardPolicy } from '../model/policy/policy.js';
import { countOf } from '../model/text/count-of.js';
import { drawHere } from '../render/png/draw-pool.js';
import { takeLock } from '../store/lock.js';
import { openKeeper } from '../store/shared/keeper.js';
import { StoreError } from '../store/store-error.js';
import { tryListening } from '../web/listen.js';
import { renderStanding } from './render.js';

/** Milliseconds between looks at the agents' rounds. */
const feedMs = 5000;

interface DemoOptions extends Demonstration, ViewerOptions {
  readonly directors: number;
  readonly serve: boolean;
}

const help = `
The simulation continues while the viewer runs, with a reading every five minutes. All pages and pictures are marked as a demonstration.

Examples:
  lvs-stats demo
  lvs-stats demo --services 200 --listen 127.0.0.1:8081
  lvs-stats demo --since 30d       a month of history, which is loaded sooner
  lvs-stats demo --directors 3     a fleet, with a pair that failed over three hours ago
  lvs-stats demo --no-serve        only creates it and draws its standing pictures`;

/** The default demonstration. */
const demoDefaults = { services: 18, seed: 1, directors: 1 } as const;

/** Adds the command. */
export function addDemo(program: Command): void {
  const description = 'Serves a simulated director with a year of history.';
  addViewerOptions(addCommand(program, 'demo', { group: 'Look', description, dataDir: demoFolder(defaultDataDir()) }))
    .option('--services <number>', 'number of services', parseCount, demoDefaults.services)
    .option('--seed <number>', 'seed of the simulation', parseCount, demoDefaults.seed)
    .option(
      '--directors <number>',
      'number of directors; two of several are a pair',
      parseCount,
      demoDefaults.directors,
    )
    .option(
      '--since <time>',
      'begin the history then: 30d, a date (default: a year ago; in a fleet 9 to 60 days)',
      parseBegin,
    )
    .option('--no-serve', 'create it and draw its standing pictures, then exit')
    .addHelpText('after', help)
    .action((options: DemoOptions) => {
      if (options.directors > 1) return demonstrateFleet(options);
      return options.serve ? showDemonstration(options) : demonstrate(options);
    });
}

const daySeconds = 86_400;

/** Checks the beginning of a history: its stories need a day at least, and are those of a year. Throws commander's error. */
function parseBegin(text: string): string {
  const days = (Date.now() / 1000 - parseTimeOption(text)) / daySeconds;
  if (days >= 1 && days <= 366) return text;
  throw new InvalidArgumentError('Give a time between a day and a year ago, such as 30d.');
}

/** The default folder of a demonstration: within the folder of the real data, but separate. */
export function demoFolder(dataDir: string): string {
  return join(dataDir, 'demonstration');
}

/**
 * Demonstrates the program on a machine without a director. On a terminal it serves the demonstration until Ctrl-C; elsewhere it draws the
 * pictures and prints the command that serves them. Throws a `UserError`.
 */
export async function demonstrateInstead(realDataDir: string): Promise<void> {
  const demonstration = { data: demoFolder(realDataDir), ...demoDefaults };
  if (!process.stdout.isTTY) return await demonstrate(demonstration);
  say('the viewer starts once the year is loaded; Ctrl-C ends it');
  await showDemonstration({ ...demonstration, listen: await freeAddress(), basePath: '' });
}

/** Recreates the demonstration, draws it, and reports where its pictures are and how to open it in a browser. */
async function demonstrate(options: Demonstration): Promise<void> {
  const { data } = options;
  lowerPriority();
  await whileLocked(data, () => makeDemonstration({ ...options, pictures: picturesFolder(data) }));
  const folder = picturesFolder(data);
  const tally = await renderStanding(data, { folder, looks: looksOf(data), draw: drawHere });
  print(
    `DEMONSTRATION, not your director: ${countOf(tally.drawn, 'picture')} in ${folder} (${join(folder, 'day', 'all-traffic.png')})`,
  );
  print(`Its numbers: ${commandName()} list --data ${data}`);
  print(`To open it in a browser: ${openingCommand(options)}`);
  tellFailures(tally);
}

/** The command that serves this demonstration, with any options that differ from the defaults. */
function openingCommand({ data, services, seed, since }: Demonstration): string {
  const isUsual = data === demoFolder(defaultDataDir()) && process.env['LVS_STATS_DATA'] === undefined;
  return [
    `${commandName()} demo`,
    ...(isUsual ? [] : [`--data ${data}`]),
    ...(services === demoDefaults.services ? [] : [`--services ${services}`]),
    ...(seed === demoDefaults.seed ? [] : [`--seed ${seed}`]),
    ...(since === undefined ? [] : [`--since ${since}`]),
  ].join(' ');
}

/** Recreates the demonstration and shows it, with a new cycle every five minutes, until a signal ends it. */
async function showDemonstration(options: Demonstration & ViewerOptions): Promise<void> {
  const { data, basePath } = options;
  const address = addressOf(options);
  const access = await accessOf(options);
  const ending = untilSignal();
  await tryListening(address);
  let links: LinksWatch | null = null;
  let policy: PolicyState | null = null;
  const made = await unlessEnded(ending, () =>
    whileLocked(data, async () => ({
      ...(await makeDemonstration({ ...options, pictures: picturesFolder(data) }, ending)),
      keeper: await openKeeper(data, {
        policy: () => policy ?? noPolicyFile,
        links: (part) => links?.view(part) ?? null,
        linkCounts: (known) => links?.counts(known) ?? null,
        fleet: () => links?.fleet() ?? null,
      }),
    })),
  );
  if (made === null) return;
  const { schedule } = await import('../cycle/schedule.js');
  const { showUntilSignal } = await import('../cycle/served/viewer-process.js');
  const { watchLinks } = await import('../cycle/served/watch-links.js');
  const { serveMap } = await import('../cycle/served/serve-map.js');
  const { director, agents, keeper } = made;
  const { topology, clients, groups } = agents;
  const stated = { policy: { ...standardPolicy, topology, clients, groups }, problem: null };
  policy = stated;
  const nowS = (): number => Date.now() / 1000;
  agents.feed(nowS());
  const feeding = setInterval(() => agents.feed(nowS()), feedMs);
  const watch = await watchLinks(agents.table, {
    policy: () => stated.policy,
    known: () => keeper.archives.latest(),
  });
  links = watch;
  const cycle = async (): Promise<void> => {
    const timeS = Math.floor(nowS());
    const latest = await keeper.archives.latest();
    const read = interpretWithLinks(latest, director.snapshotAt(timeS), watch.counts(latest));
    const usual = await readUsualWeek((atS) => keeper.archives.baselines(atS), timeS, latest);
    await keeper.archives.append(withFindings(latest, read, { usual }));
  };
  say('DEMONSTRATION: all data is simulated, not your director');
  say(`while it runs, other commands know it, too: ${commandName()} map --data ${data}`);
  await showUntilSignal({
    dataDir: data,
    keeper,
    address,
    basePath,
    access,
    director: 'demonstration',
    policy: () => stated,
    readLive: async () => readingOf(director.snapshotAt(Math.floor(nowS()))),
    ending,
    map: serveMap({
      dataDir: data,
      known: () => keeper.archives.latest(),
      fleet: watch.fleet,
      policy: () => stated.policy,
      inTurn: (work) => work(),
    }),
    links: {
      ...watch,
      stop: async () => {
        clearInterval(feeding);
        watch.end();
      },
    },
    collect: (state) =>
      schedule({
        nowS,
        stepS: state.current().retention.stepS,
        newestS: async () => state.current().lastS,
        run: cycle,
        onFailure: (error) => state.fail(error, Math.floor(nowS())),
      }),
  });
}

/** Recreates a fleet, and shows it until a signal ends it. */
async function demonstrateFleet(options: DemoOptions): Promise<void> {
  const { data, basePath } = options;
  const address = addressOf(options);
  const access = await accessOf(options);
  const ending = untilSignal();
  if (options.serve) await tryListening(address);
  const { makeDemoDirectors } = await import('../demonstration/demo-directors.js');
  const made = await unlessEnded(ending, () => whileLocked(data, () => makeDemoDirectors(options, ending)));
  if (made === null) return;
  say('DEMONSTRATION: all data is simulated, not your directors');
  const folders = made.map(({ dataDir }) => `--data ${dataDir}`).join(' ');
  if (!options.serve) return print(`To open it in a browser: ${commandName()} serve --no-collect ${folders}`);
  const { showFleetUntilSignal } = await import('../cycle/served/fleet-process.js');
  await showFleetUntilSignal({
    folders: made,
    address,
    basePath,
    access,
    policy: () => noPolicyFile,
    ending,
    cycle: async ({ name }, archives) => made.find((one) => one.name === name)?.cycle(archives),
  });
}

/** Null when the process was ended meanwhile: that is then the cause of any failure. */
async function unlessEnded<T>(ending: AbortSignal, use: () => Promise<T>): Promise<T | null> {
  try {
    return await use();
  } catch (error) {
    if (!ending.aborted) throw error;
    say('the demonstration is incomplete: the next one starts over');
    return null;
  }
}

/** Locks the folder, so that no other process discards its contents. */
async function whileLocked<T>(data: string, use: () => Promise<T>): Promise<T> {
  workAsOwner(data);
  const lock = await takeLock(data, 'collect', 0);
  if (lock === null) {
    throw new StoreError(
      'busy',
      `another process is making the demonstration in ${data}: wait for it, or name another folder with --data DIR`,
    );
  }
  try {
    return await use();
  } finally {
    await lock.release();
  }
}
