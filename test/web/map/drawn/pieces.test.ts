// The pieces in which the page of the map is rendered: small where addresses are long, and whole together.

import { expect, test } from 'vitest';
import type { DrawnColumn } from '../../../../src/web/map/drawn/drawn-map.js';
import { piecesOf } from '../../../../src/web/map/drawn/pieces.js';

const numbers = Array.from({ length: 1234 }, (_, i) => i);

test.each([0, 1, 40, 700, 4000, 100_000])(
  'rows whose addresses have %i characters are few in a piece, and none is lost',
  (length) => {
    const all = [...piecesOf(length).rows(numbers, { drawing: 'wide' })];
    expect(all.flatMap(({ rows }) => rows)).toEqual(numbers);
    for (const { rows } of all)
      expect(rows.length === 1 || (rows.length <= 100 && rows.length * length <= 60_000)).toBe(true);
    expect(all[0]).toMatchObject({ drawing: 'wide' });
  },
);

test('a column begins and ends once, with all of its cells in order, and one without cells is a piece', () => {
  const columns = [{ cells: [] }, { cells: numbers }, { cells: numbers.slice(0, 100) }];
  const drawn = ({ cells }: { readonly cells: readonly unknown[] }) => ({ name: `${cells.length}` }) as DrawnColumn;
  const all = [...piecesOf(400).columns(columns, drawn, (cell) => `cell ${cell}`)];
  for (const { cells } of columns) {
    const own = all.filter(({ column }) => column.name === `${cells.length}`);
    expect(own.flatMap((piece) => piece.cells)).toEqual(cells.map((cell) => `cell ${cell}`));
    expect(own.map(({ isFirst }) => isFirst)).toEqual(own.map((_, i) => i === 0));
    expect(own.map(({ isLast }) => isLast)).toEqual(own.map((_, i) => i === own.length - 1));
  }
  expect(all.every(({ cells }) => cells.length <= 100)).toBe(true);
});
