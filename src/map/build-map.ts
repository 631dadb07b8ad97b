// The map of everything that is known: who talks to whom.

import type { FleetMap } from '../model/map/fleet-map.js';
import { type MapChoice, wholeMap } from './choose/choice.js';
import { mapOf } from './choose/map-of.js';
import { buildGraph } from './graph/build-graph.js';
import type { MapInput } from './map-input.js';

/** The map of a choice; the same input makes the same map. Throws a `UserError` for a wrong data file or choice. */
export function buildMap(input: MapInput, choice: MapChoice = wholeMap): FleetMap {
  return mapOf(buildGraph(input), choice);
}
