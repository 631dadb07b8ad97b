// The parts of the page of the map that are rendered in pieces, so that others get a turn in between: each piece has few addresses if these are
// long, since every address has the whole choice.

import type { DrawnColumn } from './drawn-map.js';

/** Characters of the addresses in a piece, and its most entries. */
const pieceCharacters = 60_000;
const mostEntries = 100;

/** Cuts lists into pieces for a template. */
export interface Pieces {
  /** The rows of a list. */
  rows<T>(rows: readonly T[], more?: object): Iterable<{ readonly rows: readonly T[] }>;
  /** Columns of a drawing, whose grids may have several pieces. */
  columns<C extends { readonly cells: readonly unknown[] }>(
    columns: readonly C[],
    drawn: (column: C) => DrawnColumn,
    cellOf: (cell: C['cells'][number]) => unknown,
  ): Iterable<ColumnPiece>;
}

/** A piece of a column: its head, some of its cells, its end. */
export interface ColumnPiece {
  readonly column: DrawnColumn;
  readonly cells: readonly unknown[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Pieces of a page whose addresses have that many characters. */
export function piecesOf(addressCharacters: number): Pieces {
  const most = Math.max(1, Math.min(mostEntries, Math.floor(pieceCharacters / Math.max(1, addressCharacters))));
  return {
    *rows(rows, more = {}) {
      for (let at = 0; at < rows.length; at += most) yield { ...more, rows: rows.slice(at, at + most) };
    },
    *columns(columns, drawn, cellOf) {
      for (const own of columns) {
        const column = drawn(own);
        for (let at = 0; at === 0 || at < own.cells.length; at += most) {
          const cells = own.cells.slice(at, at + most).map(cellOf);
          yield { column, cells, isFirst: at === 0, isLast: at + most >= own.cells.length };
        }
      }
    },
  };
}
