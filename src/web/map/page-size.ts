// The bounds of the page of the map: nodes that it shows one by one, and the characters of its addresses.

import type { SingleLimit } from '../../map/choose/singles.js';
import type { Drawing } from '../../map/drawing/drawing.js';
import { countOf } from '../../model/text/count-of.js';
import { RequestError } from '../request-error.js';
import { type MapQuery, mapQueryText } from './map-query.js';
import type { Selection } from './selection.js';
import type { MapMoment } from './served-map.js';
import type { tableOf } from './table.js';
import type { Troubles } from './trouble.js';

/** Nodes that a page shows one by one: with more, it would have megabytes, and nobody could read it. */
const mostSingles = 1000;

/** The limit of a page: what is selected, and what has findings, comes first. */
export function singlesOf(
  { selected }: MapQuery,
  { moment: { graph }, troubles }: { readonly moment: MapMoment; readonly troubles: Troubles },
): SingleLimit {
  const wanted = new Set<string>(selected === null ? [] : Object.values(selected));
  const chosen = graph.nodes.flatMap(({ id }, i) => (wanted.has(id) ? [i] : []));
  return { most: mostSingles, first: new Set([...chosen, ...[...troubles.keys()].sort((a, b) => a - b)]) };
}

/** The parts of a page that have addresses of the page itself. */
interface Drawn {
  readonly drawings: readonly Pick<Drawing, 'columns' | 'arcs' | 'lines'>[];
  readonly table: Pick<ReturnType<typeof tableOf>, 'rows' | 'loose'>;
  readonly selection: Pick<Selection, 'edges'> | null;
}

/** Characters of the addresses of a page; the rest of a page with so many has about as many. */
const mostCharacters = 4_000_000;

/** Throws a `RequestError` for a page that would be huge: each address has the whole choice. */
export function refuseHuge({ drawings, table, selection }: Drawn, query: MapQuery): void {
  const drawn = drawings.map(({ columns, arcs, lines }) => {
    return columns.reduce((sum, { cells }) => sum + 3 + cells.length, arcs.length + lines.length);
  });
  const listed = 3 * table.rows.length + table.loose.length + 2 * (selection?.edges.length ?? 0) + query.exclude.length;
  const addresses = drawn.reduce((sum, own) => sum + own, listed);
  const { length } = mapQueryText(query, { selected: null });
  if (addresses * length <= mostCharacters) return;
  throw new RequestError(
    400,
    `${countOf(addresses, 'address', 'addresses')} of ${length} characters make too large a page: fold or hide something, or name fewer groups`,
  );
}
