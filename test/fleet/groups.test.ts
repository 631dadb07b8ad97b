// Which directors form a group.

import { expect, test } from 'vitest';
import { recogniseGroups } from '../../src/fleet/recognise-groups.js';

const [web, mail] = ['192.0.2.1_80', '192.0.2.2_25'];
const lb = (name: string, ...services: string[]) => ({ name, services });

test.each([
  ['equal virtual servers, in any order', [lb('lb1', web, mail), lb('lb2', mail, web)], [['lb1', 'lb2']]],
  ['other virtual servers', [lb('lb1', web), lb('lb2', mail)], []],
  ['one virtual server less', [lb('lb1', web, mail), lb('lb2', web)], []],
  ['no virtual servers: two empty directors have nothing in common', [lb('lb1'), lb('lb2')], []],
  [
    'two pairs',
    [lb('a1', web), lb('b1', mail), lb('a2', web), lb('b2', mail)],
    [
      ['a1', 'a2'],
      ['b1', 'b2'],
    ],
  ],
  ['three of a kind', [lb('a', web), lb('b', web), lb('c', web)], [['a', 'b', 'c']]],
] as const)('%s', (_, directors, groups) => {
  expect(recogniseGroups(directors, []).map((group) => group.directors)).toEqual(groups);
});

test('a named group has its own name and members, whatever they serve, and its members are in no other', () => {
  const directors = [lb('lb1', web), lb('lb2', mail), lb('lb3', web), lb('lb4', web)];
  expect(recogniseGroups(directors, [{ name: 'edge', directors: ['lb1', 'lb2', 'lb9'] }])).toEqual([
    { name: 'edge', directors: ['lb1', 'lb2'], isNamed: true },
    { name: 'lb3+lb4', directors: ['lb3', 'lb4'], isNamed: false },
  ]);
});

test('a named group of which one director is shown is none', () => {
  expect(recogniseGroups([lb('lb1', web)], [{ name: 'edge', directors: ['lb1', 'lb2'] }])).toEqual([]);
});

test('a director that several groups of the policy name is in the first of them, so that nothing counts twice', () => {
  const directors = [lb('lb1', web), lb('lb2', web), lb('lb3', mail), lb('lb4', mail)];
  const named = [
    { name: 'edge', directors: ['lb1', 'lb2', 'lb1'] },
    { name: 'core', directors: ['lb2', 'lb3', 'lb4'] },
    { name: 'rest', directors: ['lb3', 'lb1'] },
  ];
  expect(recogniseGroups(directors, named).map((group) => [group.name, group.directors])).toEqual([
    ['edge', ['lb1', 'lb2']],
    ['core', ['lb3', 'lb4']],
  ]);
});
