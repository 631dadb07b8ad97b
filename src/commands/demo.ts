// `lvs-stats demo`: a simulated director with a year behind it, in a data folder of its own, plainly marked as invented.

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { demoHosts } from '../demo/demo-hosts.js';
import { createDirector, type Director } from '../demo/director.js';
import { type ArchiveChange, emptyTable, type Table } from '../model/cycle.js';
import { interpret } from '../model/interpret.js';
import type { LedgerEvent } from '../model/ledger-event.js';
import { UserError } from '../model/user-error.js';
import { createDrawPool } from '../render/draw-pool.js';
import type { ArchiveHistory } from '../store/backfill.js';
import { databaseFolder } from '../store/database.js';
import { withStore } from '../store/open.js';
import type { Store } from '../store/store.js';
import { demonstrationHosts, markDemonstration } from './demonstration.js';
import { workAsOwner } from './owner.js';
import { looksOf, picturesFolder } from './pictures.js';
import { createProgress } from './progress.js';
import { renderStanding } from './render.js';
import { addCommand, defaultDataDir, parseCount, print, say } from './settings.js';

/** A history is loaded up to the end of a window of sealed readings: 8 hours. */
const windowS = 8 * 3600;
const yearS = 365 * 86_400;

interface DemoOptions {
  readonly data: string;
  readonly services: number;
  readonly seed: number;
}

/** The demonstration that is made when nothing is said of it. */
export const demoDefaults = { services: 17, seed: 1 } as const;

/** Adds the command. */
export function addDemo(program: Command): void {
  addCommand(
    program,
    'demo',
    'Makes a year of a simulated director and draws it, marked as a demonstration.',
    demoFolder(defaultDataDir()),
  )
    .option('--services <number>', 'how many virtual servers', parseCount, demoDefaults.services)
    .option('--seed <number>', 'another director', parseCount, demoDefaults.seed)
    .action((options: DemoOptions) => demonstrate(options));
}

/** Where a demonstration lies unless told otherwise: within the folder of the real data, apart from it. */
export function demoFolder(dataDir: string): string {
  return join(dataDir, 'demonstration');
}

/** Makes the demonstration anew, draws it, and says where its pictures are. */
export async function demonstrate(options: DemoOptions): Promise<void> {
  const { data } = options;
  await makeDemonstration(options);
  const pool = createDrawPool();
  try {
    const folder = picturesFolder(data);
    const { drawn } = await renderStanding(data, { folder, looks: looksOf(data), draw: pool.draw });
    print(
      `DEMONSTRATION, not your director: ${drawn} pictures in ${folder} (${join(folder, 'day', 'all-traffic.png')})`,
    );
    print(`Its numbers: lvs-stats list --data ${data}`);
  } finally {
    await pool.close();
  }
}

/** Makes the archives of the demonstration anew: a year of them, up to now. */
export async function makeDemonstration({ data, services, seed }: DemoOptions): Promise<Director> {
  workAsOwner(data);
  clearFolder(data);
  const nowS = Math.floor(Date.now() / 1000);
  const endS = nowS - (nowS % windowS);
  const utcOffsetS = -60 * new Date(nowS * 1000).getTimezoneOffset();
  const director = createDirector({ seed, services, epochS: endS - yearS, endS: nowS, utcOffsetS });
  markDemonstration(data, demoHosts(director));
  const startMs = performance.now();
  await withStore(data, (store) => load(store, director, { endS, nowS }));
  say(
    `a simulated year of ${services} virtual servers was loaded in ${((performance.now() - startMs) / 1000).toFixed(1)} s`,
  );
  return director;
}

function clearFolder(dataDir: string): void {
  if (demonstrationHosts(dataDir) === null && existsSync(databaseFolder(dataDir))) {
    throw new UserError(
      'demonstration',
      `${dataDir} has real archives: name another folder for the demonstration with --data DIR`,
    );
  }
  for (const folder of [databaseFolder(dataDir), picturesFolder(dataDir)])
    rmSync(folder, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
}

/** The year in bulk up to `endS`, the hours since then cycle by cycle. */
async function load(store: Store, director: Director, { endS, nowS }: { endS: number; nowS: number }): Promise<void> {
  const past = story(director, endS);
  await store.backfill({ histories: histories(director, past.archives, endS), table: past.table, events: past.events });
  let { table } = past;
  for (const timeS of director.readingTimes(endS, nowS)) {
    const cycle = interpret(table, director.snapshotAt(timeS));
    await store.append(cycle, false);
    table = cycle.table;
  }
}

interface Story {
  readonly table: Table;
  readonly events: readonly LedgerEvent[];
  readonly archives: ReadonlyMap<string, ArchiveChange>;
}

/** What happened, and the table it led to: only the cycles in which more changed than numbers have to be gone through. */
function story(director: Director, endS: number): Story {
  const events: LedgerEvent[] = [];
  const archives = new Map<string, ArchiveChange>();
  let table = emptyTable;
  const times = [...director.turningTimes().filter((timeS) => timeS < endS), endS];
  for (const timeS of times) {
    const cycle = interpret(table, director.snapshotAt(timeS));
    for (const change of cycle.archives) archives.set(change.name, change);
    events.push(...cycle.events);
    table = cycle.table;
  }
  return { table, events, archives };
}

function* histories(
  director: Director,
  archives: ReadonlyMap<string, ArchiveChange>,
  endS: number,
): Generator<ArchiveHistory> {
  const progress = createProgress('archives', archives.size);
  let done = 0;
  for (const { name, timesS, sinceS, columns } of director.history(0, endS)) {
    const change = archives.get(name);
    if (change === undefined || timesS.length === 0) continue;
    const { about, lastS, goneS } = change;
    yield { name, about, lastS, goneS, readings: { timesS, sinceS, values: columns } };
    done += 1;
    progress(done);
  }
}
