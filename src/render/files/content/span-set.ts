// A span and the looks of pictures: what all pictures of it have in common, whatever they show.

import type { ArchiveInfo } from '../../../model/archive.js';
import type { Capacity } from '../../../model/policy/capacity.js';
import type { RowsQuery, Series } from '../../../model/series.js';
import { type Shape, type Span, type Subject, shapes, type Theme } from '../../define/graph-request.js';
import { type HostNames, hostsOf } from '../../look/host-names.js';

/** Pictures of one span: their folder, and their rows. */
export interface SpanSet {
  readonly folder: string;
  readonly span: Span;
  /** Length of a row, and of a primary data point of the archives, seconds. */
  readonly rowS: number;
  readonly pdpS: number;
}

/** The rows that pictures show. */
export type SpanRows = Omit<SpanSet, 'folder'>;

/** The looks of pictures, whatever they show. */
export interface Looks {
  readonly timeZone: string;
  readonly theme: Theme;
  readonly pixelRatio: 1 | 2;
  readonly hosts: HostNames;
  /** A word that must be seen, such as "demonstration". */
  readonly note: string | null;
  /** The limits that the operator stated. */
  readonly capacity?: Capacity;
  /** A card by default. */
  readonly shape?: Shape;
}

/** Was the service there at any time in the span? */
export function isInSpan({ firstS, goneS }: ArchiveInfo, { startS, endS }: Span): boolean {
  return firstS <= endS && (goneS ?? endS) > startS;
}

/** The fields that all pictures of a span share. */
export function frame({ span }: SpanSet, { timeZone, theme, pixelRatio, note, shape = shapes.card }: Looks) {
  return { span: spanFor(shape, span), timeZone, theme, pixelRatio, note, ...shape } as const;
}

/** A span with a name short enough for the shape: for days, a tile shortens it. */
export function spanFor({ tile }: Pick<Shape, 'tile'>, span: Span): Span {
  return tile ? { ...span, label: span.label.replaceAll(/ \d\d:\d\d/g, '') } : span;
}

/** The subject of an archive's pictures. */
export function archiveSubject({ name, goneS }: Pick<ArchiveInfo, 'name' | 'goneS'>, hosts: HostNames): Subject {
  return { ...subjectOf(name, hosts), ...(goneS === null ? {} : { goneS }) };
}

/** The name of an archive, with those of its hosts. */
export function subjectOf(name: string, hosts: HostNames): Subject {
  return { name, hostNames: hostsOf(name, hosts) };
}

/** Selects the rows that end after the start and up to the end; an end on a row boundary would return one more row. */
export function rowsIn({ span, rowS }: SpanRows): Omit<RowsQuery, 'name'> {
  return { startS: span.startS, endS: span.endS - 1, stepS: rowS };
}

/** Is a value of the rows unknown? */
export function hasUnknown({ columns }: Series): boolean {
  for (const column of columns) {
    for (let row = 0; row < column.length; row += 1) if (Number.isNaN(column[row])) return true;
  }
  return false;
}
