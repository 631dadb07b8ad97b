// Real servers of weight 0: since when, how many connections are still open there, and when they will be gone. Long-standing
// ones were perhaps forgotten.

import type { ArchiveInfo } from '../../model/archive.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import { pathOfName } from '../../model/names/name.js';
import type { SeriesSource } from '../../model/series.js';
import { type Drain, drainFrom } from '../../model/service/drain.js';
import { idleSince } from '../../model/service/idle-since.js';
import { formatLocal } from '../../render/look/local-time.js';
import { formatFigure } from '../../render/look/si-format.js';
import type { AppParts } from '../app-parts.js';
import type { Catalogue, NamedArchive, ServiceEntry } from '../data/catalogue.js';
import { inSlices } from '../data/time-slice.js';
import type { Visit } from '../frame/page-frame.js';
import { viewQuery } from '../view.js';
import { formatAge } from './age.js';

/** One real server of weight 0 in the list. */
export interface IdleRow {
  readonly href: string;
  readonly endpoint: string;
  /** The display name of its service. */
  readonly service: string;
  readonly since: string;
  readonly drain: string;
}

/** Most real servers in the list: each costs two reads. */
const maxIdle = 200;

/** The length of the newest time that shows how a real server drains, unless rows are long. */
const drainS = 3600;
const fewestRows = 12;

/** Is it a real server in the table, of weight 0? */
export function isIdle({ about, goneS }: ArchiveInfo): boolean {
  return about.kind === 'real-server' && about.weight === 0 && goneS === null;
}

/** How a real server of weight 0 drains: "120 active, empty in about 25 min". `events` are its service's, which date the weight 0. */
export async function drainOf(
  source: SeriesSource,
  info: ArchiveInfo,
  { lastS, events }: { readonly lastS: number; readonly events: readonly LedgerEvent[] },
): Promise<string> {
  const { stepS } = info.retention;
  const { sinceS, isSeen } = idleSince(events, info);
  const endS = lastS - (lastS % stepS);
  // Of the two rows that share the first reading with weight 0, the one that contains more of it is the first.
  const firstS = Math.round(sinceS / stepS) * stepS;
  const sinceRows = Math.max(0, (endS - firstS) / stepS + 1);
  const count = Math.min(sinceRows, Math.max(fewestRows, drainS / stepS));
  const query = { name: info.name, cf: 'AVERAGE', endS: endS - 1, stepS } as const;
  const rows = await source.fetch({ ...query, startS: endS - (count + 1) * stepS });
  const column = rows.columns[rows.dataSources.indexOf('ActiveConn')] ?? new Float64Array();
  const active = [...column.subarray(column.length - count)];
  const before = isSeen && count === sinceRows ? (column.at(-count - 1) ?? Number.NaN) : Number.NaN;
  return drainText(drainFrom({ active, before, stepS: rows.stepS }), active);
}

function drainText(drain: Drain, active: readonly number[]): string {
  const last = active.findLast((value) => !Number.isNaN(value));
  if (last === undefined) return 'not known yet';
  if (drain.kind === 'empty') return 'no active connections';
  const count = `${formatFigure(Math.round(last))} active`;
  if (drain.kind === 'draining') {
    return `${count}, empty in about ${formatAge(60 * Math.max(1, Math.round(drain.leftS / 60)))}`;
  }
  return drain.kind === 'early' ? `${count}, end not known yet` : `${count}, not decreasing`;
}

/** Rows by their catalogue, so that they are computed once per cycle. */
const known = new WeakMap<Catalogue, Promise<readonly Idle[]>>();

/** The real servers of weight 0, the longest-standing first. */
export async function idleRows({ site }: AppParts, { catalogue, view, ground }: Visit): Promise<readonly IdleRow[]> {
  const rows = known.get(catalogue) ?? readIdle(site.source, catalogue);
  const { timeZone } = site.looks();
  known.set(catalogue, rows);
  const query = viewQuery(view, { search: '', sort: 'busiest', top: '20' });
  return (await rows).map((row) => ({
    ...row,
    href: `${ground.basePath}/service/${pathOfName(row.name)}${query}`,
    since: `${row.isEarlier ? 'before ' : ''}${formatLocal(timeZone, row.sinceS)}`,
  }));
}

interface Idle extends Omit<IdleRow, 'href' | 'since'> {
  readonly name: string;
  readonly sinceS: number;
  readonly isEarlier: boolean;
}

async function readIdle(source: SeriesSource, { services, lastS }: Catalogue): Promise<readonly Idle[]> {
  const rows: Idle[] = [];
  const ledgers = new Map<string, readonly LedgerEvent[]>();
  for await (const { service, realServer } of inSlices(idleOf(services).slice(0, maxIdle))) {
    const { info, endpoint } = realServer;
    const events = ledgers.get(service.info.name) ?? (await source.events({ archive: service.info.name }));
    ledgers.set(service.info.name, events);
    const { sinceS, isEarlier } = idleSince(events, info);
    rows.push({
      endpoint,
      name: info.name,
      service: `${service.endpoint} ${service.protocol}`,
      sinceS,
      isEarlier,
      drain: await drainOf(source, info, { lastS, events }),
    });
  }
  return rows.sort((a, b) => a.sinceS - b.sinceS);
}

function idleOf(services: readonly ServiceEntry[]): readonly { service: ServiceEntry; realServer: NamedArchive }[] {
  return services.flatMap((service) =>
    service.realServers.filter(({ info }) => isIdle(info)).map((realServer) => ({ service, realServer })),
  );
}
