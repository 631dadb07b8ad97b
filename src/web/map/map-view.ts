// The map of an address: the moment that it is of, what is chosen of it, and how it is drawn.

import type { MapChoice, MapQuestion } from '../../map/choose/choice.js';
import { lossOf, type PlaceLoss } from '../../map/choose/loss.js';
import { type ChosenMap, foldedMapOf } from '../../map/choose/map-of.js';
import type { SingleLimit } from '../../map/choose/singles.js';
import { askedVip } from '../../map/choose/uses.js';
import { countUses, type UsesReport } from '../../map/count-uses.js';
import { type DrawingChoice, drawingOf, usualDrawing } from '../../map/drawing/drawing.js';
import { noTopology } from '../../model/topology/topology.js';
import { UserError } from '../../model/user-error.js';
import { RequestError } from '../request-error.js';
import type { Site } from '../site.js';
import type { MapQuery } from './map-query.js';
import type { MapMoment, ServedMap } from './served-map.js';

/** A map as an address asks for it. */
export interface MapView {
  readonly moment: MapMoment;
  readonly folded: ChosenMap;
  /** The losses with a place; null if nobody asks. */
  readonly without: PlaceLoss | null;
  /** The answer to a question about users, beside the map; null if nobody asks. */
  readonly uses: UsesReport | null;
}

/** The parts of the site that the map needs. */
export type MapSite = Pick<Site, 'map' | 'policy' | 'source' | 'director'>;

/** The maps of a server. Throws a `RequestError` if it has none. */
export function mapsOf({ map = null }: Pick<Site, 'map'>): ServedMap {
  if (map !== null) return map;
  throw new RequestError(404, 'this viewer has no map: start it with "lvs-stats serve"');
}

/** The moment that an address asks for. Throws a `RequestError`. */
export async function momentOf(site: Pick<Site, 'map'>, { atS }: Pick<MapQuery, 'atS'>): Promise<MapMoment> {
  const maps = mapsOf(site);
  const moment = atS === null ? await maps.now() : await maps.at(atS);
  if (moment !== null) return moment;
  throw new RequestError(404, 'there is no map of that hour: maps are kept for a day, unless they cannot be read');
}

/** The map of an address at a moment, with a limit of the nodes that it shows one by one if there is one. Throws a `RequestError`. */
export async function mapView(
  site: MapSite,
  { query, moment }: { readonly query: MapQuery; readonly moment: MapMoment },
  limit?: SingleLimit,
): Promise<MapView> {
  try {
    const asked = lossAt(site, moment, query);
    const choice: MapChoice = { ...query, question: asked?.question ?? questionOf(query) };
    const folded = foldedMapOf(moment.graph, choice, limit);
    return { moment, folded, without: asked?.report ?? null, uses: await usesAt(site, moment, query) };
  } catch (error) {
    throw error instanceof UserError ? new RequestError(400, error.message) : error;
  }
}

/** The loss of a place; at an earlier hour hosts stand where its graph says. */
function lossAt(site: Pick<Site, 'policy' | 'director'>, { pools, graph }: MapMoment, { without, atS }: MapQuery) {
  if (without === null) return null;
  if (pools === null) {
    throw new UserError(
      'bad-name',
      'the real servers of that hour were not kept: ask what breaks of a later hour, or of now',
    );
  }
  const { topology, groups } = site.policy().policy;
  const directors = { own: site.director, groups };
  return lossOf({ pools, graph, topology: atS === null ? topology : noTopology, directors }, without);
}

async function usesAt(
  { source }: Pick<Site, 'source'>,
  { graph, timeS }: MapMoment,
  { uses, atS }: MapQuery,
): Promise<UsesReport | null> {
  return uses === null ? null : countUses(askedVip(graph, uses), { source, timeS, isNow: atS === null });
}

function questionOf({ uses, isUnknown }: MapQuery): MapQuestion | null {
  if (uses !== null) return { kind: 'uses', vip: uses };
  return isUnknown ? { kind: 'unknown' } : null;
}

/** The drawing of a map with so many columns in a row: the edges of a node that is selected are lines of their own, too. */
export function drawnView({ folded: { map } }: MapView, { order, selected }: MapQuery, perBand: number) {
  const node = selected !== null && 'node' in selected ? selected.node : null;
  const [from, to] = selected !== null && 'from' in selected ? [selected.from, selected.to] : [null, null];
  const isLine: DrawingChoice['isLine'] = (edge) =>
    usualDrawing.isLine(edge) || edge.from === node || edge.to === node || (edge.from === from && edge.to === to);
  return drawingOf(map, { shape: { perBand, order }, isLine });
}
