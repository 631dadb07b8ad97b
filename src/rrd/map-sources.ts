// Which data source of a file becomes which of an archive: by its name, or as it is told with DS=NAME.

import type { DataSource } from '../model/archive.js';
import type { DumpSource } from '../model/dump.js';
import { RrdError } from './rrd-error.js';

/** Names of a file's data sources, and what they become. */
export type NameMap = ReadonlyMap<string, string>;

/** What was found for the data sources of an archive. */
export interface MappedSources {
  /** Number of the file's data source for each of the archive's; null where there is none. */
  readonly numbers: readonly (number | null)[];
  /** Data sources of the file that become nothing. */
  readonly unused: readonly string[];
}

/** Rates and values as read do not go together: one would be drawn as the other. */
const rateKinds = ['DERIVE', 'COUNTER', 'ABSOLUTE', 'DDERIVE', 'DCOUNTER'];

/** Reads `DS=NAME`; null where it is not of that form. */
export function parseMapping(text: string): readonly [string, string] | null {
  const [, from, to] = /^([A-Za-z0-9_-]+)=([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  return from === undefined || to === undefined ? null : [from, to];
}

/** Finds a data source for each of an archive's. Throws an `RrdError`, `bad-map`, where that makes no sense. */
export function mapSources(
  file: { readonly path: string; readonly sources: readonly DumpSource[] },
  wanted: readonly DataSource[],
  map: NameMap,
): MappedSources {
  const { path, sources } = file;
  const names = listed(sources);
  for (const [from, to] of map) {
    if (!sources.some(({ name }) => name === from)) {
      throw new RrdError('bad-map', `${path} has no data source "${from}", but ${names}`);
    }
    if (!wanted.some(({ name }) => name === to)) {
      throw new RrdError('bad-map', `the archive has no data source "${to}", but ${listed(wanted)}`);
    }
  }
  const becomes = sources.map(({ name }) => map.get(name) ?? name);
  const numbers = wanted.map(({ name, kind }) => {
    const at = becomes.indexOf(name);
    const source = sources[at];
    if (source === undefined) return null;
    if (becomes.indexOf(name, at + 1) >= 0) {
      throw new RrdError('bad-map', `two data sources of ${path} would become "${name}": map one of them, or none`);
    }
    if (rateKinds.includes(source.kind) !== (kind === 'DERIVE')) {
      const [theirs, ours] = [source.kind, kind].map((one) => (one === 'DERIVE' ? 'rates (DERIVE)' : one));
      throw new RrdError(
        'bad-map',
        `"${source.name}" of ${path} keeps ${theirs}, "${name}" keeps ${ours}: neither is the other`,
      );
    }
    return at;
  });
  if (numbers.every((at) => at === null)) {
    throw new RrdError(
      'bad-map',
      `none of the data sources of ${path} (${names}) is one of the archive's (${listed(wanted)}): say which is which ` +
        'with --map DS=NAME',
    );
  }
  return { numbers, unused: sources.filter((_, i) => !numbers.includes(i)).map(({ name }) => name) };
}

function listed(sources: readonly { readonly name: string }[]): string {
  return sources.map(({ name }) => name).join(', ');
}
