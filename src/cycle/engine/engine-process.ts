// A process that shows directors whose rows are in an engine: one as its own viewer, or all of them as a fleet.

import { setTimeout as pause } from 'node:timers/promises';
import { endS } from '../../cli/ending.js';
import { print, say, sayDefect } from '../../cli/settings.js';
import { looksOf } from '../../drawing/pictures.js';
import type { QueryAddress } from '../../engine/connection/engine-address.js';
import { connectEngine, PassingError } from '../../engine/connection/http.js';
import { createEngineSource } from '../../engine/read/engine-source.js';
import { readDirectors } from '../../engine/read/read-descriptions.js';
import { engineFailed, rememberAnswers } from '../../engine/read/remembered-source.js';
import { patiently } from '../../model/patience.js';
import type { PolicyState } from '../../model/policy/policy.js';
import { UserError } from '../../model/user-error.js';
import { createDrawThread } from '../../render/png/draw-pool.js';
import { type Access, createApp } from '../../web/app.js';
import { type FleetPart, pathOfPart } from '../../web/fleet/fleet.js';
import { type Address, formatUrl, listen } from '../../web/listen.js';
import { type AssembledViewer, assembleViewer, maxRowBytes } from '../../web/viewer.js';
import { aborted, counted } from '../served/archives-site.js';
import { type ShownFleet, showFleet } from '../served/fleet-process.js';
import { engineSite } from './engine-site.js';
import { EngineFollower } from './follow-engine.js';

/** The contents and the address of the viewer. */
export interface EngineProcess {
  readonly engine: QueryAddress;
  /** The one to show; null for all that the engine has, as a fleet. */
  readonly director: string | null;
  /** The data folder, for the names of hosts. */
  readonly dataDir: string;
  readonly address: Address;
  readonly basePath: string;
  readonly access: Access;
  readonly policy: () => PolicyState;
  /** Aborted when the process must end. */
  readonly ending: AbortSignal;
}

/** Milliseconds that pages wait for an answer. */
const waitMs = 10_000;

/** Milliseconds between two questions for newer rows. */
const pollMs = 5000;

/** Bytes of answers that are kept for all directors, for the time in which the engine does not answer. */
const memoryBytes = 200 * 2 ** 20;

type Member = FleetPart & Pick<AssembledViewer, 'prepare'>;

/** Shows directors of an engine until a signal. Everything is closed when this returns. Throws a `UserError`. */
export async function showEngineUntilSignal(request: EngineProcess): Promise<void> {
  const { engine, ending, basePath } = request;
  const connection = connectEngine(engine, { signal: ending, limitMs: patiently(waitMs) });
  const thread = createDrawThread();
  const nowS = (): number => Date.now() / 1000;
  const ground = { baseUrl: engine.baseUrl, send: connection.send, engine: engine.name, nowS };
  try {
    const names = await directorsOf(request, ground);
    const sources = names.map((director) => ({ director, source: createEngineSource({ ...ground, director }) }));
    const follower = new EngineFollower(sources, ground);
    const memory = {
      engine: engine.name,
      mostBytes: memoryBytes / names.length,
      isFailing: () => follower.failure !== null,
    };
    const members = sources.map(({ director, source }): Member => {
      const path = pathOfPart('d', director);
      const isAlone = request.director !== null;
      const site = engineSite({
        director,
        source: rememberAnswers(source, memory),
        collecting: () => follower.current(director),
        policy: request.policy,
        looks: () => looksOf(request.dataDir),
        basePath: isAlone ? basePath : `${basePath}/${path}`,
        drawn: counted(thread),
      });
      const shown = isAlone ? site : { ...site, fleetHref: `${basePath}/` };
      const viewer = assembleViewer(shown, Math.min(maxRowBytes, (2 * maxRowBytes) / names.length));
      return { ...viewer, name: director, path };
    });
    const start: ShownFleet['start'] = (news) =>
      followed(members, follower, { isFleet: request.director === null, ending, news });
    const [first] = members;
    if (request.director === null) {
      await showFleet({ ...request, directors: members, looks: () => looksOf(request.dataDir), start });
    } else if (first !== undefined) await showAlone(first, { ...request, start });
  } finally {
    await thread.close();
    connection.close();
  }
}

/** The names of the directors to show. Throws a `UserError` if the engine has none, or does not answer. */
async function directorsOf(
  { director, engine }: EngineProcess,
  ground: Parameters<typeof readDirectors>[1] & { readonly nowS: () => number },
): Promise<readonly string[]> {
  try {
    const known = [...(await readDirectors(ground.nowS(), ground)).keys()].sort();
    const missing = director === null ? known.length === 0 : !known.includes(director);
    if (!missing) return director === null ? known : [director];
    const what = director === null ? 'no director' : `no director ${JSON.stringify(director)}`;
    const has = known.length === 0 ? 'push to it with "lvs-stats push"' : `it has ${known.join(', ')}`;
    throw new UserError('no-such-director', `${engine.name} has ${what}: ${has}`);
  } catch (error) {
    throw error instanceof PassingError ? engineFailed(engine.name, error) : error;
  }
}

interface Following {
  /** Whether all directors of the engine are meant to be shown. */
  readonly isFleet: boolean;
  readonly ending: AbortSignal;
  readonly news: (isReplaced: boolean) => void;
}

/** Asks the engine again and again, and prepares the pages of directors with newer rows. Says once that it fails, and once that it answers again. */
function followed(
  members: readonly Member[],
  follower: EngineFollower,
  { isFleet, ending, news }: Following,
): () => Promise<void> {
  const reported = new Set<string>();
  const reportOthers = (): void => {
    for (const name of follower.others.filter((one) => !reported.has(one))) {
      say(`${name} has begun to push to the engine: start this server again to show it, too`, { level: 'notice' });
      reported.add(name);
    }
  };
  const round = async (): Promise<void> => {
    const before = follower.failure;
    const changed = await follower.poll();
    const { failure } = follower;
    if (isFleet) reportOthers();
    if (before === null && failure !== null)
      say(`${failure.text}; pages show what was read before`, { level: 'warning' });
    if (before !== null && failure === null) say('the engine answers again', { level: 'notice' });
    for (const { name, prepare } of members.filter((one) => changed.includes(one.name))) {
      await prepare().catch((error: unknown) => {
        follower.again(name);
        if (!(ending.aborted || (error instanceof UserError && error.code === 'engine-failed'))) sayDefect(error);
      });
    }
    if (changed.length > 0) news(false);
  };
  const run = async (): Promise<void> => {
    while (!ending.aborted) {
      await round().catch((error: unknown) => {
        if (!ending.aborted) sayDefect(error);
      });
      await pause(pollMs, undefined, { signal: ending }).catch(() => {});
    }
  };
  const running = run();
  return () => running;
}

async function showAlone(
  { parts }: Member,
  { access, address, basePath, ending, start }: EngineProcess & Pick<ShownFleet, 'start'>,
): Promise<void> {
  const app = createApp(parts, access);
  if (ending.aborted) return;
  const listening = await listen(app, address);
  print(`the viewer answers at ${formatUrl(listening.address)}${basePath}/`);
  const stop = start(() => {});
  await aborted(ending);
  await Promise.all([listening.stop((endS - 2) * 1000), stop()]);
}
