// A director of many services with a year of history, as lifelike as the simulated one: some of its services stand for many, each under
// addresses of its own. rrdtool keeps a few of them too, with the same readings.

import { join } from 'node:path';
import { createDirector, type Director } from '../src/demo/director.js';
import type { GrowthColumns } from '../src/demo/past/growth-columns.js';
import { interpret } from '../src/interpret/interpret.js';
import type { About } from '../src/model/archive.js';
import { emptyState } from '../src/model/cycle.js';
import { directorName, serviceName } from '../src/model/names/name.js';
import type { ServiceReading, Snapshot } from '../src/model/snapshot.js';
import type { ArchiveHistory } from '../src/store/backfill.js';
import { withStore } from '../src/store/open.js';
import { packHistory } from '../src/store/rows/pack-history.js';
import { addressOf, startS } from './busy-table.js';
import { createCommand, RrdFeed, withRrdtool } from './rrdtool.js';

const yearS = 365 * 86_400;
const about: Readonly<Record<'director' | 'service', About>> = {
  director: { kind: 'director' },
  service: { kind: 'service', scheduler: 'wlc', flags: '' },
};

/** A service that rrdtool keeps, too. */
export interface Twin {
  readonly name: string;
  readonly file: string;
  readonly feed: RrdFeed;
}

/** The year, on disk. */
export interface Year {
  readonly dataDir: string;
  /** Time of its last reading. */
  readonly endS: number;
  /** Empty without rrdtool. */
  readonly twins: readonly Twin[];
  /** The table after the year, with real servers, whose archives begin then. */
  readonly tableAt: (timeS: number) => Snapshot;
}

/** The size of the year to make. */
export interface YearSize {
  readonly services: number;
  readonly hasRrdtool: boolean;
}

const simulated = 25;
const twinCount = 4;

/** Makes a year, up to `startS`. */
export async function makeYear(folder: string, { services, hasRrdtool }: YearSize): Promise<Year> {
  const director = createDirector({ seed: 1, services: 2 * simulated, epochS: startS - yearS, endS: startS });
  const models = director
    .snapshotAt(startS)
    .services.map(({ id }) => serviceName(id))
    .slice(0, Math.min(simulated, services));
  const copies = services / models.length;
  if (!Number.isInteger(copies)) throw new RangeError(`${services} services are no multiple of ${models.length}`);
  const twins = (hasRrdtool ? models.slice(0, twinCount) : []).map((model) => twinOf(folder, model, models, copies));
  const updates = new Map(twins.map(({ name }) => [name, [] as string[]]));
  const dataDir = join(folder, 'data');
  const histories = copiesOf(director, { models, copies }, (name, { timesS, columns }) => {
    const feed = twins.find((twin) => twin.name === name)?.feed;
    if (feed === undefined) return;
    const at = (i: number) => columns.map((column) => column[i] ?? Number.NaN);
    updates.set(
      name,
      Array.from(timesS, (timeS, i) => feed.update(timeS, at(i))),
    );
  });
  const tableAt = (timeS: number): Snapshot => tableOf(director.snapshotAt(timeS), { models, copies });
  const { table } = interpret(emptyState, withoutRealServers(tableAt(startS)));
  await withStore(dataDir, (store) =>
    store.backfill({ endS: startS, histories, outcome: () => ({ table, events: [] }) }),
  );
  for (const { name, file, feed } of twins) {
    const commands = [createCommand(file, startS - yearS), ...feed.commands(updates.get(name) ?? [])];
    await withRrdtool((rrdtool) => rrdtool.run(commands));
  }
  return { dataDir, endS: startS, twins, tableAt };
}

interface Cast {
  /** Names of the simulated services that stand for others. */
  readonly models: readonly string[];
  readonly copies: number;
}

function* copiesOf(
  director: Director,
  { models, copies }: Cast,
  look: (name: string, history: GrowthColumns) => void,
): Generator<ArchiveHistory> {
  for (const history of director.history(0, startS)) {
    const { name: model, timesS, sinceS, columns } = history;
    const kind = model === directorName ? 'director' : 'service';
    const names = kind === 'director' ? [directorName] : copyNames(models.indexOf(model), copies);
    if (names.length === 0) continue;
    const readings = packHistory({ timesS, sinceS, values: columns }, startS);
    for (const name of names) {
      look(name, history);
      yield { name, about: about[kind], lastS: null, goneS: null, readings };
    }
  }
}

function copyNames(model: number, copies: number): string[] {
  if (model < 0) return [];
  return Array.from({ length: copies }, (_, copy) => `${addressOf(model * copies + copy)}_80`);
}

function twinOf(folder: string, model: string, models: readonly string[], copies: number): Twin {
  const index = models.indexOf(model);
  const file = join(folder, `${index}.rrd`);
  return { name: copyNames(index, copies)[0] ?? '', file, feed: new RrdFeed(file) };
}

function tableOf({ timeS, services }: Snapshot, { models, copies }: Cast): Snapshot {
  const copied = services.flatMap((service): ServiceReading[] => {
    const model = models.indexOf(serviceName(service.id));
    if (model < 0) return [];
    return Array.from({ length: copies }, (_, copy) => ({
      ...service,
      id: { kind: 'address', protocol: 'tcp', address: addressOf(model * copies + copy), port: 80 },
    }));
  });
  return { timeS, host: null, services: copied };
}

/** Real servers have no past here: the year's archives are those of the services. */
export function withoutRealServers(snapshot: Snapshot): Snapshot {
  return { ...snapshot, services: snapshot.services.map((service) => ({ ...service, realServers: [] })) };
}
