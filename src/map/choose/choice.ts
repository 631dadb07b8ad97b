// The part of the map that is shown, and its questions.

import type { MapAxis } from '../../model/map/fleet-map.js';

/** A question about the map. */
export type MapQuestion =
  /** The users of a virtual address, such as `192.0.2.1`, or a service, such as `192.0.2.1:80`. */
  | { readonly kind: 'uses'; readonly vip: string }
  /** Nodes that talk to the fleet and are in no configuration. */
  | { readonly kind: 'unknown' }
  /** The services that lose real servers with some hosts: the addresses of the hosts, and the names of the services. */
  | { readonly kind: 'without'; readonly hosts: ReadonlySet<string>; readonly services: ReadonlySet<string> };

/** The choice. */
export interface MapChoice {
  /** The groups that nodes fold into: roles, data centres or racks. */
  readonly by: MapAxis;
  /** Two groups: only what is between them is shown. */
  readonly between: readonly [string, string] | null;
  /** Groups, addresses and networks that are not shown. */
  readonly exclude: readonly string[];
  /** Groups whose members are shown one by one. */
  readonly expand: readonly string[];
  /** A part of names: these nodes are shown, with what they talk to. */
  readonly search: string | null;
  readonly question: MapQuestion | null;
}

/** The whole map, folded. */
export const wholeMap: MapChoice = {
  by: 'role',
  between: null,
  exclude: [],
  expand: [],
  search: null,
  question: null,
};
