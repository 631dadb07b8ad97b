// A process that shows the archives: the viewer on top of a keeper of the database, until a signal ends it.

import { endS } from '../../cli/ending.js';
import { print, say, sayDefect } from '../../cli/settings.js';
import { createSqlRunner } from '../../links/sql/sql-runner.js';
import type { LiveReading } from '../../metrics/live.js';
import { agentsAlone } from '../../model/links/view.js';
import type { PolicyState } from '../../model/policy/policy.js';
import { UserError } from '../../model/user-error.js';
import { createDrawThread } from '../../render/png/draw-pool.js';
import type { Keeper } from '../../store/shared/keeper.js';
import type { Access } from '../../web/app.js';
import { type Address, formatUrl, listen } from '../../web/listen.js';
import { siteVerdict } from '../../web/now/findings.js';
import type { MetricSources } from '../../web/site.js';
import { createViewer } from '../../web/viewer.js';
import { type CollectingState, followCycles } from '../collecting-state.js';
import { databaseBytesOf } from '../live/database-bytes.js';
import { keptShortly } from '../live/kept-shortly.js';
import { createLiveReader } from '../live/live-reader.js';
import { readDown } from '../live/read-down.js';
import type { Serially } from '../live/serially.js';
import type { Schedule } from '../schedule.js';
import { aborted, archivesSite, type CountedDrawing, counted } from './archives-site.js';
import type { RunningMap } from './serve-map.js';
import type { ServedPages } from './served-pages.js';
import type { ServedPush } from './served-push.js';
import type { ShownLinks } from './watch-links.js';

/** The newest cycle of a process that collects. */
export interface OwnCycle {
  /** Seconds; null before the first. */
  readonly cycleS: number | null;
  /** By source. */
  readonly tookS: ReadonlyMap<string, number>;
}

const noCycle: OwnCycle = { cycleS: null, tookS: new Map() };

/** The contents and the address of the viewer. */
export interface ViewerProcess {
  readonly dataDir: string;
  readonly keeper: Keeper;
  readonly address: Address;
  readonly basePath: string;
  readonly access: Access;
  readonly director: string;
  readonly policy: () => PolicyState;
  /** Reads the table for metrics. */
  readonly readLive: () => Promise<LiveReading>;
  /** Reads it while no cycle of this process runs. */
  readonly inTurn?: Serially;
  /** The newest cycle of this process, for metrics. */
  readonly ownCycle?: () => OwnCycle;
  /** The links that agents report; null or missing if none report to this process. */
  readonly links?: ShownLinks | null;
  /** Rows are pushed; null or missing if this process pushes none. */
  readonly push?: ServedPush | null;
  /** The map; null or missing if this process has none. */
  readonly map?: RunningMap | null;
  /** Aborted when the process must end. */
  readonly ending: AbortSignal;
  /** Starts collecting once the viewer answers; null when other processes collect. */
  readonly collect: ((state: CollectingState) => Schedule) | null;
  /** Starts judging and delivering pages; missing if this process pages nobody. */
  readonly page?: (state: CollectingState) => ServedPages;
}

/** Shows the archives until a signal. Everything is closed when this returns. Throws a `UserError`. */
export async function showUntilSignal(request: ViewerProcess): Promise<void> {
  const { keeper, basePath, collect, ending } = request;
  const thread = createDrawThread();
  let pages: ServedPages | null = null;
  let prepare: (isReplaced?: boolean) => Promise<void> = async () => {};
  try {
    const following = await followCycles(keeper, (isReplaced) => {
      void prepare(isReplaced);
      pages?.news();
    });
    const site = {
      ...siteOf(request, following.current, counted(thread)),
      undelivered: () => pages?.failures() ?? {},
    };
    const viewer = createViewer(site, request.access);
    request.map?.follow(() => siteVerdict(site).findings);
    if (ending.aborted) return;
    const listening = await listen(viewer.app, request.address);
    // One that is overtaken by the end finds the archives closed.
    prepare = (isReplaced) =>
      viewer.prepare(isReplaced).catch((error: unknown) => {
        if (!ending.aborted) sayDefect(error);
      });
    print(`the viewer answers at ${formatUrl(listening.address)}${basePath}/`);
    pages = ending.aborted ? null : (request.page?.(following) ?? null);
    const schedule = ending.aborted ? null : (collect?.(following) ?? null);
    request.links?.onChange(() => pages?.news());
    void prepare();
    await aborted(ending);
    await Promise.all([listening.stop((endS - 2) * 1000), schedule?.stop(), pages?.stop()]);
  } finally {
    await thread.close();
    await request.push?.stop();
    request.map?.stop();
    await request.links?.stop();
    await keeper.close();
  }
}

/** The viewer's sources and settings. */
function siteOf(
  request: ViewerProcess,
  collecting: CollectingState['current'],
  drawn: CountedDrawing,
): Parameters<typeof createViewer>[0] {
  const { links = null, map = null, push = null } = request;
  return {
    ...archivesSite(request, collecting, drawn),
    linkFindings: links === null ? null : () => links.watched().findings,
    links,
    linksToward: links?.toward ?? null,
    map,
    ...(push === null ? {} : { pushes: push.states }),
    sql: links === null ? null : createSqlRunner(() => links.view(agentsAlone).agents),
    metrics: metricSources(request, drawn),
  };
}

function metricSources(
  { dataDir, keeper, policy, readLive, inTurn, ownCycle = () => noCycle }: ViewerProcess,
  drawn: { readonly pictures: number },
): MetricSources {
  const databaseBytes = keptShortly(() => databaseBytesOf(dataDir));
  return {
    live: createLiveReader({ read: readLive, inTurn, report: sayOnce, nowMs: () => performance.now() }),
    down: (known, findings) => readDown(keeper.archives, { known, findings, topology: policy().policy.topology }),
    tookS: () => ownCycle().tookS,
    own: () => ({
      cycleS: ownCycle().cycleS,
      databaseBytes: databaseBytes(),
      pictures: drawn.pictures,
      ...resourcesOf(process),
    }),
  };
}

function resourcesOf({ cpuUsage, memoryUsage }: NodeJS.Process) {
  const { user, system } = cpuUsage();
  return { cpuS: (user + system) / 1e6, residentBytes: memoryUsage.rss() };
}

/** Reports an error of people's machines in a line, and any other as a defect. */
function sayOnce(error: unknown): void {
  if (error instanceof UserError) say(`metrics: ${error.message}`, { level: 'error', code: error.code });
  else sayDefect(error);
}
