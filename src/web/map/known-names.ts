// The names of an address that a map lacks. Groups and services come and go with their hosts and with the hours; an address that somebody keeps
// stays good.

import { axisWords, groupsOf } from '../../map/choose/group.js';
import { canAskUses } from '../../map/choose/uses.js';
import { parseNetwork } from '../../model/topology/network.js';
import type { MapQuery } from './map-query.js';
import type { MapMoment } from './served-map.js';

/** A choice without what a map lacks. */
export interface KnownNames {
  readonly query: MapQuery;
  /** Groups that should be expanded or hidden. */
  readonly missing: readonly string[];
  /** Questions of an earlier hour that cannot be asked, since that hour lacks what they are about: such as `role "db"`. */
  readonly unasked: readonly string[];
}

/** The choice. At an earlier hour also without questions about what it lacks; now these are errors, since somebody may have mistyped a name. */
export function knownNames(query: MapQuery, { graph }: MapMoment): KnownNames {
  const { groups } = groupsOf(graph, query.by);
  const [ids, names] = [new Set(groups.map(({ id }) => id)), new Set(groups.map(({ name }) => name))];
  const isKnown = (name: string): boolean => names.has(name) || !('problem' in parseNetwork(name));
  const kept = {
    order: query.order.filter((id) => ids.has(id)),
    expand: query.expand.filter((name) => names.has(name)),
    exclude: query.exclude.filter(isKnown),
  };
  const missing = [
    ...query.expand.filter((name) => !names.has(name)),
    ...query.exclude.filter((name) => !isKnown(name)),
  ];
  if (query.atS === null) return { query: { ...query, ...kept }, missing, unasked: [] };
  const lacking = query.between?.filter((name) => !names.has(name)) ?? [];
  const isServiceGone = query.uses !== null && !canAskUses(graph, query.uses);
  return {
    query: {
      ...{ ...query, ...kept },
      between: lacking.length > 0 ? null : query.between,
      uses: isServiceGone ? null : query.uses,
    },
    missing,
    unasked: [
      ...lacking.map((name) => `${axisWords[query.by][0]} "${name}"`),
      ...(isServiceGone ? [`virtual service "${query.uses}"`] : []),
    ],
  };
}
