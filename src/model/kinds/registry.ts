// The registry of kinds. A new kind is its file, its test and one line here; if it is drawn, also one line in the registry of
// src/render/kinds. A registry is a value: code that reads it accepts another one as its last argument.

import { type DataSource, dataSourcesFrom } from '../archive.js';
import { connectionTable, director, processor, totals } from './director.js';
import { backend, frontend, proxyServer } from './haproxy.js';
import type { AnyAbout, Direction, Kind, Measure, SourceTraits } from './kind.js';
import { agent, link } from './link.js';
import { probe, probeValue } from './probe.js';
import { realServer } from './real-server.js';
import { service } from './service.js';

/** Every kind. */
const kinds = [
  director,
  totals,
  processor,
  connectionTable,
  service,
  realServer,
  frontend,
  backend,
  proxyServer,
  probe,
  probeValue,
  agent,
  link,
] as const;

/** One of the kinds above. */
export type KnownKind = (typeof kinds)[number];

/** Kinds, and the lookups over them. */
export interface Registry<K extends Kind = Kind> {
  readonly kinds: readonly K[];
  /** By the `kind` of their archives. */
  readonly byKind: ReadonlyMap<string, K>;
  /** The longest prefix first. */
  readonly byPrefix: readonly K[];
  /** Data sources by the name of their set. */
  readonly dataSources: ReadonlyMap<string, readonly DataSource[]>;
  /** By name: one name means one quantity, whatever the kind. */
  readonly measures: ReadonlyMap<string, Measure>;
}

/** The registry of some kinds. Throws a `RangeError` if two of them contradict each other. */
export function registryOf<K extends Kind>(all: readonly K[]): Registry<K> {
  const byKind = uniqueBy(all, ({ kind }) => kind);
  uniqueBy(all, (kind) => `${kind.prefix}${isBelow(kind) ? '/' : ''}`);
  const sets = agreed(all.map((kind) => [kind.measureSet, kind.measures] as const));
  return {
    kinds: all,
    byKind,
    byPrefix: all.toSorted((a, b) => b.prefix.length - a.prefix.length),
    dataSources: new Map([...sets].map(([name, measures]) => [name, dataSourcesFrom(measures)])),
    measures: agreed(all.flatMap(({ measures }) => measures.map((measure) => [measure.name, measure] as const))),
  };
}

function uniqueBy<K extends Kind>(all: readonly K[], keyOf: (kind: K) => string): ReadonlyMap<string, K> {
  const found = new Map(all.map((kind) => [keyOf(kind), kind]));
  if (found.size === all.length) return found;
  throw new RangeError(`two kinds are alike: ${all.map(keyOf).join(', ')}`);
}

/** The entries as a map; a key may repeat if its values are equal. */
function agreed<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [key, value] of entries) {
    if (JSON.stringify(found.get(key) ?? value) !== JSON.stringify(value)) {
      throw new RangeError(`"${key}" has two meanings`);
    }
    found.set(key, value);
  }
  return found;
}

/** The kinds of this program. */
export const registry: Registry<KnownKind> = registryOf<KnownKind>(kinds);

/** The kind of an archive. Throws a `RangeError` if it is not registered. */
export function kindOf({ kind }: AnyAbout, of: Registry = registry): Kind {
  const found = of.byKind.get(kind);
  if (found === undefined) throw new RangeError(`there is no archive kind "${kind}"`);
  return found;
}

/** The kind that the prefix of a name denotes, whether or not the rest is well formed; undefined if no kind has that prefix. */
export function kindOfName(name: string, of: Registry = registry): Kind | undefined {
  const hasSlash = name.includes('/');
  return of.byPrefix.find((kind) => isBelow(kind) === hasSlash && name.startsWith(kind.prefix));
}

/** Does an archive belong to a source? */
export function isOf(source: SourceTraits, about: AnyAbout, of: Registry = registry): boolean {
  return kindOf(about, of).source === source;
}

/** The data sources of a kind, in column order, with the standard heartbeat. */
export function dataSourcesFor(kind: string, of: Registry = registry): readonly DataSource[] {
  return of.dataSources.get(kindOf({ kind }, of).measureSet) ?? [];
}

/** Direction of a data source. */
export function directionOf(dataSource: string, of: Registry = registry): Direction {
  return of.measures.get(dataSource)?.direction ?? 'none';
}

/** The data source among some that measures the same in the other direction; undefined if there is none. */
export function counterpartOf(
  name: string,
  dataSources: readonly string[],
  of: Registry = registry,
): string | undefined {
  const own = of.measures.get(name);
  return dataSources.find((other) => {
    const { unit, direction } = of.measures.get(other) ?? {};
    return own !== undefined && unit === own.unit && direction !== own.direction && direction !== 'none';
  });
}

/** Columns of bytes in and out among data sources; null if one is missing. */
export function trafficColumns(
  dataSources: readonly Pick<DataSource, 'name'>[],
  of: Registry = registry,
): { readonly in: number; readonly out: number } | null {
  const at = (wanted: Direction): number =>
    dataSources.findIndex(({ name }) => {
      const { unit, direction } = of.measures.get(name) ?? {};
      return unit === 'B' && direction === wanted;
    });
  const columns = { in: at('in'), out: at('out') };
  return columns.in < 0 || columns.out < 0 ? null : columns;
}

/** Created once, since a comparison that looks up its locale takes ten times as long; created lazily, since it loads tables. */
let byNumbers: Intl.Collator | null = null;

/** Order of lists: by rank, then by name in natural order; members follow their archive. */
export function compareNames(a: string, b: string, of: Registry = registry): number {
  byNumbers ??= new Intl.Collator('en', { numeric: true });
  return rankOf(a, of) - rankOf(b, of) || byNumbers.compare(a, b);
}

function rankOf(name: string, of: Registry): number {
  return kindOfName(name, of)?.rank ?? Number.POSITIVE_INFINITY;
}

function isBelow({ level }: Kind): boolean {
  return level === 'part' || level === 'member';
}
