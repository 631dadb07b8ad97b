// A simulated fleet: a pair of directors that failed over three hours ago, and further directors with services of their own.

import { join } from 'node:path';
import { createProgress } from '../cli/progress.js';
import { say } from '../cli/settings.js';
import { carriedIn, type SnapshotAt } from '../demo/carried.js';
import { demoHosts } from '../demo/demo-hosts.js';
import { createDirector, type DirectorOptions } from '../demo/director.js';
import { withFindings } from '../interpret/findings/find.js';
import { readUsualWeek } from '../interpret/findings/usual.js';
import type { Cycle, KnownState } from '../model/cycle.js';
import type { BaselineSource } from '../model/series.js';
import { countOf } from '../model/text/count-of.js';
import { parseTime } from '../model/time/parse-time.js';
import { UserError } from '../model/user-error.js';
import type { Archives } from '../store/archives.js';
import { withStore } from '../store/open.js';
import { refuseServed } from '../store/shared/connect.js';
import { interpretWithLinks, loadHistory, windowEndS } from './demo-history.js';
import { withPackers } from './demo-threads.js';
import { markDemonstration } from './demonstration.js';
import { clearFolder, type Demonstration } from './make-demonstration.js';

/** A simulated director, its data folder, and its readings. */
export interface DemoDirector {
  readonly name: string;
  readonly dataDir: string;
  /** The next cycle, after a known state. */
  cycleAt(timeS: number, known: KnownState, baselines: BaselineSource): Promise<Cycle>;
  /** Stores the cycle of this moment. */
  cycle(archives: Pick<Archives, 'append' | 'baselines' | 'latest'>): Promise<void>;
}

/** Directors of a fleet at most. */
const mostDemoDirectors = 8;

const daysOfPair = 9;
const daysOfOthers = 60;
const dayS = 86_400;
const stepS = 300;

/** Seconds since the failover: just after a reading, so that the row of it has parts of both. */
const failoverAgoS = 3 * 3600 + 130;

/** Seconds after which the director that died is back and stands by. */
const deadS = 5400;

/** Recreates the archives of a simulated fleet. Throws a `UserError`, and what `ending` is aborted with. */
export async function makeDemoDirectors(
  { data, directors, services, seed, since }: Demonstration & { readonly directors: number },
  ending?: AbortSignal,
): Promise<readonly DemoDirector[]> {
  if (directors > mostDemoDirectors || services < 2 * directors + 2) {
    throw new UserError(
      'bad-command',
      `a simulated fleet has at most ${mostDemoDirectors} directors, and --services is at least ${2 * Math.min(directors, mostDemoDirectors) + 2} for as many`,
    );
  }
  const nowS = Math.floor(Date.now() / 1000);
  const utcOffsetS = -60 * new Date(nowS * 1000).getTimezoneOffset();
  const common = { endS: nowS, utcOffsetS };
  const beginsS = (days: number): number => (since === undefined ? nowS - days * dayS : parseTime(since, nowS));
  const fromS = beginsS(daysOfPair);
  const made = await makePair(data, { ...common, seed, services, epochS: fromS - dayS }, { fromS, nowS, ending });
  for (let number = 3; number <= directors; number += 1) {
    // Other numbers of services, so that nobody takes them for directors of one group.
    const own = {
      ...common,
      seed: seed + number,
      services: services - 2 * (number - 2),
      epochS: beginsS(daysOfOthers),
    };
    made.push(await makeOther(join(data, `lb${number}`), own, { nowS, ending }));
  }
  say(`a simulated fleet of ${countOf(directors, 'director')} was loaded: lb1 failed over to lb2 three hours ago`);
  return made;
}

interface Making {
  readonly nowS: number;
  readonly ending: AbortSignal | undefined;
}

interface Recording extends Making {
  readonly fromS: number;
}

async function makePair(data: string, options: DirectorOptions, recording: Recording): Promise<DemoDirector[]> {
  const { nowS } = recording;
  const director = createDirector(options);
  const failedS = nowS - (nowS % stepS) - failoverAgoS;
  const spans = {
    lb1: { fromS: options.epochS, toS: failedS },
    lb2: { fromS: failedS, toS: Number.POSITIVE_INFINITY },
  };
  const made: DemoDirector[] = [];
  for (const name of ['lb1', 'lb2'] as const) {
    const dataDir = join(data, name);
    await prepareFolder(dataDir, demoHosts(director));
    const own = demoDirector({ name, dataDir }, carriedIn([spans[name]], director.snapshotAt));
    const isDead = (timeS: number): boolean => name === 'lb1' && timeS > failedS && timeS < failedS + deadS;
    await record(own, isDead, recording);
    made.push(own);
  }
  return made;
}

/** Records readings one by one: bulk history has no spans without traffic. */
async function record(
  { name, dataDir, cycleAt }: DemoDirector,
  isDead: (timeS: number) => boolean,
  { fromS, nowS, ending }: Recording,
): Promise<void> {
  const firstS = fromS - (fromS % stepS);
  const progress = createProgress(`readings of ${name}`, Math.floor((nowS - firstS) / stepS) + 1);
  await withStore(dataDir, async (store) => {
    let known = await store.latest();
    for (let timeS = firstS; timeS <= nowS; timeS += stepS) {
      ending?.throwIfAborted();
      progress((timeS - firstS) / stepS + 1);
      if (isDead(timeS)) continue;
      const cycle = await cycleAt(timeS, known, store);
      await store.append(cycle, false);
      known = cycle.table;
    }
    await store.sync();
  });
}

async function makeOther(dataDir: string, options: DirectorOptions, { nowS, ending }: Making): Promise<DemoDirector> {
  const director = createDirector(options);
  await prepareFolder(dataDir, demoHosts(director));
  const endS = windowEndS(nowS);
  await withPackers(options, (pack) =>
    withStore(dataDir, (store) => loadHistory(store, director, { endS, nowS, pack, signal: ending })),
  );
  return demoDirector({ name: dataDir.slice(dataDir.lastIndexOf('/') + 1), dataDir }, director.snapshotAt);
}

async function prepareFolder(dataDir: string, hosts: string): Promise<void> {
  await refuseServed(dataDir);
  clearFolder(dataDir, join(dataDir, 'graphs'));
  markDemonstration(dataDir, hosts);
}

function demoDirector(place: Pick<DemoDirector, 'name' | 'dataDir'>, snapshotAt: SnapshotAt): DemoDirector {
  const cycleAt: DemoDirector['cycleAt'] = async (timeS, known, baselines) => {
    const usual = await readUsualWeek((atS) => baselines.baselines(atS), timeS, known);
    return withFindings(known, interpretWithLinks(known, snapshotAt(timeS)), { usual });
  };
  return {
    ...place,
    cycleAt,
    cycle: async (archives) => {
      const cycle = await cycleAt(Math.floor(Date.now() / 1000), await archives.latest(), archives);
      await archives.append(cycle);
    },
  };
}
