// A process that shows several data folders as a fleet: a keeper and the pages of a director for each of them, and those of their groups.

import { join } from 'node:path';
import { endS } from '../../cli/ending.js';
import { packageRoot, packageVersion, print, say, sayDefect } from '../../cli/settings.js';
import { looksOf } from '../../drawing/pictures.js';
import type { PolicyState } from '../../model/policy/policy.js';
import type { Looks } from '../../render/files/content/span-set.js';
import { createDrawThread } from '../../render/png/draw-pool.js';
import type { Archives } from '../../store/archives.js';
import { type Keeper, openKeeper } from '../../store/shared/keeper.js';
import type { Access } from '../../web/app.js';
import { type FleetPart, pathOfPart } from '../../web/fleet/fleet.js';
import { createFleetApp } from '../../web/fleet/fleet-app.js';
import { type Address, formatUrl, listen } from '../../web/listen.js';
import { type AssembledViewer, assembleViewer, maxRowBytes } from '../../web/viewer.js';
import { type CollectingState, followCycles } from '../collecting-state.js';
import { keptShortly } from '../live/kept-shortly.js';
import { type Schedule, schedule } from '../schedule.js';
import { aborted, archivesSite, type CountedDrawing, counted } from './archives-site.js';
import { createFleetGroups } from './fleet-groups.js';

/** The data folder of a director, and its name. */
export interface FleetFolder {
  readonly name: string;
  readonly dataDir: string;
}

/** The contents and the address of a fleet's viewer. */
export interface FleetProcess {
  readonly folders: readonly FleetFolder[];
  readonly address: Address;
  readonly basePath: string;
  readonly access: Access;
  readonly policy: () => PolicyState;
  /** Aborted when the process must end. */
  readonly ending: AbortSignal;
  /** Runs a cycle of a director at every step, such as a simulated one; missing if other processes collect. */
  readonly cycle?: (folder: FleetFolder, archives: Archives) => Promise<void>;
}

interface Member extends FleetPart, Pick<AssembledViewer, 'prepare'> {
  readonly folder: FleetFolder;
  readonly keeper: Keeper;
  readonly following: CollectingState;
}

type Shown = (isReplaced: boolean) => void;

/** Shows a fleet until a signal. Everything is closed when this returns. Throws a `UserError`. */
export async function showFleetUntilSignal(request: FleetProcess): Promise<void> {
  const { folders } = request;
  const thread = createDrawThread();
  const keepers: Keeper[] = [];
  try {
    let shown: Shown = () => {};
    const directors: Member[] = [];
    for (const folder of folders) {
      const keeper = await openKeeper(folder.dataDir);
      keepers.push(keeper);
      const drawn = counted(thread);
      directors.push(await memberOf(folder, { keeper, drawn, request, shown: (isReplaced) => shown(isReplaced) }));
    }
    await showFleet({
      ...request,
      directors,
      looks: () => looksOf(folders[0]?.dataDir ?? ''),
      start: (news) => {
        shown = news;
        const prepared = directors.map(({ prepare }) => prepare().catch(sayDefect));
        void Promise.all(prepared).then(() => shown(false));
        const schedules = request.ending.aborted ? [] : directors.map((member) => scheduled(member, request.cycle));
        return async () => void (await Promise.all(schedules.map((own) => own?.stop())));
      },
    });
  } finally {
    await thread.close();
    await Promise.all(keepers.map((keeper) => keeper.close()));
  }
}

/** Directors that are shown, wherever their rows are. */
export interface ShownFleet extends Pick<FleetProcess, 'address' | 'basePath' | 'access' | 'policy' | 'ending'> {
  readonly directors: readonly FleetPart[];
  readonly looks: () => Looks;
  /** Called once the pages are served; calls `news` whenever the pages of a director show new rows. Returns how to stop that. */
  readonly start: (news: Shown) => () => Promise<void>;
}

/** Shows directors and their groups until a signal. Throws a `UserError`. */
export async function showFleet(request: ShownFleet): Promise<void> {
  const { directors, basePath, policy, access, ending } = request;
  const groups = createFleetGroups({ directors, named: () => policy().policy.groups, say });
  const app = createFleetApp(
    {
      site: {
        basePath,
        director: 'fleet',
        version: packageVersion(),
        viewsFolder: join(packageRoot, 'views'),
        assetsFolder: join(packageRoot, 'dist', 'public'),
        looks: keptShortly(request.looks),
        nowS: () => Date.now() / 1000,
        report: sayDefect,
      },
      directors,
      groups: groups.current,
    },
    access,
  );
  if (ending.aborted) return;
  const listening = await listen(app, request.address);
  const names = directors.map(({ name }) => name).join(', ');
  print(`the viewer answers at ${formatUrl(listening.address)}${basePath}/ with ${names}`);
  const stop = request.start((isReplaced) => void groups.refresh(isReplaced).catch(sayDefect));
  await aborted(ending);
  await Promise.all([listening.stop((endS - 2) * 1000), stop()]);
}

function scheduled({ folder, keeper, following }: Member, cycle: FleetProcess['cycle']): Schedule | null {
  if (cycle === undefined) return null;
  const nowS = (): number => Date.now() / 1000;
  return schedule({
    nowS,
    stepS: following.current().retention.stepS,
    newestS: async () => following.current().lastS,
    run: () => cycle(folder, keeper.archives),
    onFailure: (error) => following.fail(error, Math.floor(nowS())),
  });
}

interface MemberGround {
  readonly keeper: Keeper;
  readonly drawn: CountedDrawing;
  readonly request: Pick<FleetProcess, 'basePath' | 'folders' | 'policy'>;
  /** Called once the pages of a director show a new cycle. */
  readonly shown: Shown;
}

async function memberOf(
  folder: FleetFolder,
  { keeper, drawn, request: { basePath, policy, folders }, shown }: MemberGround,
): Promise<Member> {
  const { name, dataDir } = folder;
  const path = pathOfPart('d', name);
  // The directors share the memory of one viewer of twice the size.
  const rowBytes = Math.min(maxRowBytes, (2 * maxRowBytes) / folders.length);
  let prepare: AssembledViewer['prepare'] = async () => {};
  const following = await followCycles(keeper, (isReplaced) => {
    prepare(isReplaced)
      .then(() => shown(isReplaced))
      .catch(sayDefect);
  });
  const place = { dataDir, keeper, policy, director: name, basePath: `${basePath}/${path}` };
  const site = { ...archivesSite(place, following.current, drawn), fleetHref: `${basePath}/` };
  const viewer = assembleViewer(site, rowBytes);
  prepare = viewer.prepare;
  return { ...viewer, name, path, folder, keeper, following };
}
