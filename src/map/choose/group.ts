// The groups that nodes fold into: roles, data centres or racks. Only hosts have a place; clients and services keep the groups of their roles in
// front of the places, and names theirs behind them: they come and go, and would move the others.

import { clientsRole, dnsRole, type MapAxis, servicesRole } from '../../model/map/fleet-map.js';
import { UserError } from '../../model/user-error.js';
import type { FleetGraph } from '../graph/fleet-graph.js';

/** A group. */
export interface MapGroup {
  /** `role:web`, `dc:tx`, `rack:tx/r01`. */
  readonly id: string;
  readonly kind: MapAxis;
  readonly name: string;
}

/** The groups of a graph. */
export interface Grouping {
  readonly by: MapAxis;
  /** In the order of columns. */
  readonly groups: readonly MapGroup[];
  /** By node, the index of its group. */
  readonly groupOf: Uint32Array;
}

/** The name of the group of hosts whose place nobody states. */
const unplaced = 'unplaced';

/** Roles of nodes that have no place. */
const placeless: ReadonlySet<string> = new Set([clientsRole, dnsRole, servicesRole]);

/** Natural order: r2 before r10. */
const byNumbers = new Intl.Collator('en', { numeric: true });

/** Groups the nodes of a graph. */
export function groupsOf({ nodes, roles, roleOf }: FleetGraph, by: MapAxis): Grouping {
  const groups: MapGroup[] = roles.map((role) => groupNamed('role', role));
  if (by === 'role') return { by, groups, groupOf: roleOf };
  // A host is never placeless: maps kept by older versions have hosts of the role "dns".
  const isPlaced = nodes.map(({ kind, role }) => kind === 'host' || !placeless.has(role));
  const placeOf = nodes.map((node, i) => (isPlaced[i] === true ? placeName(node[by] ?? unplaced) : null));
  const places = [...new Set(placeOf)].filter((place) => place !== null);
  places.sort((a, b) => Number(a === unplaced) - Number(b === unplaced) || byNumbers.compare(a, b));
  const kept = new Set(Array.from(roleOf).filter((_, i) => isPlaced[i] !== true));
  const ofRoles = groups.filter((_, role) => kept.has(role));
  const [names, front] = [
    ofRoles.filter(({ name }) => name === dnsRole),
    ofRoles.filter(({ name }) => name !== dnsRole),
  ];
  const ordered = [...front, ...places.map((place) => groupNamed(by, place)), ...names];
  const numbers = new Map(ordered.map(({ id }, i) => [id, i]));
  const numberOf = (i: number): number => {
    const place = placeOf[i] ?? null;
    const own = place === null ? groups[roleOf[i] ?? 0] : groupNamed(by, place);
    return numbers.get(own?.id ?? '') ?? 0;
  };
  return { by, groups: ordered, groupOf: Uint32Array.from(nodes, (_, i) => numberOf(i)) };
}

/** The name of a place. One that is named like a column of the map itself gets another name, as roles do (`hostRole`). */
function placeName(place: string): string {
  return placeless.has(place) ? `${place}/hosts` : place;
}

function groupNamed(kind: MapAxis, name: string): MapGroup {
  return { id: `${kind}:${name}`, kind, name };
}

/** The words for one group, and for several. */
export const axisWords: Readonly<Record<MapAxis, readonly [one: string, all: string]>> = {
  role: ['role', 'roles'],
  dc: ['data centre', 'data centres'],
  rack: ['rack', 'racks'],
};

/** The index of a group. Throws a `UserError` that lists the groups if there is none of that name. */
export function groupNumber({ groups, by }: Grouping, name: string): number {
  const found = groups.findIndex((group) => group.name === name);
  if (found >= 0) return found;
  const [one, all] = axisWords[by];
  const known =
    groups.length === 0 ? 'the map is empty' : `the ${all} are ${groups.map((group) => group.name).join(', ')}`;
  throw new UserError('bad-name', `there is no ${one} "${name}" on the map: ${known}`);
}
