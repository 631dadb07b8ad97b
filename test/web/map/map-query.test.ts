// The choice of a map in its address.

import { describe, expect, test } from 'vitest';
import { type MapQuery, mapQueryText, parseMapQuery, plainMap } from '../../../src/web/map/map-query.js';
import { parseQuery } from '../../../src/web/query.js';

const parsed = (text: string): MapQuery => parseMapQuery(parseQuery(text));

test('the whole map has no query', () => {
  expect(mapQueryText(plainMap)).toBe('');
  expect(parsed('')).toEqual(plainMap);
});

test.each<[string, Partial<MapQuery>, string]>([
  ['groups', { by: 'rack', expand: ['tx/r1', 'fr/r2'] }, '?by=rack&expand=tx%2Fr1%2Cfr%2Fr2'],
  ['two roles', { between: ['web', 'db'] }, '?between=web%2Cdb'],
  ['hidden ones', { exclude: ['mon', '10.9.0.0/16'] }, '?exclude=mon%2C10.9.0.0%2F16'],
  ['a search', { search: 'a&b <c>' }, '?search=a%26b+%3Cc%3E'],
  ['a virtual address', { uses: '[2001:db8::1]:80' }, '?uses=%5B2001%3Adb8%3A%3A1%5D%3A80'],
  ['a loss', { without: 'web01' }, '?without=web01'],
  ['a loss of an hour before', { without: 'web01', atS: 1_795_270_800 }, '?without=web01&at=1795270800'],
  ['what is in no configuration', { isUnknown: true }, '?unknown=1'],
  ['an order', { order: ['role:db', 'role:web'] }, '?order=role%3Adb%2Crole%3Aweb'],
  ['a node', { selected: { node: 'service:mark 7' } }, '?node=service%3Amark+7'],
  ['an edge', { selected: { from: 'role:web', to: 'one-of:a | b' } }, '?from=role%3Aweb&to=one-of%3Aa+%7C+b'],
  ['an hour', { atS: 1_795_270_800 }, '?at=1795270800'],
])('%s are in the address, and read from it', (_, change, text) => {
  expect(mapQueryText(plainMap, change)).toBe(text);
  expect(parsed(text)).toEqual({ ...plainMap, ...change });
});

describe('refuses', () => {
  test.each([
    ['three sides', 'between=a,b,c', '"between" takes two names: between=web,db'],
    ['an empty name', 'expand=a,,b', '"expand" has an empty name'],
    ['two questions', 'uses=192.0.2.1&unknown=1', 'ask one of "uses", "without" and "unknown"'],
    ['another way to fold', 'by=colour', '"by" cannot be "colour": choose one of role, dc, rack'],
    ['a time that is none', 'at=yesterday', '"at" is the time of a kept map, in epoch seconds'],
    ['an option twice', 'search=a&search=b', '"search" occurs 2 times'],
    ['too long a list', `order=${'x'.repeat(4001)}`, '"order" has 4001 characters; the maximum is 4000'],
    ['too many names', `exclude=${Array.from({ length: 201 }, (_, i) => `r${i}`).join(',')}`, 'has 201 names'],
  ])('%s', (_, text, says) => {
    expect(() => parsed(`?${text}`)).toThrow(says);
  });
});
