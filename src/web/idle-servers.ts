// Real servers of weight 0: since when, how many connections are still open there, and when they will be gone. Those that have
// stood so for long were perhaps forgotten.

import type { ArchiveInfo } from '../model/archive.js';
import { drainFrom } from '../model/drain.js';
import { nameWithin, pathOfName, serviceOf } from '../model/name.js';
import type { SeriesSource } from '../model/series.js';
import { formatLocal } from '../render/local-time.js';
import { formatFigure } from '../render/si-format.js';
import { formatAge } from './age.js';
import type { AppParts } from './app.js';
import type { Catalogue, Named, ServiceEntry } from './catalogue.js';
import type { Visit } from './pages.js';
import { inSlices } from './time-slice.js';
import { viewQuery } from './view.js';

/** One real server of weight 0 in the list. */
export interface IdleRow {
  readonly href: string;
  readonly endpoint: string;
  /** Its service, as it is called. */
  readonly service: string;
  readonly since: string;
  readonly drain: string;
}

/** More are not listed: each costs two reads. */
const mostIdle = 200;

/** Rows of the last hour tell how a real server empties. */
const drainS = 3600;

/** Is it a real server in the table, of weight 0? */
export function isIdle({ about, goneS }: ArchiveInfo): boolean {
  return about.kind === 'real-server' && about.weight === 0 && goneS === null;
}

/** How a real server of weight 0 empties: "120 active, empty in about 25 min". */
export async function drainOf(
  source: SeriesSource,
  { name, retention: { stepS } }: ArchiveInfo,
  lastS: number,
): Promise<string> {
  const endS = lastS - (lastS % stepS);
  const rows = await source.fetch({ name, cf: 'AVERAGE', startS: endS - drainS, endS: endS - 1, stepS });
  const active = rows.columns[rows.dataSources.indexOf('ActiveConn')] ?? new Float64Array();
  const drain = drainFrom(active, rows.stepS);
  if (drain.kind === 'unknown') return '';
  if (drain.kind === 'empty') return 'no active connection';
  const count = `${formatFigure(active.findLast((value) => !Number.isNaN(value)) ?? Number.NaN)} active`;
  return drain.kind === 'draining'
    ? `${count}, empty in about ${formatAge(drain.leftS)}`
    : `${count}, not becoming fewer`;
}

/** Rows by the catalogue they are of: worked out once a cycle. */
const known = new WeakMap<Catalogue, Promise<readonly Idle[]>>();

/** The real servers of weight 0, those that have been so the longest first. */
export async function idleRows({ site }: AppParts, { catalogue, view, ground }: Visit): Promise<readonly IdleRow[]> {
  const rows = known.get(catalogue) ?? readIdle(site.source, catalogue, site.looks().timeZone);
  known.set(catalogue, rows);
  const query = viewQuery(view, { search: '', sort: 'busiest', top: '20' });
  return (await rows).map((row) => ({ ...row, href: `${ground.basePath}/service/${pathOfName(row.name)}${query}` }));
}

interface Idle extends Omit<IdleRow, 'href'> {
  readonly name: string;
  readonly sinceS: number;
}

async function readIdle(
  source: SeriesSource,
  { services, lastS }: Catalogue,
  timeZone: string,
): Promise<readonly Idle[]> {
  const rows: Idle[] = [];
  for await (const { service, realServer } of inSlices(idleOf(services).slice(0, mostIdle))) {
    const sinceS = await idleSinceS(source, realServer.info);
    rows.push({
      endpoint: realServer.endpoint,
      name: realServer.info.name,
      service: `${service.endpoint} ${service.protocol}`,
      sinceS,
      since: formatLocal(timeZone, sinceS),
      drain: await drainOf(source, realServer.info, lastS),
    });
  }
  return rows.sort((a, b) => a.sinceS - b.sinceS);
}

function idleOf(services: readonly ServiceEntry[]): readonly { service: ServiceEntry; realServer: Named }[] {
  return services.flatMap((service) =>
    service.realServers.filter(({ info }) => isIdle(info)).map((realServer) => ({ service, realServer })),
  );
}

/** When its weight became 0; when it was first seen where that was never told. */
async function idleSinceS(source: SeriesSource, { name, firstS }: ArchiveInfo): Promise<number> {
  const events = await source.events({ archive: serviceOf(name) });
  const own = events.filter(({ realServer }) => realServer === nameWithin(name));
  const last = own.findLast(({ kind }) => kind === 'weight-changed' || kind === 'real-server-added');
  return last?.timeS ?? firstS;
}
