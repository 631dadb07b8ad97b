// Services across a fleet: those that a search finds, or one of them, on each director that has it.

import { compareNames } from '../../model/kinds/registry.js';
import { directorName } from '../../model/names/name.js';
import { resolveName } from '../../model/names/parse-name.js';
import { countOf } from '../../model/text/count-of.js';
import { UserError } from '../../model/user-error.js';
import type { Board } from '../data/board.js';
import { servicesThere } from '../data/catalogue.js';
import { isCurrent, statusOf } from '../health.js';
import { findingStates } from '../now/finding-rows.js';
import { siteVerdict } from '../now/findings.js';
import { formatChange, type NowRow, nowRows, nowServices } from '../now/now-rows.js';
import { matcher } from '../pages/choose.js';
import { RequestError } from '../request-error.js';
import { type Fleet, type FleetGroup, type FleetPart, type PartKind, partsInOrder } from './fleet.js';

/** A service of one director or group. */
export interface FleetServiceRow extends NowRow {
  readonly kind: PartKind;
  readonly where: string;
  /** The address of this service across the fleet. */
  readonly acrossHref: string;
  /** Its data is too old to say what it does now. */
  readonly isLate: boolean;
}

/** The rows of a page, and the number of services that they show and of those that match. */
export interface FleetServices {
  readonly rows: readonly FleetServiceRow[];
  readonly shown: number;
  readonly matching: number;
}

/** Services shown by a search. */
const maxServices = 100;

const byName = { by: 'name', isReversed: false } as const;

/** The services that match a search. */
export async function searchedServices(fleet: Fleet, search: string): Promise<FleetServices> {
  const isWanted = matcher(search);
  const rows = await rowsOf(fleet, isWanted);
  const names = [...rows.keys()];
  const shown = names.slice(0, maxServices);
  return { rows: shown.flatMap((name) => rows.get(name) ?? []), shown: shown.length, matching: names.length };
}

/** One service by name, or as people write it. Throws a `RequestError` if no director has it. */
export async function serviceAcross(fleet: Fleet, text: string): Promise<FleetServices & { readonly name: string }> {
  const name = nameOf(text);
  const rows = (await rowsOf(fleet, ({ info }) => info.name === name)).get(name);
  if (rows === undefined) throw new RequestError(404, `no director has a service ${JSON.stringify(text)}`);
  return { name, rows, shown: 1, matching: 1 };
}

function nameOf(text: string): string {
  try {
    return resolveName(text) ?? text;
  } catch (error) {
    if (error instanceof UserError) return text;
    throw error;
  }
}

/** Rows by the name of a service: in each group and its directors, then in all other directors. */
async function rowsOf(
  fleet: Fleet,
  isWanted: ReturnType<typeof matcher>,
): Promise<ReadonlyMap<string, readonly FleetServiceRow[]>> {
  const found = new Map<string, FleetServiceRow[]>();
  for (const { part, kind, group } of partsInOrder(fleet)) {
    for (const [name, row] of await rowsOfPart(part, { isWanted, group })) {
      const own = { ...row, kind, acrossHref: `${fleet.site.basePath}/service/${encodeURIComponent(name)}` };
      found.set(name, [...(found.get(name) ?? []), own]);
    }
  }
  return new Map([...found].sort(([a], [b]) => compareNames(a, b)));
}

async function rowsOfPart(
  { name: where, parts }: FleetPart,
  { isWanted, group }: { readonly isWanted: ReturnType<typeof matcher>; readonly group: FleetGroup | null },
): Promise<readonly (readonly [string, Omit<FleetServiceRow, 'kind' | 'acrossHref'>])[]> {
  const { site, catalogue: readCatalogue, boards } = parts;
  const catalogue = await readCatalogue();
  const isLate = !isCurrent(statusOf(site));
  const wanted = servicesThere(catalogue).filter((service) => isWanted(service));
  if (wanted.length === 0) return [];
  // Old figures do not say what a service does now.
  const shown = new Set([directorName, ...wanted.map(({ info }) => info.name)]);
  const board: Pick<Board, 'of'> = isLate ? { of: () => undefined } : await boards(catalogue, shown);
  const states = findingStates(siteVerdict(site), site.looks().timeZone);
  const services = nowServices(wanted, byName, { board, states });
  const rows = nowRows(services, site.basePath);
  // A director that stands by has lost nothing against last week.
  const standsBy = group !== null && group.isCarrying(board.of(directorName)?.now ?? new Map()) !== true;
  const of = { where, isLate, ...(standsBy ? { change: formatChange(Number.NaN) } : {}) };
  return rows.flatMap((row, i) => {
    const name = services[i]?.service.info.name;
    return name === undefined ? [] : [[name, { ...row, ...of }] as const];
  });
}

/** "3 services on 2 directors". */
export function foundText({ rows, matching }: FleetServices): string {
  const places = new Set(rows.filter(({ kind }) => kind !== 'group').map(({ where }) => where));
  return matching === 0
    ? 'No service matches'
    : `${countOf(matching, 'service')} on ${countOf(places.size, 'director')}`;
}
