// Maps the data sources of a file to those of an archive: by name, or as given by DS=NAME.

import type { DataSource } from '../model/archive.js';
import type { DumpSource } from '../model/dump.js';
import { RrdError } from './rrd-error.js';

/** Names of a file's data sources, and their new names. */
export type NameMap = ReadonlyMap<string, string>;

/** The mapping for the data sources of an archive. */
export interface MappedSources {
  /** For each of the archive's data sources, the number in the file; null when there is none. */
  readonly numbers: readonly (number | null)[];
  /** Data sources of the file that are not used. */
  readonly unused: readonly string[];
}

/** Rates and values as read are incompatible: one would be drawn as the other. */
const rateKinds = ['DERIVE', 'COUNTER', 'ABSOLUTE', 'DDERIVE', 'DCOUNTER'];

/** Parses `DS=NAME`; null when it does not have that form. */
export function parseMapping(text: string): readonly [string, string] | null {
  const [, from, to] = /^([A-Za-z0-9_-]+)=([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  return from === undefined || to === undefined ? null : [from, to];
}

/** Finds a data source for each of an archive's. Throws an `RrdError`, `bad-map`, when the mapping makes no sense. */
export function mapSources(
  file: { readonly path: string; readonly sources: readonly DumpSource[] },
  wanted: readonly DataSource[],
  map: NameMap,
): MappedSources {
  const { path, sources } = file;
  const names = listed(sources);
  for (const [from, to] of map) {
    if (!sources.some(({ name }) => name === from)) {
      throw new RrdError('bad-map', `${path} has no data source "${from}", only ${names}`);
    }
    if (!wanted.some(({ name }) => name === to)) {
      throw new RrdError('bad-map', `the archive has no data source "${to}", only ${listed(wanted)}`);
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
        `"${source.name}" of ${path} keeps ${theirs}, "${name}" keeps ${ours}: they do not match`,
      );
    }
    return at;
  });
  if (numbers.every((at) => at === null)) {
    throw new RrdError(
      'bad-map',
      `none of the data sources of ${path} (${names}) matches any of the archive's (${listed(wanted)}): map them ` +
        'with --map DS=NAME',
    );
  }
  return { numbers, unused: sources.filter((_, i) => !numbers.includes(i)).map(({ name }) => name) };
}

function listed(sources: readonly { readonly name: string }[]): string {
  return sources.map(({ name }) => name).join(', ');
}
