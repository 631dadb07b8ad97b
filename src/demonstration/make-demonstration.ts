// Makes a demonstration: a history of a simulated director, a year by default, and some hours of the agents around it.

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { say } from '../cli/settings.js';
import { demoHosts } from '../demo/demo-hosts.js';
import { createDirector, type Director } from '../demo/director.js';
import { archivedGround, liveCounts } from '../links/table/live-counts.js';
import { mapsFolder } from '../map/kept/kept-maps.js';
import type { KnownState } from '../model/cycle.js';
import type { LinksReading } from '../model/links/counts.js';
import { countOf } from '../model/text/count-of.js';
import { parseTime } from '../model/time/parse-time.js';
import { UserError } from '../model/user-error.js';
import { databaseFolder } from '../store/leveldb/database.js';
import { withStore } from '../store/open.js';
import { refuseServed } from '../store/shared/connect.js';
import { createDemoLinks, type DemoLinks } from './demo-fleet.js';
import { loadHistory, windowEndS } from './demo-history.js';
import { keepDemoMaps } from './demo-maps.js';
import { type PackSection, withPackers } from './demo-threads.js';
import { demonstrationHosts, markDemonstration } from './demonstration.js';

const yearS = 365 * 86_400;

/** The size and the place of a demonstration. */
export interface Demonstration {
  readonly data: string;
  readonly services: number;
  readonly seed: number;
  /** When its history begins, such as "30d"; by default a year ago, or in a fleet some days or weeks ago. */
  readonly since?: string;
}

/** A demonstration that was made. */
export interface Made {
  readonly director: Director;
  readonly agents: DemoLinks;
}

/** Recreates the archives of the demonstration, with their history up to now. Throws once `ending` is aborted. */
export async function makeDemonstration(
  options: Demonstration & { readonly pictures: string },
  ending?: AbortSignal,
): Promise<Made> {
  const { data, services, seed, since, pictures } = options;
  await refuseServed(data);
  clearFolder(data, pictures);
  const nowS = Math.floor(Date.now() / 1000);
  const endS = windowEndS(nowS);
  const utcOffsetS = -60 * new Date(nowS * 1000).getTimezoneOffset();
  const epochS = since === undefined ? endS - yearS : parseTime(since, nowS);
  const simulated = { seed, services, epochS, endS: nowS, utcOffsetS };
  const director = createDirector(simulated);
  markDemonstration(data, demoHosts(director));
  const agents = createDemoLinks(director, { seed, endS: nowS });
  const links = (timeS: number, known: KnownState): LinksReading => {
    agents.feed(timeS);
    return { processMs: 0, changes: [], ...liveCounts(agents.table, timeS, archivedGround(known)) };
  };
  const startMs = performance.now();
  await withPackers(simulated, (pack) =>
    withStore(data, (store) =>
      loadHistory(store, director, { endS, nowS, pack: until(ending, pack), links, signal: ending }),
    ),
  );
  await keepDemoMaps(data, director, { seed, nowS });
  say(
    `a simulated ${since === undefined ? 'year' : 'history'} of ${countOf(services, 'service')} was loaded in ${((performance.now() - startMs) / 1000).toFixed(1)} s`,
  );
  return { director, agents };
}

/** Packs until it is aborted, without waiting for a running section. */
function until(ending: AbortSignal | undefined, pack: PackSection): PackSection {
  if (ending === undefined) return pack;
  const aborted = new Promise<never>((_, reject) => {
    ending.addEventListener('abort', () => reject(ending.reason), { once: true });
  });
  // Possibly nobody is waiting for a section then.
  aborted.catch(() => {});
  return (section) => {
    ending.throwIfAborted();
    return Promise.race([pack(section), aborted]);
  };
}

/** Removes an earlier demonstration. Throws a `UserError` if the folder has real archives. */
export function clearFolder(dataDir: string, pictures: string): void {
  if (demonstrationHosts(dataDir) === null && existsSync(databaseFolder(dataDir))) {
    throw new UserError(
      'demonstration',
      `${dataDir} has real archives: name another folder for the demonstration with --data DIR`,
    );
  }
  for (const folder of [databaseFolder(dataDir), mapsFolder(dataDir), pictures])
    rmSync(folder, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
}
