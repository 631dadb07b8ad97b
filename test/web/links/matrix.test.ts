// The matrix of links: lost before bad before stale, and nothing left out silently.

import { expect, test } from 'vitest';
import type { LinkRow } from '../../../src/model/links/view.js';
import { matrixOf } from '../../../src/web/links/matrix.js';
import { groupsOfRows } from '../../links/naive.js';

/** A link: `tx/lb fr/web lost`; `?` is unknown. */
function link(text: string): LinkRow {
  const [from = '', to = '', verdict = 'well'] = text.split(' ');
  const [[fromDc = null, fromRole = null], [toDc = null, toRole = null]] = [from, to].map((end) =>
    end.split('/').map((word) => (word === '?' ? null : word)),
  ) as [(string | null)[], (string | null)[]];
  const isLost = verdict.startsWith('lost');
  return {
    ...{ agent: 'a', to: '10.0.0.1', loss: 0, rtt: 1, usualRtt: 1, lastS: 1000 },
    ...{ verdict: verdict.replace('lost-', '') as LinkRow['verdict'], lostS: isLost ? 900 : null },
    ...{ fromDc, fromRole, toDc, toRole },
  };
}

const cellsOf = (links: readonly string[], axis: 'dc' | 'role') => {
  const matrix = matrixOf(groupsOfRows(links.map(link), axis));
  return matrix && { ...matrix, rows: matrix.rows.map(({ from, cells }) => [from, ...cells.map(({ text }) => text)]) };
};

const links = [
  'tx/lb tx/web',
  'tx/lb fr/web lost',
  'tx/lb fr/web lost-stale',
  'tx/lb fr/web stale',
  'fr/web tx/lb stale',
  'fr/web fr/db slow',
  'fr/web fr/db stale',
  'fr/web ?/? lost',
];

test('has data centres, or roles, with the worst of each pair', () => {
  expect(cellsOf(links, 'dc')).toEqual({
    names: ['fr', 'tx'],
    rows: [
      ['fr', '1 of 2 bad', '1 of 1 stale'],
      ['tx', '2 of 3 lost', '1'],
    ],
    more: 0,
    unplaced: 1,
  });
  expect(cellsOf(links, 'role')).toEqual({
    names: ['db', 'lb', 'web'],
    rows: [
      ['db', '', '', ''],
      ['lb', '', '', '2 of 4 lost'],
      ['web', '1 of 2 bad', '1 of 1 stale', ''],
    ],
    more: 0,
    unplaced: 1,
  });
});

test('is none where fewer than two groups are known', () => {
  expect(matrixOf(groupsOfRows([link('tx/? tx/web')], 'dc'))).toBeNull();
  expect(matrixOf(groupsOfRows([], 'role'))).toBeNull();
});

test('has 24 groups at most: those with lost links, then those with the most', () => {
  const many = Array.from({ length: 40 }, (_, i) => `tx/r${i} tx/r${(i + 1) % 40}${i === 38 ? ' lost' : ''}`);
  const matrix = matrixOf(groupsOfRows([...many, 'tx/r7 tx/r9'].map(link), 'role'));
  expect(matrix?.names).toHaveLength(24);
  expect(matrix?.more).toBe(16);
  expect(matrix?.names).toEqual(expect.arrayContaining(['r7', 'r9', 'r38', 'r39']));
});
