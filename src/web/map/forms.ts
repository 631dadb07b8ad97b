// The controls of the page of the map: the values of its forms, and the links that expand and fold all.

import { groupsOf } from '../../map/choose/group.js';
import { type FleetMap, nameOfNode } from '../../model/map/fleet-map.js';
import { type MapQuery, mapQueryText, mostNames } from './map-query.js';
import type { MapView } from './map-view.js';

/** Links that expand all groups of a map, which is null if an address takes fewer, and that fold all. */
export function foldingOf(map: FleetMap, href: (change: Partial<MapQuery>) => string) {
  const groups = [...new Set(map.nodes.map(({ group }) => nameOfNode({ id: group })))];
  const all = groups.length > mostNames ? null : href({ expand: groups, selected: null });
  return { all, none: href({ expand: [], selected: null }) };
}

/** The values of the page's forms. */
export function formsOf(query: MapQuery, { moment: { graph } }: MapView) {
  const fieldsBut = (change: Partial<MapQuery>): readonly (readonly [string, string])[] => [
    ...new URLSearchParams(mapQueryText(query, { selected: null, ...change })),
  ];
  return {
    search: query.search ?? '',
    searchFields: fieldsBut({ search: null }),
    between: query.between?.join(',') ?? '',
    betweenFields: fieldsBut({ between: null }),
    groups: groupsOf(graph, query.by).groups.map(({ name }) => name),
    uses: query.uses ?? '',
    lostPlace: query.without ?? '',
    isUnknown: query.isUnknown,
    usesFields: fieldsBut({ uses: null, without: null, isUnknown: false }),
    services: graph.nodes.flatMap(({ kind, id }) => (kind === 'virtual-service' ? [nameOfNode({ id })] : [])),
    unknownHref: mapQueryText(query, { uses: null, without: null, isUnknown: true, selected: null }),
  };
}
