// The choice of a map in its address, with the names of the options of `lvs-stats map`:
//
//   by=role|dc|rack   between=web,db   exclude=mon,10.9.0.0/16   expand=web,db   search=TEXT
//   uses=VIP | without=PLACE | unknown=1      order=role:db,role:web   node=ID | from=ID&to=ID      at=EPOCH

import { wholeMap } from '../../map/choose/choice.js';
import { type MapAxis, mapAxes } from '../../model/map/fleet-map.js';
import type { Query } from '../query.js';
import { RequestError } from '../request-error.js';

/** The choice as the address has it. */
export interface MapQuery {
  readonly by: MapAxis;
  readonly between: readonly [string, string] | null;
  readonly exclude: readonly string[];
  readonly expand: readonly string[];
  readonly search: string | null;
  /** At most one of the three questions is asked. */
  readonly uses: string | null;
  readonly without: string | null;
  readonly isUnknown: boolean;
  /** Groups that come first, by their ids. */
  readonly order: readonly string[];
  /** The node or the edge of which the page has details. */
  readonly selected: { readonly node: string } | { readonly from: string; readonly to: string } | null;
  /** The hour that is shown, epoch seconds; null for now. */
  readonly atS: number | null;
}

/** The choice of nothing. */
export const plainMap: MapQuery = {
  ...{ by: wholeMap.by, between: null, exclude: [], expand: [], search: null },
  ...{ uses: null, without: null, isUnknown: false, order: [], selected: null, atS: null },
};

/** Names of a list: more groups than anyone reads, in an address that browsers and proxies take. */
export const mostNames = 200;
const mostCharacters = 4000;

/** The choice in an address. Throws a `RequestError`. */
export function parseMapQuery(query: Query): MapQuery {
  const questions = {
    uses: query.text('uses'),
    without: query.text('without'),
    isUnknown: query.flag('unknown'),
  };
  if (Object.values(questions).filter((one) => one !== null && one !== false).length > 1) {
    throw new RequestError(400, 'ask one of "uses", "without" and "unknown"');
  }
  const atS = timeOf(query.text('at'));
  return {
    by: query.oneOf('by', mapAxes),
    between: pairOf(listOf(query, 'between')),
    exclude: listOf(query, 'exclude'),
    expand: listOf(query, 'expand'),
    search: query.text('search'),
    ...questions,
    order: listOf(query, 'order'),
    selected: selectedOf(query),
    atS,
  };
}

function listOf(query: Query, name: string): readonly string[] {
  const text = query.longText(name)?.trim() ?? '';
  if (text === '') return [];
  if (text.length > mostCharacters) {
    throw new RequestError(400, `"${name}" has ${text.length} characters; the maximum is ${mostCharacters}`);
  }
  const all = text.split(',').map((own) => own.trim());
  if (all.length > mostNames)
    throw new RequestError(400, `"${name}" has ${all.length} names; the maximum is ${mostNames}`);
  if (all.includes(''))
    throw new RequestError(400, `"${name}" has an empty name: write names with commas between them`);
  return [...new Set(all)];
}

function pairOf(names: readonly string[]): readonly [string, string] | null {
  const [a, b, ...more] = names;
  if (a === undefined) return null;
  if (b === undefined || more.length > 0) throw new RequestError(400, '"between" takes two names: between=web,db');
  return [a, b];
}

function selectedOf(query: Query): MapQuery['selected'] {
  const [node, from, to] = ['node', 'from', 'to'].map((name) => query.longText(name)?.slice(0, mostCharacters) ?? null);
  if (node !== null && node !== undefined) return { node };
  return from === null || to === null || from === undefined || to === undefined ? null : { from, to };
}

function timeOf(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,10}$/.test(text)) throw new RequestError(400, '"at" is the time of a kept map, in epoch seconds');
  return Number(text);
}

/** The addresses of a page with a node or an edge selected: thousands differ in this alone. */
export function selectionHrefs(path: string, query: MapQuery, change: Partial<MapQuery> = {}) {
  const rest = mapQueryText(query, { ...change, selected: null });
  const begin = `${path}${rest}${rest === '' ? '?' : '&'}`;
  return {
    hrefOfNode: (id: string): string => `${begin}node=${encodeURIComponent(id)}`,
    hrefOfEdge: ({ from, to }: { readonly from: string; readonly to: string }): string =>
      `${begin}from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`,
  };
}

/** The query of a choice, with changes: begins with `?`, or is empty. */
export function mapQueryText(query: MapQuery, change: Partial<MapQuery> = {}): string {
  const { by, between, exclude, expand, search, uses, without, isUnknown, order, selected, atS } = {
    ...query,
    ...change,
  };
  const parameters = new URLSearchParams();
  const add = (name: string, value: string | null): void => {
    if (value !== null && value !== '') parameters.set(name, value);
  };
  add('by', by === plainMap.by ? null : by);
  add('between', between?.join(',') ?? null);
  add('exclude', exclude.join(','));
  add('expand', expand.join(','));
  add('search', search);
  add('uses', uses);
  add('without', without);
  add('unknown', isUnknown ? '1' : null);
  add('order', order.join(','));
  if (selected !== null) for (const [name, value] of Object.entries(selected)) add(name, value);
  add('at', atS === null ? null : String(atS));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
