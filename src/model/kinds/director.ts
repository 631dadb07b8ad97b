// The director (`all`) and its parts: `all/total`, `all/cpu_0`, `all/table`.

import { type DirectorPart, directorName, nameWithin, partName } from '../names/name.js';
import { counterMeasures, ipvs, ipvsMeasures, tableMeasures } from './ipvs.js';
import type { Kind } from './kind.js';

/** Description of the director, and its parsed name. */
export type DirectorAbout = { readonly kind: 'director' };

/** Parsed name of a part. */
export type PartParts = { readonly kind: 'director-part'; readonly part: DirectorPart };

/** The director's own archive: the sums over its services. */
export const director: Kind<DirectorAbout, DirectorAbout> = {
  kind: 'director',
  source: ipvs,
  level: 'director',
  rank: 0,
  hasStandingPictures: true,
  measures: ipvsMeasures,
  measureSet: 'ipvs',
  prefix: directorName,
  parse: (name) => (name === directorName ? { kind: 'director' } : null),
  format: () => directorName,
  ownName: () => 'director',
  aboutOf: () => ({ kind: 'director' }),
};

type PartKind<K extends string> = Kind<{ readonly kind: K }, PartParts>;

/** The kernel's counters of the director as a whole. */
export const totals = partKind(/^total$/, {
  kind: 'totals',
  measures: counterMeasures,
  measureSet: 'counters',
  prefix: partName('total'),
  ownName: () => 'kernel totals',
});

/** One of its processors. */
export const processor = partKind(/^cpu_(0|[1-9]\d{0,4})$/, {
  kind: 'processor',
  measures: counterMeasures,
  measureSet: 'counters',
  prefix: `${directorName}/cpu_`,
  ownName: ({ part }) => `processor ${part.slice('cpu_'.length)}`,
});

/** The kernel's table of connections. */
export const connectionTable = partKind(/^table$/, {
  kind: 'connection-table',
  measures: tableMeasures,
  measureSet: 'table',
  prefix: partName('table'),
  ownName: () => 'connection table',
});

/** A part of the director; `pattern` matches its name within the director's. */
function partKind<K extends string>(
  pattern: RegExp,
  own: Pick<PartKind<K>, 'kind' | 'measures' | 'measureSet' | 'prefix' | 'ownName'>,
): PartKind<K> {
  return {
    ...own,
    source: ipvs,
    level: 'part',
    rank: 0,
    hasStandingPictures: false,
    parse: (name) => {
      const part = nameWithin(name);
      return pattern.test(part) ? { kind: 'director-part', part: part as DirectorPart } : null;
    },
    format: ({ part }) => partName(part),
    aboutOf: () => ({ kind: own.kind }),
    countedIn: ({ director: { kernel } }, { part }) => kernel.parts.get(part),
  };
}
